"""How to cite an entry: a link that fixes the version, a sentence, BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import iso
from timeline.projections.queries.entries import StatementEntry
from web.entries.views import DevelopmentView
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.projections.queries.directory import Topic
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


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PLAIN = re.compile(r"\d{4}-\d\d-\d\d")
PLAIN_PARTS = re.compile(r"\d{4}(-\d\d(-\d\d(T.*)?)?)?")
PAPER = "Standline"


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    """What is cited; ``date`` is EDTF, ``counts_from`` the day from which it counts."""

    number: int
    version: int
    author: str
    title: str
    date: str
    counts_from: str
    link: str


class Citation(msgspec.Struct, frozen=True):
    """Ready to copy; ``link`` never changes what it shows."""

    link: str
    sentence: str
    bibtex: str
    csl: str


def cite(
    shown: EntryView, topics: Sequence[Topic], entry: Entry, host: str, names: Names
) -> Citation:
    """Return the citation of this version of an entry."""
    item = _Item(
        number=entry.number,
        version=entry.known_from,
        author=_author(entry, names),
        title=_title(shown, topics),
        date=entry.said_at if isinstance(entry, StatementEntry) else entry.happened_at,
        counts_from=iso(entry.counts_from).partition("T")[0],
        link=f"{host}s/{entry.number}@{entry.known_from}",
    )
    source = shown.sources[0].label if shown.sources else ""
    sentence = f"{item.title} ({source}). {item.link}"
    return Citation(item.link, sentence, _bibtex(item), _csl(item))


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

    month = MONTHS[int(item.counts_from[5:7]) - 1] if PLAIN.fullmatch(item.counts_from) else ""
    lines = [
        f"@misc{{standline-{item.number},",
        f"  author = {{{braced(item.author)}}},",
        f"  title  = {braced(item.title)},",
        f"  year   = {braced(item.counts_from.rpartition('-')[0].rpartition('-')[0])},",
        *([f"  month  = {month},"] if month else []),
        f"  note   = {braced(f'{item.date}, version {item.version}')},",
        f"  url    = {{{item.link}}}",
        "}",
    ]
    return "\n".join(lines)


def _csl(item: _Item) -> str:
    told = {
        "id": f"standline-{item.number}",
        "type": "webpage",
        "author": [{"literal": item.author}],
        "title": item.title,
        "container-title": PAPER,
        "issued": _issued(item.date),
        "version": str(item.version),
        "URL": item.link,
    }
    return json.dumps([told], ensure_ascii=False, indent=2)


def _issued(text: str) -> dict[str, object]:
    """Return a date as CSL-JSON has it: in parts where it is one, else in words."""
    bare = text.rstrip("?~%")
    if not PLAIN_PARTS.fullmatch(bare):
        return {"literal": dates.said(text)}
    issued: dict[str, object] = {"date-parts": [[int(part) for part in bare[:10].split("-")]]}
    return issued if bare == text else issued | {"circa": True}
