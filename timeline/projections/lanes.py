"""Lanes: who counts as whom, where each lane stands now, and every change on the way."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import Connection, delete, insert, or_, select, update

from timeline.domain.position import MIXED, Change, Position, Reading, Withdrawal, changes, position
from timeline.projections import schema
from timeline.projections.bulk import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.projections.batch import Batch

EVER = "ever"
"""In place of a log position: every version, whenever it was known."""

Known = int | Literal["ever"] | None


def roots(merges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return, for each merged actor, the actor whose lane its words stand in.

    ``merges`` holds ``(absorbed, into)`` oldest first. Of two merges that would make a circle
    the later is inert.
    """
    into: dict[str, str] = {}
    for absorbed, target in merges:
        if _root(into, target) != absorbed:
            into[absorbed] = target
    return {absorbed: _root(into, absorbed) for absorbed in into}


def _root(into: dict[str, str], actor: str) -> str:
    while actor in into:
        actor = into[actor]
    return actor


def remember_merges(batch: Batch, position: int) -> None:
    """Note from ``position`` on who stands in whose lane, and touch the lanes that moved."""
    merges, members = schema.merges, schema.lane_members
    rows = select(merges.c.actor, merges.c.into).order_by(merges.c.known_from)
    new = roots([(row.actor, row.into) for row in batch.conn.execute(rows)])
    old = lane_of(batch.conn)
    for member in sorted(new.keys() | old.keys()):
        if new.get(member) == old.get(member):
            continue
        current = members.c.member == member, members.c.known_until.is_(None)
        batch.conn.execute(update(members).where(*current).values(known_until=position))
        if member in new:
            batch.add(members, (member, new[member], position, None))
        _touch_all(batch, {member, new.get(member, member), old.get(member, member)})
    batch.flush()


def lane_of(conn: Connection, known_at: int | None = None) -> dict[str, str]:
    """Return the lane of every actor that is merged into another, as known at a position."""
    members = schema.lane_members
    query = select(members.c.member, members.c.lane).where(*known(members.c, known_at))
    return {row.member: row.lane for row in conn.execute(query)}


def known(columns: Any, known_at: Known) -> tuple[Any, ...]:  # noqa: ANN401 - SQL clauses
    """Return the clauses that keep what was known at a log position; ``None`` means now."""
    if known_at == EVER:
        return ()
    if known_at is None:
        return (columns.known_until.is_(None),)
    return (
        columns.known_from <= known_at,
        or_(columns.known_until.is_(None), columns.known_until > known_at),
    )


def _touch_all(batch: Batch, actors: set[str]) -> None:
    table = schema.readings
    pairs = select(table.c.topic, table.c.actor).where(table.c.actor.in_(actors)).distinct()
    for topic, actor in batch.conn.execute(pairs):
        batch.touch(topic, [actor])


def derive_touched(batch: Batch) -> None:
    """Derive the touched lanes' positions and changes anew, as known now."""
    batch.flush()
    lanes = lane_of(batch.conn)
    members: dict[str, set[str]] = {}
    for member, lane in lanes.items():
        members.setdefault(lane, set()).add(member)
    for topic, pairs in groupby(sorted(batch.touched), key=itemgetter(0)):
        actors = {actor for _, actor in pairs}
        for actor in sorted(actors):
            _forget(batch.conn, topic, actor)
        wanted = sorted({lanes.get(actor, actor) for actor in actors})
        for lane in wanted:
            _forget(batch.conn, topic, lane)
            found = lane_readings(batch.conn, topic, members.get(lane, set()) | {lane})
            _remember(batch.conn, topic, lane, found)
    batch.touched.clear()


def derive_all(conn: Connection) -> Iterator[int]:
    """Derive every lane once, for a rebuild; yields the number of readings done so far."""
    lanes = lane_of(conn)
    table = schema.readings
    topics = select(table.c.topic).distinct().order_by(table.c.topic)
    done = 0
    for topic in conn.execute(topics).scalars().all():
        query = select(table).where(table.c.topic == topic, table.c.known_until.is_(None))
        collected: dict[str, list[Reading]] = {}
        for row in conn.execute(query):
            collected.setdefault(lanes.get(row.actor, row.actor), []).append(reading(row))
            done += 1
        for lane, found in sorted(collected.items()):
            _remember(conn, topic, lane, found)
        yield done


def lane_readings(
    conn: Connection, topic: str, members: set[str], known_at: Known = None
) -> list[Reading]:
    """Return what a lane's members said on a topic, as known at a log position."""
    table = schema.readings
    query = select(table).where(
        table.c.topic == topic, table.c.actor.in_(members), *known(table.c, known_at)
    )
    return [reading(row) for row in conn.execute(query)]


def withdrawals(
    conn: Connection, numbers: Iterable[int], known_at: Known = None
) -> list[Withdrawal]:
    """Return the walk-backs among these statements, as known at a log position."""
    here = set(numbers)
    table = schema.links
    query = select(table).where(table.c.kind == "withdraws", *known(table.c, known_at))
    return [
        Withdrawal(
            by=row.number,
            target=row.target,
            known_from=row.known_from,
            known_until=row.known_until,
        )
        for row in conn.execute(query)
        if row.target in here and row.number in here
    ]


def reading(row: Any) -> Reading:  # noqa: ANN401 - a database row
    return Reading(
        statement=row.number,
        speaker=row.speaker,
        counts_from=row.counts_from,
        timed=bool(row.timed),
        rank=row.rank,
        joint=bool(row.joint),
        stance=row.stance,
        retracted=bool(row.retracted),
        known_from=row.known_from,
        known_until=row.known_until,
    )


def _forget(conn: Connection, topic: str, lane: str) -> None:
    for table in (schema.positions, schema.changes):
        columns: Any = table.c
        conn.execute(delete(table).where(columns.topic == topic, columns.lane == lane))


def _remember(conn: Connection, topic: str, lane: str, found: list[Reading]) -> None:
    readings = unique(found)
    if not readings:
        return
    back = withdrawals(conn, (reading.statement for reading in readings))
    moves = changes(readings, back)
    stands = position(readings, back)
    conn.execute(insert(schema.positions).values(_position_row(topic, lane, stands, moves, readings)))
    rows = [_change_row(topic, lane, n, move) for n, move in enumerate(moves)]
    write_rows(conn, schema.changes, rows)


def unique(found: list[Reading]) -> list[Reading]:
    """Drop the second reading of a statement that two members of one lane share."""
    return list({(reading.statement, reading.known_from): reading for reading in found}.values())


def _position_row(
    topic: str,
    lane: str,
    stands: Position,
    moves: tuple[Change, ...],
    readings: list[Reading],
) -> dict[str, Any]:
    return {
        "topic": topic,
        "lane": lane,
        "stance": stance_column(stands.stance),
        "lowest": stands.lowest,
        "highest": stands.highest,
        "rank": stands.rank,
        "counted": msgspec.json.encode(stands.counted).decode(),
        "reported": msgspec.json.encode(stands.reported).decode(),
        "first": stands.first,
        "last": stands.last,
        "statements": stands.statements,
        "changed_from": moves[-1].counts_from if moves else None,
        "on_record": len({r.statement for r in readings if not r.retracted}),
    }


def _change_row(topic: str, lane: str, ordinal: int, move: Change) -> tuple[Any, ...]:
    return (
        topic,
        lane,
        ordinal,
        move.kind,
        stance_column(move.from_),
        stance_column(move.to),
        move.lowest,
        move.highest,
        move.counts_from,
        msgspec.json.encode(move.before).decode(),
        msgspec.json.encode(move.after).decode(),
        msgspec.json.encode(move.withdrawn_by).decode(),
        int(move.other_speaker),
        move.known_at,
    )


def stance_column(stance: int | str | None) -> int | None:
    """Return a stance as its column holds it, where `mixed` is a number too."""
    return schema.MIXED if stance == MIXED else None if stance is None else int(stance)


def stance_value(column: int | None) -> int | str | None:
    """Return a stance as the domain holds it."""
    return MIXED if column == schema.MIXED else column
