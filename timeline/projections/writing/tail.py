"""The end of a lane, derived anew without a look at what was said long before."""

from __future__ import annotations

from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import case, delete, func, select

from timeline.domain.position import Position, changes, position
from timeline.domain.position.standing import settle
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, reading_rows, unique
from timeline.projections.tables.position_rows import change_row, position_row
from timeline.projections.writing.bulk import write_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Reading
    from timeline.projections.tables.lanes import Lanes

DAY = 86_400
RANKS = range(3)
READ_AT_ONCE = 1_000


class Tail:
    """A lane without walk-backs from the first day on which anything changed.

    What stood before that day depends on the latest day of each rank and on nothing else, so an
    append to a long lane costs what one to a short lane does.
    """

    def __init__(self, conn: Connection, lanes: Lanes, topic: str, lane: str, day: int) -> None:
        self._conn = conn
        self._lanes = lanes
        self._topic = topic
        self._lane = lane
        self._members = lanes.members(lane)
        self._day = day

    def derive(self, stored: Any) -> None:  # noqa: ANN401 - a row of `positions`
        """Replace the lane's stored position, and its changes from that day on."""
        table = schema.readings
        before = [self._latest_before(rank) for rank in RANKS]
        found = [*chain.from_iterable(before), *self._readings(table.c.day >= self._day)]
        stands = position(found)
        held = [] if stands.rank is None else before[stands.rank]
        if stands.first in _numbers(held):
            stands = self._with_its_run(stands, held, stored)
        last = self._replace_changes([move for move in changes(found) if move.day >= self._day])
        columns = schema.positions.c
        here = columns.topic == self._topic, columns.lane == self._lane
        self._conn.execute(delete(schema.positions).where(*here))
        known_here, on_record = self._counts()
        if known_here:
            row = position_row(self._topic, self._lane, stands, last, on_record)
            write_rows(self._conn, schema.positions, [row])

    def _with_its_run(self, stands: Position, held: list[Reading], stored: Any) -> Position:  # noqa: ANN401
        """Say when words that hold the position, and reach back beyond that day, began."""
        if stored.last in _numbers(held):
            # The stored run ends where ours reaches back to, so nobody has to walk it again.
            known_before = stored.statements - len(settle(held).counted)
            return msgspec.structs.replace(
                stands, first=stored.first, statements=stands.statements + known_before
            )
        return prolonged(stands, self._days_before(held[0]))

    def _latest_before(self, rank: int) -> list[Reading]:
        """Return what stood of that rank on its latest day before ours."""
        columns = schema.readings.c
        standing = [columns.rank == rank, columns.retracted == 0, columns.stance.is_not(None)]
        query = select(func.max(columns.day)).where(
            columns.topic == self._topic,
            columns.actor.in_(self._members),
            columns.day < self._day,
            *standing,
            *known(columns, None),
        )
        day = self._conn.execute(query).scalar()
        return [] if day is None else self._readings(columns.day == day, *standing)

    def _days_before(self, one: Reading) -> Iterator[list[Reading]]:
        """Yield what was said on the days before, in the same rank, the latest first."""
        columns = schema.readings.c
        query = (
            select(schema.readings)
            .where(columns.topic == self._topic, columns.actor.in_(self._members))
            .where(columns.rank == one.rank, columns.day < one.day, *known(columns, None))
            .where(columns.retracted == 0, columns.stance.is_not(None))
            .order_by(columns.day.desc())
        )
        options = {"yield_per": READ_AT_ONCE}
        with self._conn.execute(query, execution_options=options) as rows:
            for _, of_day in groupby(rows, key=attrgetter("day")):
                yield unique(self._lanes.reading(row) for row in of_day)

    def _readings(self, *where: Any) -> list[Reading]:  # noqa: ANN401 - SQL clauses
        rows = reading_rows(self._conn, self._topic, self._members, None, *where)
        return unique(self._lanes.reading(row) for row in rows)

    def _replace_changes(self, moves: list[Change]) -> int | None:
        """Write the changes in place of the old ones, and return the instant of the last."""
        table = schema.changes
        here = table.c.topic == self._topic, table.c.lane == self._lane
        later = table.c.counts_from >= self._day * DAY
        self._conn.execute(delete(table).where(*here, later))
        query = select(table.c.ordinal, table.c.counts_from).where(*here)
        kept = self._conn.execute(query.order_by(table.c.ordinal.desc()).limit(1)).first()
        begin = kept.ordinal + 1 if kept else 0
        rows = [change_row(self._topic, self._lane, n, move) for n, move in enumerate(moves, begin)]
        write_rows(self._conn, table, rows)
        if moves:
            return moves[-1].counts_from
        return int(kept.counts_from) if kept else None

    def _counts(self) -> tuple[int, int]:
        """Return how many readings are known, and how many statements are not retracted."""
        columns = schema.readings.c
        standing = case((columns.retracted == 0, columns.number))
        query = select(func.count(), func.count(standing.distinct())).where(
            columns.topic == self._topic,
            columns.actor.in_(self._members),
            *known(columns, None),
        )
        known_here, on_record = self._conn.execute(query).one()
        return int(known_here), int(on_record)


def prolonged(stands: Position, earlier: Iterable[Collection[Reading]]) -> Position:
    """Return a position with its run, which began on the earliest day that said the same.

    ``earlier`` holds the days before in the same rank, the latest first.
    """
    first, statements = stands.first, stands.statements
    for said in earlier:
        day = settle(said)
        if day.stance != stands.stance:
            break
        first, statements = day.numbers[0], statements + len(day.counted)
    return msgspec.structs.replace(stands, first=first, statements=statements)


def _numbers(said: Iterable[Reading]) -> set[int]:
    return {one.statement for one in said}
