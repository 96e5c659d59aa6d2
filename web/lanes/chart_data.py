"""The data of a topic's chart, before its layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from timeline.projections.queries.coverage import NOTHING_SAID, Coverage, Gap
from web.chart.model import Whole
from web.lanes.rhythm import LEAST_SILENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story, Topic
    from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks


class ChartData(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a topic's chart; ``named`` are actors that the reader chose.

    ``present`` are the current lanes by actor: at an earlier moment they keep their places, and so
    does the ``axis`` of developments. After ``silence`` seconds a position counts as not said
    again; ``moment`` is the one shown, in seconds. ``below`` has for each speaker the actor below
    whose lane theirs is drawn; ``whole`` is the data of the overview. ``differing`` are statements
    by which people of one side differ.
    """

    topic: Topic
    lanes: list[LaneHistory]
    moment: int
    statements: dict[int, StatementEntry] = {}
    story: Story | None = None
    developments: list[DevelopmentEntry] = []
    hidden: frozenset[int] = frozenset()
    new_after: int | None = None
    named: frozenset[str] = frozenset()
    present: dict[str, LaneHistory] = {}
    axis: bool = False
    silence: int = LEAST_SILENCE
    below: Mapping[str, str] = {}
    whole: Whole | None = None
    coverage: Coverage = NOTHING_SAID
    differing: frozenset[int] = frozenset()

    def is_fresh(self, lane: LaneHistory) -> bool:
        """Tell whether a position was said recently enough, by the topic's limit.

        If nobody watched since, it is not.
        """
        said = self.statements.get(lane.position.last or 0)
        last = said.counts_from if said else lane.last_word
        gap = self.gap_now(lane)
        return not lane.position.last_known and (gap is None or last >= gap[0])

    def gaps(self, lane: LaneHistory) -> list[Gap]:
        """Return when nobody watched a lane."""
        return [*lane.unwatched] or self.coverage.gaps(*self._watched_as(lane))

    def gap_now(self, lane: LaneHistory) -> Gap | None:
        """Return the gap in watching that contains the moment shown, if any."""
        gaps = (gap for gap in self.gaps(lane) if gap[0] <= self.moment < gap[1])
        return next(gaps, None)

    def gaps_between(self, lane: LaneHistory, first: int, last: int) -> list[Gap]:
        """Return the gaps in watching that overlap the time between two instants."""
        return [gap for gap in self.gaps(lane) if gap[0] < last and first < gap[1]]

    def _watched_as(self, lane: LaneHistory) -> tuple[str, ...]:
        """Return whose watching covers a lane: its actor, and the side that it belongs to."""
        side = lane.part_of or self.below.get(lane.actor, "")
        return (lane.actor, side) if side else (lane.actor,)


def read_statements(
    conn: Connection,
    lanes: Iterable[LaneHistory],
    clocks: Clocks,
    topic: str | None = None,
    drawn: Collection[str] | None = None,
) -> dict[int, StatementEntry]:
    """Return the statements of lanes that are ``drawn`` (all for ``None``).

    For other lanes, and lanes in short, return only those that decide the position. ``topic`` is
    set if these are most statements of one topic.
    """
    numbers = set[int]()
    for lane in lanes:
        is_drawn = drawn is None or lane.actor in drawn
        numbers |= {reading.statement for reading in lane.readings} if is_drawn else set()
        numbers |= lane.decisive if lane.totals is not None or not is_drawn else set()
    return entries.statements(conn, numbers, clocks.known_at, topic=topic)
