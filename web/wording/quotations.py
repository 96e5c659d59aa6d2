"""Quotes as pages show them, and notes on translated ones: nobody spoke those very words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n.languages import direction, language_named, quoted
from web.i18n.translate import gettext, translator

if TYPE_CHECKING:
    from timeline.domain.quote import Quote
    from timeline.projections.queries.entries import StatementEntry

FRAGMENT = 4
"""The most words of a quote that needs our summary beside it."""


class QuoteView(msgspec.Struct, frozen=True):
    """A quote with its marks; ``stands_alone`` if readers need no summary beside it.

    ``in_translation`` says so if the words are a translation, else it is empty.
    """

    text: str
    lang: str
    direction: str
    in_translation: str
    stands_alone: bool


def quote_of(entry: StatementEntry | None) -> QuoteView | None:
    """Return the quote of a statement; ``None`` if it is withheld.

    It is ``None``, too, if the quote does not carry the stance alone and there is our summary.
    """
    if entry is None or entry.withheld or entry.words.quote is None:
        return None
    if entry.words.paraphrase and not entry.quote_carries:
        return None
    quote = entry.words.quote
    is_read = quote.lang.partition("-")[0] == translator().code.partition("_")[0]
    return QuoteView(
        quoted(quote.exact, quote.lang),
        quote.lang,
        direction(quote.lang),
        in_translation(quote),
        is_read and len(quote.exact.split()) > FRAGMENT,
    )


def is_translated(quote: Quote | None) -> bool:
    """Tell whether the source quotes a translation."""
    return quote is not None and quote.wording == "translated"


def in_translation(quote: Quote | None) -> str:
    """Say whose translation a quote is, and into which language; empty for other quotes."""
    if quote is None or not is_translated(quote):
        return ""
    language = language_named(quote.lang) if quote.lang else ""
    if quote.translated_by:
        text = gettext("in a translation by %(name)s", name=quote.translated_by)
    else:
        text = gettext("in the source’s translation")
    return f"{text} ({language})" if language else text
