"""What analysis reads of the record: who said what and when it was known, as plain numbers.

No word is in it and no name, but slugs: what an erasure takes was never here. A noun is known by
the log position of its first event, and whatever has an end says so in a row of its own
(``…_ended``) where that came later than a range, so that no row of a range ever changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, func, select

from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

AT_ONCE = 10_000


class Range(NamedTuple):
    """The log positions after one and up to another."""

    after: int
    upto: int

    def holds(self, column: Any) -> Any:  # noqa: ANN401 - SQL
        """Return the clause that a position in the range meets."""
        return and_(column > self.after, column <= self.upto)


def topics(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the topics opened in a range: number, slug, scale."""
    table = schema.topics.c
    query = select(table.opened, table.slug, table.scale).where(within.holds(table.opened))
    return _rows(conn, query.order_by(table.opened))


def actors(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the actors introduced in a range: number, slug."""
    table = schema.actors.c
    query = select(table.introduced, table.slug).where(within.holds(table.introduced))
    return _rows(conn, query.order_by(table.introduced))


def words(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield what statements say of an actor, in the versions that came in a range."""
    read, topic, actor = schema.readings, schema.topics, schema.actors
    speaker = actor.alias("speaker")
    query = (
        select(
            read.c.number,
            topic.c.opened,
            actor.c.introduced,
            func.coalesce(speaker.c.introduced, actor.c.introduced),
            read.c.known_from,
            _until(read.c.known_until, within),
            read.c.rank,
            read.c.joint,
            read.c.timed,
            read.c.day,
            read.c.counts_from,
            read.c.stance,
            read.c.wording,
            read.c.retracted % schema.HIDDEN_SINCE,
        )
        .join_from(read, topic, topic.c.id == read.c.topic)
        .join(actor, actor.c.id == read.c.actor)
        .join(speaker, speaker.c.id == read.c.speaker, isouter=True)
        .where(within.holds(read.c.known_from))
    )
    return _rows(conn, query)


def words_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield which of the versions from before a range ended in it."""
    read, actor = schema.readings.c, schema.actors
    query = (
        select(read.number, actor.c.introduced, read.known_from, read.known_until)
        .join_from(schema.readings, actor, actor.c.id == read.actor)
        .where(within.holds(read.known_until), read.known_from <= within.after)
    )
    return _rows(conn, query)


def lanes(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield who came to stand in whose lane in a range."""
    return _rows(conn, _lanes(within, ended=False))


def lanes_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield who of those from before a range left that lane in it."""
    return _rows(conn, _lanes(within, ended=True))


def _lanes(within: Range, *, ended: bool) -> Any:  # noqa: ANN401 - SQL
    table, member = schema.lane_members.c, schema.actors.alias("member")
    lane = schema.actors.alias("lane")
    until = table.known_until if ended else _until(table.known_until, within)
    query = select(member.c.introduced, lane.c.introduced, table.known_from, until)
    query = query.join_from(schema.lane_members, member, member.c.id == table.member)
    query = query.join(lane, lane.c.id == table.lane)
    return query.where(*_begun_or_ended(table, within, ended=ended))


def walkbacks(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield which statement came to take back which in a range."""
    return _rows(conn, _walkbacks(within, ended=False))


def walkbacks_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield which of the walk-backs from before a range were undone in it."""
    return _rows(conn, _walkbacks(within, ended=True))


def _walkbacks(within: Range, *, ended: bool) -> Any:  # noqa: ANN401 - SQL
    table = schema.links.c
    until = table.known_until if ended else _until(table.known_until, within)
    query = select(table.number, table.target, table.known_from, until)
    begun = _begun_or_ended(table, within, ended=ended)
    return query.where(table.kind == "withdraws", *begun)


def _begun_or_ended(table: Any, within: Range, *, ended: bool) -> tuple[Any, ...]:  # noqa: ANN401
    if ended:
        return within.holds(table.known_until), table.known_from <= within.after
    return (within.holds(table.known_from),)


def _until(column: Any, within: Range) -> Any:  # noqa: ANN401 - SQL
    """Return the end of a version where it lies in the range; what comes later is not known."""
    return case((column <= within.upto, column))


def _rows(conn: Connection, query: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - SQL
    yield from conn.execute(query, execution_options={"yield_per": AT_ONCE})


ARCHIVED: dict[str, Callable[[Connection, Range], Iterator[Sequence[Any]]]] = {
    "topics": topics,
    "actors": actors,
    "words": words,
    "words_ended": words_ended,
    "lanes": lanes,
    "lanes_ended": lanes_ended,
    "walkbacks": walkbacks,
    "walkbacks_ended": walkbacks_ended,
}
"""The tables of an archive that are read models, each with its question."""
