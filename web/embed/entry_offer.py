"""The frame that an entry's page offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.embed.offer import Offer
from web.entries.views import DevelopmentView
from web.shell.request import this_request

if TYPE_CHECKING:
    from web.entries.views import EntryView, StatementView
    from web.statement.page import StatementPage

HAPPENED, SAID, LINE, LETTERS = 270, 365, 24, 40
"""Pixels of a development and of a statement beside its words, and of each line; its letters.

They are those of a phone, where a line is short.
"""


def entry_offer(page: StatementPage) -> Offer:
    """Return the frame of an entry: of the version that its page fixes, else of the latest."""
    fixed = "" if page.known_at is None else f"@{page.known_at}"
    path = f"/embed/s/{page.number}{fixed}"
    here = this_request()
    host, lang = here.host.rstrip("/"), here.choices.language
    return Offer(host, path, page.title, _height(page.entry), lang)


def _height(told: EntryView) -> int:
    """Return the pixels that an entry needs; its words are several texts."""
    if isinstance(told, DevelopmentView):
        return HAPPENED + LINE * _lines(told.title, told.summary)
    return SAID + LINE * _lines(*_words(told))


def _lines(*texts: str) -> int:
    return sum(-(-len(text) // LETTERS) for text in texts)


def _words(said: StatementView) -> list[str]:
    passage = said.passage.text if said.passage and not said.quote else ""
    sources = [source.label for source in said.sources]
    words = [said.quote, said.translation, said.paraphrase, passage, said.condition, said.asked]
    return [*words, said.hedge, said.in_translation, *sources]
