"""Second factors: a key that an app shares with the desk, and one-time codes."""

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
"""The most wrong codes in a row (NIST SP 800-63B, section 3.2.2): whoever guesses knows the
password already."""


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True):
    """Since when somebody has one (microseconds UTC), recovery codes left, wrong codes in a row."""

    since: int
    codes_left: int
    failures: int


class AcceptedCode(msgspec.Struct, frozen=True):
    """The kind of an accepted code, and how many wrong codes came just before it."""

    way: str
    wrong_before: int


class SecondFactors(DeskPart):
    """Offers, keeps and checks second factors."""

    def find(self, handle: str) -> SecondFactor | None:
        """Return a person's second factor, ``None`` if they have none."""
        left = select(func.count()).where(recovery_codes.c.handle == handle).scalar_subquery()
        query = select(second_factors, left.label("left")).where(second_factors.c.handle == handle)
        row = self._row(query)
        if row is None:
            return None
        return SecondFactor(since=row.since, codes_left=row.left, failures=row.failures)

    def offer(self, handle: str, holder: str, now: int) -> str:
        """Return a new key for somebody; it becomes valid when `turn_on` gets a code of it.

        ``holder`` is the id of the session or half sign-in to which alone it is shown.
        """
        key = new_key()
        row = {"id": holder, "handle": handle, "key": key, "offered_at": now}
        expired = offered_keys.c.offered_at <= now - OFFER_LASTS
        with self._writing() as conn:
            conn.execute(delete(offered_keys).where(expired | (offered_keys.c.id == holder)))
            conn.execute(insert(offered_keys).values(row))
        return key

    def offered(self, handle: str, holder: str, now: int) -> str | None:
        """Return the key that was offered there, ``None`` if it expired."""
        condition = and_(
            offered_keys.c.id == holder,
            offered_keys.c.handle == handle,
            offered_keys.c.offered_at > now - OFFER_LASTS,
        )
        key: str | None = self._value(select(offered_keys.c.key).where(condition))
        return key

    def turn_on(
        self, handle: str, holder: str, code: str, now: int, *, first: bool = False
    ) -> list[str]:
        """Activate the offered key, in place of an earlier one; return new recovery codes.

        Every session of the person ends. Raises `Refused` for a wrong code, for an expired offer,
        and if it has to be their ``first`` and they have one by now.
        """
        key = self.offered(handle, holder, now)
        if key is None:
            raise Refused(OFFER_OVER)
        if (step := step_of_code(key, code, now)) is None:
            raise Refused(WRONG_CODE, field="code")
        row = {"handle": handle, "key": key, "since": now, "last_step": step, "failures": 0}
        codes, hashes = _hashed_codes(handle)
        condition = and_(offered_keys.c.id == holder, offered_keys.c.key == key)
        with self._writing() as conn:
            take_turns(conn)
            if not conn.execute(delete(offered_keys).where(condition)).rowcount:
                raise Refused(OFFER_OVER)
            if _remove(conn, handle) and first:
                raise Refused(OFFER_OVER)
            conn.execute(insert(second_factors).values(row))
            conn.execute(insert(recovery_codes), hashes)
        return codes

    def prove(
        self, handle: str, code: str, address: str, now: int, *, device: str = ""
    ) -> AcceptedCode:
        """Accept a code of the app or a recovery code, once; return which kind it was.

        Raises `Refused` for a wrong one, without saying why it is wrong; for one too many (counted
        like tries of passwords, but apart); and if the person has no second factor.
        """
        with self._writing() as conn:
            count_code(conn, handle, address, device, now)
            _count_failure(conn, handle)
        way = self._spend(handle, code, now)
        with self._writing() as conn:
            # Same lock order as when tries are counted, or PostgreSQL may find a deadlock.
            forgive_code(conn, handle, address, device, now)
            own = second_factors.c.handle == handle
            failures = conn.execute(select(second_factors.c.failures).where(own)).scalar() or 0
            conn.execute(update(second_factors).where(own).values(failures=0))
        # This try was counted as well, before it was known to be right.
        return AcceptedCode(way, max(0, failures - 1))

    def renew_codes(self, handle: str) -> list[str]:
        """Return new recovery codes, in place of the old ones; every session of the person ends.

        Raises `Refused` if they have no second factor.
        """
        codes, hashes = _hashed_codes(handle)
        own = second_factors.c.handle == handle
        with self._writing() as conn:
            if conn.execute(select(second_factors.c.since).where(own)).scalar() is None:
                raise Refused(NO_SECOND_FACTOR, handle=InQuotes(handle))
            for table in (recovery_codes, sessions):
                conn.execute(delete(table).where(table.c.handle == handle))
            end_half_sign_ins(conn, handle)
            conn.execute(insert(recovery_codes), hashes)
        return codes

    def take_off(self, handle: str) -> None:
        """Remove somebody's second factor; every session of theirs ends.

        Raises `NotFound` for an unknown handle, `Refused` if they have none.
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
            change = update(second_factors).where(later).values(last_step=step)
            return bool(conn.execute(change).rowcount)

    def _spend_recovery_code(self, handle: str, typed: str) -> bool:
        if not (code := as_recovery_code(typed)):
            return False
        place = and_(recovery_codes.c.handle == handle, recovery_codes.c.letter == code[0])
        stored = self._value(select(recovery_codes.c.code).where(place))
        if not is_password(code, stored):
            return False
        condition = and_(place, recovery_codes.c.code == stored)
        return bool(self._run(delete(recovery_codes).where(condition)))


def _hashed_codes(handle: str) -> tuple[list[str], Sequence[dict[str, str]]]:
    """Return new recovery codes and their hashes; call it before taking any lock."""
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
    """Remove a second factor and all access that it gave; tell whether there was one."""
    removed = conn.execute(delete(second_factors).where(second_factors.c.handle == handle)).rowcount
    for table in (recovery_codes, offered_keys, sessions):
        conn.execute(delete(table).where(table.c.handle == handle))
    end_half_sign_ins(conn, handle)
    forget_devices(conn, handle)
    return bool(removed)


APP, RECOVERY = "code", "recovery code"
"""The kinds of codes: one from the app, or one for when the app is lost."""

STEP = 30
"""How long a code of an app is valid, in seconds; all apps use this."""

DRIFT = 1
"""How many steps the clock of a phone may be off, either way (RFC 6238, section 5.2)."""

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Without i, l, o and u, as in Crockford's base 32, so that no letter looks like another."""

READ_AS = str.maketrans("ilo", "110")
RECOVERY_LETTERS, RECOVERY_CODES, GROUP = 12, 10, 4
"""12 letters of 32 are 60 bits; codes are hashed as passwords are."""


def new_key() -> str:
    """Return 160 random bits in base32, as long as RFC 4226 recommends."""
    return pyotp.random_base32()


def step_of_code(key: str, code: str, now: int) -> int | None:
    """Return the step of an app's code, ``None`` for a wrong one."""
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
    """Return the otpauth: address with which an app reads a key; ``issuer`` names the site."""
    return pyotp.TOTP(key, interval=STEP).provisioning_uri(name=handle, issuer_name=issuer)


def new_recovery_codes() -> list[str]:
    """Return codes for when an app is lost; each begins with another letter."""
    firsts = secrets.SystemRandom().sample(LETTERS, RECOVERY_CODES)
    return [first + "".join(map(_letter, range(1, RECOVERY_LETTERS))) for first in firsts]


def as_recovery_code(typed: str) -> str:
    """Return a typed recovery code in plain form, empty if it is none."""
    plain = re.sub(r"[\s-]", "", typed.lower()).translate(READ_AS)
    return plain if re.fullmatch(f"[{LETTERS}]{{{RECOVERY_LETTERS}}}", plain) else ""


def in_groups(code: str, between: str = " ") -> str:
    """Return a key or a code in groups of four, as people read it."""
    return between.join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _letter(_place: int) -> str:
    return secrets.choice(LETTERS)
