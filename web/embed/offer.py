"""What a page offers to those who want it in a frame of their own: the HTML to paste."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import msgspec

from web.entry_view import DevelopmentView
from web.topic.address import TopicAddress

if TYPE_CHECKING:
    from web.entry_view import StatementView
    from web.statement.page import StatementPage
    from web.topic.page import TopicPage

LANES = 6
"""Lanes of one frame; the full page has the others."""

HEAD, LANE = 140, 96
"""Pixels that a frame of a topic needs beside its lanes, and for each of them, on a phone too."""

ENTRY, LINE, LETTERS = 270, 24, 48
"""Pixels that an entry needs beside its words and for each line of them; letters of a line."""


class Offer(msgspec.Struct, frozen=True):
    """A frame: its address, its name to those who cannot see it, and its height in pixels."""

    host: str
    path: str
    title: str
    height: int

    @property
    def html(self) -> str:
        """The frame as HTML to paste."""
        return (
            f'<iframe src="{escape(self.host + self.path)}" title="{escape(self.title)}"'
            f' width="100%" height="{self.height}" loading="lazy" frameborder="0"></iframe>'
        )


def of_topic(host: str, page: TopicPage) -> Offer:
    """Return the frame of a topic as its page shows it: its actors, period and moment."""
    seen = page.address
    framed = TopicAddress(
        actor=seen.actor, begin=seen.begin, end=seen.end, asof=seen.asof, known=seen.known
    )
    drawn = sum(len(group.lanes) for group in page.chart.groups)
    lanes = min(LANES, len(seen.actor) or drawn)
    path = "/embed" + framed.url(page.topic.slug)
    return Offer(host.rstrip("/"), path, page.topic.question, HEAD + LANE * lanes)


def of_entry(host: str, page: StatementPage) -> Offer:
    """Return the frame of an entry: of the version that its page fixes, else of the latest."""
    fixed = "" if page.known_at is None else f"@{page.known_at}"
    path = f"/embed/s/{page.number}{fixed}"
    return Offer(host.rstrip("/"), path, page.title, ENTRY + LINE * _lines(page))


def _lines(page: StatementPage) -> int:
    """Return how many lines the words of an entry take, which are several texts."""
    told = page.entry
    texts = [told.title, told.summary] if isinstance(told, DevelopmentView) else _words(told)
    return sum(-(-len(text) // LETTERS) for text in texts)


def _words(said: StatementView) -> list[str]:
    return [said.quote, said.translation, said.paraphrase, said.condition, said.asked]
