"""Two moments side by side: what was said anew, and where the past itself looks different."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.projections.queries import directory, entries, log
from web import dating, stances
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.clocks import Clocks, read_clocks
from web.names import Names
from web.stances import StanceView
from web.topic.address import TopicAddress
from web.topic.chart_input import Drawn, chart_input
from web.topic.history import LaneHistory, histories, spoken_for
from web.topic.window import Window, window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic


class Moment(msgspec.Struct, frozen=True):
    """One side: its label, the chart at that moment, and how many statements it holds."""

    text: str
    label: str
    chart: Chart
    statements: int


class Difference(msgspec.Struct, frozen=True):
    """One lane that differs, with the statement that shows it."""

    actor: Actor
    before: StanceView | None
    after: StanceView | None
    number: int
    text: str


class DiffPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template of a comparison reads."""

    topics: list[Topic]
    topic: Topic | None
    clock: str
    a: str
    b: str
    then: Moment | None
    later: Moment | None
    new_position: list[Difference]
    past: list[Difference]
    again: list[Difference]


def diff_page(conn: Connection, args: Mapping[str, str], *, now: int) -> DiffPage:
    """Read both moments; raises `Refused` for an unknown clock or an unreadable moment."""
    topics = directory.topics(conn)
    slug = args.get("topic", "") or (topics[0].slug if topics else "")
    clock = args.get("clock", "known")
    if clock not in ("said", "known"):
        msg = f"{clock!r} is not a clock"
        raise Refused(msg, field="clock", fix="use said or known")
    a, b = args.get("a", "").strip(), args.get("b", "").strip()
    if not slug:
        return DiffPage(
            topics=[],
            topic=None,
            clock=clock,
            a=a,
            b=b,
            then=None,
            later=None,
            new_position=[],
            past=[],
            again=[],
        )
    topic = directory.topic(conn, slug)
    sides = [_clocks(conn, clock, a), _clocks(conn, clock, b)]
    lanes = [spoken_for(histories(conn, topic.id, side)) for side in sides]
    instants = [r.counts_from for side in lanes for one in side for r in one.readings] or [now]
    shown = window(TopicAddress(), min(instants), max(instants), now)
    names = Names(conn)
    then, later = (
        _moment(conn, topic, side, found, names, shown, text, now)
        for side, found, text in zip(sides, lanes, (a, b), strict=True)
    )
    return DiffPage(
        topics=topics,
        topic=topic,
        clock=clock,
        a=a,
        b=b,
        then=then,
        later=later,
        new_position=sorted(_moved(lanes, topic, names), key=_name),
        past=sorted(_past(lanes, topic, names), key=_name),
        again=sorted(_again(lanes, topic, names), key=_name),
    )


def _name(difference: Difference) -> str:
    return difference.actor.name


def _clocks(conn: Connection, clock: str, text: str) -> Clocks:
    """Read a moment of one clock, or of both: ``2025-12-14@1042``."""
    said, at, position = text.partition("@")
    if said and at:
        return read_clocks(conn, {"asof": said, "known": at + position})
    return read_clocks(conn, {"known" if clock == "known" or at else "asof": text})


def _moment(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    lanes: list[LaneHistory],
    names: Names,
    shown: Window,
    text: str,
    now: int,
) -> Moment:
    numbers = {r.statement for one in lanes for r in one.readings}
    said = entries.statements(conn, numbers, clocks.known_at)
    drawn = Drawn(topic, None, lanes, said, [], frozenset(), None)
    given = chart_input(drawn, names, TopicAddress(sort="name"), clocks, shown, now)
    plain = msgspec.structs.replace(given, links=False)
    return Moment(text, _label(conn, clocks), draw(plain, dating.wording()), len(numbers))


def _label(conn: Connection, clocks: Clocks) -> str:
    parts = [] if clocks.as_of is None else [dating.day(clocks.as_of)]
    if clocks.known_at is not None:
        parts.append(f"@{clocks.known_at}")
        found = log.lines(conn, before=clocks.known_at + 1, limit=1)
        parts += [dating.moment_us(one.recorded_at) for one in found]
    return ", ".join(parts)


def _by_actor(lanes: list[LaneHistory]) -> dict[str, LaneHistory]:
    return {lane.actor: lane for lane in lanes}


def _moved(lanes: list[list[LaneHistory]], topic: Topic, names: Names) -> list[Difference]:
    """Lanes that stand elsewhere because of words that count later than all that was there."""
    before, after = map(_by_actor, lanes)
    found = []
    for actor, lane in after.items():
        old = before.get(actor)
        stance = old.position.stance if old else None
        if lane.position.stance == stance or not lane.position.counted:
            continue
        if old and not _is_later(lane, old):
            continue
        found.append(_difference(actor, stance, lane, topic, names))
    return found


def _past(lanes: list[list[LaneHistory]], topic: Topic, names: Names) -> list[Difference]:
    """Lanes whose earlier course changed: late finds, corrections, retractions."""
    before, after = map(_by_actor, lanes)
    found = []
    for actor, lane in after.items():
        old = before.get(actor)
        if old is None or not old.readings:
            continue
        end = old.readings[-1].counts_from
        was = {(r.statement, r.stance, r.retracted, r.counts_from) for r in old.readings}
        now = {
            (r.statement, r.stance, r.retracted, r.counts_from)
            for r in lane.readings
            if r.counts_from <= end
        }
        if changed := sorted(was ^ now):
            one = _difference(actor, old.position.stance, lane, topic, names)
            said = {r.statement: r for r in lane.readings}.get(changed[-1][0])
            text = dating.day(said.counts_from) if said else ""
            found.append(msgspec.structs.replace(one, number=changed[-1][0], text=text))
    return found


def _again(lanes: list[list[LaneHistory]], topic: Topic, names: Names) -> list[Difference]:
    """Lanes on which something was said anew without moving anything."""
    before, after = map(_by_actor, lanes)
    found = []
    for actor, lane in after.items():
        old = before.get(actor)
        if old is None or old.position.stance != lane.position.stance:
            continue
        if new := _said_again(lane, old):
            one = _difference(actor, lane.position.stance, lane, topic, names)
            found.append(msgspec.structs.replace(one, number=max(new)))
    return found


def _said_again(lane: LaneHistory, old: LaneHistory) -> set[int]:
    """Return new statements that restate the position; what was found late restates nothing."""
    known = {r.statement for r in old.readings}
    latest = max((r.counts_from for r in old.readings), default=0)
    return {
        r.statement
        for r in lane.readings
        if r.statement not in known
        and r.stance == lane.position.stance
        and r.counts_from >= latest
        and not r.retracted
    }


def _is_later(lane: LaneHistory, old: LaneHistory) -> bool:
    counted = [r for r in lane.readings if r.statement in lane.position.counted]
    known = {r.statement for r in old.readings}
    latest = max((r.counts_from for r in old.readings), default=0)
    return any(r.statement not in known and r.counts_from >= latest for r in counted)


def _difference(
    actor: str, before: int | str | None, lane: LaneHistory, topic: Topic, names: Names
) -> Difference:
    stood = lane.position
    return Difference(
        names.actor(actor),
        stances.view(topic.scale, before) if before is not None else None,
        stances.view(topic.scale, stood.stance, rank=stood.rank) if stood.counted else None,
        stood.counted[-1] if stood.counted else 0,
        "",
    )
