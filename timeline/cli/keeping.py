"""Making a store, and keeping its clock right."""

from __future__ import annotations

import click

from timeline.cli.options import opened, place_of, store_option, tell
from timeline.domain.errors import NotFound
from timeline.domain.instants import iso_us


@click.command()
@store_option
def init(store: str) -> None:
    """Make an empty store.

    One that is there already stays as it is.
    """
    try:
        with opened(store) as services:
            click.echo(f"there is a store already at {place_of(services.url)}")
    except NotFound:
        with opened(store, create=True) as services:
            click.echo(f"made a store at {place_of(services.url)}")


@click.command()
@click.option("--confirm", is_flag=True, help="Record that this machine's clock is right.")
@click.option("--by", default="operator", show_default=True, help="Public handle.")
@store_option
def clock(store: str, by: str, *, confirm: bool) -> None:
    """Say how far this machine's clock is from the log's.

    Where the log's last entry was recorded by a clock that was wrong, or nothing was recorded for
    months, nothing more is recorded until somebody looks at the clock and confirms it.
    """
    with opened(store) as services:
        now, (_, reached) = services.clock(), services.log.last()
        tell("now", iso_us(now))
        tell("last entry", iso_us(reached) if reached else "none yet")
        if confirm:
            position = services.newsroom.confirm_clock(services.newsroom.byline(by, "api"))
            services.models.catch_up()
            tell("confirmed", f"at {position}")


COMMANDS = (init, clock)
