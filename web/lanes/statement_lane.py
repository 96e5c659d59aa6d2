"""The lane in which a statement stands, with the statement picked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from timeline.projections.queries.directory import Actor
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.positions import LaneChange, lanes_at
from timeline.projections.queries.watched_time import read_coverage
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.i18n.dates import wording
from web.lanes.address import TopicAddress
from web.lanes.chart_input import chart_input
from web.lanes.drawn import Drawn
from web.lanes.history import lane_history
from web.lanes.proof import Note, checks
from web.lanes.rhythm import activity, silence_on
from web.lanes.window import window, window_around
from web.lanes.wordings import compare_words, in_order, said_around
from web.wording.changed_words import Rewording
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from web.lanes.history import LaneHistory
    from web.wording.names import Names


NARROWEST = 340
"""Pixels of the plot on the narrowest page that has it beside the facts of a statement."""


class LaneOfStatement(msgspec.Struct, frozen=True):
    """The chart of one lane, and what the record says about the statement.

    ``before`` and ``after`` stand next to it in the lane, which has ``statements`` that stand;
    ``changed`` is how its words differ from those before, where both are verbatim in one language
    and have enough in common.
    """

    actor: Actor
    chart: Chart
    notes: list[Note]
    before: StatementEntry | None
    after: StatementEntry | None
    changed: Rewording | None
    changes: tuple[LaneChange, ...]
    statements: int


def lane_of_statement(
    conn: Connection, entry: Entry, names: Names, known_at: int | None, now: int
) -> LaneOfStatement | None:
    """Return the lane of a statement as known then; a development stands in none."""
    if not isinstance(entry, entries.StatementEntry):
        return None
    clocks = Clocks(known_at=known_at)
    history = _history(conn, entry, names, clocks)
    if history is None:
        return None
    topic = names.topic(entry.topic)
    silence = silence_on(topic)
    said = entries.statements(conn, {r.statement for r in history.readings}, known_at)
    drawn = Drawn(
        topic,
        None,
        [history],
        said,
        [],
        frozenset(),
        None,
        now,
        silence=silence,
        coverage=read_coverage(conn, topic.id, known_at),
    )
    first, last = history.readings[0].counts_from, history.readings[-1].counts_from
    address = TopicAddress(s=entry.number)
    shown = window(address, first, last, now, activity([history]).days)
    if not shown.start <= entry.counts_from <= shown.end:
        shown = window_around(entry.counts_from)
    given = chart_input(drawn, names, address, clocks, shown, now)
    plain = msgspec.structs.replace(given, proof_href="", as_of=None, known=False, plot=NARROWEST)
    before, after = (said.get(one or 0) for one in said_around(history, entry.number))
    return LaneOfStatement(
        actor=names.actor(history.actor),
        chart=draw(plain, wording()),
        notes=checks(entry, history),
        before=before,
        after=after,
        changed=_changed(before, entry),
        changes=tuple(LaneChange(topic.id, history.actor, one) for one in history.changes),
        statements=len(in_order(history)),
    )


def _changed(before: StatementEntry | None, entry: StatementEntry) -> Rewording | None:
    changed = compare_words(before, entry) if before else None
    return changed if changed and changed.is_marked and not changed.is_same else None


def _history(
    conn: Connection, entry: StatementEntry, names: Names, clocks: Clocks
) -> LaneHistory | None:
    lane = names.lane(entry.on_behalf_of or entry.speaker).id
    found = lanes_at(conn, topic=entry.topic, lane=lane, known_at=clocks.known_at)
    for (_, one), readings, back in found:
        if one == lane:
            return lane_history(one, readings, back, clocks)
    return None
