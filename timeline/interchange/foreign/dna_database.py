"""A database of DNA, read as the event list that DNA would export from it."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.interchange.foreign.dna_rows import COMPUTED, Completing
from timeline.interchange.formats.source_row import SourceRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.interchange.formats.opening import Opened

DNA_DATABASE_UNREADABLE = Message(
    "dna_database_unreadable",
    "the database cannot be read as one of DNA (%(why)s)",
    fix="open it in DNA and export an event list of statements",
)

_MAGIC = "SQLite format 3\x00"
_NEEDED = (
    *("STATEMENTS", "STATEMENTTYPES", "VARIABLES", "DOCUMENTS"),
    *("DATABOOLEAN", "DATAINTEGER", "DATALONGTEXT", "DATASHORTTEXT"),
)
_BEFORE = ("statement_id", "statement_type", "time")
_AFTER = ("start_position", "stop_position", "text", "coder", "document_id", "document_title")
_OF_DOCUMENT = ("document_author", "document_source", "document_section", "document_type")
_SHORT = {
    2: "SELECT VariableId, Value FROM DATASHORTTEXT WHERE StatementId = ?",
    3: "SELECT d.VariableId, e.Value FROM DATASHORTTEXT d JOIN ENTITIES e ON e.ID = d.Entity"
    " WHERE d.StatementId = ?",
}
_OTHERS = (
    "SELECT VariableId, Value FROM DATABOOLEAN WHERE StatementId = ?",
    "SELECT VariableId, Value FROM DATAINTEGER WHERE StatementId = ?",
    "SELECT VariableId, Value FROM DATALONGTEXT WHERE StatementId = ?",
)
_STATEMENTS = (
    "SELECT s.ID, t.Label, s.StatementTypeId, s.Start, s.Stop, s.Coder, d.ID, d.Title, d.Author,"
    " d.Source, d.Section, d.Type, d.Date FROM STATEMENTS s"
    " JOIN DOCUMENTS d ON d.ID = s.DocumentId"
    " JOIN STATEMENTTYPES t ON t.ID = s.StatementTypeId ORDER BY d.ID, s.ID"
)


def is_sqlite(opened: Opened) -> bool:
    """Tell whether a file is a SQLite database."""
    return opened.head.startswith(_MAGIC)


class DnaDatabase:
    """The statements of a database, streamed: read only, from a copy that nothing else opens."""

    delimiter: str | None = None

    def __init__(self, opened: Opened) -> None:
        self._opened, self._completing = opened, Completing()
        with self._connected() as (connection, version):
            self._version = version
            self._variables = _variables(connection)
        names = [name for each in self._variables.values() for name in each.values()]
        self.columns: tuple[str, ...] | None = tuple(
            dict.fromkeys((*_BEFORE, *names, *_AFTER, *_OF_DOCUMENT, *COMPUTED))
        )

    @property
    def cut(self) -> int:
        """How many texts were too long for a passage, so far."""
        return self._completing.cut

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every statement; types that code nothing in words are left out by their name."""
        completing = self._completing = Completing()
        with self._connected() as (connection, _):
            for number, said in enumerate(connection.execute(_STATEMENTS), 1):
                row = self._row(connection, said)
                if _is_coded(self._variables.get(said[2], {})):
                    row = completing.complete(row)
                    cells = [str(row.get(name, "")) for name in self.columns or ()]
                    yield SourceRow(number, dict.fromkeys(self.columns or (), "") | row, cells)
                else:
                    yield SourceRow(number, {}, [], left_out=f"{said[1]} of DNA, not a statement")

    def _row(self, connection: sqlite3.Connection, said: tuple[Any, ...]) -> dict[str, Any]:
        statement, label, kind, start, stop, coder, document, *of_document, date = said
        names = self._variables.get(kind, {})
        values = {
            names[variable]: value
            for query in (_SHORT[self._version], *_OTHERS)
            for variable, value in connection.execute(query, (statement,))
            if variable in names
        }
        text = _span(connection, document, start, stop)
        title, *others = of_document
        return (
            dict(zip(_BEFORE, (statement, label, self._time(date)), strict=True))
            | values
            | dict(zip(_AFTER, (start, stop, text, coder, document, title), strict=True))
            | dict(zip(_OF_DOCUMENT, others, strict=True))
        )

    def _time(self, date: int) -> str:
        """Return the time of a document: milliseconds in version 2, seconds in version 3."""
        seconds = date // 1000 if self._version == 2 else date  # noqa: PLR2004 - a version
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"

    @contextmanager
    def _connected(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Lend a copy of the database; raises `Refused` for one that is damaged or no DNA's."""
        with tempfile.TemporaryDirectory(prefix="standline-dna-") as folder:
            copy = Path(folder) / "copy.dna"
            with copy.open("wb") as out:
                shutil.copyfileobj(self._opened.binary, out)
            try:
                uri = f"{copy.as_uri()}?mode=ro&immutable=1"
                with closing(sqlite3.connect(uri, uri=True)) as connection:
                    connection.execute("PRAGMA trusted_schema = OFF")
                    yield connection, _version(connection)
            except (sqlite3.Error, ValueError, TypeError, OverflowError, OSError) as error:
                name = self._opened.name
                raise Refused(DNA_DATABASE_UNREADABLE, field=name, why=error) from None


def _version(connection: sqlite3.Connection) -> int:
    """Return the version of the tables; a view or a virtual table is none of DNA's."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    plain = {name for name, sql in connection.execute(query) if "VIRTUAL" not in (sql or "")[:20]}
    missing = [name for name in _NEEDED if name not in plain]
    if missing:
        msg = f"it has no table {missing[0]}"
        raise ValueError(msg)
    return 3 if "ENTITIES" in plain else 2


def _variables(connection: sqlite3.Connection) -> dict[int, dict[int, str]]:
    """Return the names of variables by statement type, those of texts and codes."""
    found: dict[int, dict[int, str]] = {}
    query = "SELECT StatementTypeId, ID, Variable FROM VARIABLES ORDER BY ID"
    for kind, variable, name in connection.execute(query):
        found.setdefault(kind, {})[variable] = str(name)
    return found


def _is_coded(variables: dict[int, str]) -> bool:
    return bool({"concept", "person", "organization"} & {*variables.values()}) or len(variables) > 1


def _span(connection: sqlite3.Connection, document: int, start: int, stop: int) -> str:
    """Return the words of a statement; DNA counts in UTF-16, as Java does."""
    query = "SELECT Text FROM DOCUMENTS WHERE ID = ?"
    (text,) = connection.execute(query, (document,)).fetchone()
    if text.isascii():
        return str(text[start:stop])
    units = text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * stop]
    return str(units.decode("utf-16-le", "replace"))
