"""What the chart of a topic is made of, before it is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart.model import Whole
from web.lanes.rhythm import LEAST_SILENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.projections.queries.directory import Story, Topic
    from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
    from web.lanes.history import LaneHistory


class Drawn(msgspec.Struct, frozen=True):
    """What the chart of a topic is made of; ``named`` are actors whom the reader asks for.

    ``present`` are the lanes of now by actor: at an earlier moment they keep their places, and so
    does the ``axis`` of what happened. After ``silence`` seconds words were not said again;
    ``moment`` is the one shown, in seconds. ``below`` names by speaker the actor below whose lane
    theirs stands; ``whole`` is what the overview tells.
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

    def is_fresh(self, lane: LaneHistory) -> bool:
        """Tell whether a position was said within the topic's rhythm before the moment shown."""
        said = self.statements.get(lane.position.last or 0)
        last = said.counts_from if said else lane.last_word
        return self.moment - last <= self.silence
