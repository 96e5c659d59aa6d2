"""How to cite an entry: a link that fixes the version, a sentence, BibTeX and CSL-JSON.

Each cites the source first and then our record of it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import iso, parse_date
from timeline.projections.queries.entries import StatementEntry
from web.entries.views import DevelopmentView
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import Entry
    from web.entries.views import EntryView
    from web.wording.names import Names


LATEX = str.maketrans(
    {
        "\\": "",
        "{": "",
        "}": "",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
"""What is a command to LaTeX is a sign in a citation, and braces stay in pairs."""


BRACES = str.maketrans({"{": "%7B", "}": "%7D"})

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PLAIN = re.compile(r"\d{4}-\d\d-\d\d")
PLAIN_PARTS = re.compile(r"\d{4}(-\d\d(-\d\d(T.*)?)?)?")
PAPER = "Standline"


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    """What is cited, a source or our record, as ``name``; what is not known is empty.

    ``date`` is EDTF, ``day`` the one from which it counts; ``container`` is where it appeared.
    """

    name: str
    kind: str
    author: str
    title: str
    container: str
    date: str
    day: str
    link: str
    lang: str = ""
    version: int = 0


class Citation(msgspec.Struct, frozen=True):
    """Ready to copy; ``link`` never changes what it shows."""

    link: str
    sentence: str
    bibtex: str
    csl: str


def cite(
    shown: EntryView,
    topics: Sequence[Topic],
    entry: Entry,
    source: Document,
    host: str,
    names: Names,
) -> Citation:
    """Return the citation of a source, and of this version of an entry that is taken from it."""
    record = _Item(
        name=f"standline-{entry.number}",
        kind="webpage",
        author=_author(entry, names),
        title=_title(shown, topics),
        container=PAPER,
        date=entry.said_at if isinstance(entry, StatementEntry) else entry.happened_at,
        day=iso(entry.counts_from).partition("T")[0],
        link=f"{host}s/{entry.number}@{entry.known_from}",
        version=entry.known_from,
    )
    items = (_source(source, record.name), record)
    return Citation(record.link, _sentence(*items), "\n\n".join(map(_bibtex, items)), _csl(items))


def _source(document: Document, record: str) -> _Item:
    published = document.published_at or ""
    latest = iso(parse_date(published).latest).partition("T")[0] if published else ""
    return _Item(
        name=f"{record}-source",
        kind="webpage" if document.url else "article",
        author=document.author or document.outlet,
        title=document.title or document.outlet or document.url,
        container=document.outlet,
        date=published,
        day=latest,
        link=document.url,
        lang=document.lang,
    )


def _sentence(source: _Item, record: _Item) -> str:
    published = dates.said(source.date) if source.date else ""
    where = dict.fromkeys((source.container, source.title, published, source.link))
    return f"{', '.join(filter(None, where))}: {record.title}. {record.link}"


def _title(shown: EntryView, topics: Sequence[Topic]) -> str:
    if isinstance(shown, DevelopmentView):
        return shown.title or gettext("The words are withheld.")
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


def _author(entry: Entry, names: Names) -> str:
    """Return whose words they are: those of who reports them, where they are second-hand."""
    if not isinstance(entry, StatementEntry):
        return names.actor(entry.according_to).name if entry.according_to else PAPER
    if entry.attribution == "second_hand":
        return entry.words.reported_via or PAPER
    if entry.attribution == "ascribed":
        document = names.document(entry.document)
        return document.author or document.outlet or PAPER
    return names.actor(entry.speaker).name


def _bibtex(item: _Item) -> str:
    def braced(text: str) -> str:
        return "{" + text.translate(LATEX) + "}"

    month = MONTHS[int(item.day[5:7]) - 1] if PLAIN.fullmatch(item.day) else ""
    version = f"version {item.version}" if item.version else ""
    fields = {
        "author": f"{{{braced(item.author)}}}",
        "title": braced(item.title),
        "howpublished": braced(item.container),
        "year": braced(item.day.rpartition("-")[0].rpartition("-")[0]),
        "month": month,
        "note": braced(", ".join(filter(None, (item.date, version)))),
        "url": f"{{{item.link.translate(BRACES)}}}",
    }
    width = max(len(name) for name in ("author", *fields) if name != "howpublished")
    lines = [
        f"  {name.ljust(width)} = {value}" for name, value in fields.items() if value.strip("{}")
    ]
    return "\n".join([f"@misc{{{item.name},", ",\n".join(lines), "}"])


def _csl(items: Sequence[_Item]) -> str:
    return json.dumps([_csl_item(one) for one in items], ensure_ascii=False, indent=2)


def _csl_item(item: _Item) -> dict[str, object]:
    told = {
        "id": item.name,
        "type": item.kind,
        "author": [{"literal": item.author}] if item.author else [],
        "title": item.title,
        "container-title": item.container,
        "issued": _issued(item.date) if item.date else {},
        "language": item.lang,
        "version": str(item.version or ""),
        "URL": item.link,
    }
    return {name: value for name, value in told.items() if value}


def _issued(text: str) -> dict[str, object]:
    """Return a date as CSL-JSON has it: in parts where it is one, else in words."""
    bare = text.rstrip("?~%")
    if not PLAIN_PARTS.fullmatch(bare):
        return {"literal": dates.said(text)}
    issued: dict[str, object] = {"date-parts": [[int(part) for part in bare[:10].split("-")]]}
    return issued if bare == text else issued | {"circa": True}
