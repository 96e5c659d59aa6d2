"""What one actor said, by topic and altogether, as it is kept now: no history is read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
from sqlalchemy import case, func, or_, select

from timeline.domain.position import Position
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.positions import relevant_topics
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, spelled
from timeline.projections.tables.lanes import known, lanes_known
from timeline.projections.tables.position_rows import position_of
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


class KeptLane(msgspec.Struct, frozen=True):
    """Where a lane stands on a topic (an id), and when it changed last.

    ``turned`` tells whether it ever left a position; ``known`` counts its statements,
    ``on_record`` those that are not retracted.
    """

    topic: str
    position: Position
    changed_from: int | None
    turned: bool
    known: int
    on_record: int


class SpokenFor(msgspec.Struct, frozen=True):
    """A statement that somebody else made for an actor.

    ``speaker`` is the id of that other one, or of the actor whom they were merged into; statements
    that were made in one breath have the same ``utterance``.
    """

    topic: str
    speaker: str
    number: int
    counts_from: int
    stance: int | None
    retracted: bool
    utterance: object


class SpokenCounts(msgspec.Struct, frozen=True):
    """What an actor said altogether.

    It spoke on ``topics``; on ``turned`` of them it ever left a position, on ``held`` it holds one
    and never left any. ``known`` counts its statements there, ``statements`` those that are not
    retracted.
    """

    topics: int = 0
    turned: int = 0
    held: int = 0
    known: int = 0
    statements: int = 0


NOTHING = SpokenCounts()

Which = Literal["all", "turned", "held"]
"""Which lanes of an actor are meant: all, or those that `SpokenCounts` counts as such."""


Most = Literal["topics", "statements", "turned"]
"""What actors may be put in order by; ``turned`` are positions that changed."""


def counts_of(conn: Connection, actors: Collection[str]) -> dict[str, SpokenCounts]:
    """Return what each of these actors (ids) said altogether; who said nothing is missing."""
    rows = conn.execute(*_counts(actors=[*actors]))
    return {row.lane: SpokenCounts(*map(int, row[1:])) for row in rows}


class Ranked(NamedTuple):
    """A place in the order of actors by a count, which falls; of the same count by the slug."""

    amount: int
    slug: str


def actors_with_most(
    conn: Connection,
    what: Most,
    limit: int,
    *,
    beyond: Ranked | None = None,
    back: bool = False,
) -> list[tuple[Ranked, str]]:
    """Return the places and ids of so many unmerged actors, those with most of something first.

    They are those behind a place, with ``back`` the last ones before it. An index leads to the
    place: many have the same count, so that is asked for by itself.
    """
    table = schema.actor_ranks.c
    count, slug = table[what], table.slug
    order = (count, slug.desc()) if back else (count.desc(), slug)
    query = select(count, slug, table.actor).order_by(*order)
    asked = [query]
    if beyond is not None:
        alike = count == beyond.amount, slug < beyond.slug if back else slug > beyond.slug
        asked = [
            query.where(*alike),
            query.where(count > beyond.amount if back else count < beyond.amount),
        ]
    found: list[tuple[Ranked, str]] = []
    for one in asked:
        rows = conn.execute(one.limit(limit - len(found)))
        found += ((Ranked(*place), actor) for *place, actor in rows)
    return found[::-1] if back else found


@prepared
def _counts(*, actors: Given) -> Query:
    table = schema.actor_totals
    return select(table).where(table.c.lane.in_(actors))


class LanePlace(NamedTuple):
    """A place in the order of an actor's lanes: when one changed last, and on which topic (an id).

    Those that changed last stand first, and last those that never did; of the same instant by
    topic.
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
    """Return so many lanes of an actor behind a place, with ``back`` the last ones before it.

    An index leads to the place. Those that never changed are asked for by themselves: PostgreSQL
    has them at the other end of its index.
    """
    form = {"turned": None if which == "all" else which == "turned", "holds": which == "held"}
    halves = [False, True] if back else [True, False]
    if beyond is not None:
        halves = halves[halves.index(beyond.changed_from is not None) :]
    places: list[LanePlace] = []
    for changed in halves:
        at, topic = beyond or (None, None)
        here = {"changed": changed, "lane": lane, "at": at, "topic": topic}
        asked = _ordered(most=limit - len(places), back=back, **here, **form)
        places += (LanePlace(*row) for row in conn.execute(*asked))
        if len(places) == limit:
            break
        # The other half is read from its end on.
        beyond = None
    return places[::-1] if back else places


def kept_lanes_on(conn: Connection, lane: str, topics: Collection[str]) -> list[KeptLane]:
    """Return the lanes of an actor on these topics in the same order."""
    return [*map(_kept_lane, conn.execute(*_kept_on(lane=lane, topics=[*topics])))]


def _kept_lane(row: Any) -> KeptLane:  # noqa: ANN401 - a database row
    return KeptLane(
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
    lane: Given,
    at: Given | None,
    topic: Given | None,
    most: Given,
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
            # Said twice, so that the index begins there.
            query = query.where(instant >= at if back else instant <= at)
            beyond = or_(instant > at if back else instant < at, beyond)
        query = query.where(beyond)
    order = (instant, name.desc()) if back else (instant.desc(), name)
    return query.order_by(*order if changed else order[1:]).limit(most)


@prepared
def _kept_on(*, lane: Given, topics: Given) -> Query:
    table = schema.positions
    query = select(table).where(table.c.lane == lane, table.c.topic.in_(topics))
    order = table.c.changed_from.desc().nulls_last(), spelled(table.c.topic)
    return query.order_by(*order)


def latest_statements(
    conn: Connection, lane: str, limit: int, clocks: TwoClocks = NOW
) -> list[int]:
    """Return the numbers of so many statements by or for an actor, the latest first."""
    found = {
        (-row.counts_from, row.number)
        for member in lanes_known(conn, clocks.known_at).members(lane)
        for own in (True, False)
        for row in conn.execute(*_latest(own=own, actor=member, most=limit, **clocks.both))
    }
    return [number for _, number in sorted(found)[:limit]]


@prepared
def _latest(
    *, own: bool, actor: Given, most: Given, as_of: Given | None, known_at: Given | None
) -> Query:
    columns = schema.statements.c
    query = select(columns.counts_from, columns.number).where(*_said(own, actor, as_of, known_at))
    return query.order_by(columns.counts_from.desc(), columns.number).limit(most)


def _said(own: bool, actor: Given, as_of: Given | None, known_at: Given | None) -> list[Any]:  # noqa: FBT001 - a form of the query
    """Return the clauses that keep what an actor said, or what was said on its behalf."""
    columns = schema.statements.c
    spoke = (columns.speaker if own else columns.on_behalf_of) == actor
    said = [] if as_of is None else [columns.counts_from <= as_of]
    # An entry's number is where it came on record: indexes have it, and not when it was known.
    recorded = [] if known_at is None else [columns.number <= known_at]
    shown = columns.retracted < schema.HIDDEN
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
def _ends(*, own: bool, actor: Given) -> Query:
    instant, said = schema.statements.c.counts_from, _said(own, actor, None, None)
    # One end at a time is read off the index.
    return select(
        *(select(end(instant)).where(*said).scalar_subquery() for end in (func.min, func.max))
    )


def instants_of(conn: Connection, lane: str, clocks: TwoClocks = NOW) -> list[tuple[int, int]]:
    """Return the instant from which each statement by or for an actor counts, in no order.

    Before it stands a number that statements on one topic share.
    """
    # Thousands of rows: fetched at once, and taken apart by place.
    found = {
        number: (topic, counts_from)
        for member in lanes_known(conn, clocks.known_at).members(lane)
        for own in (True, False)
        for number, topic, counts_from in conn.execute(
            *_instants(own=own, actor=member, **clocks.both)
        ).all()
    }
    return [*found.values()]


@prepared
def _instants(*, own: bool, actor: Given, as_of: Given | None, known_at: Given | None) -> Query:
    columns = schema.statements.c
    return select(columns.number, key(columns.topic), columns.counts_from).where(
        *_said(own, actor, as_of, known_at)
    )


def spoken_for(conn: Connection, lane: str, clocks: TwoClocks = NOW) -> list[SpokenFor]:
    """Return what others said for an actor, in the order in which it counts."""
    lanes = lanes_known(conn, clocks.known_at)
    statements = [
        SpokenFor(
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
def _spoken_for(*, actor: Given, as_of: Given | None, known_at: Given | None) -> Query:
    columns = schema.statements.c
    words = (columns.topic, columns.speaker, columns.number, columns.counts_from, columns.stance)
    told = columns.retracted, columns.document, columns.utterance
    return select(*words, *told).where(*_said(False, actor, as_of, known_at))  # noqa: FBT003 - see there


class Total(NamedTuple):
    """What was said in a lane: how much is known of it, and stands, from when until when."""

    known: int
    on_record: int
    first: int
    last: int


def totals(conn: Connection, lane: str, clocks: TwoClocks = NOW) -> dict[str, Total]:
    """Return what an actor had said by topic at a moment, by the order of the topics' ids.

    Its statements are counted in the index of lanes: that takes as long as there are any.
    """
    members = lanes_known(conn, clocks.known_at).members(lane)
    topics = relevant_topics(conn, None, lane, clocks.known_at)
    found: dict[str, Total] = {}
    for start in range(0, len(topics), AT_ONCE):
        some = topics[start : start + AT_ONCE]
        asked = _totals(topics=some, members=[*members], is_shared=len(members) > 1, **clocks.both)
        found |= {topic: Total(*map(int, told)) for topic, *told in conn.execute(*asked)}
    return {topic: found[topic] for topic in topics if topic in found}


AT_ONCE = 500
"""Topics that are asked for by one question."""


@prepared
def _totals(
    *,
    topics: Given,
    members: Given,
    is_shared: bool,
    as_of: Given | None,
    known_at: Given | None,
) -> Query:
    columns = schema.readings.c
    stands = case((columns.retracted == 0, columns.number))
    # Of two members of a lane both may have said it; of one, nothing is there twice.
    each = (columns.number.distinct(), stands.distinct()) if is_shared else (columns.number, stands)
    ends = func.min(columns.counts_from), func.max(columns.counts_from)
    query = select(columns.topic, *map(func.count, each), *ends).where(
        columns.topic.in_(topics),
        columns.actor.in_(members),
        columns.retracted < schema.HIDDEN,
        *known(columns, known_at),
    )
    if as_of is not None:
        query = query.where(columns.counts_from <= as_of)
    return query.group_by(columns.topic)
