"""The lanes of topics that ask for no votes, at both clocks, by edition 2 of the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from timeline.domain.nature import VOTE, usual_nature
from timeline.domain.position.edition2.track import Course, Track, tracks
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import directory
from timeline.projections.queries.edition2 import read_around, read_evidence
from timeline.projections.queries.topic_cache import cached
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.edition2 import TopicEvidence


def topic_tracks(
    conn: Connection,
    topic: str,
    clocks: TwoClocks = NOW,
    *,
    actors: Container[str] | None = None,
    now: int | None = None,
) -> dict[str, Track]:
    """Return the lanes of some actors (ids; all for ``None``) on a topic by actor, at both clocks.

    ``now`` is the instant that ages are counted to, ``as_of`` where that is given.
    """
    return course(conn, topic, clocks).tracks(now, actors)


def course(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> Course:
    """Return what the rule derives of a topic at a moment; cached."""

    def derive(known_at: int | None) -> tuple[int, Course]:
        record = topic_evidence(conn, topic, known_at).record
        return len(record.words), Course(record, clocks.as_of)

    return cached(conn, topic, clocks.known_at, ("course", clocks.as_of), derive)


def tracks_now(
    conn: Connection, topic: str, spoke: Collection[str] | None = None
) -> tuple[dict[str, Track], set[str] | None]:
    """Return the lanes from the rows that a batch has just written, past the cache.

    Of a topic on which only some actors ``spoke`` anew, they are the lanes that this can move, and
    the second value names these; it is ``None`` where all lanes are derived.
    """
    question = directory.topics_by_id(conn, {topic})[topic]
    if spoke is None:
        return tracks(read_evidence(conn, question).record), None
    evidence, moved = read_around(conn, question, spoke)
    return Course(evidence.record).tracks(actors=moved), moved


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
def _natures(*, topics: Param, known_at: Param | None) -> Query:
    """Select topics with every statement of what they ask for, the latest last."""
    table, natures = schema.topics, schema.natures
    joined = and_(natures.c.topic == table.c.id, *up_to(natures.c.known_from, known_at))
    query = select(table.c.id, table.c.scale, natures.c.asks).join_from(
        table, natures, joined, isouter=True
    )
    return query.where(table.c.id.in_(topics)).order_by(natures.c.known_from)


def topic_evidence(conn: Connection, topic: str, known_at: int | None = None) -> TopicEvidence:
    """Return what the rule reads of a topic (an id); cached until more is known of it."""

    def gather_topic(known_at: int | None) -> tuple[int, TopicEvidence]:
        evidence = read_evidence(conn, directory.topics_by_id(conn, {topic})[topic], known_at)
        return len(evidence.record.words), evidence

    return cached(conn, topic, known_at, ("evidence",), gather_topic)
