"""The command that watches feeds and folders and fills the inbox."""

from __future__ import annotations

import time
from pathlib import Path

import click

from timeline.cli.options import open_services, store_option
from timeline.domain.errors import StandlineError
from timeline.watching.polling import Report, Watch
from timeline.watching.sources import read_sources


@click.command("watch")
@click.argument("sources", type=click.Path(path_type=Path), metavar="SOURCES")
@click.option("--once", is_flag=True, help="Look once at all of them, and end.")
@click.option(
    "--every",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    metavar="MINUTES",
    help="How often to look.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="How old a text may be; what nobody took in that time is set aside.",
)
@store_option
def watch(sources: Path, store: str, every: int, days: int, *, once: bool) -> None:
    """Fill the desk's inbox from feeds and folders.

    SOURCES is a TOML file that names them. Nothing is recorded: the texts wait on the desk, at
    /record/inbox, for somebody who codes. One that cannot be read is told once and asked again
    later; the others go on.
    """
    feeds = read_sources(sources)
    with open_services(store) as services:
        watching = Watch(services, feeds, days=days)
        troubles: dict[str, str] = {}
        while True:
            try:
                services.models.catch_up()
                new = _look(watching, troubles, at_all=once)
            except StandlineError as error:
                if once:
                    raise
                click.echo(f"standline: {error}", err=True)  # the store may be back the next time
            if once:
                click.echo(f"{len(feeds)} watched, {new} new")
                return
            time.sleep(every * 60)


def _look(watching: Watch, troubles: dict[str, str], *, at_all: bool) -> int:
    """Check the sources, print the results, and return the number of new texts."""
    new = 0
    for report in watching.look(at_all=at_all):
        new += report.new
        _tell(report, troubles)
    return new


def _tell(report: Report, troubles: dict[str, str]) -> None:
    """Print new texts and new troubles."""
    if report.trouble and troubles.get(report.address) != report.trouble:
        click.echo(f"standline: {report.address}: {report.trouble}", err=True)
    troubles[report.address] = report.trouble
    for name, why in report.unread.items():
        click.echo(f"standline: {report.address}, {name}: {why}", err=True)
    if report.new:
        again = f", {report.repeated} with words of others" if report.repeated else ""
        click.echo(f"{report.address}: {report.new} new{again}")
