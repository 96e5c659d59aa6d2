"""Counts of changes for pages of stories: by topic and month, by lane and kind."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, case, delete, func, insert, select

from timeline.domain.instants import DAY, month_number, month_start
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, keys_of
from timeline.projections.tables.kinds import MOVED, is_visible, kind_column, utc_day, words_or_lane
from timeline.projections.writing.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Select

    from timeline.domain.position import Change


class TurnCounter:
    """Notes the lanes and months whose changes were written or removed, and counts them anew."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._lanes: set[tuple[str, str]] = set()
        self._months: set[tuple[str, int]] = set()

    def note_removed(self, topic: str, lane: str, *where: Any) -> None:  # noqa: ANN401 - SQL clauses
        """Note the changes of a lane that are about to be removed."""
        columns = schema.changes.c
        query = select(columns.counts_from).where(columns.topic == topic, columns.lane == lane)
        self.note(topic, lane, self._conn.execute(query.where(*where)).scalars())

    def note_written(self, topic: str, lane: str, moves: Iterable[Change]) -> None:
        """Note changes of a lane that are written."""
        self.note(topic, lane, (change.counts_from for change in moves))

    def note(self, topic: str, lane: str, instants: Iterable[int]) -> None:
        """Note that changes of a lane at these instants were written or removed."""
        months = {month_number(instant // DAY) for instant in instants}
        if months:
            self._lanes.add((topic, lane))
            self._months |= {(topic, month) for month in months}

    def count(self) -> None:
        """Count the noted lanes and months anew."""
        number = keys_of(self._conn, {*chain.from_iterable(self._lanes)})
        for topic, lane in sorted(self._lanes):
            self._count_lane(number[topic], number[lane])
        for topic, month in sorted(self._months):
            self._count_month(number[topic], month)
        self._lanes.clear()
        self._months.clear()

    def _count_lane(self, topic: int, lane: int) -> None:
        here = {"of_topic": topic, "of_lane": lane}
        self._conn.execute(_LANE_GONE, here)
        self._conn.execute(_LANE, here)

    def _count_month(self, topic: int, month: int) -> None:
        self._conn.execute(_MONTH_GONE, {"of_topic": topic, "of_month": month})
        begin, end = month_start(month) * DAY, month_start(month + 1) * DAY
        here = {"of_topic": topic, "begin": begin, "before": end}
        _write_months(self._conn, self._conn.execute(_MONTH, here).all())


def count_all_turns(conn: Connection) -> None:
    """Count all changes once, for a rebuild."""
    conn.execute(_into_lanes(_by_lane()))
    _write_months(conn, conn.execute(_by_day()).all())


def _into_lanes(counted: Select[Any]) -> Any:  # noqa: ANN401 - SQL
    return insert(schema.lane_turns).from_select(list(schema.lane_turns.c.keys()), counted)


def _by_lane() -> Select[Any]:
    """Count the changes of each topic, lane and kind, first words left out."""
    columns = schema.changes.c
    alike = key(columns.topic), kind_column(), key(columns.lane)
    query = select(*alike, func.count()).where(is_visible(columns))
    return query.group_by(*alike)


def _by_day() -> Select[Any]:
    """Count changes by topic and UTC day, first words left out; the same words count once."""
    columns = schema.changes.c
    words = words_or_lane(columns)
    alike = key(columns.topic), utc_day(columns.counts_from)
    moved = func.count(case((kind_column().in_(MOVED), words)).distinct())
    query = select(*alike, moved, func.count(words.distinct()))
    return query.where(is_visible(columns)).group_by(*alike)


# Built once: each takes longer to build than to run.
_LANES, _MONTHS, _CHANGES = schema.lane_turns.c, schema.topic_months.c, schema.changes.c
_TOPIC, _OF_LANE = bindparam("of_topic", type_=Integer), bindparam("of_lane", type_=Integer)
_LANE_GONE = delete(schema.lane_turns).where(
    key(_LANES.topic) == _TOPIC, key(_LANES.lane) == _OF_LANE
)
_LANE = _into_lanes(_by_lane().where(key(_CHANGES.topic) == _TOPIC, key(_CHANGES.lane) == _OF_LANE))
_MONTH_GONE = delete(schema.topic_months).where(
    key(_MONTHS.topic) == _TOPIC, _MONTHS.month == bindparam("of_month")
)
_MONTH = _by_day().where(
    key(_CHANGES.topic) == _TOPIC,
    _CHANGES.counts_from >= bindparam("begin"),
    _CHANGES.counts_from < bindparam("before"),
)


def _write_months(conn: Connection, days: Iterable[Any]) -> None:
    months: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for topic, day, moved, visible in days:
        counts = months[topic, month_number(int(day))]
        counts[0] += moved
        counts[1] += visible
    rows = [(*place, *counts) for place, counts in sorted(months.items())]
    if rows:
        insert_rows(conn, schema.topic_months, rows)
