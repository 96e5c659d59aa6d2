"""Folding: texts with the same words, or much the same, lie under the first of them."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from timeline.desk.likeness import nearest
from timeline.desk.tables import inbox

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

TELLING = 40
"""Words from which on two texts are held against each other."""

_WORD = re.compile(r"\w+")
_columns = inbox.c


def digest_of(text: str) -> str:
    """Return what two texts with the same words have in common; empty for a few words alone."""
    words = _WORD.findall(text.casefold())
    return sha256(" ".join(words).encode()).hexdigest() if len(words) >= TELLING else ""


def first_like(
    conn: Connection, digest: str, document: str, runs: Collection[int], trays: Collection[str]
) -> str | None:
    """Return the id of the text under which another is folded: of its words, or of its source.

    Else it is one in these trays with much the same words, by its ``runs``.
    """
    words = and_(_columns.digest == digest, _columns.digest != "")
    source = and_(_columns.document == document, _columns.document != "")
    first = select(_columns.id).where(or_(words, source), _columns.same_as == "")
    same: str | None = conn.execute(first.limit(1)).scalar()
    if same is None and (near := nearest(conn, runs, tuple(trays))):
        same = near.item
    return same


def give_words(
    conn: Connection, item: str | None, text: str, digest: str, trays: Collection[str]
) -> list[str]:
    """Give a text to an item that waits without one; return its id, if it does."""
    here = _columns.id == item, _columns.text == "", _columns.tray.in_(trays)
    found = list(conn.execute(select(_columns.id).where(*here)).scalars()) if text else []
    conn.execute(update(inbox).where(_columns.id.in_(found)).values(text=text, digest=digest))
    return found


def unfold(conn: Connection, gone: list[str]) -> None:
    """Let those stand by themselves that are only much like what goes: they say other words."""
    asked = select(_columns.id, _columns.digest)
    firsts = {row.digest for row in conn.execute(asked.where(_columns.id.in_(gone)))}
    folded = asked.where(_columns.same_as.in_(gone), _columns.id.not_in(gone))
    other = [row.id for row in conn.execute(folded) if row.digest not in firsts or not row.digest]
    conn.execute(update(inbox).where(_columns.id.in_(other)).values(same_as=""))
