"""What one actor said, by topic and in all, from stored rows: no history is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
from sqlalchemy import case, func, or_, select

from timeline.domain.position import Position
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.positions import relevant_topics
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, spelled
from timeline.projections.tables.lanes import known, lanes_known, up_to
from timeline.projections.tables.prepared import Param, Query, prepared
from timeline.projections.tables.rows import position_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


class StoredLane(msgspec.Struct, frozen=True):
    """Where a lane stands on a topic (an id), and when it changed last.

    ``turned`` tells whether the lane ever left a position; ``known`` counts its statements,
    ``on_record`` those that are not retracted.
    """

    topic: str
    position: Position
    changed_from: int | None
    turned: bool
    known: int
    on_record: int


class StatementOnBehalf(msgspec.Struct, frozen=True):
    """A statement that somebody else made on behalf of an actor.

    ``speaker`` is the id of that person's lane; statements made together have the same
    ``utterance``.
    """

    topic: str
    speaker: str
    number: int
    counts_from: int
    stance: int | None
    retracted: bool
    utterance: object


class SpokenCounts(msgspec.Struct, frozen=True):
    """Counts of what an actor said.

    ``topics`` it spoke on, ``turned`` on which it ever left a position, ``held`` on which it holds
    one and never left any. ``known`` counts its statements, ``statements`` those not retracted.
    """

    topics: int = 0
    turned: int = 0
    held: int = 0
    known: int = 0
    statements: int = 0


NOTHING = SpokenCounts()

Which = Literal["all", "turned", "held"]
"""Which lanes of an actor: all, or those that `SpokenCounts` counts under that name."""


Most = Literal["topics", "statements", "turned"]
"""What actors may be sorted by; ``turned`` are positions that changed."""


def counts_of(conn: Connection, actors: Collection[str]) -> dict[str, SpokenCounts]:
    """Return the counts of these actors (ids); actors without statements are missing."""
    rows = conn.execute(*_counts(actors=[*actors]))
    return {row.lane: SpokenCounts(*map(int, row[1:])) for row in rows}


class RankPlace(NamedTuple):
    """A place in the order of actors: by a falling count, then by slug."""

    amount: int
    slug: str


def actors_with_most(
    conn: Connection, what: Most, limit: int, *, beyond: RankPlace | None = None, back: bool = False
) -> list[tuple[RankPlace, str]]:
    """Return the places and ids of at most ``limit`` unmerged actors, those with most first.

    They come after the place ``beyond``; with ``back`` they are the last ones before it. Actors
    with the same count as that place get a query of their own, so that the index leads there.
    """
    table = schema.actor_ranks.c
    count, slug = table[what], table.slug
    order = (count, slug.desc()) if back else (count.desc(), slug)
    query = select(count, slug, table.actor).order_by(*order)
    queries = [query]
    if beyond is not None:
        alike = count == beyond.amount, slug < beyond.slug if back else slug > beyond.slug
        queries = [
            query.where(*alike),
            query.where(count > beyond.amount if back else count < beyond.amount),
        ]
    places: list[tuple[RankPlace, str]] = []
    for part in queries:
        rows = conn.execute(part.limit(limit - len(places)))
        places += ((RankPlace(*place), actor) for *place, actor in rows)
    return places[::-1] if back else places


@prepared
def _counts(*, actors: Param) -> Query:
    table = schema.actor_totals
    return select(table).where(table.c.lane.in_(actors))


class LanePlace(NamedTuple):
    """A place in the order of an actor's lanes: the instant of its last change, the topic (an id).

    The latest changed come first, those that never changed last; lanes of one instant by topic.
    """

    changed_from: int | None
    topic: str


def lanes_in_order(
    conn: Connection,
    lane: str,
    which: Which,
    limit: int,
    *,
    beyond: LanePlace | None = None,
    back: bool = False,
) -> list[LanePlace]:
    """Return at most ``limit`` lanes of an actor after a place; with ``back`` the last before it.

    An index leads to the place. Lanes that never changed get a query of their own: PostgreSQL has
    them at the other end of its index.
    """
    form = {"turned": None if which == "all" else which == "turned", "holds": which == "held"}
    halves = [False, True] if back else [True, False]
    if beyond is not None:
        halves = halves[halves.index(beyond.changed_from is not None) :]
    places: list[LanePlace] = []
    for changed in halves:
        at, topic = beyond or (None, None)
        here = {"changed": changed, "lane": lane, "at": at, "topic": topic}
        query = _ordered(most=limit - len(places), back=back, **here, **form)
        places += (LanePlace(*row) for row in conn.execute(*query))
        if len(places) == limit:
            break
        # The other half is read from its start.
        beyond = None
    return places[::-1] if back else places


def stored_lanes(conn: Connection, lane: str, topics: Collection[str]) -> list[StoredLane]:
    """Return the lanes of an actor on these topics in the same order."""
    return [*map(_stored_lane, conn.execute(*_stored_on(lane=lane, topics=[*topics])))]


def _stored_lane(row: Any) -> StoredLane:  # noqa: ANN401 - a database row
    return StoredLane(
        topic=row.topic,
        position=position_of(row),
        changed_from=row.changed_from,
        turned=bool(row.turned),
        known=row.known,
        on_record=row.on_record,
    )


@prepared
def _ordered(
    *,
    changed: bool,
    back: bool,
    lane: Param,
    at: Param | None,
    topic: Param | None,
    most: Param,
    turned: bool | None,
    holds: bool,
) -> Query:
    columns = schema.positions.c
    instant, name = columns.changed_from, spelled(columns.topic)
    query = select(instant, columns.topic).where(columns.lane == lane)
    query = query.where(instant.is_not(None) if changed else instant.is_(None))
    if turned is not None:
        query = query.where(columns.turned == int(turned))
    if holds:
        query = query.where(columns.rank.is_not(None))
    if topic is not None:
        beyond = name < topic if back else name > topic
        if at is not None:
            # Said twice, so that the index scan begins there.
            query = query.where(instant >= at if back else instant <= at)
            beyond = or_(instant > at if back else instant < at, beyond)
        query = query.where(beyond)
    order = (instant, name.desc()) if back else (instant.desc(), name)
    return query.order_by(*order if changed else order[1:]).limit(most)


@prepared
def _stored_on(*, lane: Param, topics: Param) -> Query:
    table = schema.positions
    query = select(table).where(table.c.lane == lane, table.c.topic.in_(topics))
    order = table.c.changed_from.desc().nulls_last(), spelled(table.c.topic)
    return query.order_by(*order)


def latest_statements(
    conn: Connection, lane: str, limit: int, clocks: TwoClocks = NOW
) -> list[int]:
    """Return the numbers of the latest statements by or for an actor, the latest first."""
    keys = {
        (-row.counts_from, row.number)
        for member in lanes_known(conn, clocks.known_at).members(lane)
        for own in (True, False)
        for row in conn.execute(*_latest(own=own, actor=member, most=limit, **clocks.both))
    }
    return [number for _, number in sorted(keys)[:limit]]


@prepared
def _latest(
    *, own: bool, actor: Param, most: Param, as_of: Param | None, known_at: Param | None
) -> Query:
    columns = schema.statements.c
    query = select(columns.counts_from, columns.number).where(*_said(own, actor, as_of, known_at))
    return query.order_by(columns.counts_from.desc(), columns.number).limit(most)


def _said(own: bool, actor: Param, as_of: Param | None, known_at: Param | None) -> list[Any]:  # noqa: FBT001 - a form of the query
    """Return the clauses for what an actor said, or what was said on its behalf."""
    columns = schema.statements.c
    spoke = (columns.speaker if own else columns.on_behalf_of) == actor
    # An entry's number is the log position of its record: unlike ``known_from``, indexes have it.
    recorded = up_to(columns.number, known_at)
    shown = columns.retracted < schema.HIDDEN
    said = up_to(columns.counts_from, as_of)
    return [spoke, *said, *recorded, shown, *known(columns, known_at)]


def span_of(conn: Connection, lane: str) -> tuple[int, int] | None:
    """Return the instants of the first and the last statement by or for an actor."""
    rows = [
        conn.execute(*_ends(own=own, actor=member)).one()
        for member in lanes_known(conn).members(lane)
        for own in (True, False)
    ]
    ends = [int(end) for row in rows for end in row if end is not None]
    return (min(ends), max(ends)) if ends else None


@prepared
def _ends(*, own: bool, actor: Param) -> Query:
    instant, said = schema.statements.c.counts_from, _said(own, actor, None, None)
    # Asked apart, each end is one step down the index.
    return select(
        *(select(end(instant)).where(*said).scalar_subquery() for end in (func.min, func.max))
    )


def instants_of(conn: Connection, lane: str, clocks: TwoClocks = NOW) -> list[tuple[int, int]]:
    """Return topic (a number) and instant of each statement by or for an actor, unsorted."""
    # Thousands of rows: fetched at once, and unpacked by place.
    by_number = {
        number: (topic, counts_from)
        for member in lanes_known(conn, clocks.known_at).members(lane)
        for own in (True, False)
        for number, topic, counts_from in conn.execute(
            *_instants(own=own, actor=member, **clocks.both)
        ).all()
    }
    return [*by_number.values()]


@prepared
def _instants(*, own: bool, actor: Param, as_of: Param | None, known_at: Param | None) -> Query:
    columns = schema.statements.c
    return select(columns.number, key(columns.topic), columns.counts_from).where(
        *_said(own, actor, as_of, known_at)
    )


def spoken_for(conn: Connection, lane: str, clocks: TwoClocks = NOW) -> list[StatementOnBehalf]:
    """Return what others said on behalf of an actor, in the order in which it counts."""
    lanes = lanes_known(conn, clocks.known_at)
    statements = [
        StatementOnBehalf(
            topic=row.topic,
            speaker=lanes.of(row.speaker),
            number=row.number,
            counts_from=row.counts_from,
            stance=row.stance,
            retracted=bool(row.retracted),
            utterance=row.number if row.utterance is None else (row.document, row.utterance),
        )
        for member in lanes.members(lane)
        for row in conn.execute(*_spoken_for(actor=member, **clocks.both))
    ]
    others = (statement for statement in statements if statement.speaker != lane)
    return sorted(others, key=lambda statement: (statement.counts_from, statement.number))


@prepared
def _spoken_for(*, actor: Param, as_of: Param | None, known_at: Param | None) -> Query:
    columns = schema.statements.c
    words = (columns.topic, columns.speaker, columns.number, columns.counts_from, columns.stance)
    rest = columns.retracted, columns.document, columns.utterance
    return select(*words, *rest).where(*_said(False, actor, as_of, known_at))  # noqa: FBT003 - see there


class LaneTotal(NamedTuple):
    """Counts of a lane's statements: known, and standing; and their first and last instant."""

    known: int
    on_record: int
    first: int
    last: int


def totals(conn: Connection, lane: str, clocks: TwoClocks = NOW) -> dict[str, LaneTotal]:
    """Return the counts of an actor by topic at a moment, in the order of the topics' ids.

    They are counted in the index of lanes, which takes time in proportion to the statements.
    """
    members = lanes_known(conn, clocks.known_at).members(lane)
    topics = relevant_topics(conn, None, lane, clocks.known_at)
    by_topic: dict[str, LaneTotal] = {}
    for start in range(0, len(topics), AT_ONCE):
        batch = topics[start : start + AT_ONCE]
        query = _totals(topics=batch, members=[*members], is_shared=len(members) > 1, **clocks.both)
        by_topic |= {topic: LaneTotal(*map(int, counts)) for topic, *counts in conn.execute(*query)}
    return {topic: by_topic[topic] for topic in topics if topic in by_topic}


AT_ONCE = 500
"""Topics that are asked for by one question."""


@prepared
def _totals(
    *, topics: Param, members: Param, is_shared: bool, as_of: Param | None, known_at: Param | None
) -> Query:
    columns = schema.readings.c
    stands = case((columns.retracted == 0, columns.number))
    # Two members of a lane may have made one statement together; one member has none twice.
    each = (columns.number.distinct(), stands.distinct()) if is_shared else (columns.number, stands)
    ends = func.min(columns.counts_from), func.max(columns.counts_from)
    query = select(columns.topic, *map(func.count, each), *ends).where(
        columns.topic.in_(topics),
        columns.actor.in_(members),
        columns.retracted < schema.HIDDEN,
        *known(columns, known_at),
        *up_to(columns.counts_from, as_of),
    )
    return query.group_by(columns.topic)
