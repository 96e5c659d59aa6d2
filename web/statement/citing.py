"""How to cite an entry: a link that fixes the version, a sentence, BibTeX and CSL-JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
from flask_babel import gettext

from timeline.domain.dates import iso
from timeline.projections.queries.entries import StatementEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import Entry
    from web.entry_view import EntryView
    from web.names import Names


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
    link = f"{host}s/{entry.number}@{entry.known_from}"
    title = _title(shown, topics)
    author = _author(entry, names)
    day = iso(entry.counts_from)[:10]
    source = shown.sources[0].label if shown.sources else ""
    return Citation(
        link,
        f"{title} ({source}). {link}",
        _bibtex(entry, author, title, day, link),
        _csl(entry, author, title, day, link),
    )


def _title(shown: EntryView, topics: Sequence[Topic]) -> str:
    if not shown.is_statement:
        return getattr(shown, "title", "")
    speaker = getattr(shown, "speaker").name  # noqa: B009 - the union is told apart above
    word = getattr(shown, "stance").word  # noqa: B009
    said = getattr(shown, "said")  # noqa: B009
    return gettext(
        "%(speaker)s on “%(question)s”: %(stance)s, said %(said)s",
        speaker=speaker,
        question=topics[0].question,
        stance=word,
        said=said,
    )


def _author(entry: Entry, names: Names) -> str:
    if isinstance(entry, StatementEntry):
        return names.actor(entry.speaker).name
    return names.actor(entry.according_to).name if entry.according_to else "Standline"


def _bibtex(entry: Entry, author: str, title: str, day: str, link: str) -> str:
    def braced(text: str) -> str:
        return "{" + text.translate(LATEX) + "}"

    lines = [
        f"@misc{{standline-{entry.number},",
        f"  author = {{{braced(author)}}},",
        f"  title  = {braced(title)},",
        f"  year   = {braced(day[:4])},",
        f"  note   = {braced(f'Counts from {day}, version {entry.known_from}')},",
        f"  url    = {{{link}}}",
        "}",
    ]
    return "\n".join(lines)


def _csl(entry: Entry, author: str, title: str, day: str, link: str) -> str:
    item = {
        "id": f"standline-{entry.number}",
        "type": "interview" if isinstance(entry, StatementEntry) else "event",
        "author": [{"literal": author}],
        "title": title,
        "issued": {"raw": day},
        "version": str(entry.known_from),
        "URL": link,
    }
    return json.dumps([item], ensure_ascii=False, indent=2)
