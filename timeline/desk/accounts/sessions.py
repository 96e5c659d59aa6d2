"""Sessions of browsers and half sign-ins; only fingerprints of their cookies are kept."""

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
    from sqlalchemy import Connection


IDLE, LONGEST = 12 * HOUR, 14 * 24 * HOUR
"""A session ends after this time without requests, and in any case after the second time."""

CODE_NEEDED = Message(
    "code_needed", "a second factor was turned on meanwhile", fix="sign in again, with a code"
)

NOTED_EVERY = MINUTE
MOST_LETTERS = 200


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session; ``browser`` and ``address`` are as the browser sent them.

    ``proven_by`` says how its owner proved who they are.
    """

    id: str
    handle: str
    signed_in: int
    last_used: int
    browser: str
    address: str
    proven_by: str


class SignedIn(msgspec.Struct, frozen=True):
    """The person behind a request: current handle, name and role, and the session.

    ``proven_by`` says how the session began.
    """

    handle: str
    name: str
    role: Role
    session: str
    proven_by: str


class Sessions(DeskPart):
    """Begins, finds and ends sessions."""

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
        """Return the secret of a new session; the session with the secret ``instead`` ends.

        The secret is never one that a browser sent (session fixation).
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
                _refuse_with_second_factor(conn, handle)
            # Lock people before sessions, here and below, or PostgreSQL may find a deadlock.
            conn.execute(update(people).where(people.c.handle == handle).values(last_used=now))
            conn.execute(delete(sessions).where(sessions.c.id == fingerprint(instead)))
            ended = or_(sessions.c.last_used <= now - IDLE, sessions.c.signed_in <= now - LONGEST)
            conn.execute(delete(sessions).where(ended))
            conn.execute(insert(sessions).values(row))
        return secret

    def find(self, secret: str, now: int) -> SignedIn | None:
        """Return who signed in with this cookie, ``None`` if the session has ended."""
        condition = and_(sessions.c.id == fingerprint(secret), people.c.disabled_at.is_(None))
        joined = sessions.join(people, sessions.c.handle == people.c.handle)
        query = select(sessions, people.c.name, people.c.role).select_from(joined).where(condition)
        row = self._row(query)
        if row is None or _has_ended(row.signed_in, row.last_used, now):
            return None
        if now - row.last_used >= NOTED_EVERY:
            self._note(row.id, row.handle, now)
        return SignedIn(row.handle, row.name, Role.named(row.role), row.id, row.proven_by)

    def of(self, handle: str, now: int) -> list[Session]:
        """Return the sessions of a person, the last used first."""
        order = sessions.c.last_used.desc(), sessions.c.id
        query = select(sessions).where(sessions.c.handle == handle).order_by(*order)
        rows = self._rows(query)
        return [
            Session(**row._mapping)
            for row in rows
            if not _has_ended(row.signed_in, row.last_used, now)
        ]

    def end(self, handle: str, session: str) -> None:
        """End a session of a person; a missing one, or another person's, is ignored."""
        own = and_(sessions.c.handle == handle, sessions.c.id == session)
        self._run(delete(sessions).where(own))

    def end_all(self, handle: str, *, but: str = "") -> None:
        """End every session of a person except one."""
        others = and_(sessions.c.handle == handle, sessions.c.id != but)
        self._run(delete(sessions).where(others))

    def _note(self, session: str, handle: str, now: int) -> None:
        # The person is known even if this cannot be written.
        with suppress(StandlineError), self._writing() as conn:
            conn.execute(update(people).where(people.c.handle == handle).values(last_used=now))
            conn.execute(update(sessions).where(sessions.c.id == session).values(last_used=now))


def _refuse_with_second_factor(conn: Connection, handle: str) -> None:
    take_turns(conn)
    query = select(second_factors.c.handle).where(second_factors.c.handle == handle)
    if conn.execute(query).scalar() is not None:
        raise Refused(CODE_NEEDED)


def _has_ended(signed_in: int, last_used: int, now: int) -> bool:
    return now - last_used >= IDLE or now - signed_in >= LONGEST


HALF_LASTS = 10 * MINUTE


class HalfSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that still needs a second factor; ``following`` is the address to go to then."""

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
        """Return the secret of a new one, for a cookie; the one with ``instead`` ends."""
        secret = new_secret()
        row = {
            "id": fingerprint(secret),
            "handle": handle,
            "began_at": now,
            "proven_by": proven_by,
            "following": following,
        }
        expired = half_sign_ins.c.began_at <= now - HALF_LASTS
        with self._writing() as conn:
            conn.execute(delete(half_sign_ins).where(expired))
            conn.execute(delete(half_sign_ins).where(half_sign_ins.c.id == fingerprint(instead)))
            conn.execute(insert(half_sign_ins).values(row))
        return secret

    def find(self, secret: str, now: int) -> HalfSignIn | None:
        """Return the half sign-in of a cookie, ``None`` if it has ended."""
        joined = half_sign_ins.join(people, half_sign_ins.c.handle == people.c.handle)
        condition = and_(
            half_sign_ins.c.id == fingerprint(secret),
            half_sign_ins.c.began_at > now - HALF_LASTS,
            people.c.disabled_at.is_(None),
        )
        query = select(half_sign_ins).select_from(joined).where(condition)
        row = self._row(query)
        return None if row is None else HalfSignIn(**row._mapping)

    def end(self, half: HalfSignIn) -> bool:
        """End one; return whether it was still there: of two callers at once, one gets true."""
        this = half_sign_ins.c.id == half.id
        return bool(self._run(delete(half_sign_ins).where(this)))


def end_half_sign_ins(conn: Connection, handle: str) -> None:
    """End all half sign-ins of a person."""
    conn.execute(delete(half_sign_ins).where(half_sign_ins.c.handle == handle))
