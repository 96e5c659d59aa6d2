"""The end of a command: an exit status, and one line about an error."""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, TypeGuard

import click

from timeline.cli.output import say
from timeline.domain.errors import NotFound, Refused, StandlineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.exc import DBAPIError

REFUSED, USAGE, INTERRUPTED = 1, 2, 130
DEBUG = "STANDLINE_DEBUG"
"""The environment variable that shows the traceback of an unexpected error."""

CLOCKS = ("--as-of", "--known-at", "--since", "--at")
"""Options that we parse ourselves; an invalid value is wrong usage, not a refusal."""

LISTED_BY = {
    "topic": "topics",
    "topics": "topics",
    "condition.topic": "topics",
    "condition.actor": "actors",
    "actor": "actors",
    "on_behalf_of": "actors",
    "according_to": "actors",
}


@contextmanager
def ending_in_one_line() -> Iterator[None]:
    """Exit with 0 for done, 1 for refused, 2 for wrong usage, and never with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal shows the number of a character that it cannot display.
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(USAGE)
    except click.UsageError as error:
        _end(f"{error.format_message().rstrip('.')}; {_help(error)}", USAGE)
    except (click.Abort, KeyboardInterrupt):
        _end("stopped", INTERRUPTED)
    except BrokenPipeError:
        leave_quietly()
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        unread = isinstance(error, Refused) and error.field in CLOCKS
        _end(describe(error), USAGE if unread else REFUSED)


def describe(error: Exception) -> str:
    """Return a message for an error, with a fix if we know one."""
    if isinstance(error, NotFound) and not error.fix and error.field in LISTED_BY:
        return f"{_in_one_line(error)}; `standline {LISTED_BY[error.field]}` lists them"
    if isinstance(error, StandlineError):
        return _in_one_line(error)
    if isinstance(error, click.ClickException):
        return error.format_message()
    if "sqlalchemy" in sys.modules and _is_of_database(error):
        return _of_database(error)
    if isinstance(error, OSError) and error.strerror:
        file = f"{error.filename}: " if error.filename else ""
        return f"{file}{error.strerror}; make room or give the right, and try again"
    return (
        f"a mistake in Standline, not in what you gave it: {type(error).__name__}: {error};"
        f" run it again with {DEBUG}=1 and report what that shows"
    )


def _in_one_line(error: StandlineError) -> str:
    """Return an error in one line, after its field unless the message names it."""
    names_it = error.message.startswith((f"{error.field} ", f"there is no {error.field} "))
    message = str(error)
    return message.removeprefix(f"{error.field}: ") if error.field and names_it else message


def _is_of_database(error: Exception) -> TypeGuard[DBAPIError]:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - loaded only where a store is open

    return isinstance(error, DBAPIError)


def _of_database(error: DBAPIError) -> str:
    """Return the message of a database error, which can only come from read models."""
    from timeline.projections.generations.read_models import (  # noqa: PLC0415 - as above
        READ_MODELS_DAMAGED,
    )
    from timeline.stores.trouble import is_damaged, reason_of  # noqa: PLC0415 - as above

    why = reason_of(error.orig or error)
    if is_damaged(error):
        return str(StandlineError(READ_MODELS_DAMAGED, why=why))
    fix = "make sure that it is up and has room; `standline replay` makes anew what pages read"
    return f"the store cannot do it now: {why}; {fix}"


def _help(error: click.UsageError) -> str:
    """Return a hint for wrong usage; the store is named after the command, not before it."""
    is_group = error.ctx is not None and isinstance(error.ctx.command, click.Group)
    if isinstance(error, click.NoSuchOption) and error.option_name == "--store" and is_group:
        return "name the store behind the command, as in standline doctor --store news.db"
    command = error.ctx.command_path if error.ctx else "standline"
    return f"see {command} --help"


def _end(line: str, status: int) -> NoReturn:
    text = " ".join(line.split()).rstrip(".")
    say(f"standline: {text}", err=True)
    sys.exit(status)


def leave_quietly() -> NoReturn:
    """End normally: the reader has closed the pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)
