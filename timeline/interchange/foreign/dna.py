"""Discourse Network Analyzer: its databases (versions 2 and 3) and the event lists it exports."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.naming import slugify
from timeline.domain.variables import VARIABLES
from timeline.interchange.foreign.dna_database import (
    COMPUTED,
    USUAL,
    DnaDatabase,
    RowCompleter,
    is_sqlite,
)
from timeline.interchange.formats.csv_rows import CsvRows
from timeline.interchange.formats.source_row import Layout, SourceRow
from timeline.interchange.native.fields import REJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Rows

NOT_OF_DNA = Message(
    "not_of_dna",
    "this is neither a database nor an event list of Discourse Network Analyzer",
    fix="export an event list of statements in DNA, with all variables",
)

_LISTED = ("statement_id", "start_position", "stop_position", "document_title")
_CODED = ("concept", "person", "organization")


class DnaFormat:
    """Statements as DNA codes them, with a map that suits its usual variables."""

    name = "dna"
    about = "a database or an event list of Discourse Network Analyzer"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file is such a database or list, by its beginning."""
        if is_sqlite(file):
            return "STATEMENTTYPES" in file.head
        first = file.head.partition("\n")[0]
        return all(name in first for name in _LISTED)

    def ready(self) -> dict[str, Any]:
        """Return the map for the variables person, organization, concept and agreement."""
        return ready_map(self.name)

    def variables(self, columns: tuple[str, ...]) -> dict[str, str]:
        """Return the columns of variables that are not usual, by our names."""
        others = [
            column for column in columns if column not in USUAL and not column.startswith(REJECT)
        ]
        return {
            VARIABLES + slugify(other.removeprefix(VARIABLES)): other for other in others if other
        }

    def rows(self, file: SourceFile, layout: Layout) -> Rows:  # noqa: ARG002 - it is always the same
        """Return the rows; raises `Refused` for any other file."""
        if not self.recognises(file):
            raise Refused(NOT_OF_DNA, field=file.name)
        return DnaDatabase(file) if is_sqlite(file) else DnaList(file)


class DnaList:
    """The rows of an event list, streamed; annotations without codes are left out."""

    delimiter: str | None = ";"

    def __init__(self, file: SourceFile) -> None:
        self._completing = RowCompleter()
        self._rows = CsvRows(file, Layout(delimiter=self.delimiter))
        self._own = self._rows.columns or ()
        self._is_coded = any(name in self._own for name in _CODED)
        added = [name for name in COMPUTED if name not in self._own]
        self.columns: tuple[str, ...] | None = (*self._own, *added) if self._is_coded else None

    @property
    def cut(self) -> int:
        """How many texts so far were too long for a passage."""
        return self._completing.cut

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every row, with computed columns for the map."""
        completing = self._completing = RowCompleter()
        for row in self._rows:
            if row.error is not None:
                yield row
            elif self.columns is None:
                yield SourceRow(row.line, {}, row.raw, left_out="a list without coded statements")
            else:
                fields = completing.complete(row.fields)
                yield SourceRow(row.line, fields, [fields[name] for name in self.columns])


@cache
def ready_map(name: str) -> dict[str, Any]:
    """Return the map of a format as a parsed table."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))
