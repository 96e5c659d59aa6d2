"""The command that exports the record: as native lines, as a table, or as its full log."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import click

from timeline.cli.options import (
    actor_option,
    as_of_option,
    known_at_option,
    open_services,
    read_known_at,
    store_option,
    topic_option,
)
from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.interchange.exporting.export import export
from timeline.interchange.formats.contracts import DUPLICATES, NETWORKS, ExportOptions
from timeline.interchange.formats.registry import exporters

OUTPUT_NOT_WRITABLE = Message(
    "output_not_writable", "cannot write %(path)s: %(why)s", fix="choose another place with -o"
)


@click.command("export")
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted(exporters())),
    help="As what; else as the file of -o ends, and as jsonl if that says nothing.",
)
@topic_option
@actor_option
@as_of_option
@known_at_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, readable=False, allow_dash=True),
    metavar="FILE",
    help="Where to; else, or with a dash, to standard output.",
)
@click.option(
    "--network",
    type=click.Choice(NETWORKS),
    default=NETWORKS[0],
    show_default=True,
    help="Of graphml: between whom.",
)
@click.option(
    "--duplicates",
    type=click.Choice(DUPLICATES),
    default=DUPLICATES[0],
    show_default=True,
    help="Of graphml: the same statement counts once in each.",
)
@click.option(
    "--own-words",
    is_flag=True,
    help="For other programs: leave out what others say of somebody.",
)
@click.option(
    "--variable",
    "variables",
    multiple=True,
    metavar="ID:VALUE",
    help="For other programs: only statements that have this value, as in room:a line; repeatable.",
)
@store_option
def export_(  # noqa: PLR0913 - the options of the contract
    store: str,
    format_: str | None,
    topic: str | None,
    actor: str | None,
    as_of: str | None,
    known_at: str | None,
    output: Path | None,
    *,
    network: str,
    duplicates: str,
    own_words: bool,
    variables: tuple[str, ...],
) -> None:
    """Export the record, or a part of it.

    With the two clocks, the part that had been said and was known by then.
    """
    with open_services(store) as services:
        with services.models.engine().connect() as conn:
            position = read_known_at(conn, known_at)
        options = ExportOptions(
            topic=topic,
            actor=actor,
            as_of=as_of,
            known_at=position,
            network=network,
            duplicates=duplicates,
            own_words=own_words,
            variables=variables,
        )
        as_what = format_ or _format_of(output)
        if output is None or str(output) == "-":
            export(services, sys.stdout.buffer, as_what, options)
            sys.stdout.buffer.flush()
        else:
            write_file(output, lambda out: export(services, out, as_what, options))


def _format_of(output: Path | None) -> str:
    """Return the export format by the ending of a file name."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in exporters() else "jsonl"


def write_file(output: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file as a whole or not at all; a pipe or /dev/null is written directly.

    Raises `StandlineError` if it cannot be written.
    """
    try:
        if output.exists() and not output.is_file():
            with output.open("wb") as out:
                write(out)
        else:
            _in_place(output.resolve(), write)
    except OSError as error:
        raise StandlineError(OUTPUT_NOT_WRITABLE, path=output, why=error.strerror) from None


def _in_place(file: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write to a temporary file and move it into place, so that no partial export remains."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with aside.open("wb") as out:
            write(out)
        aside.replace(file)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
