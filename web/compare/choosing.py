"""The form that chooses actors, stories and questions to compare."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from timeline.projections.queries import crowds
from web.entries.choosing import Choices, read_choices

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.compare.grid import GridSelection

OFFERED = 60
"""The most actors and questions with a box."""

COUNTED = 12
"""The most questions whose statements are counted to order actors."""


def choices(conn: Connection, selection: GridSelection, named: tuple[str, ...]) -> Choices:
    """Return what the form offers; ``named`` are the slugs of chosen questions."""
    topics = selection.topics
    statements: Counter[str] = Counter()
    for topic in topics[:COUNTED]:
        statements.update(crowds.on_record(conn, topic.id))
    return read_choices(
        conn,
        selection.actors,
        selection.stories,
        [(topic, topic.slug in named) for topic in topics[:OFFERED]],
        among={topic.id for topic in topics} or None,
        most=OFFERED,
        statements=statements,
    )
