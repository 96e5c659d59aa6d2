"""What the rule found between a statement and others and no editor has judged: Earlier / Later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from timeline.projections.queries.change_answers import Wanted, find_changes
from timeline.projections.queries.entries import StatementEntry
from web.i18n import dates

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from web.wording.names import Names


class End(msgspec.Struct, frozen=True):
    """The latest statement at one end: its number, who said it, and when."""

    number: int
    who: str
    said: str


class Waiting(msgspec.Struct, frozen=True):
    """Two ends that differ, which an editor has not judged."""

    earlier: End
    later: End


def waiting_beside(
    conn: Connection, entry: Entry, names: Names, known_at: int | None
) -> list[Waiting]:
    """Return what waits with a statement at an end, the latest first."""
    if not isinstance(entry, StatementEntry):
        return []
    wanted = Wanted(topics=(entry.topic,), known_at=known_at, told="waiting")
    ends = [(one.change.before, one.change.after) for one in find_changes(conn, wanted)]
    found = [one for one in ends if all(one) and entry.number in (*one[0], *one[1])]
    said = entries.statements(conn, {end[-1] for one in found for end in one}, known_at)
    names.actors({one.speaker for one in said.values()})
    return [
        Waiting(*(_end(said[end[-1]], names) for end in one))
        for one in dict.fromkeys(found)
        if all(end[-1] in said for end in one)
    ]


def _end(said: StatementEntry, names: Names) -> End:
    return End(said.number, names.actor(said.speaker).name, dates.said(said.said_at))
