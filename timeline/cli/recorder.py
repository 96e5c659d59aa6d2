"""Shared parts of commands that record: byline, key, and output."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click
import msgspec

from timeline.bootstrap import Services
from timeline.cli.options import open_services, store_option
from timeline.domain.naming import keyed_id

if TYPE_CHECKING:
    from timeline.application.newsroom import Newsroom
    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")


class CliSession(msgspec.Struct, frozen=True):
    """One command that records: the store, the person's handle, and the key."""

    services: Services
    handle: str
    key: str | None = None

    @property
    def newsroom(self) -> Newsroom:
        """The commands of the application."""
        return self.services.newsroom

    def byline(self, part: str = "") -> Byline:
        """Return the byline of this moment; the same key counts only once.

        If a command records several things, each ``part`` has its own key.
        """
        key = f"{self.key}/{part}" if self.key and part else self.key
        return self.newsroom.byline(self.handle, "api", key)

    def entry_id(self) -> str | None:
        """Return the id of a new entry by the key, if there is a key."""
        return keyed_id("record", self.key) if self.key else None

    def print_place(self, recorded: Recorded) -> None:
        """Update the read models, and print the log position of what was recorded."""
        self.services.models.catch_up()
        click.echo(recorded.position)
        if not recorded.fresh:
            click.echo("standline: it was on record already", err=True)


def byline_options(command: F) -> F:
    """Add the options for handle and key to a command."""
    command = click.option("--by", default="editor", show_default=True, help="Public handle.")(
        command
    )
    return click.option("--key", help="Makes the command count once, however often it is given.")(
        command
    )


def records(command: Callable[Concatenate[CliSession, P], Recorded | None]) -> Callable[..., None]:
    """Open the store for a command that records, and print the position of its result."""

    @byline_options
    @store_option
    @functools.wraps(command)
    def run(store: str, by: str, key: str | None, *args: P.args, **options: P.kwargs) -> None:
        with open_services(store) as services:
            recording = CliSession(services, by, key)
            recorded = command(recording, *args, **options)
            if recorded is not None:
                recording.print_place(recorded)

    return run
