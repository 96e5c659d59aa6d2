"""The command that imports files: native lines, foreign tables with a map, or a full log."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import msgspec

from timeline.bootstrap import Services
from timeline.cli.options import REBUILD, Count, Progress, open_services, store_option
from timeline.cli.output import say
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.interchange.formats.registry import importers
from timeline.interchange.guessing.proposal import propose
from timeline.interchange.importing.files import ImportOptions, import_files, scale_of
from timeline.interchange.importing.loading import BATCH
from timeline.interchange.importing.summary import Summary
from timeline.interchange.maps.map_file import read_map
from timeline.projections.queries.imported import earlier_twins, twins_of_drafts

IMPORT_BY_ONE = Message(
    "import_by_one",
    "an import records what one person decided, and here a second one agrees",
    fix="code it on the site, or let an admin lift that first: `standline four-eyes --lift`",
)
INPUT_MISSING = Message("input_missing", "there is no such file", fix="check the path")

REFUSED = 1
STANDARD_INPUT = Path("/dev/stdin")

IMPORT = {"reading": 100} | REBUILD
"""Parts of the work with their weights, as in `timeline.cli.options.REBUILD`."""


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, readable=False, allow_dash=True),
    metavar="FILE...",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted(importers())),
    help="As what to read them; else what each one shows.",
)
@click.option(
    "--map",
    "map_",
    type=click.Path(path_type=Path, readable=False),
    metavar="MAP.toml",
    help="Maps foreign headers, words and dates.",
)
@click.option("--topic", metavar="SLUG", help="Put every entry under this topic.")
@click.option("--by", default="importer", show_default=True, help="Public handle.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and record nothing.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Where refused rows go, each with its reason.",
)
@click.option("--strict", is_flag=True, help="Record nothing if any row is refused.")
@click.option(
    "--batch",
    default=BATCH,
    show_default=True,
    type=Count(min=1),
    help="Rows in one transaction.",
)
@click.option(
    "--update",
    metavar="REASON",
    help="Correct entries of which rows say something else now; --dry-run shows them first.",
)
@click.option(
    "--guess", is_flag=True, help="Propose a map and show the first rows by it; record nothing."
)
@click.option("--no-create", is_flag=True, help="Open no topic and introduce no actor.")
@click.option("--json", "as_json", is_flag=True, help="Tell the summary in JSON, for scripts.")
@store_option
@click.pass_context
def import_(  # noqa: PLR0913 - the options of the contract
    context: click.Context,
    store: str,
    files: tuple[Path, ...],
    format_: str | None,
    map_: Path | None,
    topic: str | None,
    by: str,
    rejects: Path | None,
    *,
    update: str | None,
    batch: int,
    dry_run: bool,
    strict: bool,
    guess: bool,
    no_create: bool,
    as_json: bool,
) -> None:
    """Import files, row by row or as a full log.

    The same file again appends nothing, and a refused row or file stops no other. A dash stands
    for standard input; packed files (.gz) are read as they are.
    """
    places = _check_files(files)
    if guess:
        scale = _scale_of(store, topic) if topic else ""
        for place in places:
            click.echo(propose(place, topic or "", scale), nl=False)
        return
    options = ImportOptions(
        by=by,
        format=format_,
        mapping=read_map(map_) if map_ else None,
        topic=topic,
        rejects=rejects,
        creates=not no_create,
        strict=strict,
        dry_run=dry_run,
        goes_on=True,
        batch=batch,
        update=update,
    )
    with _opened(store, dry_run=dry_run) as services, Progress(IMPORT) as bar:
        if services.log.asks_four_eyes() and not dry_run:
            raise Refused(IMPORT_BY_ONE)
        summary = import_files(services, places, options, bar)
        services.models.catch_up(on_progress=bar)
        if summary.keyless:
            _tell_what_stands_beside(services, summary)
    _tell(summary, as_json=as_json)
    if not summary.clean:
        context.exit(REFUSED)


def _tell_what_stands_beside(services: Services, summary: Summary) -> None:
    """Add warnings for new statements without a key that may repeat an older one."""
    with services.models.engine().connect() as conn:
        if summary.dry_run:
            twins = twins_of_drafts(conn, summary.rehearsed, summary.head)
        elif summary.withheld:
            return
        else:
            twins = earlier_twins(conn, [*summary.keyless], summary.head)
    summary.stand_beside(twins)


@contextmanager
def _opened(store: str, *, dry_run: bool) -> Iterator[Services]:
    """Open the store and create it if needed; a dry run does not leave a new one."""
    with ExitStack() as stack:
        try:
            services = stack.enter_context(open_services(store, create=not dry_run))
        except NotFound:
            if not dry_run:
                raise
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="standline-dry-"))
            aside = f"sqlite:///{Path(folder) / 'store.db'}"
            services = stack.enter_context(open_services(aside, create=True))
        yield services


def _scale_of(store: str, topic: str) -> str:
    """Return the name of a topic's scale; empty if topic or store do not exist."""
    try:
        with open_services(store) as services:
            return scale_of(services, topic)
    except NotFound:
        return ""


def _check_files(files: tuple[Path, ...]) -> list[Path]:
    """Return the files; raises `NotFound` for a missing one before any is read."""
    places = [STANDARD_INPUT if str(file) == "-" else file for file in files]
    for place in places:
        if not place.exists():
            raise NotFound(INPUT_MISSING, field=str(place))
    return places


def _tell(summary: Summary, *, as_json: bool) -> None:
    for correction in summary.corrections:
        click.echo(f"standline: {correction}", err=True)
    for rejection in summary.rejections:
        say(f"standline: {rejection}", err=True)
    for doubt in summary.doubts:
        say(f"standline: {doubt}", err=True)
    for refusal in summary.refused_files:
        say(f"standline: {refusal}", err=True)
    if summary.hidden and not summary.rejects_files:
        more = f"{summary.hidden:,} more are not shown"
        click.echo(f"standline: {more}; --rejects FILE keeps them all", err=True)
    if as_json:
        say(msgspec.json.format(msgspec.json.encode(summary.as_object()), indent=2).decode())
        return
    for line in summary.lines():
        say(line)
