"""The lines of a dense month: how each lane moved in it, drawn from its changes alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.projections.queries.directory import Actor, Topic
from web.chart import layout
from web.chart.drawing import LaneDrawing
from web.chart.model import ChartInput, Lane, Run
from web.i18n import dates
from web.lanes.chart_input import drawn_kind
from web.lanes.coverage import hatched
from web.story.months import start_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from web.story.reading import StoryReading
    from web.story.turns import Turn


class Line(msgspec.Struct, frozen=True):
    """A lane as it moved within a month."""

    actor: Actor
    topic: Topic
    href: str
    drawing: LaneDrawing


def lines_of(turns: Iterable[Turn]) -> list[list[Turn]]:
    """Return the changes of each lane that moved: of many, first those that moved most."""
    lanes: dict[tuple[str, str], list[Turn]] = defaultdict(list)
    for turn in sorted(turns, key=lambda one: one.change.change.counts_from):
        lanes[turn.topic.id, turn.actor.id].append(turn)
    return sorted(lanes.values(), key=lambda found: (-len(found), found[0].day))


def draw_line(reading: StoryReading, number: int, turns: list[Turn]) -> Line:
    """Return a lane within a month of its changes, oldest first."""
    start, end = start_of(number), start_of(number + 1) - 1
    first = turns[0]
    lane = Lane(slug=first.actor.slug, name=first.actor.name, runs=_runs(start, turns))
    gaps = reading.watched[first.topic.id].gaps(first.actor.id)
    given = ChartInput(
        start=start,
        end=end,
        now=max(start, min(end, reading.moment)),
        scale=first.topic.scale,
        lanes=(hatched(lane, gaps, start, end),),
    )
    return Line(first.actor, first.topic, first.href, layout.spark(given, dates.wording()))


def _runs(start: int, turns: Sequence[Turn]) -> tuple[Run, ...]:
    """Return the positions that a lane held within a month, the one that it came with first."""
    moves = [turn.change.change for turn in turns]
    came_with = Run(
        start=start - DAY, end=moves[0].counts_from, level=moves[0].from_, said=(start,)
    )
    ends = [*(one.counts_from for one in moves[1:]), None]
    return came_with, *(
        Run(
            start=one.counts_from,
            end=end,
            level=one.to,
            lowest=one.lowest,
            highest=one.highest,
            said=(one.counts_from,),
            kind=drawn_kind(one),
        )
        for one, end in zip(moves, ends, strict=True)
    )
