"""DuckDB with limited memory and without a network, and Parquet files written by it."""

from __future__ import annotations

import tempfile
import threading
from contextlib import closing, contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection


ANALYSIS_NEEDS_EXTRA = Message(
    "analysis_needs_extra",
    "Parquet and questions to an archive need a package that is not installed",
    fix="install standline[analysis]",
)
BEYOND_THE_LIMITS = Message(
    "beyond_the_limits",
    "this takes more memory or disk than it may: %(why)s",
    fix="give it more by --memory or --spill, ask about fewer topics, or ask another engine",
)
ENGINE_CANNOT_REACH_A_FILE = Message(
    "engine_cannot_reach_a_file",
    "a file cannot be read or written: %(why)s",
    fix="look at the disk, and at who may write there",
)
TOOK_TOO_LONG = Message(
    "took_too_long",
    "this was given up after %(seconds)s seconds",
    fix="ask about fewer topics or a shorter time",
)
LIMIT_NOT_READABLE = Message(
    "limit_not_readable",
    "%(given)s is no amount of memory or disk",
    fix="write it like 2GB or 500MB",
)

MEMORY, SPILL = "2GB", "20GB"
AGAIN = 0.01
"""Seconds between interrupts of a query that is out of time."""


class Limits(msgspec.Struct, frozen=True):
    """Limits of an engine: memory, disk space for spilling, and the folder for it.

    It gives up after ``seconds``; without them it has no time limit.
    """

    memory: str = MEMORY
    spill: str = SPILL
    folder: Path | None = None
    threads: int | None = None
    seconds: float | None = None


@cache
def is_installed() -> bool:
    """Tell whether the engine is installed, without loading it."""
    from importlib.util import find_spec  # noqa: PLC0415 - the command line starts without it

    return find_spec("duckdb") is not None


@contextmanager
def open_engine(limits: Limits = Limits()) -> Iterator[DuckDBPyConnection]:  # noqa: B008 - frozen
    """Open an engine in memory, which spills into a temporary folder.

    Raises `Refused` if DuckDB is not installed or a limit is malformed, and `StandlineError` if a
    limit is exceeded, the time is up, or a file cannot be read.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra, and large
    except ImportError:
        raise Refused(ANALYSIS_NEEDS_EXTRA) from None
    with tempfile.TemporaryDirectory(prefix="standline-", dir=limits.folder) as folder:
        settings = {
            "memory_limit": limits.memory,
            "temp_directory": folder,
            "max_temp_directory_size": limits.spill,
            # Extensions would be downloaded.
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if limits.threads is not None:
            settings["threads"] = str(limits.threads)
        try:
            conn = duckdb.connect(":memory:", config=dict(settings))
        except (duckdb.ParserException, duckdb.InvalidInputException):
            values = f"{limits.memory}, {limits.spill}"
            raise Refused(LIMIT_NOT_READABLE, given=values) from None
        with closing(conn), _stopped_in_time(conn, limits.seconds):
            try:
                yield conn
            except duckdb.InterruptException:
                raise StandlineError(TOOK_TOO_LONG, seconds=limits.seconds) from None
            except duckdb.OutOfMemoryException as error:
                raise StandlineError(BEYOND_THE_LIMITS, why=_first_line(error)) from None
            except duckdb.IOException as error:
                raise StandlineError(ENGINE_CANNOT_REACH_A_FILE, why=_first_line(error)) from None


@contextmanager
def _stopped_in_time(conn: DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    if seconds is None:
        yield
        return
    done = threading.Event()

    def stop() -> None:
        # An interrupt between two queries has no effect, so interrupt again.
        wait = seconds
        while not done.wait(wait):
            conn.interrupt()
            wait = AGAIN

    watch = threading.Thread(target=stop, daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


AT_ONCE = 10_000
"""Rows that are written together."""


def write_table(
    conn: DuckDBPyConnection,
    path: Path,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    *,
    even_without_rows: bool = False,
) -> int:
    """Write rows into a new Parquet file and return their number.

    ``columns`` has the type of each column by name, in words that DuckDB and Spark both know.

    Without rows there is no file, unless ``even_without_rows`` is set. The rows pass through a
    temporary file next to it.
    """
    with tempfile.TemporaryDirectory(prefix=".rows-", dir=path.parent) as folder:
        spool = Path(folder) / "rows.jsonl"
        count = _spool(spool, columns, rows)
        if count or even_without_rows:
            typed = ", ".join(f"{_quoted(name)}: '{type_}'" for name, type_ in columns.items())
            lines = f"{_text(spool)}, format = 'newline_delimited', columns = {{{typed}}}"
            rows_read = f"SELECT * FROM read_json({lines})"  # noqa: S608 - all of it is quoted
            # COPY takes no parameters, so names in it are quoted.
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
