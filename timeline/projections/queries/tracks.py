"""The lanes of topics that ask for no votes, at both clocks, by edition 2 of the rule."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from sqlalchemy import Engine, and_, select

from timeline.domain.development import DevelopmentRecorded
from timeline.domain.document import DocumentFiled
from timeline.domain.nature import VOTE, usual_nature
from timeline.domain.position.edition2.track import Course, Track, tracks
from timeline.domain.statement import StatementRecorded
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import directory
from timeline.projections.queries.edition2 import read_evidence
from timeline.projections.queries.translations import language_of
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.edition2 import TopicEvidence

KEPT = 40_000
"""Statements whose topics are cached for each store: parts of a page ask for the same ones.

A thousand take a megabyte or two, and as much again for each day as of which the rule was asked.
A topic with more statements than this is read each time.
"""

LOOKED_AT = 500
"""After more events than this, a cache entry is derived anew."""

STATEMENT = StatementRecorded.TOPIC
NEW_ENTRIES = {STATEMENT, DevelopmentRecorded.TOPIC, DocumentFiled.TOPIC}
"""Events that change a topic only if they record a statement on it."""

_T = TypeVar("_T")


class _CacheEntry(NamedTuple):
    """A value derived from the statements of a topic, when ``last`` was the log's last event."""

    last: tuple[object, ...]
    statements: int
    made: Any


class _Cache:
    """The cached values of a store, and on which topics entries came in between two events."""

    def __init__(self) -> None:
        self.made: LRUCache[tuple[object, ...], _CacheEntry] = LRUCache(KEPT, getsizeof=_size)
        self.spoken: LRUCache[tuple[object, ...], frozenset[str] | None] = LRUCache(LOOKED_AT)


_caches: WeakKeyDictionary[Engine, _Cache] = WeakKeyDictionary()
_lock = Lock()


def topic_tracks(
    conn: Connection, topic: str, clocks: TwoClocks = NOW, *, now: int | None = None
) -> dict[str, Track]:
    """Return the lanes of a topic (an id) by actor, at both clocks.

    ``now`` is the instant that ages are counted to, ``as_of`` where that is given.
    """
    return course(conn, topic, clocks).tracks(now)


def course(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> Course:
    """Return what the rule derives of a topic at a moment; cached."""

    def derive() -> tuple[int, Course]:
        record = topic_evidence(conn, topic, clocks.known_at).record
        return len(record.words), Course(record, clocks.as_of)

    return _cached(conn, topic, ("course", clocks.as_of, clocks.known_at), derive)


def tracks_now(conn: Connection, topic: str) -> dict[str, Track]:
    """Return the lanes from the rows that a batch has just written, past the cache."""
    return tracks(read_evidence(conn, directory.topics_by_id(conn, {topic})[topic]).record)


def vote_topics(conn: Connection, topics: Iterable[str], known_at: int | None = None) -> set[str]:
    """Return those of these topics (ids) that ask for votes: edition 1 answers for them."""
    topic_ids = [*topics]
    rows = conn.execute(*_natures(topics=topic_ids, known_at=known_at)) if topic_ids else ()
    asks = {row.id: row.asks or usual_nature(row.scale).asks for row in rows}
    return {topic for topic, question in asks.items() if question == VOTE}


def split_votes(
    conn: Connection, topics: Collection[str], known_at: int | None = None
) -> tuple[list[str], list[str]]:
    """Return the topics that ask for votes, and the others, each in the order given."""
    votes = vote_topics(conn, topics, known_at)
    return [topic for topic in topics if topic in votes], [
        topic for topic in topics if topic not in votes
    ]


@prepared
def _natures(*, topics: Given, known_at: Given | None) -> Query:
    """Select topics with every statement of what they ask for, the latest last."""
    table, said = schema.topics, schema.natures
    then = said.c.topic == table.c.id
    if known_at is not None:
        then = and_(then, said.c.known_from <= known_at)
    query = select(table.c.id, table.c.scale, said.c.asks).join_from(
        table, said, then, isouter=True
    )
    return query.where(table.c.id.in_(topics)).order_by(said.c.known_from)


def topic_evidence(conn: Connection, topic: str, known_at: int | None = None) -> TopicEvidence:
    """Return what the rule reads of a topic (an id); cached until more is known of it."""

    def gather_topic() -> tuple[int, TopicEvidence]:
        evidence = read_evidence(conn, directory.topics_by_id(conn, {topic})[topic], known_at)
        return len(evidence.record.words), evidence

    return _cached(conn, topic, ("evidence", known_at), gather_topic)


def _cached(
    conn: Connection, topic: str, question: tuple[object, ...], make: Callable[[], tuple[int, _T]]
) -> _T:
    """Return the cached value for a question on a topic; ``make`` returns size and value."""
    last = tuple(conn.execute(_LAST).one())
    key = language_of(conn), topic, *question
    with _lock:
        memory = _caches.setdefault(conn.engine, _Cache())
        entry = memory.made.get(key)
    if entry is None or (entry.last != last and _may_differ(conn, memory, topic, entry.last, last)):
        entry = _CacheEntry(last, *make())
    with _lock:
        if _size(entry) <= KEPT:
            memory.made[key] = entry._replace(last=last)
    value: _T = entry.made
    return value


def _may_differ(
    conn: Connection, memory: _Cache, topic: str, old: tuple[Any, ...], new: tuple[Any, ...]
) -> bool:
    """Tell whether anything but new entries on other topics came after an event of the log."""
    since = old, new
    with _lock:
        is_known = since in memory.spoken
        spoken = memory.spoken.get(since)
    if not is_known:
        spoken = _spoken_since(conn, old)
        with _lock:
            memory.spoken[since] = spoken
    return spoken is None or topic in spoken


def _spoken_since(conn: Connection, event: tuple[Any, ...]) -> frozenset[str] | None:
    """Return the topics on which statements came in after an event, ``None`` if more came in."""
    said = schema.statements.c
    query = _EVENTS.where(_LOG.position >= event[0]).order_by(_LOG.position).limit(LOOKED_AT + 1)
    rows = conn.execute(query).all()
    if [*map(tuple, rows[:1])] != [event] or len(rows) > LOOKED_AT:
        return None
    if any(row.type not in NEW_ENTRIES for row in rows[1:]):
        return None
    numbers = [row.position for row in rows[1:] if row.type == STATEMENT]
    return frozenset(conn.execute(select(said.topic).where(said.number.in_(numbers))).scalars())


_LOG = schema.log_index.c
_EVENTS = select(_LOG.position, _LOG.type, _LOG.recorded_at, _LOG.stream)
_LAST = _EVENTS.order_by(_LOG.position.desc()).limit(1)


def _size(entry: _CacheEntry) -> int:
    return entry.statements + 1
