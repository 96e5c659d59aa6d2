"""Counts the statements beyond the first of each utterance, which sums over topics subtract."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, delete, func, or_, select

from timeline.projections.queries.utterances import EVERYBODY, count_repeats
from timeline.projections.tables import schema
from timeline.projections.tables.interned import key, texts_of
from timeline.projections.tables.lanes import known, lanes_known
from timeline.projections.tables.prepared import Param, Query, prepared
from timeline.projections.writing.batch import Batch
from timeline.projections.writing.bulk import add_to_counts, write_rows

READ_AT_ONCE = 5_000


def count_touched_utterances(batch: Batch) -> None:
    """Update the counts where a batch changed utterances."""
    conn = batch.conn
    if not batch.utterance_counts and not batch.recounted:
        return
    lanes = lanes_known(conn)
    shared = {*lanes.lane, *lanes.lane.values()}
    anew = batch.recounted | (shared & {actor for actor, _, _ in batch.utterance_counts})
    changes: Counter[str] = Counter()
    for (actor, document, utterance), grown in batch.utterance_counts.items():
        if actor not in anew:
            changes[actor] += _change(conn, actor, document, utterance, grown)
    add_to_counts(conn, schema.repeats, changes.items())
    batch.ranked_actors |= changes.keys()
    own = {lanes.of(actor) for actor in anew}
    conn.execute(delete(schema.repeats).where(schema.repeats.c.lane.in_(own | anew)))
    rows = [(lane, count_repeats(conn, lanes.members(lane))) for lane in sorted(own)]
    write_rows(conn, schema.repeats, [row for row in rows if row[1]])
    batch.ranked_actors |= own | anew
    batch.utterance_counts.clear()
    batch.recounted.clear()


def _change(conn: Connection, actor: str, document: str, utterance: int, grown: int) -> int:
    """Return the change in an actor's repeats by one utterance."""
    by = None if actor == EVERYBODY else actor
    query = _in_utterance(document=document, utterance=utterance, by=by)
    now = int(conn.execute(*query).scalar_one())
    return max(now - 1, 0) - max(now - grown - 1, 0)


@prepared
def _in_utterance(*, document: Param, utterance: Param, by: Param | None) -> Query:
    statements = schema.statements.c
    query: Query = select(func.count()).where(
        statements.document == document,
        statements.utterance == utterance,
        statements.retracted == 0,
        *known(statements, None),
    )
    return (
        query
        if by is None
        else query.where(or_(statements.speaker == by, statements.on_behalf_of == by))
    )


def count_all_utterances(conn: Connection) -> None:
    """Count all repeats once, for a rebuild."""
    table, lanes = schema.repeats, lanes_known(conn)
    shared = {*lanes.lane, *lanes.lane.values()}
    everybody, repeats = _count_repeats(conn)
    rows = [(EVERYBODY, everybody)] if everybody else []
    rows += [row for row in repeats if row[0] not in shared]
    own = sorted(set(lanes.lane.values()))
    rows += [row for lane in own if (row := (lane, count_repeats(conn, lanes.members(lane))))[1]]
    write_rows(conn, table, rows)


def _count_repeats(conn: Connection) -> tuple[int, list[tuple[str, int]]]:
    """Count the statements that were made in the utterance of an earlier one: in all, and by actor.

    Reading them in the order of utterances takes less than half the time of counting in SQL.
    """
    statements = schema.statements.c
    actors = key(statements.speaker), key(statements.on_behalf_of)
    here = statements.utterance.is_not(None), statements.retracted == 0, *known(statements, None)
    query = select(statements.utterance, key(statements.document), *actors).where(*here)
    query = query.order_by(statements.utterance, key(statements.document))
    total, by_actor = 0, Counter[int]()
    with conn.execute(query, execution_options={"yield_per": READ_AT_ONCE}) as rows:
        for _, group in groupby(rows, key=itemgetter(0, 1)):
            rows_together = [*group]
            if len(rows_together) > 1:
                total += len(rows_together) - 1
                by = Counter(
                    actor for row in rows_together for actor in row[2:] if actor is not None
                )
                by_actor.update({actor: times - 1 for actor, times in by.items() if times > 1})
    names = texts_of(conn, by_actor)
    return total, sorted((names[actor], more) for actor, more in by_actor.items())
