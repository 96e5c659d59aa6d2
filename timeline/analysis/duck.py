"""An archive asked by DuckDB, in this process."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.analysis.manifest import check_edition, verified
from timeline.analysis.tables import TABLES, view_of
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.parquet import opened_engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from timeline.analysis.manifest import Manifest
    from timeline.analysis.text import Given, Question
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
"""How the engine calls what has several values, whichever of its versions."""


class DuckEngine:
    """Answers questions over the files of an archive."""

    def __init__(self, conn: DuckDBPyConnection, folder: Path, manifest: Manifest) -> None:
        self._conn, self.manifest = conn, manifest
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
            asked = self._asked(question)
        except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.InterruptException):
            raise
        except duckdb.Error as error:
            why = str(error).partition("\n")[0]
            raise Refused(QUESTION_NOT_UNDERSTOOD, why=why) from None
        names = [column[0] for column in asked.description or ()]
        while some := asked.fetchmany(AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in some)

    def _asked(self, question: Question) -> DuckDBPyConnection:
        """Ask, and return what can be fetched.

        Lists of pairs come as a text with the second of each: Python makes a million numbers of a
        text in a tenth of the time that it takes to make pairs of them.
        """
        import duckdb  # noqa: PLC0415 - an extra, and large

        statements = self._conn.extract_statements(question.text)
        if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
            raise Refused(NOT_A_QUESTION)
        if not question.steps:
            return self._conn.execute(statements[0])
        # The text and the names of its columns are ours; the table keeps its order.
        kept = f"create or replace temp table answer as {question.text}"
        self._conn.execute(kept)
        described = self._conn.execute("describe answer").fetchall()
        columns = ", ".join(_told(name, type_) for name, type_, *_ in described)
        fetched = f"select {columns} from answer"  # noqa: S608 - names of ours
        return self._conn.execute(fetched)

    def _put(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        typed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        # A table's name and types are ours, and cannot be parameters.
        made = f"create or replace temp table {table} ({typed})"
        self._conn.execute(made)
        if rows:
            marks = ", ".join("?" for _ in columns)
            self._conn.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608 - names of ours


def _told(name: str, type_: str) -> str:
    if type_.startswith(PAIRS) and type_.endswith("[]"):
        return f"cast(list_transform({name}, lambda pair: pair[2]) as varchar) as {name}"
    return name


@contextmanager
def asking_duckdb(folder: Path, manifest: Manifest, limits: Limits) -> Iterator[DuckEngine]:
    """Open an archive for questions; raises `StandlineError` for a file that is not as it was.

    Raises `Refused` for an archive of another edition of the rule.
    """
    check_edition(folder, manifest)
    with opened_engine(limits) as conn:
        yield DuckEngine(conn, folder, manifest)
