"""What analysis reads of the record: who said what, and when it was known, as plain numbers.

It has slugs, but no names and no words: what an erasure takes was never here, or is written anew
each time (`own_values`, `attributes`). A noun is named by the log position of its first event.
Where something ended after its range, a row of its own (``…_ended``) says so: no row of a range
ever changes.
"""

from __future__ import annotations

from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, func, select

from timeline.domain.variables import TEXT
from timeline.projections.queries.codebooks import declared_variables
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

AT_ONCE = 10_000


class Range(NamedTuple):
    """The log positions after ``after`` and up to ``upto``."""

    after: int
    upto: int

    def holds(self, column: Any) -> Any:  # noqa: ANN401 - SQL
        """Return the clause for a position in the range."""
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
    """Yield the readings of statements, in the versions that came in a range."""
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
    """Yield the earlier versions that ended in a range."""
    read, actor = schema.readings.c, schema.actors
    query = (
        select(read.number, actor.c.introduced, read.known_from, read.known_until)
        .join_from(schema.readings, actor, actor.c.id == read.actor)
        .where(within.holds(read.known_until), read.known_from <= within.after)
    )
    return _rows(conn, query)


def lanes(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield who was merged into whose lane in a range."""
    return _rows(conn, _lanes(within, ended=False))


def lanes_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield who, merged before a range, left that lane in it."""
    return _rows(conn, _lanes(within, ended=True))


def _lanes(within: Range, *, ended: bool) -> Any:  # noqa: ANN401 - SQL
    table, member = schema.lane_members.c, schema.actors.alias("member")
    lane = schema.actors.alias("lane")
    until = table.known_until if ended else _until(table.known_until, within)
    query = select(member.c.introduced, lane.c.introduced, table.known_from, until)
    query = query.join_from(schema.lane_members, member, member.c.id == table.member)
    query = query.join(lane, lane.c.id == table.lane)
    return query.where(*_starts_or_ends(table, within, ended=ended))


def walkbacks(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the walk-backs of a range: which statement takes back which."""
    return _rows(conn, _walkbacks(within, ended=False))


def walkbacks_ended(conn: Connection, within: Range) -> Iterator[Sequence[Any]]:
    """Yield the earlier walk-backs that were undone in a range."""
    return _rows(conn, _walkbacks(within, ended=True))


def _walkbacks(within: Range, *, ended: bool) -> Any:  # noqa: ANN401 - SQL
    table = schema.links.c
    until = table.known_until if ended else _until(table.known_until, within)
    query = select(table.number, table.target, table.known_from, until)
    begun = _starts_or_ends(table, within, ended=ended)
    return query.where(table.kind == "withdraws", *begun)


def _starts_or_ends(table: Any, within: Range, *, ended: bool) -> tuple[Any, ...]:  # noqa: ANN401
    if ended:
        return within.holds(table.known_until), table.known_from <= within.after
    return (within.holds(table.known_from),)


def _until(column: Any, within: Range) -> Any:  # noqa: ANN401 - SQL
    """Return the end of a version if it lies in the range, else null."""
    return case((column <= within.upto, column))


def own_values(conn: Connection) -> Iterator[Sequence[Any]]:
    """Yield the values of own variables, in all versions of statements.

    Free text is left out, and statements that are withheld now.
    """
    said, table, now = schema.statements, schema.own_values, schema.statements.alias("now")
    query = (
        select(
            said.c.number,
            said.c.known_from,
            said.c.known_until,
            said.c.topic,
            table.c.variable,
            table.c.value,
        )
        .join_from(
            table,
            said,
            and_(said.c.number == table.c.number, said.c.known_from == table.c.known_from),
        )
        .join(now, and_(now.c.number == said.c.number, now.c.known_until.is_(None)))
        .where(now.c.withheld == 0)
        .order_by(said.c.number, said.c.known_from, table.c.variable)
    )
    coded = {
        (topic, declaration.id)
        for topic, declaration in declared_variables(conn)
        if declaration.kind != TEXT
    }
    for number, since, until, topic, variable, value in _rows(conn, query):
        if (topic, variable) in coded:
            yield number, since, until, variable, value


def attributes(conn: Connection) -> Iterator[Sequence[Any]]:
    """Yield the attributes of actors that codebooks ask for, free text left out."""
    table, actor = schema.actor_attributes.c, schema.actors.c
    coded = {
        variable.id
        for _, variable in declared_variables(conn)
        if variable.is_attribute and variable.kind != TEXT
    }
    query = select(actor.introduced, table.attribute, table.known_from, table.value).join_from(
        schema.actors, schema.actor_attributes, table.actor == actor.id
    )
    rows = _rows(conn, query.order_by(actor.introduced, table.attribute, table.known_from))
    for (number, attribute), group in groupby(rows, key=lambda row: (row[0], row[1])):
        values = [(int(row[2]), row[3]) for row in group if attribute in coded]
        ends = [since for since, _ in values[1:]]
        for (since, value), until in zip_longest(values, ends):
            if value:
                yield number, since, until, attribute, value


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
"""The tables of an archive that grow by ranges, each with its query."""

REWRITTEN: dict[str, Callable[[Connection], Iterator[Sequence[Any]]]] = {
    "own_values": own_values,
    "attributes": attributes,
}
"""The tables that every run of the archive writes whole."""
