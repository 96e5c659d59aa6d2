"""Which events a law emptied: whatever a database holds there, their words are given to nobody."""

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
"""The types of event that name others. They stand in an index of every store: a further one needs
an index of another name."""

IS_REDACTION = "topic IN ({})".format(", ".join(f"'{one}'" for one in REDACTIONS))
"""The same as a condition, word for word as in the index, which is found by it."""

INDEX = "stored_erasures"

RedactionRow = tuple[int, str, bytes]
"""Position, stream and state of a redaction."""

Named = tuple[int, str]
"""The position of an event, and the stream of the redaction that names it: only its own counts."""


def named_by(rows: Iterable[RedactionRow]) -> Iterator[Named]:
    """Yield what redactions name; one that is damaged names nothing."""
    for _, stream, state in rows:
        try:
            positions = redacted_by(exact_parts(state)[0])
        except msgspec.MsgspecError:
            continue
        yield from ((position, stream) for position in positions)


def without_words(rows: Iterable[EventRow], named: Collection[Named]) -> Iterator[EventRow]:
    """Yield rows, those that a redaction names without any words."""
    for row in rows:
        yield (*row[:4], emptied(row[4])) if named and (row[0], row[1]) in named else row


def emptied(state: bytes) -> bytes:
    """Return the state of an event without its words."""
    try:
        committed, *_ = exact_parts(state)
    except msgspec.MsgspecError:
        # What cannot be taken apart may hold the words in any place.
        return b""
    return state_of(committed, None, None)
