"""Sessions of browsers, whole and half begun; of their cookies, fingerprints are kept."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, delete, insert, or_, select, update

from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.secrets import fingerprint, new_secret
from timeline.desk.accounts.tries import HOUR, MINUTE, take_turns
from timeline.desk.part import DeskPart
from timeline.desk.tables import half_sign_ins, people, second_factors, sessions
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


IDLE, LONGEST = 12 * HOUR, 14 * 24 * HOUR
"""A session ends when nothing was asked for that long, and in any case after that long."""

CODE_NEEDED = Message(
    "code_needed", "a second factor was turned on meanwhile", fix="sign in again, with a code"
)

NOTED_EVERY = MINUTE
MOST_LETTERS = 200


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` names it to its owner; ``browser`` and ``address`` are as the browser told them.

    ``proven_by`` says how its owner proved who they are; ``None`` where nobody kept that.
    """

    id: str
    handle: str
    signed_in: int
    last_used: int
    browser: str
    address: str
    proven_by: str | None


class SignedIn(msgspec.Struct, frozen=True):
    """Who a request is from: handle, name and role as they are now, and by which session.

    ``proven_by`` is how that began, ``None`` where nobody kept it.
    """

    handle: str
    name: str
    role: Role
    session: str
    proven_by: str | None


class Sessions(DeskPart):
    """Begins, finds and ends them."""

    def begin(
        self,
        handle: str,
        now: int,
        *,
        browser: str = "",
        address: str = "",
        instead: str = "",
        proven_by: str = "",
        proves_one: bool = False,
    ) -> str:
        """Return the secret of a new session; the one of the secret ``instead`` ends with it.

        A session's secret is never one that a browser brought along (session fixation).
        ``proven_by`` is how somebody proved who they are, ``proves_one`` tells that it is one thing
        alone: that raises `Refused` for who has a second factor, however lately.
        """
        secret = new_secret()
        row = {
            "id": fingerprint(secret),
            "handle": handle,
            "signed_in": now,
            "last_used": now,
            "browser": browser[:MOST_LETTERS],
            "address": address[:MOST_LETTERS],
            "proven_by": proven_by,
        }
        with self._writing() as conn:
            if proves_one:
                _refuse_who_has_more(conn, handle)
            # People come before sessions, here and below, or PostgreSQL may find a deadlock.
            conn.execute(update(people).where(people.c.handle == handle).values(last_used=now))
            conn.execute(delete(sessions).where(sessions.c.id == fingerprint(instead)))
            conn.execute(delete(sessions).where(_is_over(now)))
            conn.execute(insert(sessions).values(row))
        return secret

    def find(self, secret: str, now: int) -> SignedIn | None:
        """Return who signed in with this cookie, ``None`` where that is over."""
        wanted = and_(sessions.c.id == fingerprint(secret), people.c.disabled_at.is_(None))
        joined = sessions.join(people, sessions.c.handle == people.c.handle)
        asked = select(sessions, people.c.name, people.c.role).select_from(joined).where(wanted)
        row = self._row(asked)
        if row is None or _over(row.signed_in, row.last_used, now):
            return None
        if now - row.last_used >= NOTED_EVERY:
            self._note(row.id, row.handle, now)
        return SignedIn(row.handle, row.name, Role.named(row.role), row.id, row.proven_by)

    def of(self, handle: str, now: int) -> list[Session]:
        """Return the sessions of a person, the one used last first."""
        order = sessions.c.last_used.desc(), sessions.c.id
        asked = select(sessions).where(sessions.c.handle == handle).order_by(*order)
        rows = self._rows(asked)
        return [
            Session(**row._mapping) for row in rows if not _over(row.signed_in, row.last_used, now)
        ]

    def end(self, handle: str, session: str) -> None:
        """End a session of a person; one that is not there, or another's, is left as it is."""
        own = and_(sessions.c.handle == handle, sessions.c.id == session)
        self._do(delete(sessions).where(own))

    def end_all(self, handle: str, *, but: str = "") -> None:
        """End every session of a person but one."""
        others = and_(sessions.c.handle == handle, sessions.c.id != but)
        self._do(delete(sessions).where(others))

    def _note(self, session: str, handle: str, now: int) -> None:
        # Who asks is known all the same where nothing can be written.
        with suppress(StandlineError), self._writing() as conn:
            conn.execute(update(people).where(people.c.handle == handle).values(last_used=now))
            conn.execute(update(sessions).where(sessions.c.id == session).values(last_used=now))


def _refuse_who_has_more(conn: Connection, handle: str) -> None:
    take_turns(conn)
    wanted = select(second_factors.c.handle).where(second_factors.c.handle == handle)
    if conn.execute(wanted).scalar() is not None:
        raise Refused(CODE_NEEDED)


def _over(signed_in: int, last_used: int, now: int) -> bool:
    return now - last_used >= IDLE or now - signed_in >= LONGEST


def _is_over(now: int) -> ColumnElement[bool]:
    return or_(sessions.c.last_used <= now - IDLE, sessions.c.signed_in <= now - LONGEST)


HALF_LASTS = 10 * MINUTE


class HalfSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """``proven_by`` is what was proven, ``following`` the address to go to in the end."""

    id: str
    handle: str
    began_at: int
    proven_by: str
    following: str


class HalfSignIns(DeskPart):
    """Begins, finds and ends them."""

    def begin(
        self, handle: str, now: int, *, proven_by: str, following: str = "/", instead: str = ""
    ) -> str:
        """Return the secret of a new one, for a cookie; that of the secret ``instead`` ends."""
        secret = new_secret()
        row = {
            "id": fingerprint(secret),
            "handle": handle,
            "began_at": now,
            "proven_by": proven_by,
            "following": following,
        }
        over = half_sign_ins.c.began_at <= now - HALF_LASTS
        with self._writing() as conn:
            conn.execute(delete(half_sign_ins).where(over))
            conn.execute(delete(half_sign_ins).where(half_sign_ins.c.id == fingerprint(instead)))
            conn.execute(insert(half_sign_ins).values(row))
        return secret

    def find(self, secret: str, now: int) -> HalfSignIn | None:
        """Return the one of a cookie, ``None`` where that is over."""
        joined = half_sign_ins.join(people, half_sign_ins.c.handle == people.c.handle)
        wanted = and_(
            half_sign_ins.c.id == fingerprint(secret),
            half_sign_ins.c.began_at > now - HALF_LASTS,
            people.c.disabled_at.is_(None),
        )
        asked = select(half_sign_ins).select_from(joined).where(wanted)
        row = self._row(asked)
        return None if row is None else HalfSignIn(**row._mapping)

    def end(self, half: HalfSignIn) -> bool:
        """End one; return whether it still was there, which of two at once only one hears."""
        this = half_sign_ins.c.id == half.id
        return bool(self._do(delete(half_sign_ins).where(this)))


def end_half_sign_ins(conn: Connection, handle: str) -> None:
    """End all of a person: what they had proven counts no more."""
    conn.execute(delete(half_sign_ins).where(half_sign_ins.c.handle == handle))
