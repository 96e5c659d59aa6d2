"""What can go wrong, each in one line: what, where, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timeline.domain.event import Event


LONGEST = 500
"""Characters of a message: what somebody sent is repeated in it, but never pages of it."""


class StandlineError(Exception):
    """Base of every error that a person may see.

    ``message`` says what is wrong, ``field`` where (a field of the interchange, or empty), and
    ``fix`` how to mend it. ``str()`` is one line.
    """

    def __init__(self, message: str, *, field: str = "", fix: str = "") -> None:
        message = message if len(message) <= LONGEST else f"{message[:LONGEST]}…"
        super().__init__(message)
        self.message = message
        self.field = field
        self.fix = fix

    def __str__(self) -> str:
        """Return the whole error as one line."""
        where = f"{self.field}: " if self.field else ""
        then = f"; {self.fix}" if self.fix else ""
        return " ".join(f"{where}{self.message}{then}".split())


class Refused(StandlineError):
    """A rule said no."""


class OutcomeUnknown(StandlineError):
    """The store went away while it wrote: whether it is on record, nobody can say yet."""


class NotFound(StandlineError):
    """Nothing of that name is on record; ``nearest`` holds the names that come close."""

    def __init__(
        self, message: str, *, field: str = "", fix: str = "", nearest: tuple[str, ...] = ()
    ) -> None:
        if nearest and not fix:
            fix = "did you mean " + " or ".join(nearest) + "?"
        super().__init__(message, field=field, fix=fix)
        self.nearest = nearest


class Conflict(StandlineError):
    """Somebody else recorded something in between, or the id stands for other words.

    ``since`` holds what was recorded after the version that the person had seen.
    """

    def __init__(
        self, message: str, *, field: str = "", fix: str = "", since: tuple[Event, ...] = ()
    ) -> None:
        super().__init__(message, field=field, fix=fix)
        self.since = since
