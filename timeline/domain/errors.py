"""What can go wrong, each in one line: what, where, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.messages import Advice, Either, Message, Sentence, Value

if TYPE_CHECKING:
    from typing import Self

    from timeline.domain.event import Event


LONGEST = 560
"""Characters of a message: what somebody sent is repeated in it, but never pages of it."""

DID_YOU_MEAN = Advice("did you mean %(meant)s?")


class StandlineError(Exception):
    """Base of every error that a person may see.

    ``code`` names the error to programs and ``values`` are what its message is about. ``field``
    says where it is (a field of the interchange, or empty), ``entry`` in which of several entries
    (an id, or empty). ``message`` and ``fix`` are English; ``what`` and ``remedy`` are the same as
    templates with values, for readers of other languages. ``str()`` is one line.
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
        """Return an error of this kind that says the same of another field."""
        return cls(error.template, field=field, fix=fix or error.advice, **error.values)

    def __str__(self) -> str:
        """Return the whole error as one line."""
        where = f"{self.field}: " if self.field else ""
        then = f"; {self.fix}" if self.fix else ""
        return " ".join(f"{where}{self.message}{then}".split())


class Refused(StandlineError):
    """A rule said no."""


class Busy(StandlineError):
    """More is asked than can be answered just now; the same will be answered later."""


class OutcomeUnknown(StandlineError):
    """The store went away while it wrote: whether it is on record, nobody can say yet."""


class NotFound(StandlineError):
    """Nothing of that name is on record; ``nearest`` holds the names that come close."""

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
    """Somebody else recorded something in between, or the id stands for other words.

    ``since`` holds what was recorded after the version that the person had seen.
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


def value_of(value: object) -> Value:
    """Return what a message is filled with; a path or an error is told as its `str()`."""
    return value if isinstance(value, Value) else str(value)


def shorten(message: str) -> str:
    """Return a message at a length that can be read."""
    return message if len(message) <= LONGEST else f"{message[:LONGEST]}…"
