"""Shared options of archive queries: the archive, the engine, and its limits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click
import msgspec

from timeline.analysis.archiving import archive
from timeline.analysis.bucket import SCHEME, Bucket
from timeline.analysis.duck import open_duckdb
from timeline.analysis.manifest import read_manifest
from timeline.analysis.spark import open_spark
from timeline.cli.options import Progress, open_services, read_known_at, store_option
from timeline.parquet import MEMORY, SPILL, Limits

if TYPE_CHECKING:
    from timeline.analysis.asking import Engine
    from timeline.analysis.manifest import Manifest
    from timeline.bootstrap import Services

F = TypeVar("F", bound=Callable[..., Any])

DUCKDB, SPARK = "duckdb", "sc://"
UNKNOWN_ENGINE = "--engine takes duckdb, or the address of a Spark Connect server: sc://host:port"

OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--over",
        envvar="STANDLINE_ARCHIVE",
        show_envvar=True,
        metavar="FOLDER|s3://BUCKET/FOLDER",
        help="An archive that `standline archive` wrote; else the store is archived first.",
    ),
    click.option(
        "--engine",
        default=DUCKDB,
        show_default=True,
        metavar="duckdb|sc://HOST:PORT",
        callback=lambda _context, _option, text: _check_engine(text),
        help="Who answers: DuckDB here, or a Spark Connect server.",
    ),
    click.option("--memory", default=MEMORY, show_default=True, help="What DuckDB may take."),
    click.option("--spill", default=SPILL, show_default=True, help="Disk it may take besides."),
    click.option(
        "--scratch",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        metavar="FOLDER",
        help="Where what does not fit into memory, and the steps of a server, lie meanwhile.",
    ),
    store_option,
)


class ArchiveOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The archive to query, the engine, and its limits."""

    store: str
    over: str | None
    engine: str
    memory: str
    spill: str
    scratch: Path | None

    @classmethod
    def of(cls, options: dict[str, Any]) -> Self:
        """Remove these options from those of a command."""
        return cls(**{name: options.pop(name) for name in cls.__struct_fields__})


def where_options(command: F) -> F:
    """Add the options for the archive to a command."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@contextmanager
def archive_at(place: str, scratch: Path | None = None) -> Iterator[Path]:
    """Return the folder of an archive; an archive in S3 storage is downloaded for the block."""
    if place.startswith(SCHEME):
        with Bucket(place).local_copy(scratch) as folder:
            yield folder
    else:
        yield Path(place)


@contextmanager
def open_archive(
    where: ArchiveOptions, known_at: str | None = None
) -> Iterator[tuple[Engine, Manifest]]:
    """Open the archive; if none is named, make a temporary one.

    ``known_at`` is the moment for which a temporary archive needs the findings of the rule.
    """
    limits = Limits(memory=where.memory, spill=where.spill, folder=where.scratch)
    with ExitStack() as until_answered:
        if where.over is not None:
            folder = until_answered.enter_context(archive_at(where.over, where.scratch))
        else:
            made = tempfile.TemporaryDirectory(prefix="standline-archive-", dir=where.scratch)
            folder = Path(until_answered.enter_context(made))
            with open_services(where.store) as services, Progress() as progress:
                position = position_of(services, known_at)
                archive(services, folder, known_at=position, limits=limits, on_progress=progress)
        manifest = read_manifest(folder)
        if where.engine == DUCKDB:
            engine: Engine = until_answered.enter_context(open_duckdb(folder, manifest, limits))
        else:
            scratch = where.scratch or Path(tempfile.gettempdir())
            spark = open_spark(where.engine, folder, manifest, scratch)
            engine = until_answered.enter_context(spark)
        yield engine, manifest


def position_of(services: Services, known_at: str | None) -> int | None:
    """Return the log position of the option; raises `Refused` if it is invalid."""
    with services.models.engine().connect() as conn:
        return read_known_at(conn, known_at)


def _check_engine(engine: str) -> str:
    if engine != DUCKDB and not engine.startswith(SPARK):
        raise click.BadParameter(UNKNOWN_ENGINE)
    return engine
