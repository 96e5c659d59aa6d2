"""An archive asked by DuckDB, in this process."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.analysis.manifest import verified
from timeline.analysis.tables import TABLES, view_of
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.parquet.engine import opened_engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from timeline.analysis.manifest import Manifest
    from timeline.analysis.text import Given, Question
    from timeline.parquet.engine import Limits

NOT_A_QUESTION = Message(
    "not_a_question", "this is no question, or more than one", fix="write one select"
)
QUESTION_NOT_UNDERSTOOD = Message(
    "question_not_understood",
    "the engine does not understand the question: %(why)s",
    fix="docs/scale.md lists the tables and their columns",
)

AT_ONCE = 1_000


class DuckEngine:
    """Answers questions over the files of an archive."""

    def __init__(self, conn: DuckDBPyConnection, folder: Path, manifest: Manifest) -> None:
        self._conn = conn
        for table, columns in TABLES.items():
            paths = [str(verified(folder, file)) for file in manifest.files(table)]
            conn.execute(view_of(table, columns, paths))

    def answer(self, question: Question, given: Given) -> Iterator[dict[str, Any]]:
        """Yield the rows of an answer; ``given`` are the small tables that the question names.

        Raises `Refused` for what is not one select, or is not understood by the engine.
        """
        import duckdb  # noqa: PLC0415 - an extra, and large

        for table, (columns, rows) in given.items():
            self._put(table, columns, rows)
        try:
            statements = self._conn.extract_statements(question.text)
            if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
                raise Refused(NOT_A_QUESTION)
            asked = self._conn.execute(statements[0])
        except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.InterruptException):
            raise
        except duckdb.Error as error:
            why = str(error).partition("\n")[0]
            raise Refused(QUESTION_NOT_UNDERSTOOD, why=why) from None
        names = [column[0] for column in asked.description or ()]
        while some := asked.fetchmany(AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in some)

    def _put(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        typed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        # A table's name and types are ours, and cannot be parameters.
        made = f"create or replace temp table {table} ({typed})"
        self._conn.execute(made)
        if rows:
            marks = ", ".join("?" for _ in columns)
            self._conn.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608 - names of ours


@contextmanager
def asking_duckdb(folder: Path, manifest: Manifest, limits: Limits) -> Iterator[DuckEngine]:
    """Open an archive for questions; raises `StandlineError` for a file that is not as it was."""
    with opened_engine(limits) as conn:
        yield DuckEngine(conn, folder, manifest)
