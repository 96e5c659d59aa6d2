"""Commands that list, move, withdraw and record entries under embargo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from timeline.cli.groups import CommandGroup
from timeline.cli.options import open_services, store_option
from timeline.cli.output import format_options, print_answers
from timeline.domain.dates import parse_instant_us
from timeline.domain.instants import iso_us
from timeline.releasing import entries_in, release, release_due

if TYPE_CHECKING:
    from timeline.desk.embargoes import Embargo
    from timeline.releasing import Released

COLUMNS = ("id", "kind", "due_at", "author", "actor", "topic", "words", "trouble")
SHOWN = ("due_at", "author", "actor", "words", "trouble", "id")


@click.group(cls=CommandGroup)
@click.option("--store", metavar="URL", help="May stand here as well as after the command.")
def embargo(store: str | None) -> None:
    """Say what waits for its moment, move it, or record it.

    Whoever serves the site records what is due. Without a site, a timer of the system that gives
    “standline embargo run” does.
    """


@embargo.command("list")
@format_options
@store_option
def list_waiting(store: str, form: str) -> None:
    """List what waits, the next first."""
    with open_services(store, prepare=False, catch_up=False) as services:
        waiting = services.desk.embargoes.waiting() if services.desk.is_there() else []
        if not waiting and not form:
            click.echo("nothing waits")
            return
        print_answers([_row(entry) for entry in waiting], form, SHOWN, COLUMNS)


@embargo.command()
@click.argument("entry", metavar="ID")
@click.argument("until", metavar="INSTANT")
@click.option("--by", default="editor", show_default=True, help="Public handle.")
@store_option
def move(store: str, entry: str, until: str, by: str) -> None:
    """Let an entry wait for another instant.

    One that was refused is tried again then.
    """
    with open_services(store) as services:
        due_at, now = parse_instant_us(until, "INSTANT"), services.clock()
        services.desk.embargoes.move(entry, due_at, by, now, services.log.head())


@embargo.command("withdraw")
@click.argument("entry", metavar="ID")
@store_option
def withdraw(store: str, entry: str) -> None:
    """Let an entry wait no more.

    What would have been recorded is printed as native lines.
    """
    with open_services(store) as services:
        gone = services.desk.embargoes.take_back(entry)
        for entry_command in entries_in(gone):
            click.echo(msgspec.json.encode(entry_command.command).decode())


@embargo.command("release")
@click.argument("entry", metavar="ID")
@store_option
def release_one(store: str, entry: str) -> None:
    """Record an entry now, and print its number.

    It is recorded even if the like was recorded meanwhile.
    """
    with open_services(store) as services:
        services.desk.embargoes.find(entry)
        _tell([release(services, entry, looked=True)])
        services.models.catch_up()


@embargo.command("run")
@store_option
def run_due(store: str) -> None:
    """Record what is due, and print the numbers.

    The exit status is 1 if any is refused.
    """
    with open_services(store) as services:
        _tell(release_due(services))
        services.models.catch_up()


def _tell(results: list[Released | None] | list[Released]) -> None:
    refused = [released for released in results if released and released.trouble]
    for result in results:
        if result and result.number:
            click.echo(result.number)
    for result in refused:
        click.echo(f"standline: {result.entry.id}: {result.trouble}", err=True)
    if refused:
        raise SystemExit(1)


def _row(entry: Embargo) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "due_at": iso_us(entry.due_at),
        "author": entry.author,
        "actor": entry.gist.actor,
        "topic": entry.gist.topic,
        "words": entry.gist.words,
        "trouble": str(entry.trouble) if entry.trouble else None,
    }
