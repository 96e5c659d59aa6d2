"""The page of one actor: changes, lanes by topic, and the other speakers of its side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_date
from timeline.domain.instants import DAY
from timeline.projections.queries import directory, entries
from timeline.projections.queries.codebooks import attributes_of
from timeline.projections.queries.positions import lane_counts
from web.actor import changes
from web.actor.address import ActorAddress
from web.actor.changes import BriefChange, ComparedChange
from web.actor.lanes import ActorLanes, actor_lanes
from web.actor.lists import ActorLists
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.chart.model import ChartInput
from web.entries.presenter import Presenter
from web.entries.variables import ValueView, attributes_now, shown_values
from web.entries.views import ActorView, StatementView
from web.i18n import dates
from web.lanes import reading
from web.lanes.address import TopicAddress, to_lane
from web.lanes.chart_input import MARKS
from web.lanes.coverage import with_gaps
from web.lanes.window import Stretch, Window, Zoom, window, zoom
from web.shell.pagination import ListPart
from web.shell.request import this_request
from web.wording import stances
from web.wording.amendments import Erasure, erasure_of
from web.wording.clocks import Clocks
from web.wording.kinds import kind_word
from web.wording.names import Names
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.speaking import StatementOnBehalf
    from timeline.stores.log import EventLog
    from web.lanes.history import LaneHistory
    from web.lanes.rhythm import Activity
    from web.lanes.window import Days
    from web.wording.stances import Said

RECENT = 10
AFTER_ALL = 1 << 40
"""A day after all others."""

SAME = "actor", "on_behalf_of", "role", "until"
"""The key that two records of one mandate share."""


class StandingView(msgspec.Struct, frozen=True):
    """A stated standing of a mandate: on which topic, from when until when."""

    standing: str
    topic: Topic | None
    since: str
    until: str


class MandateView(msgspec.Struct, frozen=True):
    """A mandate: for whom the actor speaks, in which role, from when until when."""

    other: ActorView
    role: str
    since: str
    until: str
    standing: str = ""
    stated: tuple[StandingView, ...] = ()


class UnchangedPosition(msgspec.Struct, frozen=True):
    """A position that never changed on record."""

    topic: Topic
    stance: StanceView
    said: str
    times: int


class OtherSpeaker(msgspec.Struct, frozen=True):
    """Another speaker of the same side, and the topics on which they differ."""

    actor: ActorView
    statements: int
    differs: list[tuple[Topic, StanceView, StanceView]]


class ActorPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template of an actor reads; ``way`` has the lane's address by topic."""

    actor: Actor
    erased: Erasure | None
    address: ActorAddress
    kind: str
    aliases: list[str]
    attributes: tuple[ValueView, ...]
    speaks_for: list[MandateView]
    spoken_for_by: list[MandateView]
    clocks: Clocks
    is_today: bool
    statements: int
    repeated: int
    topics: int
    changed: int
    unchanged_count: int
    way: dict[str, str]
    moved: list[ComparedChange]
    turned: list[BriefChange]
    unchanged: list[UnchangedPosition]
    chart: Chart
    charted: ChartInput
    window: Window
    zoom: Zoom
    parts: dict[str, ListPart]
    others: list[OtherSpeaker]
    recent: list[StatementView]

    def stretch(self, way: Stretch) -> str:
        """Return the address of this page over another time."""
        return self.address.url(begin=way.begin, end=way.end)

    @property
    def now_href(self) -> str:
        """The address of this page now, over the same time."""
        return self.address.url(clocks=Clocks(), changed="", lanes="", unchanged="")


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
    clocks, names = address.clocks, Names(conn)
    lanes = actor_lanes(conn, actor.id, clocks)
    counts = lanes.counts
    lists = ActorLists(conn, lanes, address)
    first, last = lanes.span or (now, now)
    view = TopicAddress(begin=address.begin, end=address.end)
    spoke = lanes.activity
    by_lane = _by_lane(spoke)
    shown = window(view, first, last, now, spoke.days, by_lane)
    read = lanes.read({*lists.in_full, *lists.named, *lists.drawn, *lists.held}, shown)
    read = with_gaps(conn, read, clocks.known_at)
    apart = _apart(lanes)
    topics = directory.topics_by_id(conn, {*read, *(statement.topic for statement in apart)})

    names.topics(topics.values())

    def of(topic_ids: Sequence[str]) -> list[tuple[Topic, LaneHistory]]:
        return [(topics[topic], read[topic]) for topic in topic_ids]

    turns = [turn for pair in of(lists.in_full) if (turn := changes.last_change(*pair, clocks))]
    brief = [turn for pair in of(lists.named) if (turn := changes.last_change(*pair, clocks))]
    recent = lanes.latest(RECENT)
    numbers = {
        n for lane in read.values() for n in _numbers(lane, shown)
    } | changes.statements_quoted(turns)
    numbers |= {*recent, *(statement.number for statement in apart), *_proofs(lanes, apart)}
    said = entries.statements(conn, numbers, clocks.known_at)
    names.actors({entry.speaker for entry in said.values()})
    quoted = [
        said[n]
        for n in {*recent, *changes.statements_quoted(turns), *_last(of(lists.held))}
        if n in said
    ]
    presenter = Presenter(conn, names, quoted, known_at=clocks.known_at)
    views = {entry.number: presenter.statement(entry) for entry in quoted}
    beside = lane_counts(conn, topics)
    way = {
        topic.id: to_lane(topic, actor.slug, beside.get(topic.id, 0)) for topic in topics.values()
    }
    charted = msgspec.structs.replace(
        _charted(of(lists.drawn), said, names, clocks, shown, now),
        whole=spoke.whole(first, now, shown.earlier),
        zoom_href=address.url(begin="{from}", end="{to}"),
    )
    return ActorPage(
        actor=actor,
        erased=erasure_of(conn, stored, actor.id) if actor.name == actor.slug else None,
        address=address,
        kind=kind_word(actor.kind),
        aliases=[name for name in directory.aliases(conn, actor.id) if name != actor.name],
        attributes=_attributes(conn, actor.id, clocks.known_at),
        speaks_for=_mandates(conn, directory.mandates(conn, of=actor.id), names, own=False),
        spoken_for_by=_mandates(conn, directory.mandates(conn, for_=actor.id), names, own=True),
        clocks=clocks,
        is_today=clocks.is_today(now),
        statements=counts.statements - lanes.repeated,
        repeated=lanes.repeated,
        topics=counts.topics,
        changed=counts.turned,
        unchanged_count=counts.held,
        way=way,
        moved=changes.compared_changes(conn, turns, said, views, names, clocks, host, now),
        turned=changes.brief_changes(brief, said, names),
        unchanged=[_unchanged(topic, lane, views, said) for topic, lane in of(lists.held)],
        chart=draw(charted, dates.wording()),
        charted=charted,
        window=shown,
        zoom=zoom(view, shown, first, last, now, spoke.days, by_lane),
        parts=lists.parts(topics),
        others=_other_speakers(lanes, apart, topics, said, names),
        recent=[views[n] for n in recent if n in views],
    )


def _attributes(conn: Connection, actor: str, known_at: int | None) -> tuple[ValueView, ...]:
    said = attributes_of(conn, actor, known_at)
    return shown_values(said, attributes_now(conn)) if said else ()


def _by_lane(spoke: Activity) -> Sequence[Days]:
    """Return statements by lane; empty if a lane is so long that it is counted."""
    said = [sum(mapping.values()) for mapping in spoke.lanes]
    return spoke.lanes if max(said, default=0) <= reading.words_read(said) else ()


def _numbers(lane: LaneHistory, shown: Window) -> set[int]:
    """Return the statements that a lane needs, from the first one that is read."""
    position, begin = lane.position, lane.readings[0].day if lane.readings else AFTER_ALL
    moves = [change for change in lane.changes if change.day >= begin]
    holds = [hold for hold in lane.holds if hold.start >= begin * DAY]
    numbers = {n for change in moves for n in (*change.before, *change.after)}
    numbers |= {n for hold in holds for n in (hold.opened_by, hold.last) if n}
    numbers |= {*position.counted, *(n for n in (position.first, position.last) if n)}
    numbers |= {*(position.reported.statements if position.reported else ())}
    if lane.daily and not lane.untold:
        inside = (hold for hold in lane.holds if shown.start <= hold.start <= shown.end)
        numbers |= {hold.opened_by for hold in inside if hold.opened_by}
    is_few = len(lane.readings) <= MARKS
    return numbers | ({reading.statement for reading in lane.readings} if is_few else set())


def _apart(lanes: ActorLanes) -> list[StatementOnBehalf]:
    """Return the last statement of each other speaker on topics on which they differ."""
    latest = {
        (statement.topic, statement.speaker): statement
        for statement in lanes.spoken_for
        if statement.stance is not None and not statement.retracted
    }
    lanes_kept = lanes.on_topics_spoken_for
    stances_held = {lane.topic: lane.position.stance for lane in lanes_kept}
    statements = [
        statement
        for statement in latest.values()
        if stances_held[statement.topic] not in (None, statement.stance)
    ]
    place = {lane.topic: number for number, lane in enumerate(lanes_kept)}
    return sorted(statements, key=lambda statement: place[statement.topic])


def _proofs(lanes: ActorLanes, apart: Sequence[StatementOnBehalf]) -> set[int]:
    """Return the statements of the actor's positions from which other speakers differ."""
    topics = {statement.topic for statement in apart}
    lanes_kept = lanes.on_topics_spoken_for
    return {n for lane in lanes_kept if lane.topic in topics for n in lane.position.counted}


def _last(steady: Sequence[tuple[Topic, LaneHistory]]) -> set[int]:
    """Return the last statements of unchanged lanes."""
    return {lane.position.last for _, lane in steady if lane.position.last}


def _unchanged(
    topic: Topic,
    lane: LaneHistory,
    views: dict[int, StatementView],
    said: Said,
) -> UnchangedPosition:
    position = lane.position
    last = views.get(position.last or 0)
    return UnchangedPosition(
        topic,
        stances.of_position(topic.scale, position, said),
        last.said if last else "",
        position.statements,
    )


def _charted(
    lanes: Sequence[tuple[Topic, LaneHistory]],
    said: Said,
    names: Names,
    clocks: Clocks,
    shown: Window,
    now: int,
) -> ChartInput:
    drawings = [
        changes.draw_lane(topic, lane, said, names, clocks, shown, now) for topic, lane in lanes
    ]
    return ChartInput(
        start=shown.start,
        end=shown.end,
        now=now,
        silent_since=shown.silent_since,
        earlier=shown.earlier,
        earlier_share=shown.earlier_share,
        as_of=clocks.as_of,
        known=clocks.known_at is not None,
        lanes=tuple(drawings),
        expanded=True,
        density=this_request().choices.density,
    )


def _mandates(
    conn: Connection, mandates: list[directory.Mandate], names: Names, *, own: bool
) -> list[MandateView]:
    on = {said.topic for mandate in mandates for said in mandate.stated if said.topic}
    topics = directory.topics_by_id(conn, on)
    names.topics(topics.values())
    views = []
    for mandate in mandates:
        if any(_tells_more(another, mandate) for another in mandates):
            continue
        other = names.lane(mandate.actor if own else mandate.on_behalf_of)
        views.append(
            MandateView(
                ActorView.of(other),
                mandate.role,
                _bound(mandate.since),
                _bound(mandate.until),
                mandate.standing,
                tuple(
                    StandingView(
                        said.standing,
                        topics.get(said.topic or ""),
                        _bound(said.since),
                        _bound(said.until),
                    )
                    for said in mandate.stated
                ),
            )
        )
    return views


def _tells_more(mandate: directory.Mandate, other: directory.Mandate) -> bool:
    """Tell whether a mandate has the exact day on which another began that has only a bound."""
    is_same = all(getattr(mandate, name) == getattr(other, name) for name in SAME)
    if not (is_same and mandate.since and other.since):
        return False
    began, by = parse_date(mandate.since), parse_date(other.since)
    return by.earliest is None and began.earliest is not None and began.earliest <= by.latest


def _bound(text: str | None) -> str:
    """Return the end of a mandate in words; empty if only a bound is known."""
    return dates.said(text) if text and not text.startswith(("..", "/")) else ""


def _other_speakers(
    lanes: ActorLanes,
    apart: Sequence[StatementOnBehalf],
    topics: Mapping[str, Topic],
    said: Said,
    names: Names,
) -> list[OtherSpeaker]:
    """Return who else spoke for this side; an utterance counts once."""
    spoken = {
        (statement.speaker, statement.utterance)
        for statement in lanes.spoken_for
        if not statement.retracted
    }
    spoke = Counter(speaker for speaker, _ in spoken)
    positions = {lane.topic: lane.position for lane in lanes.on_topics_spoken_for}
    differs: dict[str, list[tuple[Topic, StanceView, StanceView]]] = {}
    for other in apart:
        topic = topics[other.topic]
        view = stances.of(topic.scale, said[other.number])
        stance_held = stances.of_position(topic.scale, positions[other.topic], said)
        differs.setdefault(other.speaker, []).append((topic, view, stance_held))
    others = [
        OtherSpeaker(ActorView.of(names.actor(speaker)), total, differs.get(speaker, []))
        for speaker, total in spoke.items()
    ]
    return sorted(others, key=lambda other: (-other.statements, other.actor.name))
