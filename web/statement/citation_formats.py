"""A citation in the forms that programs for references read: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec

from web.i18n import dates

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What is cited, a source or our record, as ``name``; what is not known is empty.

    ``date`` is when it was published, in EDTF, and ``day`` the latest that this can be. ``event``
    is when that was said which our record is of; ``container`` is where it appeared.
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
    told = item.event or item.date
    fields = {
        "author": f"{{{braced(item.author)}}}" if item.author else "",
        "title": braced(item.title),
        "howpublished": braced(item.container),
        "year": braced(item.day.rpartition("-")[0].rpartition("-")[0]),
        "month": month,
        "note": braced(", ".join(filter(None, (told and dates.said(told), version)))),
        "url": f"{{{item.link.translate(BRACES)}}}",
    }
    width = max(len(name) for name in ("author", *fields) if name != "howpublished")
    lines = [
        f"  {name.ljust(width)} = {value}" for name, value in fields.items() if value.strip("{}")
    ]
    return "\n".join([f"@misc{{{item.name},", ",\n".join(lines), "}"])


def ris(items: Sequence[Item]) -> str:
    """Return a reference for each item, as RIS has them: a tag a line, an end after each."""
    return "\n".join("\n".join(_ris_lines(one)) for one in items)


def _ris_lines(item: Item) -> list[str]:
    is_exact = bool(PLAIN.fullmatch(item.date))
    inexact = "" if is_exact else item.date
    noted = item.event or inexact
    told = {
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
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in told.items() if text]
    return [*lines, "ER  - ", ""]


def csl(items: Sequence[Item]) -> str:
    """Return a JSON array with an object for each item."""
    return json.dumps([_csl_item(one) for one in items], ensure_ascii=False, indent=2)


def _csl_item(item: Item) -> dict[str, object]:
    told = {
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
    return {name: value for name, value in told.items() if value}


def _issued(text: str) -> dict[str, object]:
    """Return a date as CSL-JSON has it: in parts where it is one, else in words."""
    bare = text.rstrip("?~%")
    if not PLAIN_PARTS.fullmatch(bare):
        return {"literal": dates.said(text)}
    issued: dict[str, object] = {"date-parts": [[int(part) for part in bare[:10].split("-")]]}
    return issued if bare == text else issued | {"circa": True}
