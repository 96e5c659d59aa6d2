"""Half sign-ins: who has proven one of two things. It is no session, and gives no right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, delete, insert, select

from timeline.desk.accounts.secrets import fingerprint, new_secret
from timeline.desk.accounts.tries import MINUTE
from timeline.desk.tables import half_sign_ins, people
from timeline.stores.engines import exclusive
from timeline.stores.trouble import translate_db_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

HALF_LASTS = 10 * MINUTE


class HalfSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """``proven_by`` is what was proven, ``following`` the address to go to in the end."""

    id: str
    handle: str
    began_at: int
    proven_by: str
    following: str


class HalfSignIns:
    """Begins, finds and ends them."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

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
        with translate_db_errors(), exclusive(self._engine()) as conn:
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
        with translate_db_errors(), self._engine().connect() as conn:
            row = conn.execute(asked).one_or_none()
        return None if row is None else HalfSignIn(**row._mapping)

    def end(self, half: HalfSignIn) -> bool:
        """End one; return whether it still was there, which of two at once only one hears."""
        this = half_sign_ins.c.id == half.id
        with translate_db_errors(), exclusive(self._engine()) as conn:
            return bool(conn.execute(delete(half_sign_ins).where(this)).rowcount)


def end_half_sign_ins(conn: Connection, handle: str) -> None:
    """End all of a person: what they had proven counts no more."""
    conn.execute(delete(half_sign_ins).where(half_sign_ins.c.handle == handle))
