"""The lane in which a statement stands, with the statement picked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries, extent
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.positions import lanes_at
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.i18n.dates import wording
from web.lanes.address import TopicAddress
from web.lanes.chart_input import chart_input
from web.lanes.drawn import Drawn
from web.lanes.history import lane_history
from web.lanes.proof import Note, checks
from web.lanes.rhythm import silences
from web.lanes.window import window
from web.lanes.wordings import compare_words, said_before
from web.wording.changed_words import Rewording
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from web.lanes.history import LaneHistory
    from web.wording.names import Names


class LaneOfStatement(msgspec.Struct, frozen=True):
    """The chart of one lane, and what the record says about the statement.

    ``before`` is the statement that it follows, ``changed`` how its words differ from that, where
    both are verbatim in one language and have enough in common.
    """

    chart: Chart
    notes: list[Note]
    before: StatementEntry | None
    changed: Rewording | None


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
    silence = silences(conn, [topic])[topic.id]
    said = entries.statements(conn, {r.statement for r in history.readings}, known_at)
    drawn = Drawn(topic, None, [history], said, [], frozenset(), None, now, silence=silence)
    first, last = extent.span(conn, topic.id) or (now, now)
    address = TopicAddress(s=entry.number)
    given = chart_input(drawn, names, address, clocks, window(address, first, last, now), now)
    plain = msgspec.structs.replace(given, proof_href="", as_of=None, known=False)
    before = said.get(said_before(history, entry.number) or 0)
    return LaneOfStatement(
        draw(plain, wording()), checks(entry, history), before, _changed(before, entry)
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
