"""What is new: counts of what was recorded after a log position, and the last changes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import BigInteger, Connection, and_, case, cast, func, literal, select

from timeline.domain.instants import DAY, day_of
from timeline.projections.queries.positions import LaneChange, lane_changes
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.kinds import MOVED, is_visible, of_kinds, utc_day, words_or_lane
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select


class News(msgspec.Struct, frozen=True):
    """Counts of new statements, developments and changes on a topic."""

    topic: str
    statements: int
    developments: int
    changes: int


def news(conn: Connection, position: int) -> list[News]:
    """Return the topics with anything new, those with most changes first."""
    statements, changes = _statements(conn, position), _changes(conn, position)
    happened = _developments(conn, position)
    result = [
        News(topic, statements.get(topic, 0), happened.get(topic, 0), changes.get(topic, 0))
        for topic in statements.keys() | happened.keys() | changes.keys()
    ]
    return sorted(result, key=lambda item: (-item.changes, -item.statements, item.topic))


def developments(conn: Connection, position: int) -> int:
    """Count the new developments; one on several topics counts once."""
    columns = schema.developments.c
    new = columns.number > position, *known(columns, None)
    return int(conn.execute(select(func.count()).where(*new)).scalar_one())


def amended(conn: Connection, position: int) -> dict[str, int]:
    """Count corrections, retractions and reinstatements after a log position."""
    table = schema.amendments
    query = select(table.c.kind, func.count()).where(table.c.position > position)
    return _counted(conn, query.group_by(table.c.kind))


def _statements(conn: Connection, position: int) -> dict[str, int]:
    """Count new statements by topic; one index look-up each, since few of many are new."""
    topics, columns = schema.topics, schema.statements.c
    new = select(func.count()).where(
        columns.topic == topics.c.id,
        columns.known_from > position,
        columns.number > position,
        *known(columns, None),
    )
    return _counted(conn, select(topics.c.id, new.scalar_subquery()))


def _developments(conn: Connection, position: int) -> dict[str, int]:
    """Count new developments by topic."""
    columns = schema.bearings.c
    query = select(columns.topic, func.count(columns.number.distinct()))
    new = columns.number > position, *known(columns, None)
    return _counted(conn, query.where(*new).group_by(columns.topic))


def _changes(conn: Connection, position: int) -> dict[str, int]:
    """Count changes of position by topic; those that one statement makes count once."""
    columns = schema.changes.c
    moved = columns.known_at > position, is_visible(columns)
    query = select(columns.topic, func.count(columns.after.distinct())).where(*moved)
    return _counted(conn, query.group_by(columns.topic))


def _counted(conn: Connection, query: Select[Any]) -> dict[str, int]:
    return {name: int(count) for name, count in conn.execute(query) if count}


def last_moves(conn: Connection, topics: Collection[str]) -> dict[str, list[LaneChange]]:
    """Return for each topic the changes of the last day on which a position changed.

    Topics without one are missing; the latest change comes first.
    """
    moves: dict[str, list[LaneChange]] = defaultdict(list)
    for change in lane_changes(conn.execute(*_last_moves(topics=[*topics]))):
        changes = moves[change.topic]
        if not changes or changes[0].change.day == change.change.day:
            changes.append(change)
    return dict(moves)


@prepared
def _last_moves(*, topics: Param) -> Query:
    table, columns = schema.changes, schema.topics.c
    moved_topics = columns.id.in_(topics), columns.moved.is_not(None)
    last = select(columns.id, columns.moved.label("instant")).where(*moved_topics).subquery("last")
    that_day = and_(
        table.c.topic == last.c.id,
        table.c.counts_from > last.c.instant - DAY,
        of_kinds(MOVED, table.c),
    )
    # Were it no outer join, SQLite would walk all changes and look for the topic of each.
    query = select(table).join_from(last, table, that_day, isouter=True)
    return query.order_by(
        table.c.counts_from.desc(), table.c.known_at.desc(), spelled(table.c.lane)
    )


def latest_move_days(conn: Connection, topic: str, limit: int) -> list[tuple[int, str]]:
    """Return the UTC days of a topic's latest moves, latest first, each with a key.

    Lanes that the same words moved share a key.
    """
    rows = conn.execute(*_latest_moves(topic=topic, limit=limit)).all()
    return [(day_of(row.counts_from), row.words) for row in rows]


@prepared
def _latest_moves(*, topic: Param, limit: Param) -> Query:
    columns = schema.changes.c
    words = words_or_lane(columns).label("words")
    query = select(columns.counts_from, words).where(
        columns.topic == topic, of_kinds(MOVED, columns)
    )
    return query.order_by(columns.counts_from.desc()).limit(limit)


def quickest_turn(conn: Connection, since: int) -> list[LaneChange]:
    """Return the quickest turn across the middle in one person's quoted words since an instant.

    Of the turns with fewest days between, take the one that goes farthest, then the latest. If the
    same words turn several lanes, all of them are returned.
    """
    changes = lane_changes(conn.execute(*_turned(since=since)))
    first = changes[:1]
    return [change for change in changes if _words(change) == _words(first[0])]


@prepared
def _turned(*, since: Param) -> Query:
    table = schema.changes
    then, now = (schema.statements.alias(name) for name in ("before", "after"))
    sides = ((table.c.before, then), (table.c.after, now))
    proved = [clause for words, side in sides for clause in _quoted(words, side)]
    turned = (
        table.c.counts_from >= since,
        table.c.kind == "reversal",
        of_kinds(MOVED, table.c),
        then.c.speaker == now.c.speaker,
    )
    days = utc_day(now.c.counts_from) - utc_day(then.c.counts_from)
    farthest = func.abs(table.c.to_stance - table.c.from_stance)
    query = select(table).where(*turned, *proved)
    query = query.order_by(days, farthest.desc(), table.c.counts_from.desc(), spelled(table.c.lane))
    return query.limit(_LANES)


_LANES = 8
"""Most lanes that one statement moves: the speaker's, and those of the sides."""


def _words(change: LaneChange) -> tuple[str, tuple[int, ...]]:
    return change.topic, change.change.after


def _quoted(words: Any, side: Any) -> list[Any]:  # noqa: ANN401 - SQL
    """Return the clauses that hold where one quoted statement alone proves this end of a change."""
    alone = words.not_like("%,%")
    number = cast(func.trim(words, "[]"), BigInteger)
    return [
        alone,
        side.c.number == case((alone & (words != "[]"), number), else_=literal(0)),
        side.c.attribution == "quoted",
        side.c.withheld == 0,
        *known(side.c, None),
    ]
