"""How to cite an entry: a fixed link, a sentence, and BibTeX, RIS and CSL-JSON for programs."""

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
"""Escapes for characters that are commands in LaTeX."""


BRACES = str.maketrans({"{": "%7B", "}": "%7D"})

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PLAIN = re.compile(r"\d{4}-\d\d-\d\d")
PLAIN_PARTS = re.compile(r"\d{4}(-\d\d(-\d\d(T.*)?)?)?")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A cited source, or our record, called ``name``; unknown fields are empty.

    ``date`` is when it was published, in EDTF, and ``day`` the latest day of it. ``event`` is the
    date of the statement in our record; ``container`` is where it appeared.
    """

    name: str
    kind: str
    author: str = ""
    title: str
    container: str
    date: str
    day: str
    link: str
    event: str = ""
    lang: str = ""
    version: int = 0


def bibtex(items: Sequence[Item]) -> str:
    """Return an entry for each item."""
    return "\n\n".join(map(_bibtex_entry, items))


def _bibtex_entry(item: Item) -> str:
    def braced(text: str) -> str:
        return "{" + text.translate(LATEX) + "}"

    month = MONTHS[int(item.day[5:7]) - 1] if PLAIN.fullmatch(item.day) else ""
    version = f"version {item.version}" if item.version else ""
    date = item.event or item.date
    fields = {
        "author": f"{{{braced(item.author)}}}" if item.author else "",
        "title": braced(item.title),
        "howpublished": braced(item.container),
        "year": braced(item.day.rpartition("-")[0].rpartition("-")[0]),
        "month": month,
        "note": braced(", ".join(filter(None, (date and dates.said(date), version)))),
        "url": f"{{{item.link.translate(BRACES)}}}",
    }
    width = max(len(name) for name in ("author", *fields) if name != "howpublished")
    lines = [
        f"  {name.ljust(width)} = {value}" for name, value in fields.items() if value.strip("{}")
    ]
    return "\n".join([f"@misc{{{item.name},", ",\n".join(lines), "}"])


def ris(items: Sequence[Item]) -> str:
    """Return a RIS reference for each item."""
    return "\n".join("\n".join(_ris_lines(item)) for item in items)


def _ris_lines(item: Item) -> list[str]:
    is_exact = bool(PLAIN.fullmatch(item.date))
    inexact = "" if is_exact else item.date
    noted = item.event or inexact
    fields = {
        "TY": "ELEC" if item.link else "GEN",
        "ID": item.name,
        "AU": item.author,
        "TI": item.title,
        "T2": item.container,
        "PY": item.day.rpartition("-")[0].rpartition("-")[0],
        "DA": item.date.replace("-", "/") if is_exact else "",
        "N1": dates.said(noted) if noted else "",
        "ET": f"version {item.version}" if item.version else "",
        "LA": item.lang,
        "UR": item.link,
    }
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields.items() if text]
    return [*lines, "ER  - ", ""]


def csl(items: Sequence[Item]) -> str:
    """Return a JSON array with an object for each item."""
    return json.dumps([_csl_item(item) for item in items], ensure_ascii=False, indent=2)


def _csl_item(item: Item) -> dict[str, object]:
    fields = {
        "id": item.name,
        "type": item.kind,
        "author": [{"literal": item.author}] if item.author else [],
        "title": item.title,
        "container-title": item.container,
        "issued": _issued(item.date) if item.date else {},
        "event-date": _issued(item.event) if item.event else {},
        "language": item.lang,
        "version": str(item.version or ""),
        "URL": item.link,
    }
    return {name: value for name, value in fields.items() if value}


def _issued(text: str) -> dict[str, object]:
    """Return a date in CSL-JSON: in parts if it is a plain one, else in words."""
    bare = text.rstrip("?~%")
    if not PLAIN_PARTS.fullmatch(bare):
        return {"literal": dates.said(text)}
    issued: dict[str, object] = {"date-parts": [[int(part) for part in bare[:10].split("-")]]}
    return issued if bare == text else issued | {"circa": True}


PAPER = "Standline"


class Citation(msgspec.Struct, frozen=True):
    """A citation ready to copy; ``link`` is permanent."""

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
    """Return the citation of this version of an entry, and of its source."""
    record = Item(
        name=f"standline-{entry.number}",
        kind="webpage",
        title=_title(shown, topics),
        container=PAPER,
        # Our record is dated by its recording, not by the statement.
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
    fields = {
        "speaker": shown.speaker.name,
        "question": topics[0].question,
        "stance": shown.stance.word,
        "said": shown.said,
    }
    if shown.stance.manner:
        return gettext(
            "%(speaker)s on “%(question)s”: %(stance)s (%(manner)s), %(said)s",
            manner=shown.stance.manner,
            **fields,
        )
    if shown.voted:
        return gettext("%(speaker)s on “%(question)s”: %(stance)s, vote of %(said)s", **fields)
    return gettext("%(speaker)s on “%(question)s”: %(stance)s, said %(said)s", **fields)


def _happened(shown: DevelopmentView) -> str:
    if not shown.title:
        return gettext("The words are withheld.")
    if shown.according_to is None:
        return shown.title
    whose = shown.according_to.name
    return gettext("%(title)s (according to %(actor)s)", title=shown.title, actor=whose)
