"""Redacted events: nobody gets their words, whatever the database still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.stores.mapper import exact_parts, redacted_by, state_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from timeline.stores.rows import EventRow

REDACTIONS = (
    "topic.redacted",
    "actor.redacted",
    "document.redacted",
    "statement.redacted",
    "development.redacted",
    "change.redacted",
)
"""Event types that name redacted events. Every store has an index with them: a further type needs
an index of another name."""

IS_REDACTION = "topic IN ({})".format(", ".join(f"'{type_}'" for type_ in REDACTIONS))
"""The same as an SQL condition, exactly as in the index: only then is the index used."""

INDEX = "stored_erasures"

RedactionRow = tuple[int, str, bytes]
"""Position, stream and state of a redaction."""

RedactedEvent = tuple[int, str]
"""The position of a redacted event, and the stream of its redaction, which must be its own."""


def redacted_events(rows: Iterable[RedactionRow]) -> Iterator[RedactedEvent]:
    """Yield the events that redactions name; skip damaged redactions."""
    for _, stream, state in rows:
        try:
            positions = redacted_by(exact_parts(state)[0])
        except msgspec.MsgspecError:
            continue
        yield from ((position, stream) for position in positions)


def without_words(rows: Iterable[EventRow], named: Collection[RedactedEvent]) -> Iterator[EventRow]:
    """Yield rows, redacted ones without their words."""
    for row in rows:
        yield (
            (*row[:4], state_without_words(row[4])) if named and (row[0], row[1]) in named else row
        )


def state_without_words(state: bytes) -> bytes:
    """Return the state of an event without its words."""
    try:
        committed, *_ = exact_parts(state)
    except msgspec.MsgspecError:
        # Words may be anywhere in a state that cannot be decoded.
        return b""
    return state_of(committed, None, None)
