"""Utterances of several statements: how many of those a sum over topics counts too often."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, or_, select

from timeline.projections.tables import schema
from timeline.projections.tables.lanes import Known, Lanes, known, lanes_known
from timeline.projections.writing.batch import EVERYBODY, Batch
from timeline.projections.writing.bulk import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

AT_ONCE = 5_000


def count_touched(batch: Batch) -> None:
    """Count anew where the batch changed what belongs to an utterance."""
    conn = batch.conn
    if not batch.uttered and not batch.utterers:
        return
    lanes = lanes_known(conn)
    shared = {*lanes.lane, *lanes.lane.values()}
    anew = batch.utterers | (shared & {actor for actor, _, _ in batch.uttered})
    for actor, found in groupby(sorted(batch.uttered.items()), key=lambda one: one[0][0]):
        if actor not in anew:
            _add(conn, actor, sum(_change(conn, *key, grown) for key, grown in found))
    own = {lanes.of(actor) for actor in anew}
    conn.execute(delete(schema.repeats).where(schema.repeats.c.lane.in_(own | anew)))
    rows = [(lane, repeats_of(conn, lanes, lane)) for lane in sorted(own)]
    write_rows(conn, schema.repeats, [row for row in rows if row[1]])
    batch.uttered.clear()
    batch.utterers.clear()


def _add(conn: Connection, lane: str, change: int) -> None:
    """Add to what is counted of a lane; one that has none left is not named."""
    table = schema.repeats
    if not change:
        return
    here = table.c.lane == lane
    before = conn.execute(select(table.c.statements).where(here)).scalar()
    conn.execute(delete(table).where(here))
    after = int(before or 0) + change
    if after or lane == EVERYBODY:
        write_rows(conn, table, [(lane, after)])


def _change(conn: Connection, actor: str, document: str, utterance: str, grown: int) -> int:
    """Return by how much the repeats of an actor changed with one utterance."""
    said = schema.statements.c
    query = select(func.count()).where(
        said.document == document,
        said.utterance == utterance,
        said.retracted == 0,
        *known(said, None),
    )
    if actor != EVERYBODY:
        query = query.where(or_(said.speaker == actor, said.on_behalf_of == actor))
    now = int(conn.execute(query).scalar_one())
    return max(now - 1, 0) - max(now - grown - 1, 0)


def count_all(conn: Connection) -> None:
    """Count everything once, for a rebuild."""
    table, lanes = schema.repeats, lanes_known(conn)
    conn.execute(insert(table).values(lane=EVERYBODY, statements=_everybody(conn)))
    query = _uttered().order_by(schema.readings.c.actor)
    shared = {*lanes.lane, *lanes.lane.values()}
    rows = [(lane, repeats_of(conn, lanes, lane)) for lane in sorted(set(lanes.lane.values()))]
    with conn.execute(query, execution_options={"yield_per": AT_ONCE}) as found:
        for actor, of_actor in groupby(found, key=lambda row: row[0]):
            if actor not in shared:
                rows.append((actor, _excess(of_actor)))
    write_rows(conn, table, [row for row in rows if row[1]])


def repeats_of(
    conn: Connection,
    lanes: Lanes,
    lane: str,
    *,
    as_of: int | None = None,
    known_at: Known = None,
) -> int:
    """Return how many statements of a lane were made in the utterance of an earlier one."""
    query = _uttered(known_at).where(schema.readings.c.actor.in_(lanes.members(lane)))
    if as_of is not None:
        query = query.where(schema.statements.c.counts_from <= as_of)
    return _excess(conn.execute(query))


def uttered(
    conn: Connection, lanes: Lanes, lane: str, *, known_at: Known = None
) -> dict[int, tuple[str, str]]:
    """Return by number the document and name of the utterance of each statement that has one."""
    query = _uttered(known_at).where(schema.readings.c.actor.in_(lanes.members(lane)))
    rows = conn.execute(query)
    return {number: (document, utterance) for _, number, document, utterance in rows}


def _uttered(known_at: Known = None) -> Any:  # noqa: ANN401 - a SQL query
    said, read = schema.statements.c, schema.readings.c
    return select(read.actor, said.number, said.document, said.utterance).where(
        read.number == said.number,
        said.utterance.is_not(None),
        said.retracted == 0,
        *known(read, known_at),
        *known(said, known_at),
    )


def _excess(rows: Iterable[Any]) -> int:
    """Return how many statements there are more than utterances."""
    numbers, utterances = set(), set()
    for _, number, document, utterance in rows:
        numbers.add(number)
        utterances.add((document, utterance))
    return len(numbers) - len(utterances)


def _everybody(conn: Connection) -> int:
    each = _by_utterance().subquery()
    return int(conn.execute(select(func.coalesce(func.sum(each.c.statements - 1), 0))).scalar_one())


def _by_utterance() -> Any:  # noqa: ANN401 - a SQL query
    said = schema.statements.c
    return (
        select(said.document, said.utterance, func.count().label("statements"))
        .where(said.utterance.is_not(None), said.retracted == 0, *known(said, None))
        .group_by(said.document, said.utterance)
    )
