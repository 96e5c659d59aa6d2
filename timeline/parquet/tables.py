"""Writing rows as a Parquet file of typed columns, however many, in bounded memory."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

AT_ONCE = 10_000
"""Rows that are handed over together."""


def write_table(
    conn: DuckDBPyConnection,
    path: Path,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    *,
    even_without_rows: bool = False,
) -> int:
    """Write rows into a new Parquet file and return how many there were.

    ``columns`` has the type of each column by its name, in words that DuckDB and Spark both know.

    Without a row there is no file, unless it is wanted ``even_without_rows``. The rows pass through
    a file beside it, which goes afterwards.
    """
    with tempfile.TemporaryDirectory(prefix=".rows-", dir=path.parent) as folder:
        spool = Path(folder) / "rows.jsonl"
        count = _spool(spool, columns, rows)
        if count or even_without_rows:
            typed = ", ".join(f"{_quoted(name)}: '{type_}'" for name, type_ in columns.items())
            lines = f"{_text(spool)}, format = 'newline_delimited', columns = {{{typed}}}"
            rows_read = f"SELECT * FROM read_json({lines})"  # noqa: S608 - all of it is quoted
            # COPY takes no parameters; what is named in it is quoted.
            written = f"COPY ({rows_read}) TO {_text(path)} (FORMAT parquet, COMPRESSION zstd)"
            conn.execute(written)
    return count


def _spool(spool: Path, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> int:
    fields = {f"column_{place}": name for place, name in enumerate(columns)}
    line = msgspec.defstruct("Line", [(name, Any) for name in fields], rename=fields)
    encode, count, coming = msgspec.json.Encoder().encode_lines, 0, iter(rows)
    with spool.open("wb") as out:
        while some := [line(*row) for row in islice(coming, AT_ONCE)]:
            out.write(encode(some))
            count += len(some)
    return count


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
