"""Retract a whole import: all unretracted entries of a file, from one import of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.output import say
from timeline.domain.errors import NotFound, Refused
from timeline.domain.instants import MICROSECONDS, NEWEST, iso
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries.imported import imports

if TYPE_CHECKING:
    from timeline.cli.recorder import CliSession
    from timeline.projections.queries.imported import Import

NOTHING_IMPORTED = Message(
    "nothing_imported",
    "nothing that stands was imported from %(file)s",
    fix="“standline log” names the file of each import",
)
SEVERAL_IMPORTS = Message(
    "several_imports",
    "files of the name %(file)s were imported more than once: %(imports)s",
    fix="give --after and --upto of one of them, or --after 0 for all",
)
NAMED = 10
"""Most imports (the last ones) in a message to choose from."""


def retract_import(
    run: CliSession,
    file: str,
    bounds: tuple[int | None, int | None],
    reason: str,
    *,
    withhold: bool,
    dry_run: bool,
) -> None:
    """Retract all unretracted entries of a file; after an interruption the same command goes on.

    ``bounds`` are the log positions after which and up to which it was imported. Raises `Refused`
    if they are missing and there were several imports of this name, and `NotFound`.
    """
    after, upto = bounds
    with run.services.models.engine().connect() as conn:
        batches = imports(conn, file, after or 0, NEWEST if upto is None else upto)
    if not batches:
        raise NotFound(NOTHING_IMPORTED, field="--imported", file=InQuotes(file))
    if len(batches) > 1 and after is None and upto is None:
        listed = "; ".join(map(_describe, batches[-NAMED:]))
        raise Refused(SEVERAL_IMPORTS, field="--imported", file=InQuotes(file), imports=listed)
    if dry_run:
        _list(file, batches)
        return
    numbers = [number for batch in batches for number in batch.standing]
    for number in numbers:
        room = run.newsroom.entries(number)
        room.retract(run.byline(str(number)), number, reason, withhold=withhold)
    run.services.models.catch_up()
    click.echo(f"{_entries(len(numbers))} retracted")


def _list(file: str, batches: list[Import]) -> None:
    """Print the entries to retract, and a note that the log knows a file only by its name."""
    for batch in batches:
        say(f"standline: {_describe(batch)}", err=True)
    alike = f"files of the name {file!r} count alike, whichever folder they are from"
    say(f"standline: {alike}: see that these are the ones you mean", err=True)
    for number in (number for batch in batches for number in batch.standing):
        click.echo(number)


def _describe(batch: Import) -> str:
    began = iso(batch.recorded_at // MICROSECONDS)
    bounds = f"--after {batch.first - 1} --upto {batch.last}"
    return f"{bounds} ({_entries(len(batch.standing))}, {began})"


def _entries(count: int) -> str:
    return f"{count:,} {'entry' if count == 1 else 'entries'}"
