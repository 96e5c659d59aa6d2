"""Where each actor stands on each topic, at any pair of clocks, and how that changed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, and_, func, literal, or_, select, true, union_all

from timeline.domain.instants import OLDEST, day_of
from timeline.domain.position import (
    Change,
    Ignored,
    Position,
    Reading,
    Withdrawal,
    position,
)
from timeline.domain.position.edition2.votes import as_votes_stand
from timeline.domain.position.reading import known as versions_at
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries.tracks import apart, course, topic_tracks, vote_topics
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.kinds import is_told
from timeline.projections.tables.lanes import (
    EVER,
    Known,
    Lanes,
    known,
    lanes_known,
    reading_rows,
    spoken_on,
    taken_back,
    unique,
    walk_backs,
)
from timeline.projections.tables.position_rows import change_of, position_of
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

READ_AT_ONCE = 50
"""Topics of which the lanes of an actor are read at once."""

Lane = tuple[str, str]
"""A topic's id and an actor's id."""


class LanePosition(msgspec.Struct, frozen=True):
    """Where a lane stands: ``topic`` and ``lane`` are ids.

    ``on_record`` counts the statements that are not retracted, as far as they were said and known.

    ``spoke`` is false where all that explains it was said, or came to be known, later.
    """

    topic: str
    lane: str
    position: Position
    on_record: int = 0
    spoke: bool = True


class LaneChange(msgspec.Struct, frozen=True):
    """A change of position with the lane that it is of."""

    topic: str
    lane: str
    change: Change


def current_positions(
    conn: Connection, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return where lanes stand now, as derived when the last statement came in."""
    rows = conn.execute(*_current(topic=topic, lane=lane))
    return [LanePosition(row.topic, row.lane, position_of(row), row.on_record) for row in rows]


@prepared
def _current(*, topic: Given | None, lane: Given | None) -> Query:
    table = schema.positions
    query: Query = _only(select(table), table, topic, lane)
    return query.order_by(*_by_lane(table.c))


def days_spoken_on(conn: Connection, topics: Collection[str]) -> dict[str, list[int]]:
    """Return the UTC days (instant // 86400) on which each topic was spoken on, as known now."""
    days: dict[str, list[int]] = {topic: [] for topic in topics}
    for topic, day in conn.execute(*_days(topics=[*topics])):
        days[topic].append(int(day))
    return days


@prepared
def _days(*, topics: Given) -> Query:
    columns = schema.topic_days.c
    query = select(columns.topic, columns.day).where(columns.topic.in_(topics))
    return query.order_by(columns.day)


def positions_on(conn: Connection, topics: Collection[str]) -> list[LanePosition]:
    """Return where lanes stand now on several topics, by topic and lane."""
    table = schema.positions
    query = select(table).where(table.c.topic.in_(list(topics))).order_by(*_by_lane(table.c))
    rows = conn.execute(query)
    return [LanePosition(row.topic, row.lane, position_of(row), row.on_record) for row in rows]


def lane_counts(conn: Connection, topics: Collection[str]) -> dict[str, int]:
    """Return how many lanes each topic has now, those of spokespersons among them."""
    table = schema.positions
    query = select(table.c.topic, func.count()).where(table.c.topic.in_(list(topics)))
    return {topic: int(count) for topic, count in conn.execute(query.group_by(table.c.topic))}


def current_changes(
    conn: Connection,
    *,
    topic: str | None = None,
    lane: str | None = None,
    since: int | None = None,
    until: int | None = None,
    limit: int | None = None,
    mixed: bool = True,
    firsts: bool = True,
) -> list[LaneChange]:
    """Return changes as known now, latest first; ``since`` and ``until`` are instants."""
    table = schema.changes
    query = _only(select(table), table, topic, lane)
    if since is not None:
        query = query.where(table.c.counts_from >= since)
    if until is not None:
        query = query.where(table.c.counts_from <= until)
    if not mixed:
        query = query.where(
            func.coalesce(table.c.from_stance, 0) != schema.MIXED,
            func.coalesce(table.c.to_stance, 0) != schema.MIXED,
        )
    told = is_told(table.c)
    query = query.where(or_(told, table.c.kind == "first") if firsts else told)
    if limit is not None:
        query = query.where(table.c.counts_from >= instant_of_last(query, limit)).limit(limit)
    query = query.order_by(
        table.c.counts_from.desc(),
        table.c.known_at.desc(),
        *_by_lane(table.c),
        table.c.day.desc(),
        table.c.place.desc(),
    )
    return [LaneChange(row.topic, row.lane, change_of(row)) for row in conn.execute(query)]


def instant_of_last(query: Any, limit: int) -> Any:  # noqa: ANN401 - SQL
    """Select the instant of the last of so many changes: the index finds it without a sort."""
    instant = query.selected_columns.counts_from
    latest = query.with_only_columns(instant).order_by(instant.desc()).offset(limit - 1).limit(1)
    return func.coalesce(latest.scalar_subquery(), literal(OLDEST, schema.WIDE))


def positions_at(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return where lanes stood, in full: every reading of each lane is taken into account."""
    if clocks.is_now:
        # A lane whose words are all retracted or withdrawn is kept, but holds no position.
        current = current_positions(conn, topic=topic, lane=lane)
        return [one for one in current if one.position.counted]
    asked = topics_asked(conn, topic, lane, clocks.known_at)
    votes, others = apart(conn, asked, clocks.known_at)
    positions = [*_by_tracks(conn, others, lane, clocks), *_by_votes(conn, votes, lane, clocks)]
    place = {one: number for number, one in enumerate(asked)}
    return sorted(positions, key=lambda one: (place[one.topic], one.lane))


def _by_votes(
    conn: Connection, topics: Iterable[str], lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    for key, readings, back in lanes_on(conn, topics, lanes=only(lane), known_at=clocks.known_at):
        stood = as_votes_stand(position(readings, back, **clocks.both))
        if stood.counted:
            standing = {r.statement for r in said_by(readings, clocks.as_of) if not r.retracted}
            yield LanePosition(*key, stood, len(standing))


def _by_tracks(
    conn: Connection, topics: Iterable[str], lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    for topic in topics:
        then = course(conn, topic, clocks)
        for actor, stood in then.positions().items():
            if stood.counted and lane in (None, actor):
                standing = sum(not reading.retracted for reading in then.readings[actor])
                yield LanePosition(topic, actor, stood, standing)


def explained(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return where lanes stood with the reason of every statement that does not count.

    Statements that came to be known later are named too.
    """
    asked = topics_asked(conn, topic, lane, clocks.known_at)
    return [*explained_on(conn, asked, clocks, lane=lane)]


def explained_on(
    conn: Connection, topics: Iterable[str], clocks: TwoClocks = NOW, *, lane: str | None = None
) -> Iterator[LanePosition]:
    """Yield the same topic by topic, in the order of their ids given; memory holds one of them."""
    wanted = [*topics]
    votes = vote_topics(conn, wanted, clocks.known_at)
    for topic in wanted:
        explain = _explained_votes if topic in votes else _explained_tracks
        yield from explain(conn, topic, lane, clocks)


def explained_by_first(
    conn: Connection, topics: Iterable[str], clocks: TwoClocks = NOW, *, lane: str | None = None
) -> Iterator[LanePosition]:
    """Yield the same by edition 1 of the rule, whatever the topics ask for."""
    for topic in topics:
        yield from _explained_votes(conn, topic, lane, clocks)


def _explained_tracks(
    conn: Connection, topic: str, lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    """Yield the lanes of a topic with the reasons of edition 2, and of what came later."""
    now = topic_tracks(conn, topic)
    by_then = TwoClocks(known_at=clocks.known_at)
    known = now if by_then.is_now else topic_tracks(conn, topic, by_then)
    then = known if clocks.as_of is None else topic_tracks(conn, topic, clocks)
    for actor in sorted(now.keys() | known.keys()):
        if lane not in (None, actor):
            continue
        stood = then[actor].position if actor in then else position((), ())
        said = (
            {reading.statement for reading in then[actor].readings} if actor in then else set[int]()
        )
        later = (
            {reading.statement for reading in known[actor].readings} - said
            if actor in known
            else set()
        )
        unknown = {reading.statement for reading in now[actor].readings} if actor in now else set()
        unknown -= said | later
        ignored = (
            *stood.ignored,
            *(Ignored(one, "later_than_as_of") for one in later),
            *(Ignored(one, "not_known_yet") for one in unknown),
        )
        in_order = tuple(sorted(ignored, key=lambda one: one.statement))
        explained = msgspec.structs.replace(stood, ignored=in_order)
        yield LanePosition(topic, actor, explained, len(said | later | unknown), spoke=bool(said))


def _explained_votes(
    conn: Connection, topic: str, lane: str | None, clocks: TwoClocks
) -> Iterator[LanePosition]:
    lanes = lanes_on(conn, [topic], lanes=only(lane), known_at=clocks.known_at, every_version=True)
    for key, readings, back in lanes:
        stood = as_votes_stand(position(readings, back, **clocks.both))
        if stood.counted or stood.ignored:
            live = versions_at(readings, clocks.known_at)
            spoke = any(
                clocks.as_of is None or reading.counts_from <= clocks.as_of for reading in live
            )
            on_record = len({r.statement for r in readings})
            yield LanePosition(*key, stood, on_record, spoke=spoke)


def lanes_at(
    conn: Connection,
    *,
    topic: str | None = None,
    lane: str | None = None,
    known_at: int | None = None,
) -> Iterator[tuple[Lane, list[Reading], list[Withdrawal]]]:
    """Yield every lane with its readings and walk-backs as known at a log position."""
    asked = topics_asked(conn, topic, lane, known_at)
    return lanes_on(conn, asked, lanes=only(lane), known_at=known_at)


def only(lane: str | None) -> set[str] | None:
    """Return one lane alone, or ``None`` where all are meant."""
    return None if lane is None else {lane}


def topics_asked(
    conn: Connection, topic: str | None, lane: str | None, known_at: int | None
) -> list[str]:
    """Return the ids of the topics that a question is about: the one, those of a lane, or all."""
    if topic is not None:
        return [topic]
    members = None if lane is None else lanes_known(conn, known_at).members(lane)
    return topics_of(conn, members)


def lanes_on(
    conn: Connection,
    topics: Iterable[str],
    *,
    lanes: Collection[str] | None,
    known_at: int | None,
    every_version: bool = False,
) -> Iterator[tuple[Lane, list[Reading], list[Withdrawal]]]:
    """Yield some lanes (all for ``None``) of some topics, those of a topic one after the other.

    Who stands in whose lane is always as known then; with ``every_version`` the readings and
    walk-backs are those of all times.
    """
    versions: Known = EVER if every_version else known_at
    if not (wanted := [*topics]):
        return
    who, links = lanes_known(conn, known_at), walk_backs(conn, versions)
    members = None if lanes is None else {member for lane in lanes for member in who.members(lane)}
    # Of one lane many topics fit into memory.
    size = READ_AT_ONCE if lanes is not None and len(lanes) == 1 else 1
    for start in range(0, len(wanted), size):
        some, found = wanted[start : start + size], defaultdict[Lane, list[Reading]](list)
        for row in reading_rows(conn, some, members, versions):
            found[row[0], who.of(row[1])].append(who.reading(row))
        for topic, lane in sorted(found, key=lambda one: (some.index(one[0]), one[1])):
            readings = unique(found[topic, lane]) if who.lane else found[topic, lane]
            back = taken_back(links, (reading.statement for reading in readings))
            yield (topic, lane), readings, back


def walked_back(conn: Connection, lane: str, known_at: int | None = None) -> set[str]:
    """Return the topics on which words of a lane are taken back, as known at a log position."""
    lanes = lanes_known(conn, known_at)
    return {topic for topic, one in lanes_with_walk_back(conn, known_at, lanes) if one == lane}


def standing_at(
    conn: Connection, clocks: TwoClocks = NOW, *, topic: str | None = None, lane: str | None = None
) -> list[LanePosition]:
    """Return where lanes stood, of votes by a bounded query: only days that can decide are read.

    The stance, its rank, what counted and what stands beside it are exact; how often and since
    when it was voted is not looked for. Lanes with a walk-back are read in full.
    """
    asked = topics_asked(conn, topic, lane, clocks.known_at)
    votes, others = apart(conn, asked, clocks.known_at)
    spoken = [*_by_tracks(conn, others, lane, clocks)]
    if not votes:
        return sorted(spoken, key=lambda one: (one.topic, one.lane))
    deciding: dict[Lane, list[Reading]] = defaultdict(list)
    wanted = {*votes}
    lanes = lanes_known(conn, clocks.known_at)
    members = None if lane is None else lanes.members(lane)
    for row in conn.execute(_deciding(topic, members, clocks.as_of, clocks.known_at)):
        if row[0] is not None and row[0] in wanted:
            deciding[row[0], lanes.of(row[1])].append(lanes.reading(row))
    walked_back = lanes_with_walk_back(conn, clocks.known_at, lanes)
    positions = spoken
    for key in sorted(deciding):
        if key in walked_back:
            positions += positions_at(conn, clocks, topic=key[0], lane=key[1])
            continue
        stood = position(unique(deciding[key]), (), **clocks.both)
        positions.append(LanePosition(*key, as_votes_stand(stood)))
    return sorted(positions, key=lambda one: (one.topic, one.lane))


def latest_first(changes: Iterable[LaneChange]) -> list[LaneChange]:
    """Return changes in the order of `current_changes`."""
    oldest_last = list(changes)[::-1]
    return sorted(
        oldest_last,
        key=lambda change: (
            -change.change.counts_from,
            -change.change.known_at,
            change.topic,
            change.lane,
        ),
    )


def said_by(readings: list[Reading], as_of: int | None) -> list[Reading]:
    """Keep the readings of what had been said by an instant."""
    return (
        readings
        if as_of is None
        else [reading for reading in readings if reading.counts_from <= as_of]
    )


def _deciding(
    topic: str | None, members: set[str] | None, as_of: int | None, known_at: int | None
) -> Any:  # noqa: ANN401 - a SQL query
    """Select the readings of the latest day that counts for each lane and rank; empty rows too."""
    table = schema.readings
    inner = table.alias("latest")

    def candidates(columns: Any) -> list[Any]:  # noqa: ANN401 - SQL clauses
        clauses = [*known(columns, known_at), columns.retracted == 0, columns.stance.is_not(None)]
        if as_of is not None:
            # The day is in the index before the instant: nothing later is looked at.
            clauses += [columns.day <= day_of(as_of), columns.counts_from <= as_of]
        return clauses

    keys = spoken_on(topic) if members is None else _keys_of(topic, members)
    every_rank = _ranks()
    ranked = select(keys.c.topic, keys.c.actor, every_rank.c.rank).where(keys.c.actor.is_not(None))
    ranks = ranked.join_from(keys, every_rank, true()).subquery("ranked")
    latest = (
        select(func.max(inner.c.day))
        .where(
            inner.c.topic == ranks.c.topic,
            inner.c.actor == ranks.c.actor,
            inner.c.rank == ranks.c.rank,
            *candidates(inner.c),
        )
        .scalar_subquery()
    )
    days = select(ranks, latest.label("day")).subquery("days")
    # Were it no outer join, SQLite would walk all readings and look for the days of each.
    return select(table).join_from(
        days,
        table,
        and_(
            table.c.topic == days.c.topic,
            table.c.actor == days.c.actor,
            table.c.rank == days.c.rank,
            table.c.day == days.c.day,
            *candidates(table.c),
        ),
        isouter=True,
    )


def _keys_of(topic: str | None, members: set[str]) -> Any:  # noqa: ANN401 - a SQL subquery
    table = schema.readings
    lanes = select(table.c.topic, table.c.actor).distinct().where(table.c.actor.in_(members))
    return (lanes if topic is None else lanes.where(table.c.topic == topic)).subquery("keys")


def _ranks() -> Any:  # noqa: ANN401 - a SQL subquery
    return union_all(*(select(literal(rank).label("rank")) for rank in range(3))).subquery("ranks")


def lanes_with_walk_back(conn: Connection, known_at: int | None, lanes: Lanes) -> set[Lane]:
    """Return the lanes in which words are taken back, as known at a log position."""
    links, table = schema.links, schema.readings
    targets = select(links.c.target).where(links.c.kind == "withdraws", *known(links.c, known_at))
    query = select(table.c.topic, table.c.actor).where(table.c.number.in_(targets)).distinct()
    return {(row.topic, lanes.of(row.actor)) for row in conn.execute(query)}


def topics_of(conn: Connection, members: set[str] | None) -> list[str]:
    """Return the ids of the topics on which any of these actors ever spoke; of all for ``None``."""
    if members is None:
        query = select(schema.topics.c.id).order_by(schema.topics.c.opened)
        return list(conn.execute(query).scalars())
    found = {
        topic for member in members for topic in conn.execute(*_spoken(actor=member)).scalars()
    }
    return sorted(topic for topic in found if topic is not None)


@prepared
def _spoken(*, actor: Given) -> Query:
    """Select the topics of an actor, one step down the index for each; the last row has none."""
    columns = schema.readings.c
    here = columns.actor == actor
    first = select(func.min(columns.topic).label("topic")).where(here)
    keys = first.cte("keys", recursive=True)
    following = select(func.min(columns.topic)).where(here, columns.topic > keys.c.topic)
    rest = select(following.scalar_subquery()).where(keys.c.topic.is_not(None))
    return select(keys.union_all(rest).c.topic)


def _by_lane(columns: Any) -> tuple[Any, Any]:  # noqa: ANN401 - SQL
    return spelled(columns.topic), spelled(columns.lane)


def _only(
    query: Any,  # noqa: ANN401 - SQL
    table: Any,  # noqa: ANN401
    topic: str | Given | None,
    lane: str | Given | None,
) -> Any:  # noqa: ANN401
    if topic is not None:
        query = query.where(table.c.topic == topic)
    if lane is not None:
        query = query.where(table.c.lane == lane)
    return query
