"""Second factors: a key that an app shares with the desk, and codes, which count once."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import msgspec
import pyotp
from sqlalchemy import and_, delete, func, insert, select, update

from timeline.desk.accounts.devices import forget_devices
from timeline.desk.accounts.people import person_row
from timeline.desk.accounts.secrets import hashed, is_password
from timeline.desk.accounts.sessions import end_half_sign_ins
from timeline.desk.accounts.tries import MINUTE, count_code, forgive_code, take_turns
from timeline.desk.part import DeskPart
from timeline.desk.tables import offered_keys, recovery_codes, second_factors, sessions
from timeline.domain.errors import Refused
from timeline.domain.instants import MICROSECONDS
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


WRONG_CODE = Message(
    "wrong_code",
    "the code is not right",
    fix="type the one that your app shows now; each counts once",
)
OFFER_OVER = Message(
    "offer_over", "the key was shown too long ago, or was taken already", fix="begin again"
)
NO_SECOND_FACTOR = Message("no_second_factor", "%(handle)s has no second factor")
SECOND_FACTOR_LOCKED = Message(
    "second_factor_locked",
    "there were %(count)s wrong codes in a row, and no more are taken",
    fix="ask an admin to take the second factor off you, and take another password",
)

OFFER_LASTS = 10 * MINUTE
MOST_IN_A_ROW = 100
"""Wrong codes since one was right, as NIST SP 800-63B bounds them (section 3.2.2): who guesses
knows the password already."""


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's: since when in microseconds UTC, recovery codes left, wrong codes in a row."""

    since: int
    codes_left: int
    failures: int


class RightCode(msgspec.Struct, frozen=True):
    """Which kind of code it was, and how many wrong ones there were since the last right one."""

    way: str
    wrong_before: int


class SecondFactors(DeskPart):
    """Offers, keeps and asks for them."""

    def find(self, handle: str) -> SecondFactor | None:
        """Return that of a person, ``None`` where they have none."""
        left = select(func.count()).where(recovery_codes.c.handle == handle).scalar_subquery()
        asked = select(second_factors, left.label("left")).where(second_factors.c.handle == handle)
        row = self._row(asked)
        if row is None:
            return None
        return SecondFactor(since=row.since, codes_left=row.left, failures=row.failures)

    def offer(self, handle: str, holder: str, now: int) -> str:
        """Return a new key for somebody; it counts when `turn_on` gets a code of it.

        ``holder`` is the id of the session or the half sign-in in which alone it is shown.
        """
        key = new_key()
        row = {"id": holder, "handle": handle, "key": key, "offered_at": now}
        over = offered_keys.c.offered_at <= now - OFFER_LASTS
        with self._writing() as conn:
            conn.execute(delete(offered_keys).where(over | (offered_keys.c.id == holder)))
            conn.execute(insert(offered_keys).values(row))
        return key

    def offered(self, handle: str, holder: str, now: int) -> str | None:
        """Return the key that was offered there, ``None`` where none is any more."""
        wanted = and_(
            offered_keys.c.id == holder,
            offered_keys.c.handle == handle,
            offered_keys.c.offered_at > now - OFFER_LASTS,
        )
        key: str | None = self._value(select(offered_keys.c.key).where(wanted))
        return key

    def turn_on(
        self, handle: str, holder: str, code: str, now: int, *, first: bool = False
    ) -> list[str]:
        """Let the offered key count, in place of one before, and return new recovery codes.

        Every session of the person ends. Raises `Refused` for a wrong code, where nothing is
        offered any more, and where it has to be their ``first`` and they have one meanwhile.
        """
        key = self.offered(handle, holder, now)
        if key is None:
            raise Refused(OFFER_OVER)
        if (step := step_of_code(key, code, now)) is None:
            raise Refused(WRONG_CODE, field="code")
        row = {"handle": handle, "key": key, "since": now, "last_step": step, "failures": 0}
        codes, kept = _hashed_codes(handle)
        this = and_(offered_keys.c.id == holder, offered_keys.c.key == key)
        with self._writing() as conn:
            take_turns(conn)
            if not conn.execute(delete(offered_keys).where(this)).rowcount:
                raise Refused(OFFER_OVER)
            if _remove(conn, handle) and first:
                raise Refused(OFFER_OVER)
            conn.execute(insert(second_factors).values(row))
            conn.execute(insert(recovery_codes), kept)
        return codes

    def prove(
        self, handle: str, code: str, address: str, now: int, *, device: str = ""
    ) -> RightCode:
        """Take a code of the app or a recovery code, once; return which of them it was.

        Raises `Refused` for a wrong one, without a word on why it is, for one too many (counted as
        tries of passwords are, apart from them), and where the person has no second factor.
        """
        with self._writing() as conn:
            count_code(conn, handle, address, device, now)
            _count_failure(conn, handle)
        way = self._spend(handle, code, now)
        with self._writing() as conn:
            # In the order of locks in which tries are counted, or PostgreSQL may find a deadlock.
            forgive_code(conn, handle, address, device, now)
            own = second_factors.c.handle == handle
            counted = conn.execute(select(second_factors.c.failures).where(own)).scalar() or 0
            conn.execute(update(second_factors).where(own).values(failures=0))
        # This one was counted as well, before anybody knew that it is right.
        return RightCode(way, max(0, counted - 1))

    def renew_codes(self, handle: str) -> list[str]:
        """Return new recovery codes, in place of all before; every session of the person ends.

        Raises `Refused` for who has no second factor.
        """
        codes, kept = _hashed_codes(handle)
        own = second_factors.c.handle == handle
        with self._writing() as conn:
            if conn.execute(select(second_factors.c.since).where(own)).scalar() is None:
                raise Refused(NO_SECOND_FACTOR, handle=InQuotes(handle))
            for table in (recovery_codes, sessions):
                conn.execute(delete(table).where(table.c.handle == handle))
            end_half_sign_ins(conn, handle)
            conn.execute(insert(recovery_codes), kept)
        return codes

    def take_off(self, handle: str) -> None:
        """Let somebody sign in without one again; every session of theirs ends.

        Raises `NotFound` for a handle that nobody has, `Refused` for who has none.
        """
        with self._writing() as conn:
            person_row(conn, handle)
            if not _remove(conn, handle):
                raise Refused(NO_SECOND_FACTOR, field="handle", handle=InQuotes(handle))

    def _spend(self, handle: str, code: str, now: int) -> str:
        if self._spend_app_code(handle, code, now):
            return APP
        if self._spend_recovery_code(handle, code):
            return RECOVERY
        raise Refused(WRONG_CODE, field="code")

    def _spend_app_code(self, handle: str, code: str, now: int) -> bool:
        own = second_factors.c.handle == handle
        with self._writing() as conn:
            key = conn.execute(select(second_factors.c.key).where(own)).scalar()
            step = step_of_code(key or "", code, now) if key else None
            if step is None:
                return False
            later = and_(own, second_factors.c.key == key, second_factors.c.last_step < step)
            spent = update(second_factors).where(later).values(last_step=step)
            return bool(conn.execute(spent).rowcount)

    def _spend_recovery_code(self, handle: str, typed: str) -> bool:
        if not (code := as_recovery_code(typed)):
            return False
        place = and_(recovery_codes.c.handle == handle, recovery_codes.c.letter == code[0])
        kept = self._value(select(recovery_codes.c.code).where(place))
        if not is_password(code, kept):
            return False
        this = and_(place, recovery_codes.c.code == kept)
        return bool(self._do(delete(recovery_codes).where(this)))


def _hashed_codes(handle: str) -> tuple[list[str], Sequence[dict[str, str]]]:
    """Return new recovery codes, and what is kept of them; made before any lock is taken."""
    codes = new_recovery_codes()
    return codes, [{"handle": handle, "letter": code[0], "code": hashed(code)} for code in codes]


def _count_failure(conn: Connection, handle: str) -> None:
    own = second_factors.c.handle == handle
    failures = conn.execute(select(second_factors.c.failures).where(own)).scalar()
    if failures is None:
        raise Refused(NO_SECOND_FACTOR, handle=InQuotes(handle))
    if failures >= MOST_IN_A_ROW:
        raise Refused(SECOND_FACTOR_LOCKED, count=failures)
    conn.execute(update(second_factors).where(own).values(failures=failures + 1))


def _remove(conn: Connection, handle: str) -> bool:
    """Take everything off a person that their second factor let in; tell whether there was one."""
    there = conn.execute(delete(second_factors).where(second_factors.c.handle == handle)).rowcount
    for table in (recovery_codes, offered_keys, sessions):
        conn.execute(delete(table).where(table.c.handle == handle))
    end_half_sign_ins(conn, handle)
    forget_devices(conn, handle)
    return bool(there)


APP, RECOVERY = "code", "recovery code"
"""What kind of code somebody gave: one of their app, or one for when that is lost."""

STEP = 30
"""Seconds for which a code of an app stands, as every app takes it."""

DRIFT = 1
"""Steps by which the clock of a phone may be off, either way (RFC 6238, section 5.2)."""

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Without i, l, o and u, as in Crockford's base 32: nobody takes one for another."""

READ_AS = str.maketrans("ilo", "110")
RECOVERY_LETTERS, RECOVERY_CODES, GROUP = 12, 10, 4
"""12 letters of 32 are 60 bits; what is kept of them is hashed as passwords are."""


def new_key() -> str:
    """Return 160 random bits in base32, as long as RFC 4226 recommends."""
    return pyotp.random_base32()


def step_of_code(key: str, code: str, now: int) -> int | None:
    """Return the step that a code of an app belongs to, ``None`` for a wrong one."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch("[0-9]{6}", digits):
        return None
    try:
        return pyotp.TOTP(key, interval=STEP).verify_and_get_timecode(
            digits, for_time=now // MICROSECONDS, valid_window=DRIFT
        )
    except pyotp.OTPVerificationError:
        return None


def address_of_key(key: str, handle: str, issuer: str) -> str:
    """Return the otpauth: address by which an app takes a key; ``issuer`` names the site."""
    return pyotp.TOTP(key, interval=STEP).provisioning_uri(name=handle, issuer_name=issuer)


def new_recovery_codes() -> list[str]:
    """Return codes for when an app is lost; no two of them begin with the same letter."""
    firsts = secrets.SystemRandom().sample(LETTERS, RECOVERY_CODES)
    return [first + "".join(map(_letter, range(1, RECOVERY_LETTERS))) for first in firsts]


def as_recovery_code(typed: str) -> str:
    """Return what was typed as it is compared, empty where it is no recovery code."""
    plain = re.sub(r"[\s-]", "", typed.lower()).translate(READ_AS)
    return plain if re.fullmatch(f"[{LETTERS}]{{{RECOVERY_LETTERS}}}", plain) else ""


def in_groups(code: str, between: str = " ") -> str:
    """Return a key or a code in groups of four, as people read it."""
    return between.join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _letter(_place: int) -> str:
    return secrets.choice(LETTERS)
