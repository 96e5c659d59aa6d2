"""An entry in the log: immutable, named in the newsroom's words, the same bytes for ever."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec


class Content(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The free text of an event: what a redaction erases while the event itself stays."""


class Reason(Content, frozen=True):
    """Why something was done."""

    reason: str


class OptionalReason(Content, frozen=True):
    """Why something was done; empty if nobody had to say it."""

    reason: str = ""


class Note(Content, frozen=True):
    """What else there is to say."""

    note: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that the newsroom did, in the past tense.

    ``originator_id`` and ``originator_version`` name the stream and the place in it; they are
    kept in columns beside the event and set when it is read. ``recorded_at`` is in microseconds
    UTC; ``recorded_by`` is a public handle; ``key`` makes a repeated command recognisable.
    A type with free text has a field ``content``; ``None`` there means that it was erased.
    """

    TOPIC: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1

    originator_id: str = ""
    originator_version: int = 0
    recorded_at: int
    recorded_by: str
    via: str
    key: str | None = None


class Redacted(Event, frozen=True):
    """``positions`` are the log positions of this stream whose content was erased."""

    positions: tuple[int, ...]
    basis: str


def own_fields(kind: type[Content | Event]) -> tuple[str, ...]:
    """Return the fields that this type of event or content adds to the common ones."""
    common = {*Event.__struct_fields__, "content"}
    return tuple(name for name in kind.__struct_fields__ if name not in common)


class Byline(msgspec.Struct, frozen=True):
    """Who records, when and by which way: the clock enters the domain here and nowhere else.

    ``at`` is in microseconds UTC; ``via`` is ``form``, ``api``, ``import:<file name>`` or
    ``suggestion:<rule>@<version>``; ``key`` identifies a command so that it counts once. ``seen``
    is the version of the stream that they saw, ``None`` to accept any later version; no event
    stores it.
    """

    at: int
    by: str
    via: str
    key: str | None = None
    seen: int | None = None


def stamp(byline: Byline, stream: str, version: int = 1) -> dict[str, Any]:
    """Return the common fields of an event at a version of its stream."""
    return {
        "originator_id": stream,
        "originator_version": version,
        "recorded_at": byline.at,
        "recorded_by": byline.by,
        "via": byline.via,
        "key": byline.key,
    }
