"""What imports and exports ask of a store, and what a format to export to must offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from timeline.application.directory import Register
    from timeline.stores.log import EventLog


NETWORKS = ("affiliation", "congruence", "conflict", "subtract")
DUPLICATES = ("all", "document", "week", "month", "year")


class Store(Protocol):
    """What is imported to and exported from: a log, who is known by which name, and the clock."""

    @property
    def log(self) -> EventLog:
        """The log."""

    @property
    def register(self) -> Register:
        """The names on record."""

    @property
    def clock(self) -> Callable[[], int]:
        """The present instant in microseconds UTC."""


class ExportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to export: slugs of a topic and an actor, an EDTF date, a position of the log.

    A graph is a ``network``, one of `NETWORKS`, in which the same statement of an actor counts once
    within what ``duplicates`` says, one of `DUPLICATES`. Formats of other programs leave out with
    ``own_words`` what others say of somebody, and with ``variables`` every statement that has not
    any of these values (``room:a line``) of each own variable that is named.
    """

    topic: str | None = None
    actor: str | None = None
    as_of: str | None = None
    known_at: int | None = None
    network: str = "affiliation"
    duplicates: str = "all"
    own_words: bool = False
    variables: tuple[str, ...] = ()


class Exporter(Protocol):
    """A format to export to. Another package adds one as a `standline.exporters`."""

    name: str

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write the export; raises `StandlineError` before the first byte, or never."""
        ...
