"""The last changes of each topic, and the quickest turn in somebody's own words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, and_, case, cast, func, literal, select

from timeline.domain.instants import DAY, day_of
from timeline.projections.queries.positions import LaneChange, lane_changes
from timeline.projections.tables import schema
from timeline.projections.tables.interned import spelled
from timeline.projections.tables.kinds import MOVED, of_kinds, utc_day, words_or_lane
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection


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
