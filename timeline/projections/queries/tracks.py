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
from timeline.projections.queries.edition2 import gather
from timeline.projections.queries.translations import language_of
from timeline.projections.tables import schema
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.edition2 import Gathered

KEPT = 40_000
"""Statements of topics that are kept for each store: several parts of a page ask for the same ones.

A thousand of them take a megabyte or two, and as much again for each day as of which the rule was
asked; a topic that has more than all that is read each time.
"""

LOOKED_AT = 500
"""Events since then up to which what is kept is still looked at."""

STATEMENT = StatementRecorded.TOPIC
NEW_ENTRIES = {STATEMENT, DevelopmentRecorded.TOPIC, DocumentFiled.TOPIC}
"""Events that change nothing of a topic, unless they record a statement on it."""

_T = TypeVar("_T")


class _Kept(NamedTuple):
    """What was made of so many statements of a topic, as known up to an event of the log."""

    last: tuple[object, ...]
    statements: int
    made: Any


class _Memory:
    """What is kept for a store: what was made of topics, and on which of them entries came in."""

    def __init__(self) -> None:
        self.made: LRUCache[tuple[object, ...], _Kept] = LRUCache(KEPT, getsizeof=_size)
        self.spoken: LRUCache[tuple[object, ...], frozenset[str] | None] = LRUCache(LOOKED_AT)


_memories: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()
_lock = Lock()


def topic_tracks(
    conn: Connection, topic: str, clocks: TwoClocks = NOW, *, now: int | None = None
) -> dict[str, Track]:
    """Return the lanes of a topic (an id) by actor, as of an instant and as known at a position.

    ``now`` is the instant that ages are counted to, ``as_of`` where that is given.
    """
    return course(conn, topic, clocks).tracks(now)


def course(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> Course:
    """Return what the rule makes of a topic at a moment, kept as long as what it reads."""

    def derive() -> tuple[int, Course]:
        record = gathered(conn, topic, clocks.known_at).record
        return len(record.words), Course(record, clocks.as_of)

    return _keep(conn, topic, ("course", clocks.as_of, clocks.known_at), derive)


def tracks_now(conn: Connection, topic: str) -> dict[str, Track]:
    """Return the same as the rows are now that a batch has just written."""
    return tracks(gather(conn, directory.topics_by_id(conn, {topic})[topic]).record)


def vote_topics(conn: Connection, topics: Iterable[str], known_at: int | None = None) -> set[str]:
    """Return those of these topics (ids) that ask for votes: they keep the answers of edition 1."""
    wanted = [*topics]
    rows = conn.execute(*_asked(topics=wanted, known_at=known_at)) if wanted else ()
    found = {row.id: row.asks or usual_nature(row.scale).asks for row in rows}
    return {topic for topic, asks in found.items() if asks == VOTE}


def apart(
    conn: Connection, topics: Collection[str], known_at: int | None = None
) -> tuple[list[str], list[str]]:
    """Return the topics that ask for votes, and the others, each in the order given."""
    votes = vote_topics(conn, topics, known_at)
    return [topic for topic in topics if topic in votes], [
        topic for topic in topics if topic not in votes
    ]


@prepared
def _asked(*, topics: Given, known_at: Given | None) -> Query:
    """Select topics, each with all that was said of what it asks for, the latest last."""
    table, said = schema.topics, schema.natures
    then = said.c.topic == table.c.id
    if known_at is not None:
        then = and_(then, said.c.known_from <= known_at)
    query = select(table.c.id, table.c.scale, said.c.asks).join_from(
        table, said, then, isouter=True
    )
    return query.where(table.c.id.in_(topics)).order_by(said.c.known_from)


def gathered(conn: Connection, topic: str, known_at: int | None = None) -> Gathered:
    """Return what the rule reads of a topic (an id), kept until more is known of it."""

    def gather_topic() -> tuple[int, Gathered]:
        found = gather(conn, directory.topics_by_id(conn, {topic})[topic], known_at)
        return len(found.record.words), found

    return _keep(conn, topic, ("gathered", known_at), gather_topic)


def _keep(
    conn: Connection, topic: str, asked: tuple[object, ...], make: Callable[[], tuple[int, _T]]
) -> _T:
    """Return what is kept for a question on a topic, else what is made of so many statements."""
    last = tuple(conn.execute(_LAST).one())
    key = language_of(conn), topic, *asked
    with _lock:
        memory = _memories.setdefault(conn.engine, _Memory())
        kept = memory.made.get(key)
    if kept is None or (kept.last != last and _may_differ(conn, memory, topic, kept.last, last)):
        kept = _Kept(last, *make())
    with _lock:
        if _size(kept) <= KEPT:
            memory.made[key] = kept._replace(last=last)
    made: _T = kept.made
    return made


def _may_differ(
    conn: Connection, memory: _Memory, topic: str, then: tuple[Any, ...], last: tuple[Any, ...]
) -> bool:
    """Tell whether more came after an event of the log than new entries on other topics."""
    since = then, last
    with _lock:
        is_known = since in memory.spoken
        spoken = memory.spoken.get(since)
    if not is_known:
        spoken = _spoken_since(conn, then)
        with _lock:
            memory.spoken[since] = spoken
    return spoken is None or topic in spoken


def _spoken_since(conn: Connection, then: tuple[Any, ...]) -> frozenset[str] | None:
    """Return the topics on which statements came in after an event, ``None`` if more came in."""
    said = schema.statements.c
    query = _EVENTS.where(_LOG.position >= then[0]).order_by(_LOG.position).limit(LOOKED_AT + 1)
    rows = conn.execute(query).all()
    if [*map(tuple, rows[:1])] != [then] or len(rows) > LOOKED_AT:
        return None
    if any(row.type not in NEW_ENTRIES for row in rows[1:]):
        return None
    numbers = [row.position for row in rows[1:] if row.type == STATEMENT]
    return frozenset(conn.execute(select(said.topic).where(said.number.in_(numbers))).scalars())


_LOG = schema.log_index.c
_EVENTS = select(_LOG.position, _LOG.type, _LOG.recorded_at, _LOG.stream)
_LAST = _EVENTS.order_by(_LOG.position.desc()).limit(1)


def _size(kept: _Kept) -> int:
    return kept.statements + 1
