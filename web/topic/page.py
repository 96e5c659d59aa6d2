"""The topic page: who stands where, what moved, and the proof of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.instants import NEWEST, OLDEST, day_of
from timeline.projections.queries import entries
from timeline.projections.queries.change_answers import ChangeFilter, count_waiting
from timeline.projections.queries.extent import Facts
from timeline.projections.queries.story_changes import group_by_words
from timeline.projections.queries.translations import language_of
from timeline.projections.tables.lanes import lanes_known
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.entries.views import EntryView, StatementView
from web.i18n.dates import wording
from web.lanes import filters
from web.lanes.address import TopicAddress
from web.lanes.answers import Answer, answer
from web.lanes.chart_data import read_statements
from web.lanes.chart_input import fold_lanes, number_turning_points
from web.lanes.company import tally
from web.lanes.history import LaneHistory, history_on
from web.lanes.known_then import NothingKnown, nothing_known, recorded_up_to
from web.lanes.proof import OpenStatement, Proof, proof
from web.lanes.track import Track, TrackSummary, track, track_summary
from web.lanes.turning_points import TurningPoint, turning_points
from web.lanes.voices import Findings
from web.lanes.window import Stretch, Window, Zoom
from web.shell.publisher import publisher
from web.topic.announcement import Announcement, announce_day, announce_position
from web.topic.columns import Column, columns
from web.topic.heading import Heading, NewsroomLede, heading, newsroom_lede
from web.topic.listing import DayOfEntries, by_day, left_out
from web.topic.reading import BRIEF, FIRST, PAGE, PART, Later
from web.topic.replay import Replay, last_reached, replay
from web.topic.visit import Visit, visit
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from timeline.projections.queries.directory import Story, Topic
    from timeline.projections.queries.paging import Page
    from timeline.stores.log import EventLog
    from web.topic.reading import TopicReading


FEW_CHOSEN = 3
"""The most chosen actors for whom the page opens with a sentence each."""


class EntriesPart(msgspec.Struct, frozen=True):
    """The next entries of the list, which htmx asks for alone."""

    topic: Topic
    address: TopicAddress
    days: list[DayOfEntries]
    following: str


class TopicPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template of a topic reads; ``others`` counts actors not chosen.

    ``speakers`` are those of them (slugs) with a lane who speak for a chosen one. ``waiting``
    counts the changes that no editor has judged yet. ``moved`` are the lanes (slugs) that a step of
    the replay changed, ``step_words`` is its statement. ``order_open`` are the numbers of
    statements that may be later than those of a current position.
    """

    topic: Topic
    story: Story | None
    address: TopicAddress
    clocks: Clocks
    facts: Facts
    recorded_up_to: str
    columns: list[Column]
    filters: filters.Filters
    window: Window
    zoom: Zoom
    chart: Chart
    openings: dict[str, TrackSummary]
    track: Track | None
    is_empty: bool
    proof: Proof | None
    visit: Visit | None
    replay: Replay
    moved: dict[str, str]
    step_words: StatementView | None
    others: int
    speakers: tuple[str, ...]
    later: Later | None
    unknown: NothingKnown | None
    days: list[DayOfEntries]
    following: str
    rows: list[EntryView]
    rows_left: int
    order_open: frozenset[int]
    sources: list[tuple[str, int]]
    heading: Heading
    answer: Answer | None
    lede: NewsroomLede | None
    turning_points: list[TurningPoint]
    waiting: int
    findings: Findings

    @property
    def differing(self) -> int:
        """How many sides speak with differing voices at the moment shown."""
        return len({view.side.id for view in self.findings.voices if view.is_open})

    def feed(self, form: str, lang: str) -> str:
        """Return the address of its changes as a feed: of the actors chosen, in a language."""
        chosen = [("actor", slug) for slug in self.address.actor]
        return f"/t/{self.topic.slug}.{form}?" + urlencode([*chosen, ("lang", lang)])

    def stretch(self, way: Stretch) -> str:
        """Return the address of this view over another stretch of time."""
        return self.address.url(self.topic.slug, begin=way.begin, end=way.end, s=0, through=0)

    @property
    def is_blank(self) -> bool:
        """Tell whether the topic has no entries at all."""
        facts = self.facts
        on_record = facts.statements or facts.retracted or facts.developments
        return self.clocks.is_now and self.is_empty and not on_record

    @property
    def opens_with_sides(self) -> bool:
        """Tell whether the page opens with a sentence for each of a few chosen sides."""
        return bool(self.answer and self.answer.sides and 0 < len(self.address.actor) <= FEW_CHOSEN)

    @property
    def compare(self) -> str:
        """The address that compares the chosen actors on the questions of the story."""
        among = ("story", self.story.slug) if self.story else ("topic", self.topic.slug)
        pairs = [*(("actor", slug) for slug in self.address.actor), among]
        moment = [("as_of", self.clocks.as_of_text), ("known_at", self.clocks.known_text)]
        return "/compare?" + urlencode([*pairs, *(pair for pair in moment if pair[1])], safe="@:")


def topic_page(
    reading: TopicReading,
    stored: EventLog,
    *,
    after: tuple[int, int] | None = None,
    is_part: bool = False,
) -> TopicPage:
    """Return everything that the page shows; ``after`` is where its list of entries goes on."""
    conn, topic, address, clocks = reading.conn, reading.topic, reading.address, reading.clocks
    names, said, sides = reading.names, reading.statements, reading.sides
    brought = _announcement(reading)
    cause = said.get(brought.statement)
    size = PART if is_part else PAGE if after else FIRST
    entries_shown = reading.entries(after, size)
    if size == FIRST and entries_shown.following:
        entries_shown = entries_shown.beginning(BRIEF)
    listed = reading.rows
    presented = [*entries_shown.entries, *listed, *([cause] if cause else [])]
    presenter = reading.presenter(presented, said)
    points = _turning_points(reading)
    chart = _chart(reading, points)
    boxes = filters.filters(
        conn,
        topic,
        address,
        clocks,
        reading.wanted,
        filters.FilterCandidates(reading.lanes, reading.said, reading.proofs),
        names,
    )
    return TopicPage(
        topic=topic,
        story=reading.story,
        address=address,
        clocks=clocks,
        facts=reading.facts,
        recorded_up_to=recorded_up_to(conn, clocks.known_at),
        columns=columns(
            topic.scale, tally(reading.chosen, reading.in_person), said, names, reading.now
        ),
        filters=boxes,
        window=reading.window,
        zoom=reading.zoom,
        chart=chart,
        openings=_openings(reading, chart),
        track=_track(reading),
        is_empty=not (reading.lanes_drawn or reading.drawn.axis or reading.happened),
        proof=_proof(reading),
        visit=visit(conn, topic, reading.new_after, sides, names) if clocks.is_now else None,
        replay=replay(
            conn,
            address,
            clocks,
            reading.moments,
            brought.text,
            now=reading.now,
            begins=reading.window.start,
        ),
        step_words=presenter.statement(cause) if cause else None,
        moved={actor.slug: actor.name for actor in map(names.actor, brought.actors)},
        others=len({lane.actor for lane in sides} - {lane.actor for lane in reading.chosen}),
        speakers=_speakers(reading),
        later=reading.later,
        unknown=nothing_known(conn, clocks, is_empty=reading.facts.is_empty),
        days=by_day(map(presenter.show, entries_shown.entries)),
        following=_key(entries_shown),
        rows=[presenter.show(entry) for entry in listed],
        rows_left=left_out(boxes.kinds, reading.wanted, listed) if listed else 0,
        order_open=frozenset(n for lane in reading.lanes for n in lane.position.order_open),
        sources=filters.sources(reading.said or {}, names),
        heading=heading(conn, stored, topic, clocks.known_at),
        answer=answer(conn, topic, reading.chosen, names, clocks, reading.in_person, said),
        lede=newsroom_lede(reading.lede, language_of(conn)),
        findings=reading.findings,
        turning_points=points,
        waiting=count_waiting(conn, ChangeFilter(topics=(topic.id,))) if clocks.is_now else 0,
    )


def _speakers(reading: TopicReading) -> tuple[str, ...]:
    """Return the slugs of speakers with a lane below a chosen actor who were not chosen."""
    chosen, below = {lane.actor for lane in reading.chosen}, reading.drawn.below
    speakers = (lane.actor for lane in reading.sides if below.get(lane.actor) in chosen)
    return tuple(reading.names.actor(speaker).slug for speaker in speakers if speaker not in chosen)


def _turning_points(reading: TopicReading) -> list[TurningPoint]:
    """Return the turning points of the chosen actors, in the chosen time.

    Votes have none: their changes are not read.
    """
    if reading.topic.scale.name == "vote":
        return []
    filter_ = reading.asked
    begin = OLDEST if filter_.begin is None else filter_.begin
    end = NEWEST if filter_.end is None else filter_.end
    changes = [
        change
        for group in group_by_words(reading.changes.visible())
        if not filter_.actors or any(lane_change.lane in filter_.actors for lane_change in group)
        for change in group
        if begin <= change.change.counts_from <= end
    ]
    return turning_points(
        reading.conn,
        reading.names,
        changes,
        [entry.counts_from for entry in reading.happened],
        own=publisher().language,
        known_at=reading.clocks.known_at,
        pinned=reading.lede.pinned if reading.lede else (),
        read=reading.statements,
    )


def entries_part(reading: TopicReading, after: tuple[int, int]) -> EntriesPart:
    """Return the next entries and nothing else of the page."""
    page = reading.entries(after, PAGE)
    days = by_day(map(reading.presenter(page.entries).show, page.entries))
    return EntriesPart(reading.topic, reading.address, days, _key(page))


def _chart(reading: TopicReading, points: list[TurningPoint]) -> Chart:
    """Draw the lanes with numbered turning points; lanes that never moved are folded.

    Nothing is folded in a replay, so that no step moves a lane, nor in a chosen order, nor for
    votes.
    """
    chart = number_turning_points(
        reading.chart_input(reading.drawn),
        {point.after.number: point.number for point in points if point.after},
    )
    is_usual = reading.clocks.is_now and reading.address.sort == "side"
    if is_usual and reading.topic.scale.name != "vote":
        still = {
            reading.names.actor(lane.actor).slug
            for lane in reading.drawn.lanes
            if not lane.turns and not lane.moves
        }
        chart = fold_lanes(chart, still - {reading.address.open})
    return draw(msgspec.structs.replace(chart, lettered=True), wording())


def _openings(reading: TopicReading, chart: Chart) -> dict[str, TrackSummary]:
    """Return by slug the summary of each lane of the chart, which opens its track."""
    data, names, open_slug = reading.drawn, reading.names, reading.address.open
    shown = {lane.slug for lane in chart.lanes}
    lanes = {names.actor(lane.actor).slug: lane for lane in data.lanes}
    return {
        slug: track_summary(lane, data, is_open=slug == open_slug)
        for slug, lane in lanes.items()
        if slug in shown
    }


def _track(reading: TopicReading) -> Track | None:
    """Return the track of the lane that is open, if it is drawn and its statements are few."""
    data, names, open_slug = reading.drawn, reading.names, reading.address.open
    lanes = (
        history
        for history in data.lanes
        if open_slug and names.actor(history.actor).slug == open_slug
    )
    lane = next((history for history in lanes if not history.is_counted), None)
    if lane and lane.totals is not None:
        # For the chart, only statements of the window were read.
        lane = history_on(reading.conn, reading.topic.id, lane.actor, reading.clocks)
        said = read_statements(reading.conn, [lane] if lane else [], reading.clocks)
        data = msgspec.structs.replace(data, statements={**data.statements, **said})
    if lane is None or not lane.readings:
        return None
    return track(reading.conn, lane, data, names, reading.clocks)


def _announcement(reading: TopicReading) -> Announcement:
    """Describe what the latest moment changed, on the clock that the reader moves."""
    data, reached = reading.drawn, last_reached(reading.address, reading.clocks, reading.moments)
    scale, said, names = data.topic.scale, data.statements, reading.names
    if reached is None:
        return Announcement()
    if reading.address.clock == "known":
        return announce_position(reading.conn, reached, scale, said, names)
    day = day_of(reached)
    spoken = reading.spoken_on(day)
    return announce_day(day, scale, data.lanes, said, spoken, data.developments, names)


def _proof(reading: TopicReading) -> Proof | None:
    """Return the proof of the statement asked for, in a lane that is drawn if it can be."""
    address, conn, clocks = reading.address, reading.conn, reading.clocks
    if not address.s:
        return None
    opened = OpenStatement(address.s, address.through, reading.drawn.hidden)
    lanes = _lanes_of(reading, address.s)
    # A lane that was read in part has neither its length nor earlier positions.
    lanes_read = [lane for lane in reading.lanes_drawn if lane.totals is None]
    drawn_proof = proof(conn, opened, lanes_read, reading.names, clocks)
    return drawn_proof or proof(conn, opened, lanes, reading.names, clocks)


def _lanes_of(reading: TopicReading, number: int) -> list[LaneHistory]:
    """Return the lanes of a statement."""
    conn, clocks = reading.conn, reading.clocks
    said = entries.statements(conn, [number], clocks.known_at).values()
    into = lanes_known(conn, clocks.known_at)
    speaking = {into.of(actor) for entry in said for actor in entry.actors}
    return [
        lane_history
        for lane in sorted(speaking)
        if (lane_history := history_on(conn, reading.topic.id, lane, clocks))
    ]


def _key(page: Page) -> str:
    return f"{page.following[0]},{page.following[1]}" if page.following else ""
