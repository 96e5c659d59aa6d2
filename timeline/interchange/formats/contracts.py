"""Protocols: the store that imports and exports need, and an export format."""

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
    """The target of imports and source of exports: a log, the names on record, and the clock."""

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
    """What to export: slugs of a topic and an actor, an EDTF date, a log position.

    ``network`` is one of `NETWORKS`; in it, repeated statements of an actor count once within
    ``duplicates``, one of `DUPLICATES`. In formats of other programs, ``own_words`` leaves out
    hearsay, and ``variables`` (``room:a line``) keeps only statements that have one of the given
    values of each named variable.
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
    """An export format. Other packages add theirs as entry points of `standline.exporters`."""

    name: str

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write the export; raises `StandlineError` only before the first byte."""
        ...
