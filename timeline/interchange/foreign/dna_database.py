"""A DNA database, read as the event list that DNA would export from it, and computed columns."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import tempfile
import weakref
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.domain.entry import RANKS
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.quote import PASSAGE_LIMIT
from timeline.interchange.formats.source_row import SourceRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timeline.interchange.formats.opening import SourceFile

_MADE = ("speaker", "speaker_kind", "for_whom", "key", "passage")
_OURS = ("attribution", "reported_via", "said_at")
COMPUTED = (*_MADE, *_OURS)
"""Columns for the map; the last three come from lists that Standline wrote."""
USUAL = frozenset(
    (
        *("statement_id", "statement_type", "time", "person", "organization", "concept"),
        *("agreement", "start_position", "stop_position", "text", "coder", "document_id"),
        *("document_title", "document_author", "document_source", "document_section"),
        *("document_type", *COMPUTED),
    )
)
"""The columns of every list, and the computed ones; all others are variables."""
_SENTENCE = re.compile(r"[.!?…][\"'”’»)]*(?=\s)")
_AS_LISTED = str.maketrans({";": ",", '"': "'"})
"""Replacements that DNA makes in an event list."""


class RowCompleter:
    """Completes the rows of one file; it counts how often each place was coded.

    ``cut`` counts the texts that were cut to their first sentences.
    """

    def __init__(self) -> None:
        self.cut = 0
        self._coded: dict[str, int] = {}

    def complete(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row with the computed columns.

        A row that has them already, from a rejects file, keeps its key.
        """
        is_complete = row.keys() >= set(_MADE)
        person, organization = row.get("person") or "", row.get("organization") or ""
        text = str(row.get("text") or "").strip()
        passage = leading_sentences(text)
        self.cut += passage != text
        is_ours = str(row.get("attribution") or "") in RANKS
        made = {
            **{name: str(row.get(name) or "") if is_ours else "" for name in _OURS},
            "speaker": person or organization,
            "speaker_kind": "person" if person else "organisation",
            "for_whom": organization if person else "",
            "key": (is_complete and row["key"]) or self._key(row),
            "passage": passage,
        }
        return row | made

    def _key(self, row: dict[str, Any]) -> str:
        """Return the key of a statement, the same in every version and list of a project.

        DNA renumbers statements when it converts a database from version 2 to 3, but the place of
        the words in their document stays. The title is hashed, since keys are stored for ever.
        """
        title = str(row.get("document_title") or "").translate(_AS_LISTED).strip()
        document = hashlib.sha256(title.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        place = f"{document}/{row.get('start_position')}-{row.get('stop_position')}"
        count = self._coded[place] = self._coded.get(place, 0) + 1
        return place if count == 1 else f"{place}/{count}"


def leading_sentences(text: str, limit: int = PASSAGE_LIMIT) -> str:
    """Return a text; if it is too long, only its first sentences or words."""
    text = text.strip()
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _SENTENCE.finditer(text[: limit + 1])]
    if ends:
        return text[: ends[-1]]
    return text[: limit + 1].rpartition(" ")[0] or text[:limit]


DNA_DATABASE_UNREADABLE = Message(
    "dna_database_unreadable",
    "the database cannot be read as one of DNA (%(why)s)",
    fix="open it in DNA and export an event list of statements",
)
DNA_STATEMENT_UNREADABLE = Message(
    "dna_statement_unreadable",
    "the statement cannot be read (%(why)s)",
    fix="mend it or its document in DNA",
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


def is_sqlite(file: SourceFile) -> bool:
    """Tell whether a file is a SQLite database."""
    return file.head.startswith(_MAGIC)


class DnaDatabase:
    """The statements of a database, streamed from a private, read-only copy."""

    delimiter: str | None = ";"
    """Rejects are written as an event list, so that they can be imported as one."""

    def __init__(self, file: SourceFile) -> None:
        self._name, self._completing = file.name, RowCompleter()
        folder = tempfile.TemporaryDirectory(prefix="standline-dna-")
        weakref.finalize(self, folder.cleanup)
        self._copy = Path(folder.name) / "copy.dna"
        with self._copy.open("wb") as out:
            shutil.copyfileobj(file.binary, out)
        with self._connected() as (connection, version):
            self._version = version
            self._variables = _variables(connection)
        names = [name for variables in self._variables.values() for name in variables.values()]
        self.columns: tuple[str, ...] | None = tuple(
            dict.fromkeys((*_BEFORE, *names, *_AFTER, *_OF_DOCUMENT, *COMPUTED))
        )

    @property
    def cut(self) -> int:
        """How many texts so far were too long for a passage."""
        return self._completing.cut

    def __iter__(self) -> Iterator[SourceRow]:
        """Yield every statement; types without coded texts are left out, with their name."""
        completing = self._completing = RowCompleter()
        with self._connected() as (connection, _):
            text_of = _texts(connection)
            for number, said in enumerate(connection.execute(_STATEMENTS), 1):
                label, kind = said[1:3]
                if not _is_coded(self._variables.get(kind, {})):
                    yield SourceRow(number, {}, [], left_out=f"{label} of DNA, not a statement")
                    continue
                try:
                    row = completing.complete(self._row(connection, said, text_of))
                except (ValueError, TypeError, OverflowError, OSError) as error:
                    cells = self._cells(dict(zip(_BEFORE, said[:2], strict=False)))
                    yield SourceRow(number, {}, cells, Refused(DNA_STATEMENT_UNREADABLE, why=error))
                else:
                    yield SourceRow(number, row, self._cells(row))

    def _cells(self, row: dict[str, Any]) -> list[str]:
        return [str(row.get(name, "")) for name in self.columns or ()]

    def _row(
        self,
        connection: sqlite3.Connection,
        said: tuple[Any, ...],
        text_of: Callable[[int], bytes],
    ) -> dict[str, Any]:
        """Return a statement with the columns of an event list; missing values are blank."""
        statement, label, kind, start, stop, coder, document, *of_document, date = said
        names = self._variables.get(kind, {})
        values = {
            names[variable]: value
            for query in (_SHORT[self._version], *_OTHERS)
            for variable, value in connection.execute(query, (statement,))
            if variable in names
        }
        # DNA counts in UTF-16, as Java does.
        text = text_of(document)[2 * start : 2 * stop].decode("utf-16-le", "replace")
        title, *others = of_document
        cells = (
            dict(zip(_BEFORE, (statement, label, self._time(date)), strict=True))
            | values
            | dict(zip(_AFTER, (start, stop, text, coder, document, title), strict=True))
            | dict(zip(_OF_DOCUMENT, others, strict=True))
        )
        filled = {name: value for name, value in cells.items() if value is not None}
        return dict.fromkeys(self.columns or (), "") | filled

    def _time(self, date: int) -> str:
        """Return the time of a document: milliseconds in version 2, seconds in version 3."""
        seconds = date // 1000 if self._version == 2 else date  # noqa: PLR2004 - a version
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"

    @contextmanager
    def _connected(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Open the copy; raises `Refused` if it is damaged or no database of DNA."""
        try:
            uri = f"{self._copy.as_uri()}?mode=ro&immutable=1"
            with closing(sqlite3.connect(uri, uri=True)) as connection:
                connection.execute("PRAGMA trusted_schema = OFF")
                yield connection, _version(connection)
        except (sqlite3.Error, ValueError, TypeError, OverflowError, OSError) as error:
            raise Refused(DNA_DATABASE_UNREADABLE, field=self._name, why=error) from None


def _version(connection: sqlite3.Connection) -> int:
    """Return the version of the tables; DNA has no views and no virtual tables."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    plain = {name for name, sql in connection.execute(query) if "VIRTUAL" not in (sql or "")[:20]}
    missing = [name for name in _NEEDED if name not in plain]
    if missing:
        msg = f"it has no table {missing[0]}"
        raise ValueError(msg)
    return 3 if "ENTITIES" in plain else 2


def _variables(connection: sqlite3.Connection) -> dict[int, dict[int, str]]:
    """Return the names of variables by statement type and id."""
    names: dict[int, dict[int, str]] = {}
    query = "SELECT StatementTypeId, ID, Variable FROM VARIABLES ORDER BY ID"
    for kind, variable, name in connection.execute(query):
        names.setdefault(kind, {})[variable] = str(name)
    return names


def _is_coded(variables: dict[int, str]) -> bool:
    return bool({"concept", "person", "organization"} & {*variables.values()}) or len(variables) > 1


def _texts(connection: sqlite3.Connection) -> Callable[[int], bytes]:
    """Return a function that reads the text of a document in UTF-16; it caches the last one."""

    @lru_cache(maxsize=1)
    def text_of(document: int) -> bytes:
        query = "SELECT Text FROM DOCUMENTS WHERE ID = ?"
        (text,) = connection.execute(query, (document,)).fetchone()
        return str.encode(text or "", "utf-16-le", "surrogatepass")

    return text_of
