"""A stretch of a lane, however long the lane is: what was said in it, and what stood before it.

What stood before a day depends only on the latest day of each rank, unless words of the lane are
taken back. The index of lanes finds that day, and the neighbours of a statement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import func, select, tuple_

from timeline.domain.instants import day_of
from timeline.domain.position import Position, Reading, position
from timeline.domain.position.edition2.votes import as_votes_stand
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import crowds
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import (
    RANKS,
    Lanes,
    known,
    lanes_known,
    reading_rows,
    unique,
    up_to,
)
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

BEFORE_ALL, AFTER_ALL = -(1 << 62), 1 << 62
"""Days before and after all others."""


class StatementPlace(NamedTuple):
    """The place of a statement in its lane: the instant from which it counts, and its number."""

    instant: int
    number: int


def said_between(
    conn: Connection,
    topic: str,
    lanes: Lanes,
    lane_ids: Collection[str],
    days: tuple[int, int],
    clocks: TwoClocks = NOW,
) -> dict[str, list[Reading]]:
    """Return the readings of some lanes between two UTC days, both included, in one query."""
    columns, readings = schema.readings.c, defaultdict[str, list[Reading]](list)
    clauses = [
        *(columns.rank.in_(RANKS), columns.day.between(*days)),
        *up_to(columns.counts_from, clocks.as_of),
    ]
    for row in reading_rows(conn, topic, _members(lanes, lane_ids), clocks.known_at, *clauses):
        readings[lanes.of(row[1])].append(lanes.reading(row))
    return {lane: unique(lane_readings) for lane, lane_readings in readings.items()}


def on_record(
    conn: Connection, topic: str, lanes: Lanes, lane_ids: Collection[str], clocks: TwoClocks = NOW
) -> dict[str, int]:
    """Count the statements that stood on some lanes at a moment."""
    columns = schema.readings.c
    query = select(columns.actor, columns.number).where(
        columns.topic == topic,
        columns.actor.in_(_members(lanes, lane_ids)),
        columns.retracted == 0,
        *known(columns, clocks.known_at),
        *up_to(columns.counts_from, clocks.as_of),
    )
    stand = {(lanes.of(actor), number) for actor, number in conn.execute(query)}
    return Counter(lane for lane, _ in stand)


def lanes_with_reports(
    conn: Connection, topic: str, lanes: Lanes, lane_ids: Collection[str]
) -> set[str]:
    """Return those of some lanes that have reported words: what others passed on."""
    columns = schema.readings.c
    query = select(columns.actor).distinct()
    here = columns.topic == topic, columns.actor.in_(_members(lanes, lane_ids)), columns.rank > 0
    shown = columns.retracted < schema.HIDDEN
    return {lanes.of(actor) for actor in conn.execute(query.where(*here, shown)).scalars()}


def _members(lanes: Lanes, lane_ids: Collection[str]) -> set[str]:
    return {member for lane in lane_ids for member in lanes.members(lane)}


class LaneWindow:
    """A lane (an id) on a topic (an id) as of an instant and as known at a log position."""

    def __init__(
        self,
        conn: Connection,
        topic: str,
        lane: str,
        clocks: TwoClocks = NOW,
        *,
        lanes: Lanes | None = None,
    ) -> None:
        """Name the lane; pass ``lanes``, those known then, if they are read already."""
        self._conn, self._topic, self._lane = conn, topic, lane
        self._clocks, self._as_of, self.known_at = clocks, clocks.as_of, clocks.known_at
        self._lanes = lanes or lanes_known(conn, clocks.known_at)
        self._members = self._lanes.members(lane)

    def has_more_than(self, most: int, days: tuple[int, int] = (BEFORE_ALL, AFTER_ALL)) -> bool:
        """Tell whether ``most`` is less than the statements between two UTC days, both included."""
        return self.words(most + 1, days) > most

    def words(self, most: int, days: tuple[int, int] = (BEFORE_ALL, AFTER_ALL)) -> int:
        """Count the statements between two UTC days, both included, up to ``most``."""
        columns = schema.readings.c
        here = columns.topic == self._topic, columns.actor.in_(self._members)
        there = columns.rank.in_(RANKS), columns.day.between(*self._upto(days))
        shown = columns.retracted < schema.HIDDEN, *known(columns, self.known_at)
        query = select(columns.number).where(*here, *there, *shown, *self._said(columns))
        some = query.limit(most).subquery()
        return int(self._conn.execute(select(func.count()).select_from(some)).scalar_one())

    def between(self, first: int, last: int = AFTER_ALL) -> list[Reading]:
        """Return the readings between two UTC days, both included, in no order."""
        columns = schema.readings.c
        days = columns.day.between(*self._upto((first, last)))
        return self._read(columns.rank.in_(RANKS), days)

    def before(self, day: int, ranks: Iterable[int] = RANKS) -> list[Reading]:
        """Return the readings that decide what stood before a UTC day: the latest of each rank."""
        columns, readings = schema.readings.c, list[Reading]()
        for rank in ranks:
            latest = self._latest(rank, day - 1)
            if latest is not None:
                readings += self._read(
                    columns.rank == rank, columns.day == latest, *_takes_position(columns)
                )
        return unique(readings)

    def position(self) -> Position:
        """Return where the lane stands, without the statements that do not count.

        It reads the deciding words and their run: back to the latest day on which words of the same
        rank said something else. The lane must have no walk-back.
        """
        deciding = self.before(AFTER_ALL)
        state = position(deciding, known_at=self.known_at)
        if state.rank is not None:
            run = unique([*deciding, *self._run(state)])
            state = position(run, known_at=self.known_at)
        return as_votes_stand(msgspec.structs.replace(state, ignored=()))

    def first_day(self, rank: int) -> int | None:
        """Return the first UTC day on which words of a rank took a position."""
        params = {"topic": self._topic, **self._clocks.both}
        days = (
            self._conn.execute(*_first_day(**params, actor=actor, rank=rank)).scalar()
            for actor in self._members
        )
        return min((int(day) for day in days if day is not None), default=None)

    def daily(self, first: int, last: int) -> tuple[tuple[int, crowds.Counts], ...]:
        """Return how often each stance was taken, by UTC day, between two days."""
        totals: dict[int, crowds.Counts] = {}
        of_members = crowds.daily(
            self._conn, self._topic, self._members, clocks=self._clocks, days=(first, last)
        )
        for of_days in of_members.values():
            for day, counts in of_days.items():
                a, b, c, d, e = map(add, totals.get(day, (0, 0, 0, 0, 0)), counts)
                totals[day] = (a, b, c, d, e)
        return tuple(sorted(totals.items()))

    def on_record(self) -> int:
        """Count the statements that stand; the count of now is stored."""
        if self._clocks.is_now:
            positions = schema.positions.c
            here = positions.topic == self._topic, positions.lane == self._lane
            return int(self._conn.execute(select(positions.on_record).where(*here)).scalar() or 0)
        columns = schema.readings.c
        query = select(func.count(columns.number.distinct())).where(
            columns.topic == self._topic,
            columns.actor.in_(self._members),
            columns.retracted == 0,
            *known(columns, self.known_at),
            *self._said(columns),
        )
        return int(self._conn.execute(query).scalar_one())

    def neighbours(
        self, here: StatementPlace
    ) -> tuple[StatementPlace | None, StatementPlace | None]:
        """Return the places of the statements before and after one.

        Statements after the moment asked for are among them.
        """
        before, after = (
            [
                StatementPlace(*row)
                for ask in self._neighbour_queries(here, later=later)
                for row in self._conn.execute(*ask)
            ]
            for later in (False, True)
        )
        return max(before, default=None), min(after, default=None)

    def _run(self, state: Position) -> list[Reading]:
        columns, day = schema.readings.c, AFTER_ALL
        while True:
            other = self._latest(state.rank, day - 1, other_than=state.stance)
            if other is None:
                break
            said = self._read(
                columns.rank == state.rank, columns.day == other, *_takes_position(columns)
            )
            if position(said, known_at=self.known_at).stance != state.stance:
                break
            # The differing words of that day do not count, because of its other words.
            day = other
        since = columns.day > (BEFORE_ALL if other is None else other)
        return self._read(columns.rank == state.rank, since, *_takes_position(columns))

    def _latest(self, rank: int | None, last: int, other_than: object = None) -> int | None:
        """Return the latest UTC day up to ``last`` on which words of a rank took a position."""
        params = {"topic": self._topic, **self._clocks.both}
        stance = other_than if isinstance(other_than, int) else None
        _, upto = self._upto((BEFORE_ALL, last))
        days = (
            self._conn.execute(
                *crowds.latest_day(**params, actor=actor, rank=rank, last=upto, other_than=stance)
            ).scalar()
            for actor in self._members
        )
        return max((int(day) for day in days if day is not None), default=None)

    def _read(self, *clauses: Any) -> list[Reading]:  # noqa: ANN401 - SQL
        said = self._said(schema.readings.c)
        rows = reading_rows(self._conn, self._topic, self._members, self.known_at, *clauses, *said)
        return unique(map(self._lanes.reading, rows))

    def _upto(self, days: tuple[int, int]) -> tuple[int, int]:
        """Cut the days at that of the moment, so that the index ends there."""
        first, last = days
        return first, last if self._as_of is None else min(last, day_of(self._as_of))

    def _said(self, columns: Any) -> tuple[Any, ...]:  # noqa: ANN401 - SQL clauses
        return up_to(columns.counts_from, self._as_of)

    def _neighbour_queries(self, here: StatementPlace, *, later: bool) -> Iterator[tuple[Any, Any]]:
        params = {"topic": self._topic, "known_at": self.known_at}
        place = {"day": day_of(here.instant), **here._asdict()}
        for actor in self._members:
            for rank in RANKS:
                yield _next(**params, **place, actor=actor, rank=rank, later=later)


@prepared
def _first_day(
    *, topic: Param, actor: Param, rank: Param, as_of: Param | None, known_at: Param | None
) -> Query:
    columns = schema.readings.c
    here = columns.topic == topic, columns.actor == actor, columns.rank == rank
    stands = *here, *_takes_position(columns), *known(columns, known_at)
    return select(func.min(columns.day)).where(*stands, *up_to(columns.counts_from, as_of))


@prepared
def _next(
    *,
    topic: Param,
    actor: Param,
    rank: Param,
    day: Param,
    instant: Param,
    number: Param,
    known_at: Param | None,
    later: bool,
) -> Query:
    columns = schema.readings.c
    here = columns.topic == topic, columns.actor == actor, columns.rank == rank
    place, there = tuple_(columns.counts_from, columns.number), tuple_(instant, number)
    order = columns.day, columns.counts_from, columns.number
    query = select(columns.counts_from, columns.number).where(
        *here,
        columns.day >= day if later else columns.day <= day,
        place > there if later else place < there,
        columns.retracted == 0,
        *known(columns, known_at),
    )
    return query.order_by(*(column if later else column.desc() for column in order)).limit(1)


def _takes_position(columns: Any) -> tuple[Any, ...]:  # noqa: ANN401 - SQL clauses
    return columns.retracted == 0, columns.stance.is_not(None)
