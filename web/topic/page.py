"""The topic page: who stands where, what moved, and the proof of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.instants import MICROSECONDS, day_of
from timeline.projections.queries import directory, entries, extent, log, paging
from timeline.projections.queries.entries import DevelopmentEntry
from timeline.projections.queries.extent import Facts
from timeline.projections.queries.paging import Filter
from timeline.projections.queries.positions import LaneChange, lanes_at
from timeline.projections.tables.lanes import lane_of
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.entries.presenter import Presenter
from web.entries.views import EntryView
from web.i18n import dates
from web.i18n.dates import wording
from web.lanes import filters
from web.lanes.address import TopicAddress
from web.lanes.answers import Answer, answer
from web.lanes.chart_input import chart_input
from web.lanes.company import sides_of_speakers
from web.lanes.crowd import is_crowd
from web.lanes.drawn import Drawn
from web.lanes.history import (
    LaneHistory,
    by_speaker,
    chosen_lanes,
    histories,
    keeping_their_place,
    lane_history,
    spoken_for,
)
from web.lanes.proof import Opened, Proof, proof
from web.lanes.reading import read_lanes, read_statements
from web.lanes.rhythm import silence_after, spoken_days
from web.lanes.window import Period, Window, periods, window
from web.topic import told
from web.topic.columns import Column, columns
from web.topic.days import DayOfEntries, by_day
from web.topic.heading import Heading, heading
from web.topic.replay import Replay, moments, replay
from web.topic.rows import left_out, rows, wants_rows
from web.topic.visit import Visit, visit
from web.wording.clocks import Clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story, Topic
    from timeline.stores.log import EventLog

PAGE, PART = 30, 2
"""Entries of a page, and of the part that a step or a filter swaps: the rest comes in view."""

HAPPENED = Filter(kinds=frozenset({"development"}))


class EntriesPart(msgspec.Struct, frozen=True):
    """The next entries of the list, which htmx asks for alone."""

    topic: Topic
    address: TopicAddress
    days: list[DayOfEntries]
    following: str


class TopicPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template of a topic reads; ``others`` counts actors not chosen."""

    topic: Topic
    story: Story | None
    address: TopicAddress
    clocks: Clocks
    facts: Facts
    recorded_up_to: str
    columns: list[Column]
    filters: filters.Filters
    window: Window
    periods: list[Period]
    chart: Chart
    is_empty: bool
    proof: Proof | None
    visit: Visit | None
    replay: Replay
    others: int
    hidden_later: int
    days: list[DayOfEntries]
    following: str
    rows: list[EntryView]
    rows_left: int
    sources: list[tuple[str, int]]
    heading: Heading
    answer: Answer | None

    @property
    def compare(self) -> str:
        """The address that compares the chosen actors on the questions of the story."""
        among = ("story", self.story.slug) if self.story else ("topic", self.topic.slug)
        asked = [*(("actor", one) for one in self.address.actor), among]
        moment = [("asof", self.clocks.as_of_text), ("known", self.clocks.known_text)]
        return "/compare?" + urlencode([*asked, *(one for one in moment if one[1])], safe="@:")


def topic_page(  # noqa: PLR0913 - a page is of a topic, a view and a reader
    conn: Connection,
    stored: EventLog,
    topic: Topic,
    address: TopicAddress,
    clocks: Clocks,
    *,
    now: int,
    after: tuple[int, int] | None = None,
    new_after: int | None = None,
    is_part: bool = False,
) -> TopicPage:
    """Read everything that the page shows."""
    many = is_crowd(topic)
    asked = filters.wanted(conn, topic, address)
    lanes = read_lanes(conn, topic, clocks, asked, everybody=bool(address.all_lanes))
    wanted = filters.settled(asked, topic, lanes)
    everybody = spoken_for(lanes)
    shown_lanes = chosen_lanes(lanes, asked.actors) if asked.actors else everybody
    names = Names(conn)
    names.actors({lane.actor for lane in lanes})
    story = _story(conn, topic)
    happened = _developments(conn, topic, clocks)
    first, last = extent.span(conn, topic.id) or (now, now)
    said = read_statements(conn, everybody, clocks, topic.id)
    apart = {directory.actor(conn, one).id for one in address.expand}
    lanes_drawn = by_speaker(conn, topic.id, clocks, shown_lanes, lanes, apart)
    on_axis = [one for one in happened if filters.is_on_axis(wanted, one)]
    by_now = happened if clocks.is_now else _developments(conn, topic, Clocks())
    of_now = _of_now(conn, topic, clocks)
    present = _present(conn, topic, of_now, asked.actors, apart)
    days = {} if many else spoken_days(of_now or lanes)
    shown = window(address, first, last, now, days)
    lanes_drawn = keeping_their_place(lanes_drawn, present)
    drawn = Drawn(
        topic=topic,
        story=story,
        lanes=lanes_drawn,
        statements=said,
        developments=on_axis,
        hidden=filters.hidden(wanted, said),
        new_after=new_after,
        moment=clocks.moment(now),
        named=wanted.actors,
        present={lane.actor: lane for lane in present},
        axis=any(filters.is_on_axis(wanted, one) for one in by_now),
        silence=silence_after(days),
        below={} if many else sides_of_speakers(conn, of_now or lanes, story, names),
    )
    page = _page(conn, topic, address, clocks, wanted, after, PART if is_part else PAGE)
    moves = [LaneChange(topic.id, lane.actor, c) for lane in everybody for c in lane.changes]
    listed = (
        rows(conn, topic, clocks, wanted, said, on_axis) if wants_rows(topic, address, said) else []
    )
    in_view = [*page.entries, *listed]
    presenter = Presenter(conn, names, in_view, moves, clocks.known_at, new_after, said)
    steps = moments(conn, topic, address, clocks, now)
    boxes = filters.filters(conn, topic, address, clocks, wanted, lanes, said, names)
    facts = _facts(conn, topic, clocks)
    return TopicPage(
        topic=topic,
        story=story,
        address=address,
        clocks=clocks,
        facts=facts,
        recorded_up_to=_recorded_up_to(conn, clocks),
        columns=columns(topic.scale, shown_lanes, said, names, now),
        filters=boxes,
        window=shown,
        periods=periods(address, first, last, now, days),
        chart=_chart(drawn, names, address, clocks, shown, now),
        is_empty=not lanes_drawn and not drawn.axis and not happened,
        proof=_proof(conn, drawn, address, lanes, names, clocks),
        visit=visit(conn, topic, new_after, everybody, names) if clocks.is_now else None,
        replay=replay(
            conn, address, clocks, steps, shown, _told(conn, drawn, clocks, address, names)
        ),
        others=len({lane.actor for lane in everybody} - {lane.actor for lane in shown_lanes}),
        hidden_later=_hidden_later(conn, topic, clocks, facts),
        days=by_day(map(presenter.show, page.entries)),
        following=_key(page),
        rows=[presenter.show(one) for one in listed],
        rows_left=left_out(boxes.kinds, wanted, listed) if listed else 0,
        sources=[] if many else filters.sources(said, names),
        heading=heading(conn, stored, topic),
        answer=answer(conn, topic, everybody, names, clocks),
    )


def entries_part(
    conn: Connection,
    topic: Topic,
    address: TopicAddress,
    clocks: Clocks,
    after: tuple[int, int],
) -> EntriesPart:
    """Read the next entries and nothing else of the page."""
    lanes = read_lanes(conn, topic, clocks)
    wanted = filters.settled(filters.wanted(conn, topic, address), topic, lanes)
    page = _page(conn, topic, address, clocks, wanted, after, PAGE)
    moves = [LaneChange(topic.id, lane.actor, c) for lane in lanes for c in lane.changes]
    presenter = Presenter(conn, Names(conn), page.entries, moves, clocks.known_at)
    days = by_day(map(presenter.show, page.entries))
    return EntriesPart(topic, address, days, _key(page))


def _of_now(conn: Connection, topic: Topic, clocks: Clocks) -> list[LaneHistory]:
    """Return the lanes as they are now, for the page of an earlier moment."""
    return [] if clocks.is_now or is_crowd(topic) else histories(conn, topic.id, Clocks())


def _present(
    conn: Connection,
    topic: Topic,
    of_now: list[LaneHistory],
    actors: frozenset[str],
    apart: set[str],
) -> list[LaneHistory]:
    """Return the lanes that a page of an earlier moment keeps the places of: those of now."""
    shown = chosen_lanes(of_now, actors) if actors else spoken_for(of_now)
    return by_speaker(conn, topic.id, Clocks(), shown, of_now, apart)


def _chart(
    drawn: Drawn, names: Names, address: TopicAddress, clocks: Clocks, shown: Window, now: int
) -> Chart:
    """Draw the lanes; of a crowded topic those that are counted, with the way to the others."""
    words = wording()
    counted = [lane for lane in drawn.lanes if lane.daily]
    hidden = len(drawn.lanes) - len(counted)
    if not is_crowd(drawn.topic) or not counted or not hidden:
        return draw(chart_input(drawn, names, address, clocks, shown, now), words)
    some = msgspec.structs.replace(drawn, lanes=counted)
    chart = draw(chart_input(some, names, address, clocks, shown, now), words)
    hidden += chart.hidden
    return msgspec.structs.replace(
        chart,
        hidden=hidden,
        all_href=address.url(drawn.topic.slug, all_lanes=1),
        all_text=words.all_lanes(hidden),
    )


def _told(
    conn: Connection, drawn: Drawn, clocks: Clocks, address: TopicAddress, names: Names
) -> str:
    """Tell what the moment brought on the clock that the reader moves."""
    scale, said = drawn.topic.scale, drawn.statements
    if address.clock == "known" and clocks.known_at is not None:
        return told.of_position(conn, clocks.known_at, scale, said, names)
    if address.clock == "said" and clocks.as_of is not None:
        return told.of_day(
            day_of(clocks.as_of), scale, drawn.lanes, said, drawn.developments, names
        )
    return ""


def _facts(conn: Connection, topic: Topic, clocks: Clocks) -> Facts:
    if not is_crowd(topic) or not clocks.is_now:
        return extent.facts(conn, topic.id, as_of=clocks.as_of, known_at=clocks.known_at)
    happened = paging.count(conn, topic.id, HAPPENED)
    actors = len(extent.taking_part(conn, topic.id))
    return Facts(actors, topic.statements, happened, sources=0, retracted=0)


def _proof(
    conn: Connection,
    drawn: Drawn,
    address: TopicAddress,
    lanes: list[LaneHistory],
    names: Names,
    clocks: Clocks,
) -> Proof | None:
    """Return the proof of the statement asked for, in a lane that is drawn if it can be."""
    if not address.s:
        return None
    topic, opened = drawn.topic, Opened(address.s, address.through, drawn.hidden)
    if is_crowd(topic):
        said = entries.statements(conn, [address.s], clocks.known_at).values()
        into = lane_of(conn, clocks.known_at)
        speaking = {into.get(one, one) for entry in said for one in entry.actors}
        lanes = [
            found
            for lane in sorted(speaking)
            for (_, one), readings, back in lanes_at(
                conn, topic=topic.id, lane=lane, known_at=clocks.known_at
            )
            if (found := lane_history(one, readings, back, clocks))
        ]
    drawn_proof = proof(conn, opened, drawn.lanes, names, clocks)
    return drawn_proof or proof(conn, opened, lanes, names, clocks)


def _page(
    conn: Connection,
    topic: Topic,
    address: TopicAddress,
    clocks: Clocks,
    wanted: Filter,
    after: tuple[int, int] | None,
    limit: int,
) -> paging.Page:
    return paging.page(
        conn,
        topic.id,
        wanted,
        as_of=clocks.as_of,
        known_at=clocks.known_at,
        newest_first=address.order == "new",
        after=after,
        limit=limit,
    )


def _key(page: paging.Page) -> str:
    return f"{page.following[0]},{page.following[1]}" if page.following else ""


def _story(conn: Connection, topic: Topic) -> Story | None:
    return next((one for one in directory.stories(conn) if one.id == topic.story), None)


def _developments(conn: Connection, topic: Topic, clocks: Clocks) -> list[DevelopmentEntry]:
    found = paging.page(
        conn, topic.id, HAPPENED, as_of=clocks.as_of, known_at=clocks.known_at, limit=200
    )
    return [
        one
        for one in reversed(found.entries)
        if isinstance(one, DevelopmentEntry) and not one.retracted
    ]


def _recorded_up_to(conn: Connection, clocks: Clocks) -> str:
    before = None if clocks.known_at is None else clocks.known_at + 1
    found = log.lines(conn, before=before, limit=1)
    return dates.moment(found[0].recorded_at // MICROSECONDS) if found else ""


def _hidden_later(conn: Connection, topic: Topic, clocks: Clocks, here: Facts) -> int:
    if clocks.is_now:
        return 0
    everything = _facts(conn, topic, Clocks())
    return max(
        0,
        everything.statements + everything.developments - here.statements - here.developments,
    )
