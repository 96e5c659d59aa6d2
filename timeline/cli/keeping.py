"""Making a store."""

from __future__ import annotations

import click

from timeline.cli.options import opened, place_of, store_option
from timeline.domain.errors import NotFound


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


COMMANDS = (init,)
