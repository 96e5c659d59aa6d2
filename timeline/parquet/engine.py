"""DuckDB as the record uses it: within a bound of memory, and without a network."""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

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
LIMIT_NOT_READABLE = Message(
    "limit_not_readable",
    "%(given)s is no amount of memory or disk",
    fix="write it like 2GB or 500MB",
)

MEMORY, SPILL = "2GB", "20GB"


class Limits(msgspec.Struct, frozen=True):
    """What an engine may take: memory, disk where memory does not suffice, and where that lies."""

    memory: str = MEMORY
    spill: str = SPILL
    folder: Path | None = None
    threads: int | None = None


@cache
def is_installed() -> bool:
    """Tell whether the engine is there, without loading it."""
    from importlib.util import find_spec  # noqa: PLC0415 - the command line starts without it

    return find_spec("duckdb") is not None


@contextmanager
def opened_engine(limits: Limits = Limits()) -> Iterator[DuckDBPyConnection]:  # noqa: B008 - frozen
    """Open an engine in memory; what does not fit spills into a folder that goes with it.

    Raises `Refused` where DuckDB is not installed or a limit cannot be read, and `StandlineError`
    where a limit does not suffice or a file is out of reach.
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
            # Extensions would be fetched from a site of their own.
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if limits.threads is not None:
            settings["threads"] = str(limits.threads)
        try:
            conn = duckdb.connect(":memory:", config=dict(settings))
        except (duckdb.ParserException, duckdb.InvalidInputException):
            given = f"{limits.memory}, {limits.spill}"
            raise Refused(LIMIT_NOT_READABLE, given=given) from None
        with closing(conn):
            try:
                yield conn
            except duckdb.OutOfMemoryException as error:
                raise StandlineError(BEYOND_THE_LIMITS, why=_first_line(error)) from None
            except duckdb.IOException as error:
                raise StandlineError(ENGINE_CANNOT_REACH_A_FILE, why=_first_line(error)) from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
