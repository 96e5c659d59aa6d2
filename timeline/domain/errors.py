"""Errors that people see, each in one line: what, where, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.messages import Advice, Either, InQuotes, Message, Sentence, Value

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, Self

    from timeline.domain.event import Event


LONGEST = 560
"""Most characters of a message, which may repeat what somebody sent."""

DID_YOU_MEAN = Advice("did you mean %(meant)s?")


class StandlineError(Exception):
    """Base of every error that a person may see.

    ``code`` names the error for programs; ``values`` fill its message. ``field`` is the field of
    the interchange, ``entry`` the id of the entry that it is about; both may be empty.
    ``message`` and ``fix`` are English; ``what`` and ``remedy`` are their templates with values,
    for translation. ``str()`` is one line.
    """

    entry = ""

    def __init__(
        self, message: Message, /, *, field: str = "", fix: Advice | None = None, **values: object
    ) -> None:
        super().__init__(message)
        self.template, self.advice = message, fix
        self.code, self.field = message.code, field
        self.values = {name: value_of(value) for name, value in values.items()}
        self.what = Sentence(message.text, self.values)
        self.remedy = Sentence(fix.text if fix else message.fix, self.values)
        self.message, self.fix = shorten(str(self.what)), str(self.remedy)

    @classmethod
    def again(cls, error: StandlineError, *, field: str, fix: Advice | None = None) -> Self:
        """Return a copy of an error for another field."""
        return cls(error.template, field=field, fix=fix or error.advice, **error.values)

    def __str__(self) -> str:
        """Return the whole error as one line."""
        where = f"{self.field}: " if self.field else ""
        then = f"; {self.fix}" if self.fix else ""
        return " ".join(f"{where}{self.message}{then}".split())


class Refused(StandlineError):
    """A rule said no."""


class Busy(StandlineError):
    """The server is overloaded; the same request will work later."""


class OutcomeUnknown(StandlineError):
    """The store was lost during a write: nobody knows yet whether it is on record."""


class NotFound(StandlineError):
    """Nothing of that name is on record; ``nearest`` lists similar names."""

    def __init__(
        self,
        message: Message,
        /,
        *,
        field: str = "",
        fix: Advice | None = None,
        nearest: tuple[str, ...] = (),
        **values: object,
    ) -> None:
        if nearest and not (fix or message.fix):
            fix, values["meant"] = DID_YOU_MEAN, Either(nearest)
        super().__init__(message, field=field, fix=fix, **values)
        self.nearest = nearest


class Conflict(StandlineError):
    """Somebody else recorded something in between, or the id belongs to another entry.

    ``since`` lists the events recorded after the version that the person had seen.
    """

    def __init__(
        self,
        message: Message,
        /,
        *,
        field: str = "",
        fix: Advice | None = None,
        since: tuple[Event, ...] = (),
        **values: object,
    ) -> None:
        super().__init__(message, field=field, fix=fix, **values)
        self.since = since


def check_choice(
    message: Message, choices: Collection[str], /, *, field: str, **given: object
) -> None:
    """Raise `Refused` unless a value is one of the choices; it has its name in the message."""
    if not all(value in choices for value in given.values()):
        values: dict[str, Any] = {name: InQuotes(value) for name, value in given.items()}
        raise Refused(message, field=field, **values, choices=", ".join(choices))


def value_of(value: object) -> Value:
    """Return a value for a message; a path or an error becomes its `str()`."""
    return value if isinstance(value, Value) else str(value)


def shorten(message: str) -> str:
    """Cut a message that is too long to read."""
    return message if len(message) <= LONGEST else f"{message[:LONGEST]}…"
