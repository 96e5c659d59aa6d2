"""Derives the end of a lane without reading what was said long before."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import case, delete, func, select

from timeline.domain.position import Position, changes, position
from timeline.domain.position.edition2.votes import as_vote
from timeline.domain.position.standing import settle
from timeline.projections.queries.lane_window import AFTER_ALL, LaneWindow
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, unique
from timeline.projections.tables.rows import (
    change_row,
    position_of,
    position_row,
)
from timeline.projections.writing.bulk import write_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Reading
    from timeline.projections.tables.lanes import Lanes
    from timeline.projections.writing.batch import LaneUpdate
    from timeline.projections.writing.turns import TurnCounter

READ_AT_ONCE = 1_000


class LateStatements:
    """A lane without walk-backs, from the first day that changed.

    What stood before that day depends only on the latest day of each rank, so an append to a long
    lane costs no more than to a short one. Late words are followed up to the day from which they
    make no difference.
    """

    def __init__(
        self,
        conn: Connection,
        lanes: Lanes,
        topic: str,
        lane: str,
        update: LaneUpdate,
        turns: TurnCounter | None = None,
    ) -> None:
        """Name the lane; ``turns`` counts the changes that are replaced."""
        self._turns = turns
        self._conn = conn
        self._lanes = lanes
        self._topic = topic
        self._lane = lane
        self._members = lanes.members(lane)
        self._window = LaneWindow(conn, topic, lane, lanes=lanes)
        self._update = update
        self._day = update.first

    def derive(self, stored: Any) -> None:  # noqa: ANN401 - a row of `positions`
        """Replace the lane's stored position, and its changes from that day on."""
        until = self._no_difference_from(stored)
        before = self._window.before(self._day)
        last = AFTER_ALL if until is None else until
        readings = [*before, *self._window.between(self._day, last)]
        if until is not None:
            stands = self._with_run_to(until, position_of(stored))
        else:
            stands = position(readings)
            deciding = [reading for reading in before if reading.rank == stands.rank]
            if stands.first in _numbers(deciding):
                stands = self._with_its_run(stands, deciding, stored)
        moves = [move for move in changes(readings) if move.day >= self._day]
        moved = self._replace_changes(moves, until)
        columns = schema.positions.c
        here = columns.topic == self._topic, columns.lane == self._lane
        self._conn.execute(delete(schema.positions).where(*here))
        counts = self._counts(stored)
        if counts[0]:
            row = position_row(self._topic, self._lane, stands, moved, counts)
            write_rows(self._conn, schema.positions, [row])

    def _no_difference_from(self, stored: Any) -> int | None:  # noqa: ANN401
        """Return the first day after the update from which the lane stands where it stood.

        The words of that day have the highest rank before the update and after it, so they alone
        decide from then on.
        """
        columns = schema.readings.c
        rank = self._update.rank if stored.rank is None else min(stored.rank, self._update.rank)
        query = select(func.min(columns.day)).where(*self._standing(rank))
        day = self._conn.execute(query.where(columns.day > self._update.last)).scalar()
        return None if day is None else int(day)

    def _with_run_to(self, until: int, stands: Position) -> Position:
        """Return the stored position with its run, which words before a day may have changed.

        A run is the days in a row that say the same; one that begins after that day stays.
        """
        columns = schema.readings.c
        opened = columns.number == stands.first, columns.actor.in_(self._members)
        query = select(columns.day).where(*opened, *known(columns, None))
        day = self._conn.execute(query.limit(1)).scalar()
        if stands.rank is None or (day is not None and day > until):
            return stands
        deciding = self._window.before(AFTER_ALL, [stands.rank])
        latest = settle(deciding)
        last_day = msgspec.structs.replace(
            stands, first=latest.numbers[0], statements=len(latest.counted)
        )
        return prolonged(last_day, self._days_before(deciding[0]))

    def _with_its_run(self, stands: Position, deciding: list[Reading], stored: Any) -> Position:  # noqa: ANN401
        """Return a position with its run, if the run reaches back beyond the first changed day."""
        if stored.last in _numbers(deciding):
            # The stored run ends where ours begins: no need to read it again.
            known_before = stored.statements - len(settle(deciding).counted)
            return msgspec.structs.replace(
                stands, first=stored.first, statements=stands.statements + known_before
            )
        return prolonged(stands, self._days_before(deciding[0]))

    def _standing(self, rank: int) -> list[Any]:
        """Return the clauses for words of a rank that may hold the position."""
        columns = schema.readings.c
        return [
            columns.topic == self._topic,
            columns.actor.in_(self._members),
            columns.rank == rank,
            columns.retracted == 0,
            columns.stance.is_not(None),
            *known(columns, None),
        ]

    def _days_before(self, reading: Reading) -> Iterator[list[Reading]]:
        """Yield the readings of each earlier day in the same rank, the latest first."""
        columns = schema.readings.c
        query = (
            select(schema.readings)
            .where(*self._standing(reading.rank), columns.day < reading.day)
            .order_by(columns.day.desc())
        )
        options = {"yield_per": READ_AT_ONCE}
        with self._conn.execute(query, execution_options=options) as rows:
            for _, of_day in groupby(rows, key=attrgetter("day")):
                yield unique(self._lanes.reading(row) for row in of_day)

    def _replace_changes(self, moves: list[Change], until: int | None) -> tuple[int | None, bool]:
        """Replace the old changes; return the instant of the last one, and whether any turned."""
        table = schema.changes
        here = table.c.topic == self._topic, table.c.lane == self._lane
        old = [table.c.day >= self._day, *([] if until is None else [table.c.day <= until])]
        if self._turns is not None:
            self._turns.note_removed(self._topic, self._lane, *old)
            self._turns.note_written(self._topic, self._lane, moves)
        self._conn.execute(delete(table).where(*here, *old))
        write_rows(
            self._conn,
            table,
            [change_row(self._topic, self._lane, as_vote(change)) for change in moves],
        )
        last = select(table.c.counts_from).where(*here).order_by(table.c.day.desc()).limit(1)
        left = select(table.c.day).where(*here, table.c.from_stance.is_not(None)).limit(1)
        turned = self._conn.execute(left).first() is not None
        return self._conn.execute(last).scalar(), turned

    def _counts(self, stored: Any) -> tuple[int, int]:  # noqa: ANN401 - a row of `positions`
        """Count the lane's statements, and those not retracted; members may share some."""
        if len(self._members) == 1:
            grown = self._update
            return stored.known + grown.known, stored.on_record + grown.on_record
        columns = schema.readings.c
        standing = case((columns.retracted == 0, columns.number))
        query = select(func.count(columns.number.distinct()), func.count(standing.distinct()))
        here = columns.topic == self._topic, columns.actor.in_(self._members)
        known_count, on_record = self._conn.execute(query.where(*here, *known(columns, None))).one()
        return int(known_count), int(on_record)


def prolonged(stands: Position, earlier: Iterable[Collection[Reading]]) -> Position:
    """Return a position with its run: back to the earliest day in a row that said the same.

    ``earlier`` holds the days before in the same rank, the latest first.
    """
    first, statements = stands.first, stands.statements
    for readings in earlier:
        day = settle(readings)
        if day.stance != stands.stance:
            break
        first, statements = day.numbers[0], statements + len(day.counted)
    return msgspec.structs.replace(stands, first=first, statements=statements)


def _numbers(readings: Iterable[Reading]) -> set[int]:
    return {reading.statement for reading in readings}
