"""Load the aggregate that an editor is about to change from its stream in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from timeline.application.recording import unknown_stream
from timeline.domain.aggregate import Aggregate
from timeline.domain.development import Development
from timeline.domain.statement import Statement
from timeline.projections.queries.entries import StatementEntry
from web.shell.request import concerns, services

if TYPE_CHECKING:
    from timeline.projections.queries.entries import Entry

A = TypeVar("A", bound=Aggregate)


def load(kind: type[A], stream: str, upto: int | None = None) -> A:
    """Return an aggregate as it is now, or as it was at a version; raises `NotFound`."""
    concerns(stream)
    events = services().log.stream_of(stream)
    past = [event for event in events if upto is None or event.originator_version <= upto]
    aggregate = kind.replay(past)
    if aggregate is None:
        raise unknown_stream(kind, stream)
    return aggregate


def load_entry(entry: Entry, upto: int | None = None) -> Statement | Development:
    """Return the aggregate of an entry, as `load` does."""
    is_statement = isinstance(entry, StatementEntry)
    kind: type[Statement | Development] = Statement if is_statement else Development
    return load(kind, entry.stream, upto)
