"""The frame that a topic's page offers: its actors, period and moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.embed.offer import LANES, Offer
from web.lanes.address import TopicAddress
from web.shell.request import this_request

if TYPE_CHECKING:
    from web.topic.page import TopicPage

HEAD, LINE, LETTERS, LANE, MORE = 150, 22, 32, 106, 20
"""Pixels that a frame of a topic needs on a phone: beside its lanes, for a line of the question, of
so many letters, for each lane, and to say that there are more lanes."""


def topic_offer(page: TopicPage) -> Offer:
    """Return the frame of a topic as its page shows it: its actors, period and moment."""
    seen = page.address
    framed = TopicAddress(
        actor=seen.actor, begin=seen.begin, end=seen.end, as_of=seen.as_of, known_at=seen.known_at
    )
    drawn = sum(len(group.lanes) for group in page.chart.groups)
    lanes = min(LANES, len(seen.actor) or drawn)
    path = "/embed" + framed.url(page.topic.slug)
    question, here = page.topic.question, this_request()
    height = HEAD + LINE * -(-len(question) // LETTERS) + LANE * lanes
    height += MORE if drawn > lanes else 0
    return Offer(here.host.rstrip("/"), path, question, height, here.choices.language)
