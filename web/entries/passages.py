"""The passage of a source that carries a statement, as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.entries.views import PassageView
from web.i18n.languages import language_named
from web.i18n.quotation_marks import direction

if TYPE_CHECKING:
    from timeline.domain.quote import Passage, Quote
    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import StatementEntry


def passage_of(entry: StatementEntry, document: Document) -> PassageView | None:
    """Return the passage of a statement in its source, or its quote with what stands beside it.

    The document is the one that the statement was first taken from.
    """
    quote, passage = entry.words.quote, entry.words.passage
    if entry.withheld:
        return None
    if passage:
        before, quoted, after = _around(passage.exact, quote.exact if quote else "")
        return _view(document, (before, quoted, after), passage, document.lang)
    if quote and (quote.prefix or quote.suffix):
        return _view(document, ("", quote.exact, ""), quote, quote.lang)
    return None


def _view(
    document: Document, parts: tuple[str, str, str], words: Passage | Quote, lang: str
) -> PassageView:
    before, quoted, after = parts
    return PassageView(
        source=document.outlet or document.title or document.url,
        before=before,
        quoted=quoted,
        after=after,
        prefix=words.prefix,
        suffix=words.suffix,
        lang=lang,
        language=language_named(lang) if lang else "",
        direction=direction(lang),
    )


def _around(text: str, quote: str) -> tuple[str, str, str]:
    """Return what stands before a quote in a text, the quote, and what stands after it."""
    before, quoted, after = text.partition(quote) if quote else (text, "", "")
    return before, quoted, after
