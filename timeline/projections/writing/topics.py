"""Topics that ask for no votes, derived anew as a whole: a side moves with who decides for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from timeline.domain.position.edition2.track import Track, placed
from timeline.projections.queries.tracks import tracks_now
from timeline.projections.tables import schema
from timeline.projections.tables.position_rows import Counts, Moved, change_row, position_row
from timeline.projections.writing.bulk import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Table

    from timeline.projections.tables.rows import ChangeRow, PositionRow
    from timeline.projections.writing.turns import Turns


def derive_topic(conn: Connection, topic: str, turns: Turns) -> set[str]:
    """Derive a topic (an id) as known now, write the lanes that differ, and return their actors."""
    stands, moves = _derived(conn, topic)
    differ = _replace(conn, schema.positions, topic, stands)
    for row in _replace(conn, schema.changes, topic, moves):
        turns.note(topic, row.lane, [row.counts_from])
    return {row.lane for row in differ}


def write_topic(conn: Connection, topic: str) -> int:
    """Write a topic of which nothing is written yet; returns how many statements its lanes have."""
    stands, moves = _derived(conn, topic)
    write_rows(conn, schema.positions, stands)
    write_rows(conn, schema.changes, moves)
    return sum(row.known for row in stands)


def _derived(conn: Connection, topic: str) -> tuple[list[PositionRow], list[ChangeRow]]:
    found = tracks_now(conn, topic)
    stands = [_position_row(topic, lane, track) for lane, track in found.items()]
    moves = [row for lane, track in found.items() for row in _change_rows(topic, lane, track)]
    return stands, moves


def _replace(conn: Connection, table: Table, topic: str, rows: Sequence[Any]) -> list[Any]:
    """Write the rows of a topic that differ from those stored, and return the old and the new."""
    columns: Any = table.c
    names = [column.name for column in table.primary_key if column.name != "topic"]
    query = select(table).where(columns.topic == topic)
    stored = {_key(row, names): row for row in conn.execute(query)}
    wanted = {_key(row, names): row for row in rows}
    gone = {key for key, row in stored.items() if wanted.get(key) != tuple(row)}
    for key in gone:
        here = (columns[name] == value for name, value in zip(names, key, strict=True))
        conn.execute(delete(table).where(columns.topic == topic, *here))
    come = [row for key, row in wanted.items() if key not in stored or key in gone]
    write_rows(conn, table, come)
    return [*(stored[key] for key in gone), *come]


def _key(row: Any, names: Iterable[str]) -> tuple[Any, ...]:  # noqa: ANN401 - a database row
    return tuple(getattr(row, name) for name in names)


def _position_row(topic: str, lane: str, track: Track) -> PositionRow:
    told = [one for one in track.changes if one.is_told]
    last = track.changes[-1].counts_from if track.changes else None
    on_record = sum(not one.retracted for one in track.readings)
    counts = Counts(len(track.readings), on_record)
    return position_row(topic, lane, track.position, Moved(last, bool(told)), counts)


def _change_rows(topic: str, lane: str, track: Track) -> Iterable[ChangeRow]:
    return (change_row(topic, lane, one, place) for one, place in placed(track.changes))
