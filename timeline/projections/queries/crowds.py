"""Counts for topics with more statements than a page can list."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, and_, case, func, literal, or_, select

from timeline.domain.instants import day_of, month_number, month_start
from timeline.domain.two_clocks import NOW, TwoClocks
from timeline.projections.queries import paging
from timeline.projections.queries.paging import EVERYTHING, Filter
from timeline.projections.queries.positions import LaneChange, lane_changes
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts_of
from timeline.projections.tables.kinds import COUNTED, is_visible, utc_day, words_or_lane
from timeline.projections.tables.lanes import RANKS, equal, known, lanes_known, spoken_on, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection


Counts = tuple[int, int, int, int, int]


def latest_changes(
    conn: Connection,
    clocks: TwoClocks = NOW,
    *,
    topic: str | None = None,
    visible_only: bool = False,
) -> list[LaneChange]:
    """Return the latest change of each lane, of the changes as they are known now.

    Steps and first words are among them unless ``visible_only``. Changes after the instant
    ``as_of`` are skipped, and changes that became known after the log position ``known_at``.
    """
    query = _latest_changes(topic=topic, **clocks.both, visible_only=visible_only)
    return lane_changes(conn.execute(*query))


@prepared
def _latest_changes(
    *, topic: Param | None, as_of: Param | None, known_at: Param | None, visible_only: bool
) -> Query:
    table, lanes = schema.changes, schema.positions
    moves = table.alias("moves")
    latest = select(moves.c.day).where(
        moves.c.topic == lanes.c.topic,
        moves.c.lane == lanes.c.lane,
        *up_to(moves.c.counts_from, as_of),
        *up_to(moves.c.known_at, known_at),
    )
    if visible_only:
        latest = latest.where(is_visible(moves.c))
    # One step down the index for each lane: each may have hundreds of changes.
    day = latest.order_by(moves.c.day.desc()).limit(1).scalar_subquery()
    of_each = select(lanes.c.topic, lanes.c.lane, day.label("day"))
    last = of_each.where(*equal(lanes.c.topic, topic)).subquery("last")
    # Were it no outer join, SQLite would walk all changes and look for the lane of each.
    return (
        select(table)
        .join_from(
            last,
            table,
            and_(
                table.c.topic == last.c.topic,
                table.c.lane == last.c.lane,
                table.c.day == last.c.day,
                *((is_visible(table.c),) if visible_only else ()),
            ),
            isouter=True,
        )
        .order_by(table.c.place)
    )


def changes_on(
    conn: Connection, topic: str, lanes: Collection[str], days: Collection[int]
) -> list[LaneChange]:
    """Return the changes of some lanes on some UTC days, as known now."""
    return lane_changes(conn.execute(*_changes_on(topic=topic, lanes=[*lanes], days=[*days])))


@prepared
def _changes_on(*, topic: Param, lanes: Param, days: Param) -> Query:
    table = schema.changes
    here = table.c.topic == topic, table.c.lane.in_(lanes), table.c.day.in_(days)
    return select(table).where(*here)


def words_now(conn: Connection, topic: str) -> dict[str, int]:
    """Count the statements of each lane that are known now, retracted ones included."""
    return {lane: known for lane, known, _ in conn.execute(*_counts(topic=topic, lane=None))}


def words_of(conn: Connection, topic: str, lane: str) -> int:
    """Return the same for one lane; 0 where nothing is known."""
    return sum(row.known for row in conn.execute(*_counts(topic=topic, lane=lane)))


def on_record(conn: Connection, topic: str) -> dict[str, int]:
    """Count the statements of each lane that stand."""
    return {lane: standing for lane, _, standing in conn.execute(*_counts(topic=topic, lane=None))}


@prepared
def _counts(*, topic: Param, lane: Param | None) -> Query:
    columns = schema.positions.c
    here = columns.topic == topic, *equal(columns.lane, lane)
    return select(columns.lane, columns.known, columns.on_record).where(*here)


def turns(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> dict[str, int]:
    """Count the changes of each lane up to an instant, first words left out.

    These are changes known now, without those that became known after the log position.
    """
    rows = conn.execute(*_turns(topic=topic, **clocks.both))
    return {lane: int(count) for lane, count in rows}


@prepared
def _turns(*, topic: Param, as_of: Param | None, known_at: Param | None) -> Query:
    table = schema.lane_turns
    if as_of is None and known_at is None:
        counted = select(table.c.lane, func.sum(table.c.changes)).where(table.c.topic == topic)
        return counted.group_by(table.c.lane)
    columns = schema.changes.c
    counted = select(columns.lane, func.count()).where(
        columns.topic == topic,
        is_visible(columns),
        *up_to(columns.counts_from, as_of),
        *up_to(columns.known_at, known_at),
    )
    return counted.group_by(columns.lane)


def count_turns(conn: Connection, topic: str, lanes: Collection[str], since: int) -> int:
    """Count the changes of some lanes that became known after a log position."""
    columns = schema.changes.c
    query = select(func.count()).where(
        columns.topic == topic,
        columns.lane.in_([*lanes]),
        columns.known_at > since,
        is_visible(columns),
    )
    return int(conn.execute(query).scalar_one())


def spoken_by_day(conn: Connection, topic: str) -> dict[int, int]:
    """Count the statements on each UTC day (instant // 86400) that has any."""
    rows = conn.execute(*_spoken_by_day(topic=topic))
    return {int(day): int(statements) for day, statements in rows}


@prepared
def _spoken_by_day(*, topic: Param) -> Query:
    table = schema.topic_days
    return select(table.c.day, table.c.statements).where(table.c.topic == topic)


def moved_by_day(conn: Connection, topic: str) -> dict[int, int]:
    """Count the changes of position on each UTC day, first words left out, as known now.

    Changes that the same words make count once.
    """
    return {int(on): int(words) for on, words in conn.execute(*_moved_by_day(topic=topic))}


@prepared
def _moved_by_day(*, topic: Param) -> Query:
    columns = schema.changes.c
    day = utc_day(columns.counts_from)
    query = select(day, func.count(words_or_lane(columns).distinct())).group_by(day)
    return query.where(columns.topic == topic, is_visible(columns))


def moved_by_month(conn: Connection, topic: str) -> dict[int, int]:
    """Return the same for each month (twelve times the year, 0 for January)."""
    return {int(month): int(count) for month, count in conn.execute(*_moved_by_month(topic=topic))}


@prepared
def _moved_by_month(*, topic: Param) -> Query:
    table = schema.topic_months
    return select(table.c.month, table.c.told).where(table.c.topic == topic, table.c.told > 0)


def instants_of(
    conn: Connection, numbers: Collection[int], known_at: int | None = None
) -> dict[int, int]:
    """Return by number the instants from which statements count."""
    rows = conn.execute(*_instants(numbers=[*numbers], known_at=known_at))
    return {int(number): int(instant) for number, instant in rows}


@prepared
def _instants(*, numbers: Param, known_at: Param | None) -> Query:
    table = schema.statements.c
    return select(table.number, table.counts_from).where(
        table.number.in_(numbers), *known(table, known_at)
    )


def sides(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> set[str]:
    """Return the lanes with statements of their own, or made on their behalf.

    All statements of the other lanes stand in the lane of a side, too.
    """
    spoke = who_spoke(conn, topic, clocks)
    return {lane for lane, is_side in spoke.items() if is_side}


def who_spoke(conn: Connection, topic: str, clocks: TwoClocks = NOW) -> dict[str, bool]:
    """Return every lane with statements by then, and whether it is one of the sides.

    The query looks at few statements of a side, and at all of a person who only speaks for others.
    """
    lanes, side_lanes = lanes_known(conn, clocks.known_at), dict[str, bool]()
    for actor, is_side in conn.execute(*_spoke(topic=topic, **clocks.both)):
        lane = lanes.of(actor)
        side_lanes[lane] = bool(is_side) or side_lanes.get(lane, False)
    return side_lanes


@prepared
def _spoke(*, topic: Param, as_of: Param | None, known_at: Param | None) -> Query:
    readings, statements, spoke = schema.readings.c, schema.statements.c, spoken_on(topic)
    here = readings.topic == topic, readings.actor == spoke.c.actor, *known(readings, known_at)
    shown = readings.retracted < schema.HIDDEN, *up_to(readings.counts_from, as_of)
    words = select(literal(1)).where(*here, *shown)
    for_whom = select(statements.number).where(
        statements.number == readings.number,
        statements.on_behalf_of.is_not(None),
        *known(statements, known_at),
    )
    own = words.where(or_(readings.speaker.is_not(None), ~for_whom.exists()))
    return select(spoke.c.actor, case((own.exists(), 1), else_=0)).where(
        spoke.c.actor.is_not(None), words.exists()
    )


def sources(
    conn: Connection, topic: str, limit: int, also: Collection[str] = ()
) -> tuple[dict[str, int], int]:
    """Return the counts of statements by document, of those with most and those in ``also``.

    The second value is the number of documents in all.
    """
    table = schema.topic_sources
    here = select(table.c.document, table.c.statements).where(table.c.topic == topic)
    most = here.order_by(table.c.statements.desc(), table.c.document).limit(limit)
    named = [here.where(table.c.document.in_(list(also)))] if also else []
    counts = {row.document: row.statements for part in (most, *named) for row in conn.execute(part)}
    in_all = select(func.count()).select_from(table).where(table.c.topic == topic)
    return counts, int(conn.execute(in_all).scalar_one())


def daily(
    conn: Connection,
    topic: str,
    actors: Collection[str],
    wanted: Filter = EVERYTHING,
    clocks: TwoClocks = NOW,
    *,
    days: tuple[int, int] | None = None,
) -> dict[str, dict[int, Counts]]:
    """Count the stances of each actor by UTC day, from −2 to +2, in no order of the days.

    A day on which the filter passes nothing has zeros. With ``days`` only the first, the last and
    those between are counted; the last day on which an actor spoke is always there, with zeros.
    """
    table = schema.readings
    passing_count = _passing(conn, topic, wanted, clocks)
    query = (
        select(key(table.c.actor), table.c.day, table.c.stance, passing_count.label("passing"))
        .where(table.c.topic == topic, table.c.actor.in_(list(actors)))
        .where(*_standing(table.c, clocks.as_of, clocks.known_at))
        .group_by(key(table.c.actor), table.c.day, table.c.stance)
    )
    counts: _DayCounts = defaultdict(dict)
    if days is not None:
        query = query.where(table.c.rank.in_(RANKS), table.c.day.between(*days))
        for actor in actors:
            if (last := _last_day(conn, topic, actor, clocks)) is not None:
                counts[actor][last] = [0, 0, 0, 0, 0]
    rows = conn.execute(query).all()
    names = texts_of(conn, {number for number, *_ in rows})
    for number, day, stance, passing in rows:
        _add(counts, names[number], day, stance, passing)
    return _counted(counts)


def monthly(
    conn: Connection,
    topic: str,
    actors: Collection[str],
    wanted: Filter = EVERYTHING,
    clocks: TwoClocks = NOW,
    *,
    days: tuple[int, int],
) -> dict[str, dict[int, Counts]]:
    """Count the same between two days by month, each at its first day, or at the first of the two.

    As known now, whole months are stored; they are read where the filter names nothing but actors,
    stances and days.
    """
    is_kept = clocks.known_at is None and _is_kept(wanted)
    months = _whole_months(days, wanted, clocks.as_of) if is_kept else None
    if not months:
        return daily(conn, topic, actors, wanted, clocks, days=days)
    begin, end = month_start(months[0]), month_start(months[-1] + 1)
    totals: _DayCounts = defaultdict(dict)
    for ends in ((days[0], begin - 1), (end, days[1])):
        for actor, of_days in daily(conn, topic, actors, wanted, clocks, days=ends).items():
            for day, counts in of_days.items():
                for stance, count in enumerate(counts, -2):
                    _add(totals, actor, day, stance, count)
    table = schema.stance_months
    query = select(table.c.actor, table.c.month, table.c.stance, table.c.statements).where(
        table.c.topic == topic,
        table.c.actor.in_(list(actors)),
        table.c.month.between(months[0], months[-1]),
    )
    for actor, month, stance, count in conn.execute(query):
        passing = count if not wanted.stances or stance in wanted.stances else 0
        _add(totals, actor, month_start(month), stance, passing)
    return _counted(totals)


_DayCounts = defaultdict[str, dict[int, list[int]]]


def _add(counts: _DayCounts, actor: str, day: int, stance: int, count: int) -> None:
    of_days = counts[actor]
    if day not in of_days:
        of_days[day] = [0, 0, 0, 0, 0]
    of_days[day][stance + 2] += int(count)


def _counted(counts: _DayCounts) -> dict[str, dict[int, Counts]]:
    return {
        actor: {day: (a, b, c, d, e) for day, (a, b, c, d, e) in of_days.items()}
        for actor, of_days in counts.items()
    }


def _whole_months(days: tuple[int, int], wanted: Filter, as_of: int | None) -> range:
    """Return the months between two days that lie wholly within the moment and the filter."""
    first, last = days
    if not (first in COUNTED and last in COUNTED):
        return range(0)
    begin, end = month_number(first - 1) + 1, month_number(last + 1)
    if wanted.begin is not None:
        begin = max(begin, month_number(day_of(wanted.begin)) + 1)
    for instant in (wanted.end, as_of):
        if instant is not None:
            end = min(end, month_number(day_of(instant)))
    return range(begin, end)


def _is_kept(wanted: Filter) -> bool:
    """Tell whether stored months can answer a filter: it names only actors, stances and times."""
    some = {"actors": frozenset[str](), "stances": frozenset[int | None]()}
    return msgspec.structs.replace(wanted, **some, begin=None, end=None) == EVERYTHING


def _last_day(conn: Connection, topic: str, actor: str, clocks: TwoClocks) -> int | None:
    """Return the last day on which an actor took a position; one index step for each rank."""
    params = {"topic": topic, "actor": actor, **clocks.both}
    if clocks.as_of is not None:
        params["last"] = day_of(clocks.as_of)
    days = (conn.execute(*latest_day(rank=rank, **params)).scalar() for rank in RANKS)
    return max((int(day) for day in days if day is not None), default=None)


@prepared
def latest_day(
    *,
    rank: Param,
    topic: Param,
    actor: Param,
    as_of: Param | None,
    known_at: Param | None,
    last: Param | None = None,
    other_than: Param | None = None,
) -> Query:
    """Select the latest day on which an actor took a position in words of a rank.

    Name the ``last`` day to look at, and a stance to pass over.
    """
    columns = schema.readings.c
    here = columns.topic == topic, columns.actor == actor, columns.rank == rank
    standing = _standing(columns, as_of, known_at)
    query = select(func.max(columns.day)).where(*here, *standing, *up_to(columns.day, last))
    return query if other_than is None else query.where(columns.stance != other_than)


def _passing(conn: Connection, topic: str, wanted: Filter, clocks: TwoClocks) -> Any:  # noqa: ANN401 - SQL
    """Count the readings of statements that pass a filter."""
    if wanted == EVERYTHING:
        return func.count()
    if wanted.kinds and "statement" not in wanted.kinds:
        return literal(0)
    numbers = paging.passing(conn, topic, wanted, clocks)
    return func.sum(case((schema.readings.c.number.in_(numbers), 1), else_=0))


def _standing(columns: Any, as_of: int | Param | None, known_at: int | Param | None) -> list[Any]:  # noqa: ANN401
    stands = columns.retracted == 0, columns.stance.is_not(None)
    return [*known(columns, known_at), *stands, *up_to(columns.counts_from, as_of)]
