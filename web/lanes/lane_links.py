"""The address at which an actor's lane on a topic is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.chart.layout import MANY_LANES
from web.lanes.address import TopicAddress

if TYPE_CHECKING:
    from timeline.projections.queries.directory import Topic


def to_lane(topic: Topic, actor: str, lanes: int, **view: object) -> str:
    """Return the way to the lane of an actor's slug, of at most so many lanes of the topic.

    Of very many lanes a page draws those that it is asked for and some others.
    """
    is_chosen = lanes > MANY_LANES
    asked = TopicAddress().url(topic.slug, actor=(actor,) if is_chosen else (), **view)
    return f"{asked}#lane-{actor}"
