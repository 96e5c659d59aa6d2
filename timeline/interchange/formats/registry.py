"""The known formats: ours and those of other packages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused, check_choice
from timeline.domain.messages import Message
from timeline.rooms import entry_points_of

if TYPE_CHECKING:
    from timeline.interchange.formats.contracts import Exporter
    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import RowFormat

FORMAT_NOT_KNOWN = Message(
    "format_not_known", "the format of the file is not known", fix="name it: %(choices)s"
)
FILE_OF_ANOTHER_FORMAT = Message(
    "file_of_another_format", "this is %(about)s", fix="use --format %(name)s"
)
UNKNOWN_FORMAT = Message(
    "unknown_format", "there is no format %(name)s", fix="use one of: %(choices)s"
)


IMPORTERS, EXPORTERS = "standline.importers", "standline.exporters"

_JSON = ("jsonl", "json")
_BROAD = {"jsonl": 1, "json": 1, "csv": 2}
"""Formats that recognise any JSON or any text, so they are tried last."""


@cache
def importers() -> dict[str, RowFormat]:
    """Return the import formats by name."""
    return _loaded(IMPORTERS)


@cache
def exporters() -> dict[str, Exporter]:
    """Return the export formats by name."""
    return _loaded(EXPORTERS)


def _loaded(group: str) -> dict[str, Any]:
    return {name: entry.load()() for name, entry in entry_points_of(group).items()}


def importer_of(file: SourceFile, name: str | None) -> RowFormat:
    """Return the format of an open file; raises `Refused` for an unknown format."""
    formats = importers()
    in_order = sorted(formats.values(), key=lambda each: _BROAD.get(each.name, 0))
    format_ = next((each for each in in_order if each.recognises(file)), None)
    file.text.seek(0)  # whoever looked at its bytes left it there
    if name is not None:
        _check_is_no_other(file, name, format_)
        check_choice(UNKNOWN_FORMAT, formats, field="format", name=name)
        return formats[name]
    if format_ is None:
        raise Refused(FORMAT_NOT_KNOWN, field=file.name, choices=", ".join(formats))
    return format_


def _check_is_no_other(file: SourceFile, name: str, format_: RowFormat | None) -> None:
    """Raise `Refused` if a file is clearly of another format than the named one.

    A named JSON format is accepted for any JSON, since its names may be anything.
    """
    if name in _JSON and file.head.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return
    about = getattr(format_, "about", "")
    if format_ is not None and about and format_.name != name:
        raise Refused(FILE_OF_ANOTHER_FORMAT, field=file.name, about=about, name=format_.name)


def exporter_named(name: str) -> Exporter:
    """Return an export format; raises `Refused` for an unknown name."""
    formats = exporters()
    check_choice(UNKNOWN_FORMAT, formats, field="format", name=name)
    return formats[name]
