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
from timeline.projections.queries.edition2 import read_around
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.queries.turning import DRAFT, evidence_around
from timeline.projections.tables import schema
from timeline.projections.tables.rows import change_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.domain.statement import StatementRecorded
    from timeline.projections.queries.edition2 import TopicEvidence

KINDS = (*("reversal", "succession", "withdrawn", "terms", "settles", "opens"), *SHADES)
"""Kinds of changes that may wait, the most consequential first; shades are no changes."""


class UnsignedChange(msgspec.Struct, frozen=True):
    """A change that waits for an editor, on a topic (an id).

    ``decides`` tells whether a body moved, or somebody who decides for a side.
    """

    topic: str
    change: Change
    decides: bool

    @property
    def ends(self) -> Ends:
        """The two ends by which a verdict names the change, by ids."""
        change = self.change
        before, after = (tuple(sorted(end)) for end in (change.before, change.after))
        return Ends(self.topic, change.lanes[0], edition2.RULE, before, after)

    @property
    def id(self) -> str:
        """The id of the stream of its verdicts."""
        return self.ends.stream

    @property
    def place(self) -> tuple[int, int, int, str]:
        """Sort key: the most consequential first, then deciders, then the latest."""
        kind = KINDS.index(self.change.kind)
        return kind, int(not self.decides), -self.change.counts_from, self.id


class ChangeBasis(msgspec.Struct, frozen=True):
    """What a change rests on: conditions in the words of who named them, by their ids.

    ``proposed`` tells that only the words of a role say that somebody decides for a side.
    """

    terms: dict[str, str]
    proposed: bool


def unsigned_changes(conn: Connection, *, shades: bool = False) -> list[UnsignedChange]:
    """Return the changes that wait, the most consequential first; with ``shades`` those last."""
    table = schema.changes
    kinds = KINDS if shades else [kind for kind in KINDS if kind not in SHADES]
    query = select(table).where(table.c.status == "waiting", table.c.found.in_(kinds))
    pairs = ((row, change_of(row)) for row in conn.execute(query))
    # The change is also on the lane of every side that moved with the person: take it once.
    changes = [(row.topic, change) for row, change in pairs if row.lane == change.lanes[0]]
    bodies = _bodies(conn, {change.lanes[0] for _, change in changes})
    unsigned = (_unsigned(topic, change, bodies) for topic, change in changes)
    return sorted(unsigned, key=lambda change: change.place)


def change_by_draft(
    conn: Connection, event: StatementRecorded, counts_from: int
) -> tuple[UnsignedChange, ChangeBasis] | None:
    """Return the change that an unrecorded statement would make and that would wait, if any."""
    if vote_topics(conn, [event.topic]):
        return None
    _, drafted = evidence_around(conn, event, counts_from)
    changes = [
        change
        for change in _rule_changes(drafted)
        if change.status == "waiting" and DRAFT in change.after
    ]
    bodies = _bodies(conn, {change.lanes[0] for change in changes})
    unsigned = [_unsigned(event.topic, change, bodies) for change in changes]
    first = min(unsigned, key=lambda change: change.place, default=None)
    return (first, _basis(first.change, drafted)) if first else None


def change_basis(conn: Connection, unsigned: UnsignedChange) -> ChangeBasis:
    """Return what an unsigned change rests on."""
    change, topic = unsigned.change, directory.topics_by_id(conn, {unsigned.topic})[unsigned.topic]
    around, _ = read_around(conn, topic, {*change.lanes, change.before_by, change.after_by})
    return _basis(change, around)


def _rule_changes(evidence: TopicEvidence) -> Iterator[Change]:
    record = evidence.record
    yield from edition2.changes(record)
    if not record.topic.recurring:
        yield from edition2.findings(record).shades


def _bodies(conn: Connection, actors: set[str]) -> set[str]:
    known = directory.actors_by_id(conn, actors)
    return {key for key, actor in known.items() if actor.kind in BODIES}


def _unsigned(topic: str, change: Change, bodies: Collection[str]) -> UnsignedChange:
    return UnsignedChange(topic, change, bool(change.lanes[1:]) or change.lanes[0] in bodies)


def _basis(change: Change, evidence: TopicEvidence) -> ChangeBasis:
    in_words = evidence.conditions_in_words
    new = in_words(change.appeared, change.after_by, change.after)
    gone = in_words(change.gone, change.before_by, change.before)
    named = zip((*change.appeared, *change.gone), (*new, *gone), strict=True)
    people = {change.before_by, change.after_by}
    return ChangeBasis(dict(named), evidence.is_proposed(people, change.lanes))
