"""Search the inbox for texts with all words that somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.desk.tables import inbox
from timeline.domain.spelling import without_accents

if TYPE_CHECKING:
    from sqlalchemy import Connection

AT_ONCE = 500
"""How many texts are read at a time."""

_imprint = msgspec.json.Decoder(dict[str, str]).decode


def having_words(conn: Connection, typed: str, most: int) -> list[str]:
    """Return the ids of texts that have all words typed, the newest first, in any tray.

    For a folded text, return the one that it is folded under.
    """
    words_wanted, columns = without_accents(typed.casefold()).split(), inbox.c
    if not words_wanted:
        return []
    query = select(
        columns.id, columns.same_as, columns.imprint, columns.lead, columns.text
    ).order_by(columns.listed_at.desc(), columns.id.desc())
    ids: dict[str, None] = {}
    with conn.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:
        for row in rows:
            text = without_accents(
                " ".join((*_imprint(row.imprint).values(), row.lead, row.text)).casefold()
            )
            if all(word in text for word in words_wanted):
                ids[row.same_as or row.id] = None
            if len(ids) == most:
                break
    return list(ids)
