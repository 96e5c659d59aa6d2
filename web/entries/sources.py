"""Sources for pages: outlet, title and address, and the passage of a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries.entries import StatementEntry
from web.entries.views import PassageView, SourceView
from web.i18n import dates
from web.i18n.languages import direction, language_named
from web.i18n.translate import gettext
from web.wording import quotations, stances
from web.wording.facts import is_taken_from
from web.wording.kinds import outlet_kind_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.quote import Passage, Quote
    from timeline.projections.queries.attached import Source
    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import Entry
    from web.wording.names import Names


def shown_sources(
    entry: Entry | None, sources: Iterable[Source], names: Names
) -> tuple[SourceView, ...]:
    """Return the sources of an entry; a document is the speaker's own if they wrote it."""
    return tuple(_source(entry, source, names) for source in sources)


def attribution_of(entry: StatementEntry, sources: Sequence[SourceView]) -> str:
    """Say how a statement was made: quoted by others, or in the speaker's own text.

    Who reports it is named without the source's own wording, which is shown with the source.
    """
    return _given(entry, stances.named_alone(entry.words.reported_via), sources)


def _given(entry: StatementEntry, via: str, sources: Sequence[SourceView]) -> str:
    is_translated = quotations.is_translated(entry.words.quote) and not entry.withheld
    if entry.attribution == "quoted" and any(view.is_own for view in sources):
        return gettext("from their own text, translated") if is_translated else _own_text()
    if entry.attribution == "quoted" and is_translated:
        return gettext("quoted in translation")
    return stances.attribution(entry.attribution, via)


def _source(entry: Entry | None, source: Source, names: Names) -> SourceView:
    document = names.document(source.document)
    speakers = entry.actors if isinstance(entry, StatementEntry) else ()
    is_own = source.attribution == "quoted" and names.wrote(document, speakers)
    attribution = stances.attribution(source.attribution, source.reported_via)
    if isinstance(entry, StatementEntry) and is_taken_from(entry, source):
        attribution = _given(entry, entry.words.reported_via, ())
    return SourceView(
        name=document.outlet or document.title or document.url,
        href=document.url,
        published=dates.said(document.published_at) if document.published_at else "",
        attribution=_own_text() if is_own else attribution,
        title=document.title if document.outlet else "",
        author=document.author,
        language=language_named(document.lang) if document.lang else "",
        lang=document.lang,
        kind=outlet_kind_word(document.outlet_kind),
        sha256=document.sha256 or "",
        is_own=is_own,
        document=document.id,
    )


def _own_text() -> str:
    return gettext("from their own text")


def passage_of(entry: StatementEntry, document: Document) -> PassageView | None:
    """Return the passage of a statement in its source, or its quote with the text around it.

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
    """Split a text into what is before a quote, the quote, and what is after it."""
    before, quoted, after = text.partition(quote) if quote else (text, "", "")
    return before, quoted, after
