"""The preview of a statement on the chart: its lane, a dashed mark, and what it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.statement import StatementRecorded
from timeline.projections.queries import entries
from timeline.projections.queries.turning import DRAFT, draft_reading, tracks_around
from timeline.projections.tables.lanes import lanes_known
from web.chart.frame import shown_time
from web.chart.layout import draw
from web.chart.levels import BY_DENSITY, step
from web.i18n.dates import wording
from web.i18n.translate import gettext
from web.lanes.address import TopicAddress
from web.lanes.chart_data import ChartData
from web.lanes.chart_input import MARKS, chart_input
from web.lanes.history import LaneHistory, history_of
from web.lanes.window import window
from web.wording import stances
from web.wording.clocks import Clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.domain.position import Position, Reading
    from timeline.domain.scales import Scale
    from timeline.projections.queries.directory import Topic
    from web.chart.drawing import Chart, LaneDrawing


class Landing(msgspec.Struct, frozen=True):
    """The lane as it would be, the place of the new mark (percent and pixels), and the verdict.

    ``beside`` is the number of a statement with the same stance on the same day, or 0.
    """

    actor: str
    verdict: str
    changes: bool
    chart: Chart
    lane: LaneDrawing
    x: float
    y: float
    step: str
    beside: int


def landing(conn: Connection, drafted: Sequence[Event], counts_from: int, now: int) -> Landing:
    """Apply the rule to a statement that is not recorded yet.

    ``drafted`` are the events that recording would append: its document, if new, and itself.
    """
    statement = _statement(drafted)
    names = Names(conn)
    topic = names.topic(statement.topic)
    lanes = lanes_known(conn)
    actor_id = statement.on_behalf_of or statement.speaker
    lane = lanes.of(actor_id)
    draft = draft_reading(statement, counts_from, lanes)
    before, after = tracks_around(conn, statement, counts_from, lane)
    verdict = _verdict(topic.scale, before.position, after.position, draft)
    return _draw(conn, topic, history_of(lane, after), draft, verdict, now)


def _statement(drafted: Sequence[Event]) -> StatementRecorded:
    """Return the statement, which is the last event."""
    entry = drafted[-1]
    if not isinstance(entry, StatementRecorded):
        raise TypeError(entry)
    return entry


def _verdict(scale: Scale, before: Position, after: Position, draft: Reading) -> tuple[str, bool]:
    old, new = stances.word(scale, before.stance), stances.word(scale, after.stance)
    ignored = {reading.statement: reading.reason for reading in after.ignored}.get(DRAFT)
    if draft.stance is None:
        return gettext("no change: takes no position"), False
    if ignored is not None:
        return _ignored_words(ignored, old, stands=bool(before.counted)), False
    if not before.counted:
        return gettext("first position: %(stance)s", stance=new), True
    if before.stance == after.stance and before.terms != after.terms:
        return gettext("%(stance)s as before, on other conditions", stance=new), True
    if before.stance == after.stance:
        return gettext("no change: %(stance)s, as before", stance=new), False
    return gettext("now %(stance)s, before: %(old)s", stance=new, old=old), True


def _ignored_words(reason: str, old: str, *, stands: bool) -> str:
    if not stands and reason == "voice":
        return gettext("no position: the speaker does not decide for this side")
    if not stands and reason == "second_hand":
        return gettext("no position: what others say of somebody holds none")
    reasons = {
        "second_hand": gettext(
            "no change: what others say of somebody holds no position, %(stance)s stands",
            stance=old,
        ),
        "voice": gettext(
            "no change: the speaker does not decide for this side, %(stance)s stands", stance=old
        ),
        "order_open": gettext(
            "no change: the order of the two is unclear, %(stance)s stands", stance=old
        ),
        "outranked": gettext(
            "no change: first-hand words take precedence, %(stance)s stands", stance=old
        ),
        "superseded": gettext("no change now: later words stand, %(stance)s", stance=old),
        "joint_beside_own_words": gettext(
            "no change: own words of that day stand before it, %(stance)s", stance=old
        ),
        "earlier_that_day": gettext(
            "no change: later words of that day stand, %(stance)s", stance=old
        ),
    }
    return reasons.get(reason, gettext("no change")) if stands else gettext("no change")


def _equal_statement(readings: Sequence[Reading], draft: Reading) -> int:
    current = (
        reading for reading in readings if reading.known_until is None and not reading.retracted
    )
    equal = (
        reading
        for reading in current
        if reading.statement != DRAFT and (reading.day, reading.stance) == (draft.day, draft.stance)
    )
    return next((reading.statement for reading in equal), 0)


def _marked_statements(history: LaneHistory, start: int) -> set[int]:
    """Return the statements that the lane marks: turns, and those in sight unless too many."""
    turns = {number for hold in history.holds for number in (hold.opened_by, hold.last)}
    in_sight = [reading.statement for reading in history.readings if reading.counts_from >= start]
    return turns | {*history.position.counted, *in_sight[: MARKS + 1]}


def _draw(
    conn: Connection,
    topic: Topic,
    history: LaneHistory,
    draft: Reading,
    verdict: tuple[str, bool],
    now: int,
) -> Landing:
    instants = [reading.counts_from for reading in history.readings] + [draft.counts_from]
    visible = window(TopicAddress(), min(instants), max(instants), now)
    statements = entries.statements(conn, _marked_statements(history, visible.start))
    drawn = ChartData(topic=topic, lanes=[history], statements=statements, moment=now)
    names, address = Names(conn), TopicAddress()
    chart_data = chart_input(drawn, names, address, Clocks(), visible, now)
    chart = draw(msgspec.structs.replace(chart_data, links=False), wording())
    lane = chart.lanes[0]
    gap = BY_DENSITY[chart_data.density].gap
    return Landing(
        actor=names.actor(history.actor).name,
        verdict=verdict[0],
        changes=verdict[1],
        chart=chart,
        lane=lane,
        x=shown_time(chart_data)[0].at(draft.counts_from, timed=draft.timed),
        y=lane.middle - gap * (draft.stance or 0),
        step=step(topic.scale, draft.stance),
        beside=_equal_statement(history.readings, draft),
    )
