"""What the chart of a topic is made of, before it is laid out, and the statements that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from timeline.projections.queries.watched_time import NOTHING_SAID, Coverage, Gap
from web.chart.model import Whole
from web.lanes.rhythm import LEAST_SILENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story, Topic
    from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks


class ChartData(msgspec.Struct, frozen=True):
    """What the chart of a topic is made of; ``named`` are actors whom the reader asks for.

    ``present`` are the lanes of now by actor: at an earlier moment they keep their places, and so
    does the ``axis`` of what happened. After ``silence`` seconds words were not said again;
    ``moment`` is the one shown, in seconds. ``below`` names by speaker the actor below whose lane
    theirs stands; ``whole`` is what the overview tells, ``coverage`` when who was watched.
    ``differing`` are statements by which people of one side differ.
    """

    topic: Topic
    story: Story | None
    lanes: list[LaneHistory]
    statements: dict[int, StatementEntry]
    developments: list[DevelopmentEntry]
    hidden: frozenset[int]
    new_after: int | None
    moment: int
    named: frozenset[str] = frozenset()
    present: dict[str, LaneHistory] = {}
    axis: bool = False
    silence: int = LEAST_SILENCE
    below: Mapping[str, str] = {}
    whole: Whole | None = None
    coverage: Coverage = NOTHING_SAID
    differing: frozenset[int] = frozenset()

    def is_fresh(self, lane: LaneHistory) -> bool:
        """Tell whether a position was said within the topic's limit before the moment shown.

        Of a time in which nobody watched nobody can tell.
        """
        said = self.statements.get(lane.position.last or 0)
        last = said.counts_from if said else lane.last_word
        gap = self.gap_now(lane)
        return not lane.position.last_known and (gap is None or last >= gap[0])

    def gaps(self, lane: LaneHistory) -> list[Gap]:
        """Return when nobody watched a lane."""
        return [*lane.unwatched] or self.coverage.gaps(*self._watched_as(lane))

    def gap_now(self, lane: LaneHistory) -> Gap | None:
        """Return the time without watching in which the moment shown lies, if it does."""
        gaps = (gap for gap in self.gaps(lane) if gap[0] <= self.moment < gap[1])
        return next(gaps, None)

    def gaps_between(self, lane: LaneHistory, first: int, last: int) -> list[Gap]:
        """Return the times without watching that lie in part between two instants."""
        return [gap for gap in self.gaps(lane) if gap[0] < last and first < gap[1]]

    def _watched_as(self, lane: LaneHistory) -> tuple[str, ...]:
        """Return who has to be watched for a lane: its actor, else the side that it is part of."""
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

    Of others, and of those told in short, they are what decides where they stand. ``topic`` is one
    much of whose words these are.
    """
    numbers = set[int]()
    for lane in lanes:
        is_drawn = drawn is None or lane.actor in drawn
        numbers |= {reading.statement for reading in lane.readings} if is_drawn else set()
        numbers |= _decisive_statements(lane) if lane.totals is not None or not is_drawn else set()
    return entries.statements(conn, numbers, clocks.known_at, topic=topic)


def _decisive_statements(lane: LaneHistory) -> set[int]:
    position = lane.position
    numbers = {n for hold in lane.holds for n in (hold.opened_by, hold.last)}
    numbers |= {*(position.reported.statements if position.reported else ())}
    return numbers | set(position.counted) | {n for n in (position.first, position.last) if n}
