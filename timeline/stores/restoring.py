"""A whole log put into an empty store: the same events at the same positions."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused
from timeline.stores.clock import rises
from timeline.stores.mapper import keeps_its_word, lacks_content, read_event, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.domain.event import Event
    from timeline.stores.rows import Row, StoredRow
    from timeline.stores.tables import LogTables

AT_ONCE = 5_000
FIX = "restore from an export that was not altered"


def restore(tables: LogTables, rows: Iterable[StoredRow]) -> None:
    """Put all of these rows into an empty log, or none.

    Raises `Refused` if the log is not empty or the rows are not a log.
    """
    with tables.locked() as cursor:
        if tables.latest() != (0, 0):
            msg = "a log can only be restored into an empty store"
            raise Refused(msg, field="--store", fix="name a new one")
        reached = 0
        erased = Erased()
        every = _checked(rows, erased)
        while batch := list(islice(every, AT_ONCE)):
            risen = rises(reached, [event.recorded_at for _, event in batch])
            clock = [(stamp, batch[index][0][0]) for index, stamp in risen]
            _put(tables, cursor, [row for row, _ in batch], clock)
            reached = risen[-1][1] if risen else reached
        erased.check()


class Erased:
    """Where content is missing, until a redaction of the same stream names the position."""

    def __init__(self) -> None:
        self._unexplained: dict[int, str] = {}

    def note(self, row: StoredRow, event: Event) -> None:
        if lacks_content(row.committed, row.content):
            self._unexplained[row.position] = row.stream
        for position in getattr(event, "positions", ()):
            if self._unexplained.get(position) == row.stream:
                del self._unexplained[position]

    def check(self) -> None:
        """Raise `Refused` if content is missing that no redaction names."""
        if self._unexplained:
            msg = f"the content at position {min(self._unexplained)} is missing"
            raise Refused(msg, field="data", fix=FIX)


def _checked(rows: Iterable[StoredRow], erased: Erased) -> Iterator[tuple[Row, Event]]:
    last = 0
    for row in rows:
        if row.position <= last:
            msg = f"position {row.position} follows {last}"
            raise Refused(msg, field="sequence", fix="restore a log in its own order")
        last = row.position
        read, event = _read(row)
        erased.note(row, event)
        yield read, event


def _read(row: StoredRow) -> tuple[Row, Event]:
    state = state_of(row.committed, row.salt, row.content)
    try:
        event = read_event(row.stream, row.version, row.type, state)
    except (msgspec.MsgspecError, UnicodeError) as error:
        msg = f"position {row.position} is not an event: {error}"
        raise Refused(msg, field="data", fix=FIX) from error
    if not keeps_its_word(row.committed, row.salt, row.content):
        msg = f"the content at position {row.position} is not what was committed"
        raise Refused(msg, field="data", fix=FIX)
    return (row.position, row.stream, row.version, row.type, state), event


def _put(
    tables: LogTables,
    cursor: Any,  # noqa: ANN401 - the driver's
    rows: Sequence[Row],
    clock: Sequence[tuple[int, int]],
) -> None:
    try:
        tables.restore(cursor, rows, clock)
    except tables.CLASH as error:
        msg = "a stream has the same version twice"
        raise Refused(msg, field="data", fix=FIX) from error
