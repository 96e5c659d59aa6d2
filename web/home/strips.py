"""Lanes of the front page as strips on one axis of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, calendar_date, day_number, day_of
from timeline.projections.queries import crowds
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.watched_time import read_coverages
from web.chart.axis import Window, ticks
from web.chart.model import ChartInput, Lane, Run
from web.chart.single import strip
from web.i18n import dates
from web.lanes.chart_input import MARKS, drawn_kind, openings
from web.lanes.coverage import hatched
from web.lanes.history import history_on
from web.lanes.rhythm import silence_on
from web.lanes.single_lane import CHANGES, runs_of
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from web.chart.drawing import LaneDrawing, Tick
    from web.lanes.history import LaneHistory

YEARS = 4
"""Years before that of the last change which the axis shows."""

QUIET = 2 * 366 * DAY
"""Seconds since the last change after which the axis ends with it, and not with now."""


class Strips:
    """The axis that ends with now, or soon after the last change ``moved``; and lanes on it.

    ``topics`` are those of which lanes will be drawn.
    """

    def __init__(self, conn: Connection, topics: Iterable[Topic], moved: int, now: int) -> None:
        self._conn, self._now = conn, now
        self._watched = read_coverages(conn, [topic.id for topic in topics])
        year = calendar_date(day_of(moved))[0]
        self.start = day_number(year - YEARS, 1, 1) * DAY
        self.ends_now = now - moved < QUIET
        self.end = max(now if self.ends_now else moved + QUIET // 2, self.start + DAY)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The years of the axis."""
        return ticks(Window(self.start, self.end), dates.wording())

    def draw(self, topic: Topic, actor: Actor) -> LaneDrawing:
        """Return the lane of an actor on a topic."""
        words = crowds.words_of(self._conn, topic.id, actor.id)
        runs = (self._counted if words > MARKS else self._read)(topic, actor)
        lane = Lane(slug=actor.slug, name=actor.name, runs=runs)
        begin = max(self.start, runs[0].start) if runs else self.end
        found = self._watched[topic.id].gaps_between(begin, self.end, actor.id)
        gaps = [(max(first, begin), after) for first, after in found]
        given = ChartInput(
            start=self.start,
            end=self.end,
            now=self._now,
            scale=topic.scale,
            lanes=(hatched(lane, gaps, begin, self.end),),
            restated=silence_on(topic),
            links=False,
        )
        return strip(given, dates.wording())

    def _counted(self, topic: Topic, actor: Actor) -> tuple[Run, ...]:
        return runs_of(TopicChanges(self._conn, topic.id).last(actor.id, CHANGES))

    def _read(self, topic: Topic, actor: Actor) -> tuple[Run, ...]:
        lane = history_on(self._conn, topic.id, actor.id, Clocks())
        return _runs(lane) if lane else ()


def _runs(lane: LaneHistory) -> tuple[Run, ...]:
    found = lane.holds
    ends = [*(hold.start for hold in found[1:]), None]
    return tuple(
        Run(
            start=hold.start,
            end=end,
            level=hold.stance,
            lowest=hold.lowest,
            highest=hold.highest,
            rank=hold.rank or 0,
            said=hold.said,
            opened_by=hold.opened_by,
            kind=drawn_kind(opens),
        )
        for hold, opens, end in zip(found, openings(lane), ends, strict=True)
    )
