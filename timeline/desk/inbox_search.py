"""Searching the inbox: which of its texts have all words that somebody typed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.desk.tables import inbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

AT_ONCE = 500
"""Texts that are read together."""

_imprint = msgspec.json.Decoder(dict[str, str]).decode


def having_words(conn: Connection, typed: str, most: int) -> list[str]:
    """Return the ids of texts that have all words typed, the newest first, wherever they lie.

    A text that is folded under another stands for that one.
    """
    wanted, columns = _plain(typed).split(), inbox.c
    if not wanted:
        return []
    asked = select(
        columns.id, columns.same_as, columns.imprint, columns.lead, columns.text
    ).order_by(columns.listed_at.desc(), columns.id.desc())
    found: dict[str, None] = {}
    with conn.execute(asked, execution_options={"yield_per": AT_ONCE}) as rows:
        for row in rows:
            words = _plain(" ".join((*_imprint(row.imprint).values(), row.lead, row.text)))
            if all(word in words for word in wanted):
                found[row.same_as or row.id] = None
            if len(found) == most:
                break
    return list(found)


def _plain(text: str) -> str:
    """Return words as they are searched: without case and without marks above letters."""
    folded = text.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    return folded
