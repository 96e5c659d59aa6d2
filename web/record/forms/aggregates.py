"""What an editor is about to change, read from its own small stream of the log."""

from __future__ import annotations

from typing import TypeVar

from timeline.application.recording import unknown_stream
from timeline.domain.aggregate import Aggregate
from web.shell.request import concerns, services

A = TypeVar("A", bound=Aggregate)


def load(kind: type[A], stream: str, upto: int | None = None) -> A:
    """Return it as it is now, or as it was at a version; raises `NotFound`."""
    concerns(stream)
    events = services().log.stream_of(stream)
    seen = [event for event in events if upto is None or event.originator_version <= upto]
    a = kind.replay(seen)
    if a is None:
        raise unknown_stream(kind, stream)
    return a
