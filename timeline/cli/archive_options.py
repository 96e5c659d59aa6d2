"""What questions to an archive share: which archive, asked by which engine, within which limits."""

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
from timeline.cli.options import Progress, opened, read_known_at, store_option
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
        callback=lambda _context, _option, text: _checked(text),
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


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Which archive is asked, by which engine, and what it may take."""

    store: str
    over: str | None
    engine: str
    memory: str
    spill: str
    scratch: Path | None

    @classmethod
    def of(cls, options: dict[str, Any]) -> Self:
        """Take these out of the options of a command."""
        return cls(**{name: options.pop(name) for name in cls.__struct_fields__})


def where_options(command: F) -> F:
    """Let a command say which archive it asks, and how."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@contextmanager
def archive_at(place: str, scratch: Path | None = None) -> Iterator[Path]:
    """Lend the folder of an archive; one in S3 storage is brought here for as long."""
    if place.startswith(SCHEME):
        with Bucket(place).local_copy(scratch) as folder:
            yield folder
    else:
        yield Path(place)


@contextmanager
def asking(where: Where, known_at: str | None = None) -> Iterator[tuple[Engine, Manifest]]:
    """Open the archive that is asked; one that is made for the question goes with it.

    ``known_at`` is the moment that it must hold what the rule finds at, if it is made here.
    """
    limits = Limits(memory=where.memory, spill=where.spill, folder=where.scratch)
    with ExitStack() as until_answered:
        if where.over is not None:
            folder = until_answered.enter_context(archive_at(where.over, where.scratch))
        else:
            made = tempfile.TemporaryDirectory(prefix="standline-archive-", dir=where.scratch)
            folder = Path(until_answered.enter_context(made))
            with opened(where.store) as services, Progress() as progress:
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
    """Return the log position that the option names; raises `Refused` where it names none."""
    with services.models.engine().connect() as conn:
        return read_known_at(conn, known_at)


def _checked(engine: str) -> str:
    if engine != DUCKDB and not engine.startswith(SPARK):
        raise click.BadParameter(UNKNOWN_ENGINE)
    return engine
