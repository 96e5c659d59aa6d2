"""Utterances of several statements: how many of those a sum over topics counts too often."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, delete, func, or_, select

from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts_of
from timeline.projections.tables.lanes import known, lanes_known
from timeline.projections.tables.prepared import Param, Query, prepared
from timeline.projections.tables.repeated import EVERYBODY, repeats_of
from timeline.projections.writing.batch import Batch
from timeline.projections.writing.bulk import write_rows

READ_AT_ONCE = 5_000


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
            batch.ranked.add(actor)
    own = {lanes.of(actor) for actor in anew}
    conn.execute(delete(schema.repeats).where(schema.repeats.c.lane.in_(own | anew)))
    rows = [(lane, repeats_of(conn, lanes.members(lane))) for lane in sorted(own)]
    write_rows(conn, schema.repeats, [row for row in rows if row[1]])
    batch.ranked |= own | anew
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


def _change(conn: Connection, actor: str, document: str, utterance: int, grown: int) -> int:
    """Return by how much the repeats of an actor changed with one utterance."""
    by = None if actor == EVERYBODY else actor
    query = _together(document=document, utterance=utterance, by=by)
    now = int(conn.execute(*query).scalar_one())
    return max(now - 1, 0) - max(now - grown - 1, 0)


@prepared
def _together(*, document: Param, utterance: Param, by: Param | None) -> Query:
    said = schema.statements.c
    query: Query = select(func.count()).where(
        said.document == document,
        said.utterance == utterance,
        said.retracted == 0,
        *known(said, None),
    )
    return query if by is None else query.where(or_(said.speaker == by, said.on_behalf_of == by))


def count_all(conn: Connection) -> None:
    """Count everything once, for a rebuild."""
    table, lanes = schema.repeats, lanes_known(conn)
    shared = {*lanes.lane, *lanes.lane.values()}
    everybody, each = _repeated(conn)
    rows = [(EVERYBODY, everybody)]
    rows += [one for one in each if one[0] not in shared]
    own = sorted(set(lanes.lane.values()))
    rows += [one for lane in own if (one := (lane, repeats_of(conn, lanes.members(lane))))[1]]
    write_rows(conn, table, rows)


def _repeated(conn: Connection) -> tuple[int, list[tuple[str, int]]]:
    """Return how many statements were made in the utterance of an earlier one, and by whom.

    They are read in the order of utterances, which takes less than half of counting groups of them
    in the database.
    """
    said = schema.statements.c
    actors = key(said.speaker), key(said.on_behalf_of)
    here = said.utterance.is_not(None), said.retracted == 0, *known(said, None)
    query = select(said.utterance, key(said.document), *actors).where(*here)
    query = query.order_by(said.utterance, key(said.document))
    total, each = 0, Counter[int]()
    with conn.execute(query, execution_options={"yield_per": READ_AT_ONCE}) as rows:
        for _, found in groupby(rows, key=itemgetter(0, 1)):
            together = [*found]
            if len(together) > 1:
                total += len(together) - 1
                by = Counter(actor for row in together for actor in row[2:] if actor is not None)
                each.update({actor: times - 1 for actor, times in by.items() if times > 1})
    names = texts_of(conn, each)
    return total, sorted((names[actor], more) for actor, more in each.items())
