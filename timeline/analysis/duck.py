"""Ask an archive with DuckDB, in this process."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.analysis.manifest import check_edition, verified
from timeline.analysis.tables import TABLES, view_of
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.parquet import open_engine, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from timeline.analysis.manifest import Manifest
    from timeline.analysis.text import Question, SmallTables
    from timeline.parquet import Limits

NOT_A_QUESTION = Message(
    "not_a_question", "this is no question, or more than one", fix="write one select"
)
QUESTION_NOT_UNDERSTOOD = Message(
    "question_not_understood",
    "the engine does not understand the question: %(why)s",
    fix="docs/scale.md lists the tables and their columns",
)

AT_ONCE = 1_000
PAIRS = ("TUPLE", "STRUCT")
"""What versions of DuckDB call a type with several values."""


class DuckEngine:
    """Answers questions over the files of an archive."""

    def __init__(self, conn: DuckDBPyConnection, folder: Path, manifest: Manifest) -> None:
        self._conn, self.manifest = conn, manifest
        for table, columns in TABLES.items():
            paths = [str(verified(folder, file)) for file in manifest.files(table)]
            conn.execute(view_of(table, columns, paths))

    def answer(self, question: Question, tables: SmallTables) -> Iterator[dict[str, Any]]:
        """Yield the rows of an answer; ``tables`` are the small tables that the question names.

        Raises `Refused` for SQL that is not one SELECT, or that DuckDB does not understand.
        """
        import duckdb  # noqa: PLC0415 - an extra, and large

        for table, (columns, rows) in tables.items():
            self._put(table, columns, rows)
        try:
            cursor = self._asked(question)
        except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.InterruptException):
            raise
        except duckdb.Error as error:
            why = str(error).partition("\n")[0]
            raise Refused(QUESTION_NOT_UNDERSTOOD, why=why) from None
        names = [column[0] for column in cursor.description or ()]
        while rows_read := cursor.fetchmany(AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in rows_read)

    def _asked(self, question: Question) -> DuckDBPyConnection:
        """Run a question, and return a cursor.

        Lists of pairs come as a text of their second values: Python parses a million numbers from
        a text ten times faster than it converts pairs.
        """
        import duckdb  # noqa: PLC0415 - an extra, and large

        statements = self._conn.extract_statements(question.text)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise Refused(NOT_A_QUESTION)
        if not question.steps:
            return self._conn.execute(statements[0])
        # The text and the names of its columns are ours; the table keeps its order.
        create = f"create or replace temp table answer as {question.text}"
        self._conn.execute(create)
        described = self._conn.execute("describe answer").fetchall()
        columns = ", ".join(_select_expression(name, type_) for name, type_, *_ in described)
        select = f"select {columns} from answer"  # noqa: S608 - names of ours
        return self._conn.execute(select)

    def _put(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        typed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        # A table's name and types are ours, and cannot be parameters.
        create = f"create or replace temp table {table} ({typed})"
        self._conn.execute(create)
        if rows:
            marks = ", ".join("?" for _ in columns)
            self._conn.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608 - names of ours


def _select_expression(name: str, type_: str) -> str:
    if type_.startswith(PAIRS) and type_.endswith("[]"):
        return f"cast(list_transform({name}, lambda pair: pair[2]) as varchar) as {name}"
    return name


@contextmanager
def open_duckdb(folder: Path, manifest: Manifest, limits: Limits) -> Iterator[DuckEngine]:
    """Open an archive for questions; raises `StandlineError` if a file was changed.

    Raises `Refused` for an archive of another edition of the rule.
    """
    check_edition(folder, manifest)
    with open_engine(limits) as conn:
        yield DuckEngine(conn, folder, manifest)


FILE_NOT_WRITABLE = Message(
    "file_not_writable", "cannot write %(path)s: %(why)s", fix="choose another place"
)

_TYPES = {
    "str": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "tuple[int, ...]": "BIGINT[]",
}
_encode = msgspec.json.Encoder().encode


def write_answers(path: Path, kind: type[msgspec.Struct], answers: Iterable[Any]) -> int:
    """Write answers of a kind as Parquet, nested values as JSON; return how many there were.

    Raises `StandlineError` if the file cannot be written.
    """
    columns = {
        field.encode_name: _TYPES.get(kind.__annotations__[field.name].removesuffix(" | None"), "")
        for field in msgspec.structs.fields(kind)
    }
    typed = {name: type_ or "VARCHAR" for name, type_ in columns.items()}
    try:
        with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
            written = Path(folder) / path.name
            with open_engine() as duck:
                rows = _cells(columns, answers)
                count = write_table(duck, written, typed, rows, even_without_rows=True)
            shutil.move(written, path)
    except OSError as error:
        raise StandlineError(FILE_NOT_WRITABLE, path=path, why=error.strerror) from None
    return count


def _cells(columns: dict[str, str], answers: Iterable[Any]) -> Iterator[Sequence[Any]]:
    for answer in answers:
        cells = msgspec.structs.astuple(answer)
        yield [
            _encode(cell).decode() if cell is not None and not type_ else cell
            for cell, type_ in zip(cells, columns.values(), strict=True)
        ]
