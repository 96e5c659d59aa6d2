"""What commands that record share: who gives them, under which key, and what they print."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click
import msgspec

from timeline.bootstrap import Services
from timeline.cli.options import opened, store_option
from timeline.domain.naming import keyed_id

if TYPE_CHECKING:
    from timeline.application.newsroom import Newsroom
    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")


class CliSession(msgspec.Struct, frozen=True):
    """One command that records: the store with its clock, who gives it, and under which key."""

    services: Services
    handle: str
    key: str | None = None

    @property
    def newsroom(self) -> Newsroom:
        """The commands of the application."""
        return self.services.newsroom

    def byline(self, part: str = "") -> Byline:
        """Return who records now; what is recorded again under the same key counts once.

        Of a command that records several things each ``part`` has a key of its own.
        """
        key = f"{self.key}/{part}" if self.key and part else self.key
        return self.newsroom.byline(self.handle, "api", key)

    def entry_id(self) -> str | None:
        """Return the id that the key gives a new entry, if there is a key."""
        return keyed_id("record", self.key) if self.key else None

    def print_place(self, recorded: Recorded) -> None:
        """Bring the read models up to what was recorded, and print its log position."""
        self.services.models.catch_up()
        click.echo(recorded.position)
        if not recorded.fresh:
            click.echo("standline: it was on record already", err=True)


def byline_options(command: F) -> F:
    """Let a command be told who gives it, and under which key."""
    command = click.option("--by", default="editor", show_default=True, help="Public handle.")(
        command
    )
    return click.option("--key", help="Makes the command count once, however often it is given.")(
        command
    )


def records(command: Callable[Concatenate[CliSession, P], Recorded | None]) -> Callable[..., None]:
    """Open the store for a command that records, and print the place of what it returns."""

    @byline_options
    @store_option
    @functools.wraps(command)
    def run(store: str, by: str, key: str | None, *args: P.args, **options: P.kwargs) -> None:
        with opened(store) as services:
            recording = CliSession(services, by, key)
            recorded = command(recording, *args, **options)
            if recorded is not None:
                recording.print_place(recorded)

    return run
