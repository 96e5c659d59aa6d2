"""Values derived from the statements of a topic, cached for each store while they are valid."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from sqlalchemy import Engine, RootTransaction, func, select

from timeline.domain.development import DevelopmentRecorded
from timeline.domain.document import DocumentFiled
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries.translations import language_of
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Connection

KEPT = 40_000
"""Statements whose topics are cached for each store: parts of a page ask for the same ones.

A thousand take a megabyte or two, and as much again for each day as of which the rule was asked.
A topic with more statements than this is read once in each transaction.
"""

LOOKED_AT = 500
"""Events of the log that are looked through at most for what they change of a topic."""

STATEMENT = StatementRecorded.TOPIC
NEW_ENTRIES = {STATEMENT, DevelopmentRecorded.TOPIC, DocumentFiled.TOPIC}
"""Events that change a topic only if they record a statement on it."""

_T = TypeVar("_T")


class _CacheKey(NamedTuple):
    """A question on a topic, as known at a log position; ``None`` is now."""

    language: str
    topic: str
    known_at: int | None
    question: tuple[object, ...]


class _CacheEntry(NamedTuple):
    """A value derived from the statements of a topic."""

    statements: int
    value: Any


class _Cache:
    """The cached values of a store, valid while ``last`` is the last event of its log."""

    def __init__(self, last: tuple[Any, ...]) -> None:
        self.last = last
        self.entries: LRUCache[_CacheKey, _CacheEntry] = LRUCache(KEPT, getsizeof=_size)

    def advance(self, last: tuple[Any, ...], spoken: Collection[str] | None) -> None:
        """Drop topics with new statements as known now; drop everything for ``None``.

        New statements change nothing of what was known earlier; other events may, as erasures do.
        """
        if spoken is None:
            self.entries.clear()
        else:
            for key in [*self.entries]:
                if key.known_at is None and key.topic in spoken:
                    del self.entries[key]
        self.last = last


class _Snapshot:
    """The log as a transaction sees it: its ``last`` event, and what came in before positions.

    ``entries`` are too large for the cache.
    """

    def __init__(self, last: tuple[Any, ...]) -> None:
        self.last = last
        self.entries: dict[_CacheKey, _CacheEntry] = {}
        self.before: dict[int, tuple[int, dict[str, int]]] = {}


_caches: WeakKeyDictionary[Engine, _Cache] = WeakKeyDictionary()
_snapshots: WeakKeyDictionary[RootTransaction, _Snapshot] = WeakKeyDictionary()
_lock = Lock()


def cached(
    conn: Connection,
    topic: str,
    known_at: int | None,
    question: tuple[object, ...],
    make: Callable[[int | None], tuple[int, _T]],
) -> _T:
    """Return the cached value for a question on a topic.

    ``make`` returns its size and value, as known at a log position.
    """
    snapshot = _snapshot(conn)
    cache = _advanced_cache(conn, snapshot.last)
    if known_at is not None:
        known_at = _last_changed(conn, snapshot, topic, min(known_at, snapshot.last[0]))
    key = _CacheKey(language_of(conn), topic, known_at, question)
    entry = snapshot.entries.get(key)
    if entry is None:
        with _lock:
            entry = cache.entries.get(key) if cache.last == snapshot.last else None
    if entry is None:
        entry = _CacheEntry(*make(known_at))
        with _lock:
            if _size(entry) > KEPT:
                snapshot.entries[key] = entry
            elif cache.last == snapshot.last:
                cache.entries[key] = entry
    value: _T = entry.value
    return value


def _snapshot(conn: Connection) -> _Snapshot:
    """Return the log as the transaction of a connection sees it; read once for each."""
    transaction = conn.get_transaction()
    if transaction is None or transaction not in _snapshots:
        snapshot = _Snapshot(tuple(conn.execute(_LAST).one()))
        transaction = conn.get_transaction()  # which the query began, if it was the first
        if transaction is None:
            return snapshot
        _snapshots[transaction] = snapshot
    return _snapshots[transaction]


def _advanced_cache(conn: Connection, last: tuple[Any, ...]) -> _Cache:
    """Return the cache of a store, advanced to the last event of its log unless it is beyond."""
    with _lock:
        cache = _caches.setdefault(conn.engine, _Cache(last))
        before = cache.last
    if before != last and before[0] <= last[0]:
        spoken = _spoken_since(conn, before)
        with _lock:
            if cache.last == before:
                cache.advance(last, spoken)
    return cache


def _last_changed(conn: Connection, snapshot: _Snapshot, topic: str, known_at: int) -> int:
    """Return a position since which nothing changed of a topic until it is known at a later one.

    So all positions in between share what is cached. None shares across ``LOOKED_AT`` events.
    """
    first = known_at - known_at % LOOKED_AT
    if known_at not in snapshot.before:
        between = _EVENTS.where(_LOG.position > first, _LOG.position <= known_at)
        snapshot.before[known_at] = _came_in(conn, conn.execute(between).all())
    changed, spoken = snapshot.before[known_at]
    return max(first, changed, spoken.get(topic, first))


def _spoken_since(conn: Connection, event: tuple[Any, ...]) -> Collection[str] | None:
    """Return the topics on which statements came in after an event, ``None`` if more came in."""
    query = _EVENTS.where(_LOG.position >= event[0]).order_by(_LOG.position).limit(LOOKED_AT + 1)
    rows = conn.execute(query).all()
    if [*map(tuple, rows[:1])] != [event] or len(rows) > LOOKED_AT:
        return None
    changed, spoken = _came_in(conn, rows[1:])
    return None if changed else spoken


def _came_in(conn: Connection, events: Sequence[Any]) -> tuple[int, dict[str, int]]:
    """Return the last of these events that may change any topic, and the last statement on each.

    Both are log positions; the first is 0 where all are new entries.
    """
    changed = max((event.position for event in events if event.type not in NEW_ENTRIES), default=0)
    numbers = [event.position for event in events if event.type == STATEMENT]
    said = schema.statements.c
    query = select(said.topic, func.max(said.number).label("last"))
    rows = conn.execute(query.where(said.number.in_(numbers)).group_by(said.topic))
    return changed, {row.topic: row.last for row in rows}


_LOG = schema.log_index.c
_EVENTS = select(_LOG.position, _LOG.type, _LOG.recorded_at, _LOG.stream)
_LAST = _EVENTS.order_by(_LOG.position.desc()).limit(1)


def _size(entry: _CacheEntry) -> int:
    return entry.statements + 1
