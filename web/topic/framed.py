"""The frame that a topic's page offers: its actors, period and moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.lanes.address import TopicAddress
from web.shell.embed_code import LANES, Offer

if TYPE_CHECKING:
    from web.topic.page import TopicPage

HEAD, LANE = 168, 96
"""Pixels that a frame of a topic needs beside its lanes, and for each of them, on a phone too."""


def frame_of(host: str, page: TopicPage) -> Offer:
    """Return the frame of a topic as its page shows it: its actors, period and moment."""
    seen = page.address
    framed = TopicAddress(
        actor=seen.actor, begin=seen.begin, end=seen.end, asof=seen.asof, known=seen.known
    )
    drawn = sum(len(group.lanes) for group in page.chart.groups)
    lanes = min(LANES, len(seen.actor) or drawn)
    path = "/embed" + framed.url(page.topic.slug)
    return Offer(host.rstrip("/"), path, page.topic.question, HEAD + LANE * lanes)
