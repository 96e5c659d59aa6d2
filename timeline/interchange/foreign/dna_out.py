"""An event list as Discourse Network Analyzer exports it, for programs that analyse such lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.instants import day_of, iso_day
from timeline.domain.variables import VARIABLES
from timeline.interchange.foreign.dna_database import USUAL
from timeline.interchange.foreign.named_rows import named_rows, step_of, words_of

if TYPE_CHECKING:
    from typing import BinaryIO

    from timeline.interchange.foreign.named_rows import NamedRow
    from timeline.interchange.formats.contracts import ExportOptions, Store

COLUMNS = (
    *("statement_id", "time", "person", "organization", "concept", "agreement"),
    *("start_position", "stop_position", "text", "coder", "document_id", "document_title"),
    *("document_author", "document_source", "document_section", "document_type"),
    *("attribution", "reported_via", "said_at"),
)
"""The columns of DNA, then attribution, go-between and date of a statement; the variables of
codebooks follow."""
_AS_LISTED = str.maketrans({";": ",", '"': "'", "\r": " "})


class DnaListExporter:
    """Statements for or against; DNA cannot express a stance in between."""

    name = "dna"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write headers and statements, one a line; ids are numbers within the list."""
        own: set[str] = set()
        entries = named_rows(store, options, own)
        columns = {name: _column_of(name) for name in sorted(own) if name.startswith(VARIABLES)}
        headers = [*COLUMNS, *columns.values()]
        out.write((";".join(f'"{name}"' for name in headers) + "\n").encode())
        documents: dict[tuple[Any, ...], int] = {}
        number = 0
        for entry in entries:
            row = entry.row
            if row["kind"] == "statement" and (step := step_of(row)):
                number += 1
                cells = _cells(entry, number, step, documents)
                cells += [_quoted(row.get(name, "")) for name in columns]
                out.write((";".join(cells) + "\n").encode())


def _column_of(name: str) -> str:
    """Return the column of a variable; its name must differ from all others."""
    id_ = name.removeprefix(VARIABLES)
    return name if id_ in USUAL else id_


def _cells(
    entry: NamedRow, number: int, step: int, documents: dict[tuple[Any, ...], int]
) -> list[str]:
    row = entry.row
    source = tuple(row.get(f"source.{name}", "") for name in ("title", "author", "outlet", "url"))
    document = documents.setdefault(source, len(documents) + 1)
    text, (start, stop) = words_of(row), _place(row)
    person, organization = _who(entry)
    title, author, outlet, url = source
    return [
        *(str(number), f"{iso_day(day_of(entry.counts_from))} 00:00:00"),
        *map(_quoted, (person, organization, entry.question)),
        *(str(int(step > 0)), str(start), str(stop), _quoted(text), "1", str(document)),
        *map(_quoted, (title or url or outlet, author, outlet, "", "")),
        *map(_quoted, (row["attribution"], row.get("reported_via", ""), row["said_at"])),
    ]


def _who(entry: NamedRow) -> tuple[str, str]:
    name, whom = entry.name_of("actor"), entry.name_of("on_behalf_of")
    is_person = entry.kind_of("actor") in ("person", "office") or bool(whom)
    return (name, whom) if is_person else ("", name)


def _place(row: dict[str, Any]) -> tuple[int, int]:
    for part in ("passage", "quote"):
        if row.get(f"{part}.text"):
            return row.get(f"{part}.start", 0), row.get(f"{part}.end", 0)
    return 0, 0


def _quoted(text: str) -> str:
    return '"' + text.translate(_AS_LISTED) + '"'
