"""The changes of one topic at a moment: the stored ones, or derived anew where those differ."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from timeline.domain.instants import day_of
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import crowds
from timeline.projections.queries.historical_changes import changes_on, derived_anew
from timeline.projections.queries.positions import LaneChange, lane_changes
from timeline.projections.tables import schema
from timeline.projections.tables.kinds import is_visible
from timeline.projections.tables.lanes import up_to

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from timeline.domain.position import Change


class TopicChanges:
    """The changes on a topic up to an instant, as known at a log position; all names are ids.

    Name a ``lane`` to ask about that one alone: then no other is derived.
    """

    def __init__(
        self, conn: Connection, topic: str, clocks: TwoClocks = NOW, *, lane: str | None = None
    ) -> None:
        self._conn, self._topic, self._lane = conn, topic, lane
        self._clocks = clocks

    def latest(self, *, visible_only: bool = False) -> dict[str, Change]:
        """Return the latest change of each lane, first words and steps included.

        With ``visible_only`` they are those that readers see.
        """
        if self._derived is None:
            changes = crowds.latest_changes(
                self._conn, self._clocks, topic=self._topic, visible_only=visible_only
            )
        else:
            changes = self.visible() if visible_only else self._derived
        return {change.lane: change.change for change in changes}

    def turns(self) -> dict[str, int]:
        """Return how often each lane changed, its first words left out."""
        if self._derived is not None:
            return Counter(change.lane for change in self._derived if change.change.is_visible)
        return crowds.turns(self._conn, self._topic, self._clocks)

    def of(self, lanes: Collection[str], days: Collection[int]) -> list[LaneChange]:
        """Return the changes of some lanes on some UTC days (instant // 86400)."""
        if self._derived is not None:
            changes = (change for change in self._derived if change.lane in lanes)
            return [change for change in changes if change.change.day in days]
        as_of, known_at = self._clocks.as_of, self._clocks.known_at
        return [
            change
            for change in crowds.changes_on(self._conn, self._topic, lanes, days)
            if as_of is None or change.change.counts_from <= as_of
            if known_at is None or change.change.known_at <= known_at
        ]

    def last(self, lane: str, limit: int, upto: int | None = None) -> list[Change]:
        """Return at most ``limit`` last changes of a lane up to a UTC day, oldest first."""
        return self.last_of({lane}, limit, upto).get(lane, [])

    def last_of(
        self, lanes: Collection[str], limit: int, upto: int | None = None
    ) -> dict[str, list[Change]]:
        """Return at most ``limit`` last changes of several lanes in all, by lane, oldest first."""
        if self._derived is None:
            table = schema.changes.c
            query = self._of_moment(select(schema.changes)).where(
                table.lane.in_([*lanes]), *up_to(table.day, upto)
            )
            query = query.order_by(table.day.desc(), table.place.desc()).limit(limit)
            rows = self._conn.execute(query).all()
            changes = lane_changes(reversed(rows))
        else:
            known = (change for change in self._derived if change.lane in lanes)
            every = [change for change in known if upto is None or change.change.day <= upto]
            changes = sorted(every, key=lambda change: change.change.day)[-limit:]
        by_lane: dict[str, list[Change]] = {}
        for lane_change in changes:
            by_lane.setdefault(lane_change.lane, []).append(lane_change.change)
        return by_lane

    def count(self, lane: str, first: int, last: int) -> int:
        """Count the visible changes of a lane between two UTC days, both included."""
        if self._derived is None:
            table = schema.changes.c
            query = self._of_moment(select(func.count())).where(
                table.lane == lane, table.day.between(first, last), is_visible(table)
            )
            return int(self._conn.execute(query).scalar_one())
        changes = (change.change for change in self._derived if change.lane == lane)
        return sum(change.is_visible and first <= change.day <= last for change in changes)

    def visible(self) -> list[LaneChange]:
        """Return the changes that readers see, in no order: no steps and no shades."""
        if self._derived is None:
            table = schema.changes
            query = self._of_moment(select(table).where(is_visible(table.c)))
            return lane_changes(self._conn.execute(query))
        return [change for change in self._derived if change.change.is_visible]

    def proofs(self) -> dict[str, frozenset[int]]:
        """Return by lane the statements that prove its changes, first words left out."""
        moves: dict[str, set[int]] = {}
        for change in self.visible():
            moves.setdefault(change.lane, set()).update(change.change.after)
        return {lane: frozenset(numbers) for lane, numbers in moves.items()}

    def _of_moment(self, query: Any) -> Any:  # noqa: ANN401 - SQL
        table, as_of, known_at = schema.changes.c, self._clocks.as_of, self._clocks.known_at
        query = query.where(table.topic == self._topic, *up_to(table.known_at, known_at))
        if as_of is not None:
            # The day is in the index before the instant: nothing later is looked at.
            query = query.where(table.day <= day_of(as_of), table.counts_from <= as_of)
        return query

    @cached_property
    def _derived(self) -> list[LaneChange] | None:
        """All changes, oldest first in each lane; ``None`` where the stored ones hold."""
        anew = derived_anew(self._conn, [self._topic], self._clocks)
        if not anew:
            return None
        return changes_on(self._conn, [*anew], self._clocks, lane=self._lane, anew=anew)
