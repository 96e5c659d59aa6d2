"""What the rule finds and no editor has signed or declined yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.domain.position import edition2
from timeline.domain.position.change import SHADES
from timeline.domain.position.edition2.words import BODIES
from timeline.domain.verdict import Ends
from timeline.projections.queries import directory
from timeline.projections.queries.tracks import gathered, vote_topics
from timeline.projections.queries.turning import DRAFT, gathered_around
from timeline.projections.tables import schema
from timeline.projections.tables.position_rows import change_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.domain.statement import StatementRecorded
    from timeline.projections.queries.edition2 import Gathered

KINDS = (*("reversal", "succession", "withdrawn", "terms", "settles", "opens"), *SHADES)
"""What may wait, the most consequential first; shades are no changes."""


class Waiting(msgspec.Struct, frozen=True):
    """A change that waits for an editor, on a topic (an id).

    ``decides`` tells whether it is a body's, or of somebody who decides for a side then.
    """

    topic: str
    change: Change
    decides: bool

    @property
    def ends(self) -> Ends:
        """The change as a verdict names it, by ids."""
        change = self.change
        before, after = (tuple(sorted(end)) for end in (change.before, change.after))
        return Ends(self.topic, change.lanes[0], edition2.RULE, before, after)

    @property
    def id(self) -> str:
        """The id of the stream that verdicts on it go into."""
        return self.ends.stream

    @property
    def place(self) -> tuple[int, int, int, str]:
        """Sort key: the most consequential first, then deciders, then the latest."""
        kind = KINDS.index(self.change.kind)
        return kind, int(not self.decides), -self.change.counts_from, self.id


class InWords(msgspec.Struct, frozen=True):
    """What a change rests on: conditions in the words of who named them, by their ids.

    ``proposed`` tells that only the words of a role say that somebody decides for a side.
    """

    terms: dict[str, str]
    proposed: bool


def waiting(conn: Connection, *, shades: bool = False) -> list[Waiting]:
    """Return what waits, the most consequential first; with ``shades`` those behind it."""
    table = schema.changes
    kinds = KINDS if shades else [one for one in KINDS if one not in SHADES]
    query = select(table).where(table.c.status == "waiting", table.c.found.in_(kinds))
    both = ((row, change_of(row)) for row in conn.execute(query))
    # It stands on the lane of every side, too, that moved with who moved.
    found = [(row.topic, change) for row, change in both if row.lane == change.lanes[0]]
    bodies = _bodies(conn, {change.lanes[0] for _, change in found})
    every = (_waiting(topic, change, bodies) for topic, change in found)
    return sorted(every, key=lambda change: change.place)


def made_by_draft(
    conn: Connection, said: StatementRecorded, counts_from: int
) -> tuple[Waiting, InWords] | None:
    """Return what would wait for an editor if a statement were recorded, and it made that."""
    if vote_topics(conn, [said.topic]):
        return None
    _, drafted = gathered_around(conn, said, counts_from)
    made = [
        change for change in _found(drafted) if change.status == "waiting" and DRAFT in change.after
    ]
    bodies = _bodies(conn, {change.lanes[0] for change in made})
    every = [_waiting(said.topic, change, bodies) for change in made]
    first = min(every, key=lambda change: change.place, default=None)
    return (first, _in_words(first.change, drafted)) if first else None


def in_words(conn: Connection, waits: Waiting) -> InWords:
    """Return what a change that waits rests on."""
    return _in_words(waits.change, gathered(conn, waits.topic))


def _found(drafted: Gathered) -> Iterator[Change]:
    record = drafted.record
    yield from edition2.changes(record)
    if not record.topic.recurring:
        yield from edition2.findings(record).shades


def _bodies(conn: Connection, actors: set[str]) -> set[str]:
    known = directory.actors_by_id(conn, actors)
    return {key for key, actor in known.items() if actor.kind in BODIES}


def _waiting(topic: str, change: Change, bodies: Collection[str]) -> Waiting:
    return Waiting(topic, change, bool(change.lanes[1:]) or change.lanes[0] in bodies)


def _in_words(change: Change, read: Gathered) -> InWords:
    told = read.conditions_in_words
    new = told(change.appeared, change.after_by, change.after)
    gone = told(change.gone, change.before_by, change.before)
    named = zip((*change.appeared, *change.gone), (*new, *gone), strict=True)
    people = {change.before_by, change.after_by}
    return InWords(dict(named), read.is_proposed(people, change.lanes))
