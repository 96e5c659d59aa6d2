"""Questions that gather all of the record, asked of an archive."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from timeline.analysis.archiving import archive
from timeline.analysis.asking import Asked, Stood, position_known, positions, topics_named
from timeline.analysis.duck import asking_duckdb
from timeline.analysis.manifest import read_manifest
from timeline.analysis.text import question
from timeline.cli.options import (
    Progress,
    as_of_option,
    known_at_option,
    opened,
    read_as_of,
    store_option,
    topics_option,
)
from timeline.cli.output import format_options, print_answers
from timeline.cli.terminal import say
from timeline.parquet.engine import MEMORY, SPILL, Limits

if TYPE_CHECKING:
    from timeline.analysis.asking import Engine
    from timeline.analysis.manifest import Manifest

F = TypeVar("F", bound=Callable[..., Any])

STOOD = ("topic", "actor", "stance", "statements", "first", "last", "counted")


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Which archive is asked, by which engine, and what it may take."""

    store: str
    over: Path | None
    memory: str
    spill: str
    scratch: Path | None


def where_options(command: F) -> F:
    """Let a command say which archive it asks, and how."""
    for option in reversed(_WHERE):
        command = option(command)
    return command


_WHERE: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--over",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="STANDLINE_ARCHIVE",
        show_envvar=True,
        metavar="FOLDER",
        help="An archive that `standline archive` wrote; without one, the store is archived first.",
    ),
    click.option("--memory", default=MEMORY, show_default=True, help="What it may take."),
    click.option("--spill", default=SPILL, show_default=True, help="Disk it may take besides."),
    click.option(
        "--scratch",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        metavar="FOLDER",
        help="Where what does not fit into memory lies meanwhile.",
    ),
    store_option,
)


def sql_option(command: F) -> F:
    """Let a command print its question instead of asking it."""
    told = "Print the question as SQL, and ask nothing."
    return click.option("--sql", "is_sql", is_flag=True, help=told)(command)


@contextmanager
def asking(where: Where) -> Iterator[tuple[Engine, Manifest]]:
    """Open the archive that is asked; one that is made for the question goes with it."""
    limits = Limits(memory=where.memory, spill=where.spill, folder=where.scratch)
    with ExitStack() as until_answered:
        folder = where.over
        if folder is None:
            made = tempfile.TemporaryDirectory(prefix="standline-archive-", dir=where.scratch)
            folder = Path(until_answered.enter_context(made))
            with opened(where.store) as services, Progress() as progress:
                archive(services, folder, limits=limits, on_progress=progress)
        manifest = read_manifest(folder)
        yield until_answered.enter_context(asking_duckdb(folder, manifest, limits)), manifest


@click.group("analyse")
def analyse() -> None:
    """Ask an archive what gathers all of the record."""


@analyse.command("positions")
@topics_option
@as_of_option
@known_at_option
@sql_option
@format_options
@where_options
def positions_(
    topics: tuple[str, ...],
    as_of: str | None,
    known_at: str | None,
    form: str,
    *,
    is_sql: bool,
    **where: Any,  # noqa: ANN401 - the options of `where_options`
) -> None:
    """Say where all actors stood, and which statements prove it."""
    if is_sql:
        say(question("positions").text)
        return
    with asking(Where(**where)) as (engine, manifest):
        known = position_known(engine, manifest, known_at)
        asked = Asked(known, read_as_of(as_of), topics_named(engine, topics))
        print_answers(positions(engine, asked), form, STOOD, Stood.__struct_fields__)


COMMANDS = (analyse,)
