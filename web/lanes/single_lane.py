"""A chart of one lane of a topic: its statements or, if these are many, its latest changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.projections.queries import crowds, entries
from timeline.projections.queries.coverage import read_coverage
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.tracks import vote_topics
from web.chart.model import ChartInput, Lane
from web.lanes.address import TopicAddress
from web.lanes.chart_data import ChartData
from web.lanes.chart_input import MARKS, chart_input, runs_between
from web.lanes.coverage import hatched
from web.lanes.history import history_on
from web.lanes.rhythm import LEAST_SILENCE, activity, silence_on
from web.lanes.window import window
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from web.wording.names import Names

CHANGES = 40
"""The most changes that are drawn of a lane with too many statements, the latest."""


def single_lane(
    conn: Connection, topic: Topic, lane: str, names: Names, now: int, since: int | None = None
) -> ChartInput | None:
    """Return the current lane of an actor, in its usual time.

    The time begins no later than ``since``, an instant. ``None`` if nothing was said.
    """
    if crowds.words_of(conn, topic.id, lane) > MARKS and vote_topics(conn, [topic.id]):
        return _of_changes(conn, topic, lane, names, now)
    history = history_on(conn, topic.id, lane, Clocks())
    if history is None:
        return None
    first, last = history.readings[0].counts_from, history.readings[-1].counts_from
    shown = window(TopicAddress(), first, last, now, activity([history]).days)
    if since is not None and since < shown.start:
        shown = msgspec.structs.replace(shown, start=since)
    said = entries.statements(conn, {reading.statement for reading in history.readings})
    names.learn(said.values())
    data = ChartData(
        topic=topic,
        lanes=[history],
        statements=said,
        moment=now,
        silence=silence_on(topic),
        coverage=read_coverage(conn, topic.id),
    )
    return chart_input(data, names, TopicAddress(), Clocks(), shown, now)


def _of_changes(
    conn: Connection, topic: Topic, lane: str, names: Names, now: int
) -> ChartInput | None:
    moves = TopicChanges(conn, topic.id).last(lane, CHANGES)
    if not moves:
        return None
    actor = names.actor(lane)
    lane_drawn = Lane(
        slug=actor.slug, name=actor.name, href=f"/a/{actor.slug}", runs=runs_between(moves)
    )
    ends = [change.counts_from for change in (moves[0], moves[-1])]
    start, end = ends[0] - DAY, max(ends[1] + LEAST_SILENCE, ends[0] + DAY)
    lane_drawn = hatched(lane_drawn, read_coverage(conn, topic.id).gaps(lane), start, end)
    return ChartInput(
        start=start, end=min(end, now), now=now, scale=topic.scale, lanes=(lane_drawn,)
    )
