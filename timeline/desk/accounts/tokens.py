"""Tokens: secrets with which a program acts for a person, with a scope and an end."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from sqlalchemy import and_, delete, insert, select, update

from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.secrets import fingerprint, new_secret
from timeline.desk.accounts.tries import HOUR, MINUTE
from timeline.desk.part import DeskPart
from timeline.desk.tables import make_room, people, tokens
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import InQuotes, Message

NO_SUCH_SCOPE = Message("no_such_scope", "a token cannot %(scope)s", fix="use read or record")
TOKEN_UNNAMED = Message("token_unnamed", "the token has no name", fix="say what uses it")
TOKEN_LASTS = Message(
    "token_lasts", "a token lasts from 1 to %(days)s days", fix="make a new one when it has ended"
)
TOO_MANY_TOKENS = Message(
    "too_many_tokens", "you have %(count)s tokens, and no more are kept", fix="revoke one first"
)

PREFIX = "sl_"
DAY = 24 * HOUR
MOST, MOST_DAYS = 50, 366
SCOPES = {"read": Role.READER, "record": Role.EDITOR}
"""The role of a token by its scope; it never has more rights than its person."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is the fingerprint, ``hint`` the secret's first and last letters."""

    id: str
    handle: str
    name: str
    scope: str
    hint: str
    created_at: int
    expires_at: int
    last_used: int | None


class Tokens(DeskPart):
    """Makes, finds and revokes tokens."""

    def make(self, handle: str, name: str, scope: str, days: int, now: int) -> str:
        """Return the secret of a new token, which is shown once; raises `Refused`."""
        if scope not in SCOPES:
            raise Refused(NO_SUCH_SCOPE, field="scope", scope=InQuotes(scope))
        if not (clean_name := " ".join(name.split())):
            raise Refused(TOKEN_UNNAMED, field="name")
        if not 1 <= days <= MOST_DAYS:
            raise Refused(TOKEN_LASTS, field="days", days=MOST_DAYS)
        secret = new_secret(PREFIX)
        row = {
            "id": fingerprint(secret),
            "handle": handle,
            "name": clean_name[:100],
            "scope": scope,
            "hint": f"{secret[:6]}…{secret[-2:]}",
            "created_at": now,
            "expires_at": now + days * DAY,
        }
        with self._writing() as conn:
            make_room(conn, tokens.c.handle == handle, MOST, TOO_MANY_TOKENS)
            conn.execute(insert(tokens).values(row))
        return secret

    def find(self, secret: str, now: int) -> tuple[str, Role] | None:
        """Return the handle and role of a token, ``None`` if it has ended."""
        joined = tokens.join(people, tokens.c.handle == people.c.handle)
        condition = and_(tokens.c.id == fingerprint(secret), people.c.disabled_at.is_(None))
        query = select(tokens, people.c.role).select_from(joined).where(condition)
        row = self._row(query)
        if row is None or row.expires_at <= now:
            return None
        if now - (row.last_used or 0) >= MINUTE:
            # The person is known even if this cannot be written.
            with suppress(StandlineError), self._writing() as conn:
                conn.execute(update(tokens).where(tokens.c.id == row.id).values(last_used=now))
        return row.handle, min(Role.named(row.role), SCOPES[row.scope])

    def of(self, handle: str) -> list[Token]:
        """Return the tokens of a person, the newest first."""
        query = select(tokens).where(tokens.c.handle == handle)
        rows = self._rows(query.order_by(tokens.c.created_at.desc(), tokens.c.id))
        return [Token(**row._mapping) for row in rows]

    def revoke(self, handle: str, token: str) -> None:
        """Revoke a token of a person; a missing one, or another person's, is ignored."""
        own = and_(tokens.c.handle == handle, tokens.c.id == token)
        self._run(delete(tokens).where(own))
