"""What moved and what happened on the topics of a story: counted by day, and page by page.

As known now, the database counts and pages over the changes that are kept. At an earlier position
of the log they are derived anew, topic by topic; those of a crowd are the kept ones known by then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Text, case, cast, func, select

from timeline.domain.position import MIXED
from timeline.projections.queries import entries
from timeline.projections.queries.changes_then import changes_on
from timeline.projections.queries.crowds import CROWD
from timeline.projections.queries.positions import LaneChange
from timeline.projections.tables import schema
from timeline.projections.tables.kinds import (
    DEVELOPMENT,
    KINDS,
    MOVED,
    kind_column,
    of_kinds,
    utc_day,
    words_or_lane,
)
from timeline.projections.tables.lanes import known
from timeline.projections.tables.position_rows import change_of
from timeline.projections.tables.recurring import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import DevelopmentEntry

UNASKED = frozenset(KINDS) - {"first"}
"""First words are shown where somebody asks for them: nothing changed by them."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which happenings are wanted: of ``topics``, and of some lanes (all where there are none).

    ``topics`` and ``lanes`` are ids. ``since`` is the log position after which all of it came to
    be known, ``known_at`` the one by which it was; ``as_of`` is an instant.
    """

    topics: tuple[Topic, ...]
    lanes: frozenset[str] = frozenset()
    kinds: frozenset[str] = UNASKED
    since: int | None = None
    as_of: int | None = None
    known_at: int | None = None

    @property
    def ids(self) -> list[str]:
        """The ids of the topics."""
        return [topic.id for topic in self.topics]


class Day(msgspec.Struct, frozen=True):
    """How much happened on a day (counted from 1970-01-01).

    ``changes`` are those from one position to another, ``others`` differing answers and first
    words.
    """

    day: int
    changes: int = 0
    others: int = 0
    developments: int = 0


class Tally(msgspec.Struct, frozen=True):
    """How many changes of a kind a lane has on a topic."""

    topic: str
    lane: str
    kind: str
    count: int


def kind_of(one: LaneChange) -> str:
    """Return the kind of a change: its own, or ``mixed`` where answers of one day differ."""
    change = one.change
    if change.kind != "first" and MIXED in (change.from_, change.to):
        return "mixed"
    return change.kind


class Then:
    """The changes of some topics as they were known then, read once for all who ask."""

    def __init__(self, conn: Connection, topics: Sequence[Topic], known_at: int | None) -> None:
        self._conn, self._topics, self._known_at = conn, topics, known_at

    @cached_property
    def changes(self) -> list[LaneChange]:
        """All of them, oldest first."""
        few = [topic.id for topic in self._topics if topic.statements < CROWD]
        found = changes_on(self._conn, few, known_at=self._known_at)
        for topic in self._topics:
            found += self._crowd(topic) if topic.statements >= CROWD else ()
        return sorted(found, key=_place)

    def _crowd(self, topic: Topic) -> Sequence[LaneChange]:
        table = schema.changes
        by_then = table.c.topic == topic.id, table.c.known_at <= self._known_at
        rows = self._conn.execute(select(table).where(*by_then))
        return [LaneChange(row.topic, row.lane, change_of(row)) for row in rows]


class Happenings:
    """The happenings of some topics that are wanted.

    ``then`` has the changes of these topics, and may be of others too, as known where they are
    wanted.
    """

    def __init__(self, conn: Connection, wanted: Wanted, then: Then | None = None) -> None:
        self._conn, self._wanted = conn, wanted
        self._then = then or Then(conn, wanted.topics, wanted.known_at)

    def days(self) -> list[Day]:
        """Return the days on which something happened, oldest first."""
        return self._days

    def developments_in_all(self) -> int:
        """Count the developments by the days on which they happened."""
        return sum(count for _, count in self._developments_by_day)

    @cached_property
    def _days(self) -> list[Day]:
        counted: dict[int, Counter[str]] = defaultdict(Counter)
        for day, moved, told in self._changes_by_day():
            counted[day].update(changes=moved, others=told - moved)
        for day, count in self._developments_by_day:
            counted[day]["developments"] += count
        return [Day(day, **counted[day]) for day in sorted(counted)]

    def changes(
        self, start: int, end: int, *, skip: int = 0, limit: int | None = None
    ) -> list[LaneChange]:
        """Return changes between two instants, both included, oldest first.

        What the same words change in two lanes stands side by side.
        """
        if self._at_now:
            table = schema.changes
            query = select(table).where(*self._moves(), table.c.counts_from.between(start, end))
            query = query.order_by(
                table.c.counts_from,
                spelled(table.c.topic),
                table.c.after,
                spelled(table.c.lane),
                table.c.day,
            )
            rows = self._conn.execute(query.offset(skip).limit(limit))
            return [LaneChange(row.topic, row.lane, change_of(row)) for row in rows]
        inside = [one for one in self._known if start <= one.change.counts_from <= end]
        return inside[skip:][:limit]

    def latest(self, limit: int) -> list[LaneChange]:
        """Return the latest changes, latest first."""
        if not self._at_now:
            return list(reversed(self._known))[:limit]
        table = schema.changes
        query = select(table).where(*self._moves())
        query = query.order_by(
            table.c.counts_from.desc(),
            table.c.known_at.desc(),
            spelled(table.c.topic),
            spelled(table.c.lane),
        )
        rows = self._conn.execute(query.limit(limit))
        return [LaneChange(row.topic, row.lane, change_of(row)) for row in rows]

    def developments(
        self, start: int, end: int, *, skip: int = 0, limit: int | None = None
    ) -> list[DevelopmentEntry]:
        """Return developments between two instants, both included, oldest first."""
        if DEVELOPMENT not in self._wanted.kinds:
            return []
        columns = schema.bearings.c
        query = select(columns.counts_from, columns.number).distinct()
        query = query.where(*self._bearings(), columns.counts_from.between(start, end))
        query = query.order_by(columns.counts_from, columns.number).offset(skip).limit(limit)
        numbers = [row.number for row in self._conn.execute(query)]
        found = entries.developments(self._conn, numbers, self._wanted.known_at)
        return [found[number] for number in numbers if number in found]

    def tally(self) -> list[Tally]:
        """Count the changes of each topic, lane and kind."""
        return self._tally

    @cached_property
    def _tally(self) -> list[Tally]:
        if self._at_now:
            columns, kind = schema.changes.c, kind_column()
            query = select(columns.topic, columns.lane, kind, func.count()).where(*self._moves())
            query = query.group_by(columns.topic, columns.lane, kind)
            return [Tally(*row) for row in self._conn.execute(query).all()]
        found = Counter((one.topic, one.lane, kind_of(one)) for one in self._known)
        return [Tally(*key, count) for key, count in found.items()]

    def developments_by_topic(self) -> dict[str, int]:
        """Count the developments that bear on each topic."""
        if DEVELOPMENT not in self._wanted.kinds:
            return {}
        columns = schema.bearings.c
        query = select(columns.topic, func.count(columns.number.distinct()))
        query = query.where(*self._bearings()).group_by(columns.topic)
        return {topic: int(count) for topic, count in self._conn.execute(query)}

    @property
    def _at_now(self) -> bool:
        return self._wanted.known_at is None

    def _changes_by_day(self) -> Iterable[tuple[int, int, int]]:
        """Return days with how many changes there are from a position to another, and of all."""
        if self._at_now:
            columns = schema.changes.c
            day, words = utc_day(columns.counts_from), _told_apart(columns)
            moved = case((kind_column().in_(MOVED), words))
            query = select(day, func.count(moved.distinct()), func.count(words.distinct()))
            rows = self._conn.execute(query.where(*self._moves()).group_by(day))
            return [(int(day), int(moved), int(told)) for day, moved, told in rows]
        days: dict[int, list[bool]] = defaultdict(list)
        for alike in together(self._known):
            days[alike[0].change.day].append(is_move(alike))
        return [(day, sum(moves), len(moves)) for day, moves in days.items()]

    @cached_property
    def _developments_by_day(self) -> list[tuple[int, int]]:
        if DEVELOPMENT not in self._wanted.kinds:
            return []
        columns = schema.bearings.c
        day = utc_day(columns.counts_from)
        query = select(day, func.count(columns.number.distinct()))
        rows = self._conn.execute(query.where(*self._bearings()).group_by(day))
        return [(int(day), int(count)) for day, count in rows]

    def _moves(self) -> list[Any]:
        """Return the clauses that the wanted changes meet, as known now."""
        columns, wanted = schema.changes.c, self._wanted
        clauses: list[Any] = [columns.topic.in_(wanted.ids), of_kinds(wanted.kinds, columns)]
        if wanted.lanes:
            clauses.append(columns.lane.in_([*wanted.lanes]))
        if wanted.as_of is not None:
            clauses.append(columns.counts_from <= wanted.as_of)
        if wanted.since is not None:
            clauses.append(columns.known_at > wanted.since)
        return clauses

    def _bearings(self) -> list[Any]:
        """Return the clauses that the wanted developments meet."""
        columns, wanted = schema.bearings.c, self._wanted
        clauses: list[Any] = [
            columns.topic.in_(wanted.ids),
            columns.retracted == 0,
            *known(columns, wanted.known_at),
        ]
        if wanted.lanes:
            told = schema.developments.c
            by_them = told.according_to.in_([*wanted.lanes]), *known(told, wanted.known_at)
            clauses.append(columns.number.in_(select(told.number).where(*by_them)))
        if wanted.as_of is not None:
            clauses.append(columns.counts_from <= wanted.as_of)
        if wanted.since is not None:
            clauses.append(columns.number > wanted.since)
        return clauses

    @cached_property
    def _known(self) -> list[LaneChange]:
        """The wanted changes as they were known, oldest first."""
        topics = {*self._wanted.ids}
        return [one for one in self._then.changes if one.topic in topics and self._is_wanted(one)]

    def _is_wanted(self, one: LaneChange) -> bool:
        wanted, change = self._wanted, one.change
        return (
            kind_of(one) in wanted.kinds
            and (not wanted.lanes or one.lane in wanted.lanes)
            and (wanted.as_of is None or change.counts_from <= wanted.as_of)
            and (wanted.since is None or change.known_at > wanted.since)
        )


def _told_apart(columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return what tells changes of several topics apart."""
    return cast(columns.topic, Text) + " " + words_or_lane(columns)


def _place(one: LaneChange) -> tuple[int, str, tuple[int, ...], str]:
    return one.change.counts_from, one.topic, one.change.after, one.lane


def together(found: Iterable[LaneChange]) -> list[list[LaneChange]]:
    """Put changes together that the same words make in several lanes, in the order given."""
    groups: dict[object, list[LaneChange]] = {}
    for one in found:
        change = one.change
        groups.setdefault((one.topic, change.day, change.after or one.lane), []).append(one)
    return list(groups.values())


def is_move(alike: Iterable[LaneChange]) -> bool:
    """Tell whether any of the changes that the same words make is one to another position."""
    return any(kind_of(one) in MOVED for one in alike)


def busiest(tallies: Iterable[Tally], name: str) -> list[tuple[str, int]]:
    """Return the topics or lanes (``name``) of tallies with their counts, most first."""
    counted: Counter[str] = Counter()
    for one in tallies:
        counted[getattr(one, name)] += one.count
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
