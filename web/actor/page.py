"""The page of one actor: said then and says now, lanes by topic, and the others of its side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, entries
from timeline.projections.queries.positions import lane_counts, lanes_at
from timeline.projections.queries.utterances import repeats_of, uttered_together
from web.actor import changed
from web.actor.address import ActorAddress
from web.actor.changed import Moved, Turned
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.chart.model import ChartInput
from web.entries.presenter import Presenter
from web.entries.views import ActorView, StatementView
from web.i18n import dates
from web.lanes.address import TopicAddress
from web.lanes.chart_input import MARKS
from web.lanes.history import LaneHistory, lane_history
from web.lanes.lane_links import to_lane
from web.lanes.rhythm import silence_on
from web.lanes.window import Period, Window, periods, window
from web.shell.pagination import Part, cut
from web.shell.request import this_request
from web.wording import stances
from web.wording.actor_kinds import kind_word
from web.wording.erasures import Erasure, erasure_of
from web.wording.names import Names
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.stores.log import EventLog
    from web.wording.clocks import Clocks
    from web.wording.stances import Said

RECENT = 10
DRAWN, LISTED = 24, 20
"""Topics whose lanes the page draws at once, and those that it lists."""


class MandateView(msgspec.Struct, frozen=True):
    """For whom the actor speaks, as what, from when until when."""

    other: ActorView
    role: str
    since: str
    until: str


class Unchanged(msgspec.Struct, frozen=True):
    """A position that never changed on record."""

    topic: Topic
    stance: StanceView
    said: str
    times: int


class Other(msgspec.Struct, frozen=True):
    """Somebody else of the same side, and on which topics they stand elsewhere."""

    actor: ActorView
    statements: int
    differs: list[tuple[Topic, StanceView, StanceView]]


class ActorPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template of an actor reads; ``way`` leads to the lane on each topic."""

    actor: Actor
    erased: Erasure | None
    address: ActorAddress
    kind: str
    aliases: list[str]
    speaks_for: list[MandateView]
    spoken_for_by: list[MandateView]
    clocks: Clocks
    statements: int
    repeated: int
    topics: int
    changed: int
    unchanged_count: int
    way: dict[str, str]
    moved: list[Moved]
    turned: list[Turned]
    unchanged: list[Unchanged]
    chart: Chart
    window: Window
    periods: list[Period]
    parts: dict[str, Part]
    others: list[Other]
    recent: list[StatementView]


def actor_page(
    conn: Connection,
    stored: EventLog,
    actor: Actor,
    address: ActorAddress,
    *,
    now: int,
    host: str,
) -> ActorPage:
    """Read everything that the page shows."""
    clocks = address.clocks
    lanes = _lanes(conn, actor, clocks)
    names = Names(conn)
    turns = [found for topic, lane in lanes if (found := changed.turn(topic, lane, clocks))]
    numbers = {n for _, lane in lanes for n in _numbers(lane)} | changed.quoted(turns)
    said = entries.statements(conn, numbers, clocks.known_at)
    names.actors({one.speaker for one in said.values()})
    moved = {one.topic.id for one in turns}
    steady = [(topic, lane) for topic, lane in lanes if topic.id not in moved]
    still = [one for one in steady if one[1].position.counted]
    told, rest = turns[: changed.PAIRS], turns[changed.PAIRS :]
    named, named_part = cut(rest, address.changed, LISTED, lambda skip: address.url(changed=skip))
    drawn, drawn_part = cut(lanes, address.lanes, DRAWN, lambda skip: address.url(lanes=skip))
    held, held_part = cut(
        still, address.unchanged, LISTED, lambda skip: address.url(unchanged=skip)
    )
    recent = sorted(said, key=lambda n: -said[n].counts_from)[:RECENT]
    quoted = [said[n] for n in {*recent, *changed.quoted(turns), *_last(held)} if n in said]
    presenter = Presenter(conn, names, quoted, known_at=clocks.known_at)
    views = {one.number: presenter.statement(one) for one in quoted}
    own = {r.statement for _, lane in lanes for r in lane.readings if not r.retracted}
    repeated = repeats_of(conn, actor.id, as_of=clocks.as_of, known_at=clocks.known_at)
    uttered = uttered_together(conn, actor.id, known_at=clocks.known_at)
    counts = lane_counts(conn, {topic.id for topic, _ in lanes})
    way = {topic.id: to_lane(topic, actor.slug, counts.get(topic.id, 0)) for topic, _ in lanes}
    first, last = _span(lanes, now)
    view = TopicAddress(begin=address.begin)
    shown = window(view, first, last, now)
    return ActorPage(
        actor=actor,
        erased=erasure_of(conn, stored, actor.id) if actor.name == actor.slug else None,
        address=address,
        kind=kind_word(actor.kind),
        aliases=directory.aliases(conn, actor.id),
        speaks_for=_mandates(directory.mandates(conn, of=actor.id), names, own=False),
        spoken_for_by=_mandates(directory.mandates(conn, for_=actor.id), names, own=True),
        clocks=clocks,
        statements=len(own) - repeated,
        repeated=repeated,
        topics=len(lanes),
        changed=len(turns),
        unchanged_count=len(still),
        way=way,
        moved=changed.pairs(conn, told, said, views, names, clocks, host, now),
        turned=changed.briefly(named, said, names),
        unchanged=[_unchanged(topic, lane, views, said) for topic, lane in held],
        chart=_chart(drawn, said, names, clocks, shown, now),
        window=shown,
        periods=periods(view, first, last, now),
        parts={"changed": named_part, "lanes": drawn_part, "unchanged": held_part},
        others=_others(lanes, said, names, actor, uttered),
        recent=[views[n] for n in recent],
    )


def _span(lanes: list[tuple[Topic, LaneHistory]], now: int) -> tuple[int, int]:
    instants = [r.counts_from for _, lane in lanes for r in lane.readings] or [now]
    return min(instants), max(instants)


def _lanes(conn: Connection, actor: Actor, clocks: Clocks) -> list[tuple[Topic, LaneHistory]]:
    topics = directory.topics_by_id(conn)
    found = []
    for (topic, lane), readings, back in lanes_at(conn, lane=actor.id, known_at=clocks.known_at):
        history = lane_history(lane, readings, back, clocks)
        if history is not None:
            found.append((topics[topic], history))
    return sorted(found, key=lambda one: -_changed(one[1]))


def _changed(lane: LaneHistory) -> int:
    return lane.changes[-1].counts_from if lane.changes else -(2**62)


def _numbers(lane: LaneHistory) -> set[int]:
    numbers = {n for c in lane.changes for n in (*c.before, *c.after)}
    numbers |= {n for hold in lane.holds for n in (hold.opened_by, hold.last) if n}
    numbers |= {*lane.position.counted}
    numbers |= {*(lane.position.reported.statements if lane.position.reported else ())}
    numbers |= {*_latest_of_each(lane).values()}
    if len(lane.readings) <= MARKS:
        numbers |= {r.statement for r in lane.readings}
    return numbers


def _latest_of_each(lane: LaneHistory) -> dict[str, int]:
    """Return the latest words of each speaker that take a position."""
    taken = (r for r in lane.readings if r.stance is not None and not r.retracted)
    return {reading.speaker: reading.statement for reading in taken}


def _last(steady: Sequence[tuple[Topic, LaneHistory]]) -> set[int]:
    """Return the latest words of lanes that did not change."""
    return {lane.position.last for _, lane in steady if lane.position.last}


def _unchanged(
    topic: Topic,
    lane: LaneHistory,
    views: dict[int, StatementView],
    said: Said,
) -> Unchanged:
    stood = lane.position
    last = views.get(stood.last or 0)
    return Unchanged(
        topic,
        stances.held(topic.scale, stood, said),
        last.said if last else "",
        stood.statements,
    )


def _chart(
    lanes: Sequence[tuple[Topic, LaneHistory]],
    said: Said,
    names: Names,
    clocks: Clocks,
    shown: Window,
    now: int,
) -> Chart:
    drawn = [
        changed.drawn(topic, lane, said, names, clocks, shown, now, silence_on(topic))
        for topic, lane in lanes
    ]
    given = ChartInput(
        start=shown.start,
        end=shown.end,
        now=now,
        silent_since=shown.silent_since,
        as_of=clocks.as_of,
        known=clocks.known_at is not None,
        lanes=tuple(drawn),
        expanded=True,
        density=this_request().choices.density,
    )
    return draw(given, dates.wording())


def _mandates(found: list[directory.Mandate], names: Names, *, own: bool) -> list[MandateView]:
    views = []
    for one in found:
        other = names.lane(one.actor if own else one.on_behalf_of)
        views.append(
            MandateView(
                ActorView.of(other),
                one.role,
                _bound(one.since),
                _bound(one.until),
            )
        )
    return views


def _bound(text: str | None) -> str:
    """Return the end of a mandate in words; one that is only known not to be later says nothing."""
    return dates.said(text) if text and not text.startswith(("..", "/")) else ""


def _others(
    lanes: list[tuple[Topic, LaneHistory]],
    said: Said,
    names: Names,
    actor: Actor,
    uttered: Mapping[int, tuple[str, str]],
) -> list[Other]:
    """Return who else spoke for this side; what was said in one utterance counts once."""
    spoken = {
        (reading.speaker, uttered.get(reading.statement, reading.statement))
        for _, lane in lanes
        for reading in lane.readings
        if reading.speaker != actor.id and not reading.retracted
    }
    spoke = Counter(speaker for speaker, _ in spoken)
    differs: dict[str, list[tuple[Topic, StanceView, StanceView]]] = {}
    for topic, lane in lanes:
        stands = lane.position.stance
        for speaker, number in _latest_of_each(lane).items():
            if stands is not None and said[number].stance != stands:
                told = stances.of(topic.scale, said[number])
                held = stances.held(topic.scale, lane.position, said)
                differs.setdefault(speaker, []).append((topic, told, held))
    others = [
        Other(ActorView.of(one), total, differs.get(speaker, []))
        for speaker, total in spoke.items()
        for one in (names.actor(speaker),)
    ]
    return sorted(others, key=lambda one: (-one.statements, one.actor.name))
