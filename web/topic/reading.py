"""The data of a topic's page; each part is read once, when it is first needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, day_of, end_of_day
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory, extent, paging
from timeline.projections.queries.coverage import Coverage, read_coverage
from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
from timeline.projections.queries.extent import Facts
from timeline.projections.queries.ledes import KnownLede, latest_ledes
from timeline.projections.queries.paging import Filter
from timeline.projections.queries.selected_entries import BriefStatement, said_on
from timeline.projections.queries.steps import happened_on
from timeline.projections.queries.topic_changes import TopicChanges
from web.chart.layout import choose_lanes
from web.chart.model import ChartInput, Whole
from web.entries.presenter import Presenter
from web.lanes import filters
from web.lanes.chart_data import ChartData, read_statements
from web.lanes.chart_input import chart_input
from web.lanes.company import below_whom
from web.lanes.history import (
    LaneHistory,
    by_speaker,
    chosen_lanes,
    own_lanes,
    with_empty_lanes,
)
from web.lanes.reading import DetailedLanes, lanes_in_short
from web.lanes.rhythm import Activity, silence_after, topic_activity
from web.lanes.voices import Findings, read_findings
from web.lanes.window import Window, Zoom, window, zoom
from web.topic.listing import rows
from web.topic.replay import moments
from web.wording.clocks import Clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story, Topic
    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.paging import Page
    from timeline.projections.queries.positions import LaneChange
    from web.lanes.address import TopicAddress

FIRST, PAGE, PART = 8, 30, 2
"""The numbers of entries on the first page, on following pages, and in a replay step."""

BRIEF = 5
"""The number of first entries if there are more: the rest is loaded on scrolling."""

DEVELOPMENTS = 200
"""The most developments on the axis, the latest."""

HAPPENED = Filter(kinds=frozenset({"development"}))


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """What a past moment lacks: later entries, and amendments of those that it shows."""

    entries: int
    corrected: int = 0
    retracted: int = 0
    reinstated: int = 0


class TopicReading:
    """A topic at both clocks, as the address asks for it.

    ``now`` is an instant in seconds; ``new_after`` is the log position up to which the reader has
    seen the topic.
    """

    def __init__(
        self,
        conn: Connection,
        topic: Topic,
        address: TopicAddress,
        clocks: Clocks,
        *,
        now: int,
        new_after: int | None = None,
    ) -> None:
        self.conn, self.topic, self.address, self.clocks = conn, topic, address, clocks
        self.now, self.new_after = now, new_after
        self.names = Names(conn)
        self.names.topics([topic])

    @cached_property
    def asked(self) -> Filter:
        """The filter of the address, before `only_proving`."""
        return filters.read_filter(self.conn, self.topic.id, self.address, self.clocks.known_at)

    @cached_property
    def wanted(self) -> Filter:
        """The filter of the address; for changes with the numbers of their proofs."""
        if self.address.only != "changes":
            return self.asked
        return filters.only_proving(self.asked, self.proofs)

    @cached_property
    def lanes(self) -> list[LaneHistory]:
        """Every lane of the topic; lanes that are drawn have their details in the window.

        If all lanes together have few statements, all are read in detail.
        """
        return self._detailed.read(self._in_short, self._read_in_detail)

    @cached_property
    def lede(self) -> KnownLede | None:
        """The newsroom's introduction, at both clocks."""
        return latest_ledes(self.conn, [self.topic.id], self.clocks).get(self.topic.id)

    @cached_property
    def changes(self) -> TopicChanges:
        """The changes on the topic."""
        return TopicChanges(self.conn, self.topic.id, self.clocks)

    @cached_property
    def _in_short(self) -> list[LaneHistory]:
        """Every lane, without its statements."""
        return self._lanes_at(self.clocks, self.changes)

    def _lanes_at(self, clocks: Clocks, changes: TopicChanges) -> list[LaneHistory]:
        lanes = lanes_in_short(self.conn, self.topic.id, clocks, changes)
        self.names.actors({lane.actor for lane in lanes})
        return lanes

    @cached_property
    def sides(self) -> list[LaneHistory]:
        """The lanes of sides, and of people who speak for themselves."""
        return own_lanes(self.lanes)

    @cached_property
    def in_person(self) -> list[LaneHistory]:
        """The lanes of people who only speak for sides; none if actors are chosen."""
        if self.asked.actors:
            return []
        shown = {lane.actor for lane in self.sides}
        return [lane for lane in self.lanes if lane.actor not in shown]

    @cached_property
    def findings(self) -> Findings:
        """Differing voices, and votes against a body."""
        return read_findings(self.conn, self.topic, self.names, self.clocks, self.asked.actors)

    @cached_property
    def chosen(self) -> list[LaneHistory]:
        """The lanes of the chosen actors, all sides if none is chosen."""
        return chosen_lanes(self.lanes, self.asked.actors) if self.asked.actors else self.sides

    @cached_property
    def statements(self) -> dict[int, StatementEntry]:
        """The statements of all sides and of drawn lanes, by number."""
        # A lane that is drawn may hold words for a side that is not.
        lanes = [*self.sides, *self.in_person, *self.lanes_drawn]
        topic = self.topic.id if self._detailed.are_few else None
        return read_statements(self.conn, lanes, self.clocks, topic, self._read_in_detail)

    @cached_property
    def said(self) -> Mapping[int, BriefStatement] | None:
        """Every statement of the topic by number, ``None`` if there are too many to count."""
        if self.facts.statements + self.facts.retracted > filters.MOST_COUNTED:
            return None
        return said_on(self.conn, self.topic.id, self.clocks)

    def spoken_on(self, day: int) -> list[BriefStatement]:
        """Return the statements of a UTC day (instant // 86400), up to the moment shown."""
        as_of = min(end_of_day(day), self.clocks.as_of or end_of_day(day))
        clocks = TwoClocks(as_of, self.clocks.known_at)
        statements = said_on(self.conn, self.topic.id, clocks, since=day * DAY)
        return [*statements.values()]

    @cached_property
    def proofs(self) -> filters.Proofs:
        """The statements that prove changes of each lane, if the address asks for them."""
        return self.changes.proofs() if self.address.only == "changes" else {}

    @cached_property
    def story(self) -> Story | None:
        """The story that the topic belongs to."""
        stories = directory.stories(self.conn)
        return next((story for story in stories if story.id == self.topic.story), None)

    @cached_property
    def happened(self) -> list[DevelopmentEntry]:
        """The valid developments of the topic, oldest first."""
        return self._developments(self.clocks)

    @cached_property
    def lanes_of_now(self) -> list[LaneHistory]:
        """The current lanes, for the page of an earlier moment."""
        if self.clocks.is_now:
            return []
        return self._lanes_at(Clocks(), TopicChanges(self.conn, self.topic.id))

    @cached_property
    def lanes_drawn(self) -> list[LaneHistory]:
        """The lanes that the chart draws; at an earlier moment, current lanes keep their places."""
        lanes = by_speaker(
            self.conn, self.topic.id, self.clocks, self.chosen, self.lanes, self._split
        )
        placed = with_empty_lanes(lanes, self._present)
        counted = self._detailed.counted
        return [msgspec.structs.replace(lane, is_counted=lane.actor in counted) for lane in placed]

    @cached_property
    def drawn(self) -> ChartData:
        """The data of the chart."""
        on_axis = [entry for entry in self.happened if filters.is_on_axis(self.wanted, entry)]
        by_now = self.happened if self.clocks.is_now else self._developments(Clocks())
        return ChartData(
            topic=self.topic,
            story=self.story,
            lanes=self.lanes_drawn,
            statements=self.statements,
            developments=on_axis,
            hidden=filters.hidden_numbers(self.wanted, self.statements),
            new_after=self.new_after,
            moment=self.clocks.moment(self.now),
            named=self.wanted.actors,
            present={lane.actor: lane for lane in self._present},
            axis=any(filters.is_on_axis(self.wanted, entry) for entry in by_now),
            silence=silence_after(self._days),
            whole=self._whole,
            below=self._below,
            coverage=self.coverage,
            differing=self.findings.statements,
        )

    def chart_input(self, data: ChartData) -> ChartInput:
        """Return the input of a chart of this view."""
        view = self.address, self.clocks, self.window, self.now
        return chart_input(data, self.names, *view)

    @cached_property
    def coverage(self) -> Coverage:
        """When the lanes of the topic were watched."""
        return read_coverage(self.conn, self.topic.id, self.clocks.known_at)

    @cached_property
    def window(self) -> Window:
        """The time that the chart shows."""
        return window(self.address, *self._span, self.now, self._days)

    @cached_property
    def zoom(self) -> Zoom:
        """The links to other times."""
        return zoom(self.address, self.window, *self._span, self.now, self._days)

    @cached_property
    def moments(self) -> list[int]:
        """The moments of the clock that the reader moves."""
        if self.address.clock == "said" and self.clocks.known_at is None:
            days = {*self._activity.said, *happened_on(self.conn, self.topic.id)}
            return [end_of_day(day) for day in sorted(days) if day <= day_of(self.now)]
        return moments(self.conn, self.topic, self.address, self.clocks, self.now)

    @cached_property
    def facts(self) -> Facts:
        """The counts of the topic at both clocks."""
        return self._facts(self.clocks)

    @cached_property
    def later(self) -> Later | None:
        """What the moment shown lacks; ``None`` at now."""
        if self.clocks.is_now:
            return None
        now, here, known = self._facts(Clocks()), self.facts, self.clocks.known_at
        said = now.statements + now.retracted - here.statements - here.retracted
        happened = now.developments - here.developments
        undone = {} if known is None else extent.amended_since(self.conn, self.topic.id, known)
        return Later(entries=max(0, said) + max(0, happened), **undone)

    @cached_property
    def rows(self) -> list[Entry]:
        """The entries of the table, if the reader wants it."""
        if self.address.view != "table":
            return []
        on_axis = self.drawn.developments
        return rows(self.conn, self.topic, self.clocks, self.wanted, on_axis)

    def entries(self, after: tuple[int, int] | None, limit: int) -> Page:
        """Return a page of entries ``after`` an instant and a number."""
        return paging.page(
            self.conn,
            self.topic.id,
            self.wanted,
            self.clocks,
            newest_first=self.address.order == "new",
            after=after,
            limit=limit,
        )

    def presenter(
        self, shown: Sequence[Entry], said: dict[int, StatementEntry] | None = None
    ) -> Presenter:
        """Return the presenter of these entries, with the changes that they made.

        ``said`` are statements that were read already. If actors are chosen, only changes of their
        own lanes are shown.
        """
        moves = self._moves(shown)
        known_at, new_after = self.clocks.known_at, self.new_after
        return Presenter(self.conn, self.names, shown, moves, known_at, new_after, said)

    def _moves(self, shown: Sequence[Entry]) -> list[LaneChange]:
        """Return the changes that these entries may have made."""
        said = [entry for entry in shown if isinstance(entry, StatementEntry)]
        spoke = {self.names.lanes.of(actor) for entry in said for actor in entry.actors}
        days = {day_of(entry.counts_from) for entry in said}
        of_whom = self.asked.actors or {lane.actor for lane in own_lanes(self._in_short)}
        return self.changes.of(spoke & of_whom, days)

    @cached_property
    def _span(self) -> tuple[int, int]:
        return extent.span(self.conn, self.topic.id) or (self.now, self.now)

    @cached_property
    def _activity(self) -> Activity:
        """The statements and changes by day, as of now."""
        return topic_activity(self.conn, self.topic.id)

    @cached_property
    def _days(self) -> Counter[int]:
        """The number of statements and changes by UTC day, as of now."""
        return self._activity.days

    @cached_property
    def _whole(self) -> Whole | None:
        """The data of the overview; ``None`` if a few statements are all shown."""
        return self._activity.whole(self._span[0], self.now, self.window.earlier)

    @cached_property
    def _below(self) -> dict[str, str]:
        """The actor below whose lane each speaker's lane is drawn."""
        lanes = self._in_short if self.clocks.is_now else self.lanes_of_now
        return below_whom(self.conn, self.topic.id, lanes, self.story, self.names)

    @cached_property
    def _split(self) -> set[str]:
        """The actors whose lanes the reader split by speaker."""
        return {directory.actor(self.conn, slug).id for slug in self.address.expand}

    @cached_property
    def _present(self) -> list[LaneHistory]:
        """The current lanes whose places the page of an earlier moment keeps."""
        lanes, actors = self.lanes_of_now, self.asked.actors
        shown = chosen_lanes(lanes, actors) if actors else own_lanes(lanes)
        return by_speaker(self.conn, self.topic.id, Clocks(), shown, lanes, self._split)

    @cached_property
    def _detailed(self) -> DetailedLanes:
        view = self.clocks, self.changes, self.wanted, self.window
        return DetailedLanes(self.conn, self.topic.id, *view)

    @cached_property
    def _read_in_detail(self) -> set[str]:
        """The actors whose statements are read: all (``None``) if they are few, else drawn ones."""
        if self._detailed.are_few:
            return {lane.actor for lane in (*self._in_short, *self._present)}
        return self._on_chart(self._in_short)

    def _on_chart(self, short: list[LaneHistory]) -> set[str]:
        """Return the actors whose lanes the chart draws, from all lanes in short."""
        actors = self.asked.actors
        lanes = chosen_lanes(short, actors) if actors else own_lanes(short)
        split = by_speaker(self.conn, self.topic.id, self.clocks, lanes, short, self._split)
        placed = with_empty_lanes(split, self._present)
        data = ChartData(
            topic=self.topic,
            story=self.story,
            lanes=placed,
            moment=self.clocks.moment(self.now),
            named=actors,
            below=self._below,
            present={lane.actor: lane for lane in self._present},
        )
        shown = {lane.slug for lane in choose_lanes(self.chart_input(data))}
        return {lane.actor for lane in placed if self.names.actor(lane.actor).slug in shown}

    def _developments(self, clocks: Clocks) -> list[DevelopmentEntry]:
        page = paging.page(self.conn, self.topic.id, HAPPENED, clocks, limit=DEVELOPMENTS)
        developments = (
            entry for entry in reversed(page.entries) if isinstance(entry, DevelopmentEntry)
        )
        return [entry for entry in developments if not entry.retracted]

    def _facts(self, clocks: Clocks) -> Facts:
        return extent.facts(self.conn, self.topic.id, clocks)
