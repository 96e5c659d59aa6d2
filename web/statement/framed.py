"""The frame that an entry's page offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.entries.views import DevelopmentView
from web.shell.embed_code import Offer

if TYPE_CHECKING:
    from web.entries.views import StatementView
    from web.statement.page import StatementPage

ENTRY, LINE, LETTERS = 270, 24, 48
"""Pixels that an entry needs beside its words and for each line of them; letters of a line."""


def frame_of(host: str, page: StatementPage) -> Offer:
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
    passage = said.passage.text if said.passage and not said.quote else ""
    return [said.quote, said.translation, said.paraphrase, passage, said.condition, said.asked]
