"""How to cite an entry: a link that fixes the version, a sentence, BibTeX, RIS and CSL-JSON.

Each cites the source first and then our record of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import iso, parse_date
from timeline.projections.queries.entries import StatementEntry
from web.entries.views import DevelopmentView
from web.i18n import dates
from web.i18n.translate import gettext
from web.statement.citation_formats import Item, bibtex, csl, ris

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import Entry
    from web.entries.views import EntryView


PAPER = "Standline"


class Citation(msgspec.Struct, frozen=True):
    """Ready to copy; ``link`` never changes what it shows."""

    link: str
    sentence: str
    bibtex: str
    ris: str
    csl: str


def cite(
    shown: EntryView,
    topics: Sequence[Topic],
    entry: Entry,
    source: Document,
    host: str,
) -> Citation:
    """Return the citation of a source, and of this version of an entry that is taken from it."""
    record = Item(
        name=f"standline-{entry.number}",
        kind="webpage",
        title=_title(shown, topics),
        container=PAPER,
        # Our record is of the day on which it came to stand here; what it tells of is older.
        date=shown.known_machine[:10],
        day=shown.known_machine[:10],
        event=entry.said_at if isinstance(entry, StatementEntry) else entry.happened_at,
        link=f"{host}s/{entry.number}@{entry.known_from}",
        version=entry.known_from,
    )
    items = (_source(source, record.name), record)
    return Citation(record.link, _sentence(*items), bibtex(items), ris(items), csl(items))


def _source(document: Document, record: str) -> Item:
    published = document.published_at or ""
    latest = iso(parse_date(published).latest).partition("T")[0] if published else ""
    return Item(
        name=f"{record}-source",
        kind="webpage" if document.url else "article",
        author=document.author,
        title=document.title or document.outlet or document.url,
        container=document.outlet if document.title else "",
        date=published,
        day=latest,
        link=document.url,
        lang=document.lang,
    )


def _sentence(source: Item, record: Item) -> str:
    published = dates.said(source.date) if source.date else ""
    where = dict.fromkeys((source.container, source.title, published, source.link))
    return f"{', '.join(filter(None, where))}: {record.title}. {record.link}"


def _title(shown: EntryView, topics: Sequence[Topic]) -> str:
    if isinstance(shown, DevelopmentView):
        return _happened(shown)
    told = {
        "speaker": shown.speaker.name,
        "question": topics[0].question,
        "stance": shown.stance.word,
        "said": shown.said,
    }
    if shown.stance.manner:
        return gettext(
            "%(speaker)s on “%(question)s”: %(stance)s (%(manner)s), %(said)s",
            manner=shown.stance.manner,
            **told,
        )
    return gettext("%(speaker)s on “%(question)s”: %(stance)s, said %(said)s", **told)


def _happened(shown: DevelopmentView) -> str:
    if not shown.title:
        return gettext("The words are withheld.")
    if shown.according_to is None:
        return shown.title
    whose = shown.according_to.name
    return gettext("%(title)s (according to %(actor)s)", title=shown.title, actor=whose)
