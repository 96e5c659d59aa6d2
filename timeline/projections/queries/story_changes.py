"""What moved and what happened on the topics of a story: counted by day, and page by page.

As known now, counts by month, lane and kind are stored; for other filters the database counts and
pages over the stored changes. At an earlier log position it does the same over the changes known by
then; on topics where nothing has changed in between that is right, and the others are derived anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import Column, Connection, Select, Text, case, cast, func, select

from timeline.domain.instants import DAY, NEWEST, OLDEST, day_of, month_number, month_start
from timeline.domain.position import MIXED
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import entries
from timeline.projections.queries.historical_changes import changes_on, derived_anew
from timeline.projections.queries.positions import LaneChange, lane_changes, latest_first
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.kinds import (
    DEVELOPMENT,
    KINDS,
    MOVED,
    kind_column,
    of_kinds,
    utc_day,
    words_or_lane,
)
from timeline.projections.tables.lanes import known, up_to
from timeline.projections.tables.prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import DevelopmentEntry
    from timeline.projections.tables.prepared import Param, Query

DEFAULT_KINDS = frozenset(KINDS) - {"first"}
"""All kinds but first words, which change nothing: they are shown on request."""


class StoryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes and developments are wanted, of some topics and of some lanes, or of all lanes.

    ``lanes`` are ids. They became known after the log position ``since`` and by the log position
    ``known_at``; ``as_of`` is an instant.
    """

    topics: tuple[Topic, ...]
    lanes: frozenset[str] = frozenset()
    kinds: frozenset[str] = DEFAULT_KINDS
    since: int | None = None
    as_of: int | None = None
    known_at: int | None = None

    @property
    def ids(self) -> list[str]:
        """The ids of the topics."""
        return [topic.id for topic in self.topics]


class DayCounts(msgspec.Struct, frozen=True):
    """How much happened on a day (counted from 1970-01-01).

    ``changes`` are those from one position to another, ``others`` differing answers and first
    words.
    """

    day: int
    changes: int = 0
    others: int = 0
    developments: int = 0


class MonthCounts(msgspec.Struct, frozen=True):
    """How much happened in a month, which is twelve times its year, and 0 for January."""

    month: int
    changes: int = 0
    others: int = 0
    developments: int = 0


By = Literal["topic", "lane", "kind"]
"""What changes are counted by; topics and lanes are ids."""


def kind_of(lane_change: LaneChange) -> str:
    """Return the kind of a change as readers see it.

    It is ``mixed`` where votes of one day differ, and ``step`` where nothing is shown.
    """
    change = lane_change.change
    if change.kind == "vote" and MIXED in (change.from_, change.to):
        return "mixed"
    return change.kind if change.is_visible or change.kind == "first" else "step"


class EarlierChanges:
    """The changes at an earlier moment of the topics whose stored ones do not hold there."""

    def __init__(self, conn: Connection, topics: Sequence[Topic], clocks: TwoClocks) -> None:
        self._conn, self._topics, self._clocks = conn, topics, clocks

    @cached_property
    def topics(self) -> set[str]:
        """The ids of these topics."""
        return derived_anew(self._conn, [topic.id for topic in self._topics], self._clocks)

    @cached_property
    def changes(self) -> list[LaneChange]:
        """All of their changes, oldest first."""
        if not self.topics:
            return []
        changes = changes_on(self._conn, sorted(self.topics), self._clocks, anew=self.topics)
        return sorted(changes, key=_place)


class StoryChanges:
    """The changes and developments of some topics.

    Pass ``earlier`` where it was read already, for these topics or more, at the same moment.
    """

    def __init__(
        self, conn: Connection, chosen: StoryFilter, earlier: EarlierChanges | None = None
    ) -> None:
        self._conn, self._wanted = conn, chosen
        clocks = TwoClocks(as_of=chosen.as_of, known_at=chosen.known_at)
        self._then = earlier or EarlierChanges(conn, chosen.topics, clocks)

    def days(self, start: int = OLDEST, end: int = NEWEST) -> list[DayCounts]:
        """Return the days between two instants on which something happened, oldest first."""
        counted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        for day, moved, total in self._changes_by_day(start, end):
            counted[day][:2] = moved, total - moved
        for day, count in self._developments_by_day:
            if start <= day * DAY <= end:
                counted[day][2] = count
        return [DayCounts(day, *counts) for day, counts in sorted(counted.items())]

    def months(self) -> list[MonthCounts]:
        """Return the months in which something happened, oldest first."""
        counted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        for month, moved, total in self._changes_by_month():
            counted[month][0] += moved
            counted[month][1] += total - moved
        for day, count in self._developments_by_day:
            counted[month_number(day)][2] += count
        return [MonthCounts(month, *counts) for month, counts in sorted(counted.items())]

    def developments_in_all(self) -> int:
        """Count the developments by the days on which they happened."""
        return sum(count for _, count in self._developments_by_day)

    def changes(self, start: int, end: int, *, limit: int | None = None) -> list[LaneChange]:
        """Return changes between two instants, both included, oldest first.

        Changes that the same words make in two lanes are next to each other.
        """
        table = schema.changes
        query = select(table).where(*self._moves(), table.c.counts_from.between(start, end))
        query = query.order_by(
            table.c.counts_from,
            spelled(table.c.topic),
            table.c.after,
            spelled(table.c.lane),
            table.c.day,
        )
        inside = [change for change in self._known if start <= change.change.counts_from <= end]
        stored = lane_changes(self._conn.execute(query.limit(limit)))
        if not inside:
            return stored
        # No topic is in both, so the order within a topic stays.
        return sorted(
            [*stored, *inside], key=lambda change: (change.change.counts_from, change.topic)
        )[:limit]

    def latest(self, limit: int) -> list[LaneChange]:
        """Return the latest changes, latest first."""
        table = schema.changes
        query = select(table).where(*self._moves())
        query = query.order_by(
            table.c.counts_from.desc(),
            table.c.known_at.desc(),
            spelled(table.c.topic),
            spelled(table.c.lane),
        )
        changes = lane_changes(self._conn.execute(query.limit(limit)))
        return latest_first([*changes, *self._known])[:limit] if self._known else changes

    def developments(
        self, start: int, end: int, *, limit: int | None = None
    ) -> list[DevelopmentEntry]:
        """Return developments between two instants, both included, oldest first."""
        if DEVELOPMENT not in self._wanted.kinds:
            return []
        columns = schema.bearings.c
        query = select(columns.counts_from, columns.number).distinct()
        query = query.where(*self._bearings(), columns.counts_from.between(start, end))
        query = query.order_by(columns.counts_from, columns.number).limit(limit)
        numbers = [row.number for row in self._conn.execute(query)]
        by_number = entries.developments(self._conn, numbers, self._wanted.known_at)
        return [by_number[number] for number in numbers if number in by_number]

    def moved_by_topic(self) -> dict[str, int]:
        """Count the changes between positions by topic; the same words on several lanes once."""
        if self._is_kept and self._wanted.as_of is None:
            rows = self._conn.execute(*_stored_moves(topics=self._wanted.ids)).all()
        else:
            columns = schema.changes.c
            words = words_or_lane(columns)
            days = select(columns.topic, func.count(words.distinct()).label("moved"))
            days = days.where(*self._moves(), kind_column().in_(MOVED))
            days = days.group_by(columns.topic, utc_day(columns.counts_from))
            rows = self._conn.execute(days).all()
        moved = Counter[str]()
        for topic, count in rows:
            moved[topic] += int(count)
        for alike in group_by_words(self._known):
            moved[alike[0].topic] += is_move(alike)
        return dict(moved)

    def counts(self, by: By) -> dict[str, int]:
        """Count the wanted changes by topic, lane or kind, most first.

        By topic and kind the same words count once.
        """
        kinds = self._wanted.kinds - {DEVELOPMENT}
        kept: Collection[str] = ()
        if self._is_kept and self._wanted.as_of is None and ("first" not in kinds or by == "kind"):
            kept = self._wanted.ids if by == "lane" else self._told_once
        counted = Counter(self._kept_counts(by, kinds, kept) if kept else {})
        for name, count in self._conn.execute(self._counted(by, kept)):
            counted[name] += int(count)
        for alike in group_by_words(self._known):
            names = [_named(change)[by] for change in alike]
            counted.update(names if by == "lane" else {*names})
        return _most_first(counted)

    @property
    def _is_kept(self) -> bool:
        """Whether the stored counts answer: everything known now, of some kinds."""
        wanted = self._wanted
        is_now = wanted.known_at is None and not self._then.topics
        return is_now and wanted.since is None and not wanted.lanes

    @cached_property
    def _told_once(self) -> list[str]:
        """The ids of the topics on which no words change more than one lane."""
        ids = self._wanted.ids
        turned = _turns(column=schema.lane_turns.c.topic, topics=ids, kinds=[*KINDS])
        lanes = {topic: int(count) for topic, count in self._conn.execute(*turned)}
        told = {topic: int(count) for topic, count in self._conn.execute(*_told(topics=ids))}
        return [topic for topic in ids if lanes.get(topic) == told.get(topic)]

    def _kept_counts(
        self, by: By, kinds: Collection[str], topics: Collection[str]
    ) -> dict[str, int]:
        column = schema.lane_turns.c[by]
        query = _turns(column=column, topics=[*topics], kinds=[*kinds])
        counts = {name: int(count) for name, count in self._conn.execute(*query)}
        if "first" in kinds and (firsts := self._firsts(topics)):
            counts["first"] = firsts
        return counts

    def _firsts(self, topics: Collection[str]) -> int:
        table = schema.topics
        query = select(func.coalesce(func.sum(table.c.firsts), 0)).where(table.c.id.in_(topics))
        return int(self._conn.execute(query).scalar_one())

    def _counted(self, by: By, kept: Collection[str]) -> Select[Any]:
        """Return the query for counts on all topics but those that are kept."""
        columns, here = schema.changes.c, self._moves(kept)
        if by == "lane":
            return select(columns.lane, func.count()).where(*here).group_by(columns.lane)
        name = kind_column() if by == "kind" else columns.topic
        query = select(name, func.count(words_or_lane(columns).distinct())).where(*here)
        return query.group_by(name, columns.topic, utc_day(columns.counts_from))

    def developments_by_topic(self) -> dict[str, int]:
        """Count the developments that bear on each topic."""
        if DEVELOPMENT not in self._wanted.kinds:
            return {}
        columns = schema.bearings.c
        query = select(columns.topic, func.count(columns.number.distinct()))
        query = query.where(*self._bearings()).group_by(columns.topic)
        return {topic: int(count) for topic, count in self._conn.execute(query)}

    def _changes_by_month(self) -> Iterable[tuple[int, int, int]]:
        """Return the same by month; months before that of the moment are stored."""
        if not self._is_kept or self._wanted.kinds - {DEVELOPMENT} != DEFAULT_KINDS - {DEVELOPMENT}:
            days = self._changes_by_day(OLDEST, NEWEST)
            return [(month_number(day), moved, total) for day, moved, total in days]
        as_of, last = self._wanted.as_of, None
        rest: Iterable[tuple[int, int, int]] = ()
        if as_of is not None:
            last = month_number(day_of(as_of))
            rest = self._changes_by_day(month_start(last) * DAY, as_of)
        rows = self._conn.execute(*_stored_months(topics=self._wanted.ids, before=last)).all()
        stored = [(int(month), int(moved), int(total)) for month, moved, total in rows]
        return [*stored, *((month_number(day), moved, total) for day, moved, total in rest)]

    def _changes_by_day(self, start: int, end: int) -> Iterable[tuple[int, int, int]]:
        """Return days with the count of changes between positions, and of all changes."""
        columns = schema.changes.c
        day, words = utc_day(columns.counts_from), _topic_and_words(columns)
        moved = case((kind_column().in_(MOVED), words))
        query = select(day, func.count(moved.distinct()), func.count(words.distinct()))
        if start > OLDEST or end < NEWEST:
            query = query.where(columns.counts_from.between(start, end))
        rows = self._conn.execute(query.where(*self._moves()).group_by(day)).all()
        stored = [(int(day), int(moved), int(total)) for day, moved, total in rows]
        inside = [change for change in self._known if start <= change.change.counts_from <= end]
        return _add_by_day(stored, inside) if inside else stored

    @cached_property
    def _developments_by_day(self) -> list[tuple[int, int]]:
        if DEVELOPMENT not in self._wanted.kinds:
            return []
        columns = schema.bearings.c
        day = utc_day(columns.counts_from)
        query = select(day, func.count(columns.number.distinct()))
        rows = self._conn.execute(query.where(*self._bearings()).group_by(day))
        return [(int(day), int(count)) for day, count in rows]

    def _moves(self, besides: Collection[str] = ()) -> list[Any]:
        """Return the clauses for the wanted changes that are read as stored.

        Those on the topics ``besides`` are left out.
        """
        columns, wanted = schema.changes.c, self._wanted
        without = {*self._then.topics, *besides}
        topics = [topic for topic in wanted.ids if topic not in without]
        clauses: list[Any] = [
            columns.topic.in_(topics),
            of_kinds(wanted.kinds, columns),
            *up_to(columns.known_at, wanted.known_at),
            *up_to(columns.counts_from, wanted.as_of),
        ]
        if wanted.lanes:
            clauses.append(columns.lane.in_([*wanted.lanes]))
        if wanted.since is not None:
            clauses.append(columns.known_at > wanted.since)
        return clauses

    def _bearings(self) -> list[Any]:
        """Return the clauses for the wanted developments."""
        columns, wanted = schema.bearings.c, self._wanted
        clauses: list[Any] = [
            columns.topic.in_(wanted.ids),
            columns.retracted == 0,
            *known(columns, wanted.known_at),
            *up_to(columns.counts_from, wanted.as_of),
        ]
        if wanted.lanes:
            developments = schema.developments.c
            by_them = (
                developments.according_to.in_([*wanted.lanes]),
                *known(developments, wanted.known_at),
            )
            clauses.append(columns.number.in_(select(developments.number).where(*by_them)))
        if wanted.since is not None:
            clauses.append(columns.number > wanted.since)
        return clauses

    @cached_property
    def _known(self) -> list[LaneChange]:
        """The wanted changes that are derived anew, oldest first."""
        if not self._then.topics:
            return []
        topics = {*self._wanted.ids}
        return [
            change
            for change in self._then.changes
            if change.topic in topics and self._is_wanted(change)
        ]

    def _is_wanted(self, lane_change: LaneChange) -> bool:
        wanted, change = self._wanted, lane_change.change
        return (
            kind_of(lane_change) in wanted.kinds
            and (not wanted.lanes or lane_change.lane in wanted.lanes)
            and (wanted.since is None or change.known_at > wanted.since)
        )


@prepared
def _stored_months(*, topics: Param, before: Param | None) -> Query:
    columns = schema.topic_months.c
    query = select(columns.month, func.sum(columns.moved), func.sum(columns.told))
    query = query.where(columns.topic.in_(topics)).group_by(columns.month)
    return query if before is None else query.where(columns.month < before)


@prepared
def _turns(*, column: Column[str], topics: Param, kinds: Param) -> Query:
    columns = schema.lane_turns.c
    query: Query = select(column, func.sum(columns.changes)).group_by(column)
    return query.where(columns.topic.in_(topics), columns.kind.in_(kinds))


@prepared
def _told(*, topics: Param) -> Query:
    columns = schema.topic_months.c
    query = select(columns.topic, func.sum(columns.told))
    return query.where(columns.topic.in_(topics)).group_by(columns.topic)


@prepared
def _stored_moves(*, topics: Param) -> Query:
    columns = schema.topic_months.c
    query = select(columns.topic, func.sum(columns.moved))
    return query.where(columns.topic.in_(topics)).group_by(columns.topic)


def _topic_and_words(columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return a column that is the same for what the same words change on one topic."""
    return cast(columns.topic, Text) + " " + words_or_lane(columns)


def _add_by_day(
    stored: Iterable[tuple[int, int, int]], derived: Iterable[LaneChange]
) -> Iterable[tuple[int, int, int]]:
    """Add derived changes to the stored counts by day; they are of other topics."""
    days: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for day, moved, total in stored:
        days[day][:] = moved, total
    for alike in group_by_words(derived):
        counts = days[alike[0].change.day]
        counts[0] += is_move(alike)
        counts[1] += 1
    return [(day, moved, total) for day, (moved, total) in days.items()]


def _named(change: LaneChange) -> dict[By, str]:
    return {"topic": change.topic, "lane": change.lane, "kind": kind_of(change)}


def _place(change: LaneChange) -> tuple[int, str, tuple[int, ...], str]:
    return change.change.counts_from, change.topic, change.change.after, change.lane


def group_by_words(changes: Iterable[LaneChange]) -> list[list[LaneChange]]:
    """Group changes that the same words make in several lanes, in the order given."""
    groups: dict[object, list[LaneChange]] = {}
    for lane_change in changes:
        change = lane_change.change
        groups.setdefault(
            (lane_change.topic, change.day, change.after or lane_change.lane), []
        ).append(lane_change)
    return list(groups.values())


def is_move(alike: Iterable[LaneChange]) -> bool:
    """Tell whether any of the changes that the same words make moves to another position."""
    return any(kind_of(change) in MOVED for change in alike)


def _most_first(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
