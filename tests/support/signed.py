"""Changes that an editor has signed, for tests of what is told of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries.waiting import unsigned_changes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.application.newsroom import Newsroom

SENTENCE = "It changed its position."


def sign_all(newsroom: Newsroom, conn: Connection, editor: str = "editor") -> int:
    """Sign whatever waits in the record but shades, and return how much that was."""
    every = unsigned_changes(conn)
    for change in every:
        newsroom.changes.sign(newsroom.byline(editor, "form"), change.ends, SENTENCE)
    return len(every)
