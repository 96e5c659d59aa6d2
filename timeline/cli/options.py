"""Shared parts of commands: the store, options, and progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import click
from click.core import ParameterSource
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from timeline.bootstrap import DEFAULT_STORE, Services, open_store
from timeline.cli.output import say
from timeline.domain.dates import parse_as_of
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Advice, Message
from timeline.projections.queries import log
from timeline.projections.tables import schema
from timeline.stores.trouble import StoreReadOnly

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.stores.store_url import StoreUrl


WRITE_AN_INSTANT = Advice(
    "write an instant such as 2025-12-15T18:00:00Z, or a position such as @1042"
)
KNOWN_AT_TO_COME = Message(
    "known_at_to_come",
    "there is no position @%(position)s yet",
    fix="the log ends at @%(head)s",
)
AT_ONCE = 1_000
"""Answers that are formatted together: there may be very many long ones."""

F = TypeVar("F", bound=Callable[..., Any])


MEGABYTE = 1_000_000
LARGEST = 10**15
"""Larger than any record, and small enough for a database."""


class Count(click.IntRange):
    """A whole number in a range, with plain error messages."""

    name = "whole number"

    def convert(self, value: int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number; raises `click.BadParameter` if it is invalid or out of range."""
        number: int = super().convert(value, param, ctx)
        if number > LARGEST:
            self.fail(f"{number} is too large a number.", param, ctx)
        return number


def _nearest(context: click.Context, option: click.Parameter, store: str) -> str:
    """Return the store, which may be named before or after a command of a group."""
    before = context.parent.params.get("store") if context.parent else None
    here = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
    return store if here or before is None else before


def slugs_of(noun: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a shell completion for slugs of a noun ("topics", "actors" or "stories")."""

    def complete(context: click.Context, _option: click.Parameter, beginning: str) -> list[str]:
        store = context.params.get("store") or os.environ.get("STANDLINE_STORE") or DEFAULT_STORE
        try:
            return slugs_with_prefix(store, noun, beginning)
        except (StandlineError, SQLAlchemyError):
            return []  # A shell that completes is no place to complain.

    return complete


def slugs_with_prefix(store: str, noun: str, beginning: str) -> list[str]:
    """Return the slugs of a store that begin with a text, from its read models."""
    slug = schema.metadata.tables[noun].c.slug
    query = select(slug).where(slug.startswith(beginning, autoescape=True)).order_by(slug)
    with (
        open_services(store, prepare=False, catch_up=False) as services,
        services.models.engine().connect() as conn,
    ):
        return list(conn.execute(query).scalars())


store_option: Callable[[F], F] = click.option(
    "--store",
    envvar="STANDLINE_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    show_envvar=True,
    callback=_nearest,
    metavar="URL",
    help="A path, sqlite:///path or postgresql://…",
)
topics_option: Callable[[F], F] = click.option(
    "--topic",
    "topics",
    multiple=True,
    metavar="SLUG",
    shell_complete=slugs_of("topics"),
    help="Only this topic; may be repeated.",
)
actors_option: Callable[[F], F] = click.option(
    "--actor",
    "actors",
    multiple=True,
    metavar="SLUG",
    shell_complete=slugs_of("actors"),
    help="Only this actor; may be repeated.",
)
variables_option: Callable[[F], F] = click.option(
    "--variable",
    "variables",
    multiple=True,
    metavar="ID:VALUE",
    help="Only by statements that have this value, as in room:a line; may be repeated.",
)
topic_option: Callable[[F], F] = click.option(
    "--topic", metavar="SLUG", shell_complete=slugs_of("topics"), help="Only this topic."
)
actor_option: Callable[[F], F] = click.option(
    "--actor", metavar="SLUG", shell_complete=slugs_of("actors"), help="Only this actor."
)
limit_option: Callable[[F], F] = click.option(
    "-n", "limit", type=Count(min=1), metavar="N", help="No more than so many."
)
as_of_option: Callable[[F], F] = click.option(
    "--as-of",
    "--at",
    metavar="DATE",
    callback=lambda _context, _option, text: _checked_as_of(text),
    help="What had been said by the end of this day or this instant.",
)
known_at_option: Callable[[F], F] = click.option(
    "--known-at", metavar="INSTANT|@POSITION", help="What the record knew then."
)


def read_as_of(text: str | None) -> int | None:
    """Read ``--as-of`` as the last second that it covers; raises `Refused` if it is no date."""
    return None if text is None else parse_as_of(text, "--as-of")


def _checked_as_of(text: str | None) -> str | None:
    read_as_of(text)
    return text


def read_known_at(conn: Connection, text: str | None) -> int | None:
    """Read ``--known-at`` as a log position; raises `Refused` if it is invalid."""
    if text is None:
        return None
    try:
        position = log.read_known(conn, text)
    except Refused as error:
        raise Refused.again(error, field="--known-at", fix=WRITE_AN_INSTANT) from None
    if position > (head := log.head(conn)):
        raise Refused(KNOWN_AT_TO_COME, field="--known-at", position=position, head=head)
    return position


BACKUPS = "STANDLINE_BACKUPS"
"""The environment variable that names the folder of backups."""


SOON = 1.0
"""Seconds before a command shows its progress."""

REBUILD = {"events": 90, "indexes": 5, "positions": 5}
"""The parts of building read models, with weights by duration."""

STEPS = 1_000
"""The number of steps of a progress bar."""

MINUTE = 60


def go_on() -> None:
    """Do not stop: Ctrl-C ends a command."""


class Progress:
    """A progress bar on a terminal for work of more than a second; elsewhere nothing.

    ``parts`` are the parts of the work in order, with weights by duration; they share one bar. Any
    other part has a bar of its own. Each step calls ``stop_if_asked``, which may raise.
    """

    def __init__(
        self,
        parts: Mapping[str, int] | None = None,
        stop_if_asked: Callable[[], None] = go_on,
    ) -> None:
        self._parts = parts or {}
        self._stop_if_asked = stop_if_asked
        self._begun = self._bar_begun = time.monotonic()
        self._bar: Any = None
        self._of = ""
        self._at = 0

    def __enter__(self) -> Self:
        """Show nothing yet."""
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """End the line and show the cursor again."""
        if error is None:
            self.close()
        else:
            self.break_off()

    def __call__(self, part: str, done: int, of: int) -> None:
        """Show ``done`` of ``of``; a part shown before counts as complete."""
        self._stop_if_asked()
        if not sys.stderr.isatty() or time.monotonic() - self._begun < SOON:
            return
        work = "all" if part in self._parts else part
        if work != self._of or self._bar is None:
            self.close()
            self._of, self._at = work, 0
            self._bar_begun = self._begun if work == "all" else time.monotonic()
            self._bar = click.progressbar(
                length=STEPS, file=sys.stderr, show_eta=False, item_show_func=_remaining
            )
        self._bar.label = part
        self._show(round(STEPS * self._share(part, done / of if of else 0)))

    def close(self) -> None:
        """Complete the bar and end its line, if there is one."""
        if self._bar is not None:
            self._show(STEPS)
            self.break_off()

    def break_off(self) -> None:
        """End the line of an incomplete bar, if there is one."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None

    def _share(self, part: str, share: float) -> float:
        """Return the share of all work that is done, by that of a part."""
        if part not in self._parts:
            return share
        names = list(self._parts)
        before = sum(self._parts[name] for name in names[: names.index(part)])
        return (before + self._parts[part] * min(share, 1)) / sum(self._parts.values())

    def _show(self, step: int) -> None:
        self._bar.update(max(0, step - self._at), self._rest(step))
        self._at = max(self._at, step)

    def _rest(self, step: int) -> str:
        """Return the estimated remaining time, at the speed so far."""
        passed = time.monotonic() - self._bar_begun
        if not 0 < step < STEPS or passed < SOON:
            return ""
        left = passed * (STEPS - step) / step
        return f"{left:.0f} s left" if left < MINUTE else f"{left / MINUTE:.0f} min left"


def _remaining(rest: str | None) -> str:
    return rest or ""


@contextmanager
def open_services(
    store: str,
    *,
    create: bool = False,
    prepare: bool = True,
    catch_up: bool = True,
    progress: Progress | None = None,
    stop_if_asked: Callable[[], None] = go_on,
) -> Iterator[Services]:
    """Open the store for one command, with current read models.

    Only commands that import may create a missing store, so that a mistyped path does not create
    one. ``progress`` is that of an outer command; ``stop_if_asked`` is called at each step.
    """
    with Progress(REBUILD, stop_if_asked) as own:
        bar = progress or own
        services = open_store(store, create=create, prepare=prepare, on_progress=bar)
        try:
            if catch_up:
                _catch_up(services, bar)
            own.close()
            yield services
        finally:
            services.close()


def _catch_up(services: Services, progress: Progress) -> None:
    """Update the read models; if they cannot be written, print how many events are missing."""
    try:
        services.models.catch_up(on_progress=progress)
    except StoreReadOnly as error:
        progress.break_off()
        missing = services.log.head() - services.models.shown()
        many = "1 event is" if missing == 1 else f"{missing} events are"
        click.echo(f"standline: {many} not shown: {error.message}", err=True)


def place_of(url: StoreUrl) -> str:
    """Return the address of a store, without the password."""
    if url.is_sqlite:
        return str(url.log_path)
    parts = urlsplit(url.text)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


@contextmanager
def read_connection(store: str) -> Iterator[Connection]:
    """Open the store for a query, and return a connection to its live read models."""
    with open_services(store) as services, services.models.engine().connect() as conn:
        yield conn


def size_of(count: int) -> str:
    """Return a number of bytes for people: in megabytes, or in kilobytes if less than one."""
    return f"{count / 1e6:.1f} MB" if count >= MEGABYTE else f"{count / 1e3:.1f} kB"


def print_facts(subject: str, *facts: str) -> None:
    """Print facts about a subject, like the doctor."""
    say(f"{subject:<12} " + "  ".join(facts))
