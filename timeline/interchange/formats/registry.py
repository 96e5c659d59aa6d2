"""Which formats there are: ours and those that another package brings."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from timeline.interchange.formats.contracts import Exporter
    from timeline.interchange.formats.opening import Opened
    from timeline.interchange.formats.source_row import RowFormat

IMPORTERS, EXPORTERS = "standline.importers", "standline.exporters"

_BROAD = {"jsonl": 1, "csv": 2}
"""Formats that recognise any JSON, or any text: others are asked before them."""


@cache
def importers() -> dict[str, RowFormat]:
    """Return the import formats by name."""
    return _loaded(IMPORTERS)


@cache
def exporters() -> dict[str, Exporter]:
    """Return the export formats by name."""
    return _loaded(EXPORTERS)


def _loaded(group: str) -> dict[str, Any]:
    found = sorted(entry_points(group=group), key=lambda each: each.name)
    return {each.name: each.load()() for each in found}


def importer_of(opened: Opened, name: str | None) -> RowFormat:
    """Return the format of an open file; raises `Refused` for one that nobody knows."""
    known = importers()
    if name is not None:
        return known[_checked(name, tuple(known))]
    asked = sorted(known.values(), key=lambda each: _BROAD.get(each.name, 0))
    found = next((each for each in asked if each.recognises(opened)), None)
    if found is None:
        if opened.head.lstrip().startswith("["):
            msg = "the file is one JSON array, not lines of JSON"
            raise Refused(msg, field=opened.name, fix="write each of its objects on a line")
        msg = "the format of the file is not known"
        raise Refused(msg, field=opened.name, fix="name it: " + ", ".join(known))
    return found


def exporter_named(name: str) -> Exporter:
    """Return an export format; raises `Refused` for one that nobody knows."""
    known = exporters()
    return known[_checked(name, tuple(known))]


def _checked(name: str, known: tuple[str, ...]) -> str:
    if name not in known:
        msg = f"there is no format {name!r}"
        raise Refused(msg, field="format", fix="use one of: " + ", ".join(known))
    return name
