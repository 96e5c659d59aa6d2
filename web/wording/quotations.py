"""Quotes in a translation: a source may quote somebody in words that nobody spoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n.languages import language_named
from web.i18n.quotation_marks import direction, quoted
from web.i18n.translate import gettext, translator

if TYPE_CHECKING:
    from timeline.domain.quote import Quote
    from timeline.projections.queries.entries import StatementEntry

FRAGMENT = 4
"""Words of a quote up to which it says nothing without ours beside it."""


class QuoteView(msgspec.Struct, frozen=True):
    """A quote between its marks; ``stands_alone`` where readers need no words of ours beside it.

    ``in_translation`` says that these are not the words that were spoken, where that is so.
    """

    text: str
    lang: str
    direction: str
    in_translation: str
    stands_alone: bool


def quote_of(entry: StatementEntry | None) -> QuoteView | None:
    """Return what a source quotes of a statement; none where the words are withheld.

    There is none either where our summary stands in its place: the quote does not answer alone.
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
    """Tell whether a source gives the words in another language than they were spoken in."""
    return quote is not None and quote.wording == "translated"


def in_translation(quote: Quote | None) -> str:
    """Say of a quote whose translation it is, and into which language; empty for all others."""
    if quote is None or not is_translated(quote):
        return ""
    language = language_named(quote.lang) if quote.lang else ""
    if quote.translated_by:
        text = gettext("in a translation by %(name)s", name=quote.translated_by)
    else:
        text = gettext("in the source’s translation")
    return f"{text} ({language})" if language else text
