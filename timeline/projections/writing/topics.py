"""Topics that ask for no votes, derived anew as a whole: a side moves with who decides for it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select

from timeline.domain.position.edition2.track import Track
from timeline.projections.queries.tracks import tracks_now
from timeline.projections.tables import schema
from timeline.projections.tables.position_rows import Counts, Moved, change_row, position_row
from timeline.projections.writing.bulk import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.tables.rows import ChangeRow, PositionRow
    from timeline.projections.writing.turns import Turns


def derive_topic(conn: Connection, topic: str, turns: Turns) -> set[str]:
    """Derive a topic (an id) as known now, write the lanes that differ, and return their actors."""
    stood, moved = _stored(conn, topic)
    stands, moves = _derived(tracks_now(conn, topic), topic)
    differ = {
        lane
        for lane in stood.keys() | stands.keys()
        if stood.get(lane) != stands.get(lane) or moved.get(lane) != moves.get(lane)
    }
    for lane in sorted(differ):
        turns.going(topic, lane)
        for table in (schema.positions, schema.changes):
            columns: Any = table.c
            conn.execute(delete(table).where(and_(columns.topic == topic, columns.lane == lane)))
        turns.coming(topic, lane, moves.get(lane, ()))
    write_rows(conn, schema.positions, [stands[lane] for lane in sorted(differ & stands.keys())])
    write_rows(
        conn, schema.changes, [row for lane in sorted(differ) for row in moves.get(lane, ())]
    )
    return differ


def write_topic(conn: Connection, topic: str) -> int:
    """Write a topic of which nothing is written yet; returns how many readings it has."""
    found = tracks_now(conn, topic)
    stands, moves = _derived(found, topic)
    write_rows(conn, schema.positions, [*stands.values()])
    write_rows(conn, schema.changes, [row for some in moves.values() for row in some])
    return sum(len(one.readings) for one in found.values())


def _derived(
    found: dict[str, Track], topic: str
) -> tuple[dict[str, PositionRow], dict[str, list[ChangeRow]]]:
    stands, moves = {}, {}
    for lane, track in found.items():
        stands[lane] = _position_row(topic, lane, track)
        moves[lane] = [*_change_rows(topic, lane, track)]
    return stands, moves


def _position_row(topic: str, lane: str, track: Track) -> PositionRow:
    told = [one for one in track.changes if one.is_told]
    last = track.changes[-1].counts_from if track.changes else None
    on_record = sum(not one.retracted for one in track.readings)
    counts = Counts(len(track.readings), on_record)
    return position_row(topic, lane, track.position, Moved(last, bool(told)), counts)


def _change_rows(topic: str, lane: str, track: Track) -> Iterable[ChangeRow]:
    places: dict[int, int] = defaultdict(int)
    for one in track.changes:
        yield change_row(topic, lane, one, places[one.day])
        places[one.day] += 1


def _stored(
    conn: Connection, topic: str
) -> tuple[dict[str, tuple[Any, ...]], dict[str, list[tuple[Any, ...]]]]:
    positions, changes = schema.positions, schema.changes
    rows = conn.execute(select(positions).where(positions.c.topic == topic))
    stood = {row.lane: tuple(row) for row in rows}
    moved: dict[str, list[tuple[Any, ...]]] = {lane: [] for lane in stood}
    order = changes.c.lane, changes.c.day, changes.c.place
    for row in conn.execute(select(changes).where(changes.c.topic == topic).order_by(*order)):
        moved.setdefault(row.lane, []).append(tuple(row))
    return stood, moved
