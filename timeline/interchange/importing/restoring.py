"""Restore a full log into an empty store; its own store needs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.interchange.formats.full_log import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timeline.interchange.formats.opening import SourceFile
    from timeline.stores.recordable import Recordable
    from timeline.stores.rows import StoredRow

STORE_HOLDS_ANOTHER_LOG = Message(
    "store_holds_another_log",
    "the store is not empty and holds another log",
    fix="name a new store with --store",
)

TOLD_EVERY = 5_000


def restore_log(log: Recordable, file: SourceFile, on_count: Callable[[int], None]) -> int:
    """Restore a full log, all or nothing, and return the number of events.

    A store that begins with these events needs nothing. Raises `Refused` for any other store that
    is not empty, and for an altered file.
    """
    rows = _CountedRows(rows_of(file), on_count)
    if log.head():
        _check_same(log, file.name, rows)
        return 0
    try:
        log.restore(rows)
    except StandlineError as error:
        if error.field.startswith(file.name):
            raise
        where = f"{file.name}, event {rows.count}"
        raise Refused.again(error, field=where) from None
    return rows.count


class _CountedRows:
    """An iterator that counts rows."""

    def __init__(self, rows: Iterator[StoredRow], on_count: Callable[[int], None]) -> None:
        self._rows = rows
        self._on_count = on_count
        self.count = 0

    def __iter__(self) -> Iterator[StoredRow]:
        for row in self._rows:
            self.count += 1
            if self.count % TOLD_EVERY == 0:
                self._on_count(self.count)
            yield row


def _check_same(log: Recordable, name: str, rows: Iterable[StoredRow]) -> None:
    """Raise `Refused` unless the store begins with all these events."""
    there = log.stored()
    for row in rows:
        stored = next(there, None)
        if stored is None or _identity(stored) != _identity(row):
            raise Refused(STORE_HOLDS_ANOTHER_LOG, field=f"{name}, position {row.position}")


def _identity(row: StoredRow) -> tuple[int, str, int, str, bytes]:
    """Return the parts of an event that never change, even if its content is erased."""
    return row.position, row.stream, row.version, row.type, row.committed
