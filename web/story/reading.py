"""The data of a story: filters, clocks, months and changes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, NEWEST, OLDEST, end_of_day
from timeline.projections.queries import directory
from timeline.projections.queries.coverage import Coverage, read_coverages
from timeline.projections.queries.extent import statements_then
from timeline.projections.queries.positions import LaneChange
from timeline.projections.queries.story_changes import (
    DEFAULT_KINDS,
    DayCounts,
    EarlierChanges,
    StoryChanges,
    StoryFilter,
    group_by_words,
    kind_of,
)
from timeline.projections.tables.kinds import MOVED
from web.story.months import (
    FEW,
    Month,
    Span,
    added,
    bounds_of,
    by_month,
    choose,
    month_of,
    read_month,
)
from web.story.parts import Days, read_place
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Story, Topic
    from timeline.projections.queries.entries import DevelopmentEntry
    from web.story.address import StoryAddress
    from web.story.parts import Part
    from web.wording.clocks import Clocks

TOLD = 2_000
"""The most changes of a story that is described in sentences; more are only counted."""

MOST = 300
"""The most changes of one part, however full its last day is; the data has all."""


class StoryReading:
    """A story at both clocks, its filters applied; what came after ``new_after`` is new."""

    def __init__(
        self,
        conn: Connection,
        story: Story,
        address: StoryAddress,
        clocks: Clocks,
        *,
        now: int,
        new_after: int | None,
    ) -> None:
        self.conn, self.story, self.address, self.clocks = conn, story, address, clocks
        self.now, self.new_after = now, new_after
        self.names = Names(conn)
        opened = directory.topics(conn, story=story.id)
        known_at = clocks.known_at
        self.topics = [topic for topic in opened if known_at is None or topic.opened <= known_at]
        self.actors = [directory.actor(conn, slug) for slug in address.actor]
        self._then = EarlierChanges(conn, self.topics, clocks)
        self._read: dict[StoryFilter, StoryChanges] = {}

    @property
    def moment(self) -> int:
        """The instant that the said clock stands at."""
        return self.now if self.clocks.as_of is None else min(self.now, self.clocks.as_of)

    @cached_property
    def statements(self) -> dict[str, int]:
        """The number of valid statements at the moment, by id of the topic."""
        if self.clocks.is_now:
            return {topic.id: topic.statements for topic in self.topics}
        return statements_then(self.conn, [topic.id for topic in self.topics], self.clocks)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was said and nothing happened in the whole story."""
        return not (any(self.statements.values()) or self.everything.months())

    @cached_property
    def watched(self) -> dict[str, Coverage]:
        """When the lanes of each topic were watched, by its id."""
        return read_coverages(self.conn, [topic.id for topic in self.topics], self.clocks.known_at)

    def is_unwatched(self, first: int, after: int) -> bool:
        """Tell whether nobody watched on any question from one instant up to another.

        If watching is not recorded for every question, nobody knows.
        """
        return bool(self.watched) and all(
            any(gap[0] <= first and after <= gap[1] for gap in coverage.all_gaps())
            for coverage in self.watched.values()
        )

    @cached_property
    def story_changes(self) -> StoryChanges:
        """The entries that pass the filters."""
        return self.passing(self.address)

    @cached_property
    def everything(self) -> StoryChanges:
        """The story without filters."""
        return self._story_changes(self._wanted(self.topics, frozenset(), DEFAULT_KINDS))

    def passing(self, address: StoryAddress) -> StoryChanges:
        """Return the entries that pass the filters of an address."""
        chosen = [topic for topic in self.topics if topic.slug in address.topic]
        return self._story_changes(
            self._wanted(
                chosen if address.topic else self.topics,
                frozenset(actor.id for actor in self.actors) if address.actor else frozenset(),
                frozenset(address.kind) or DEFAULT_KINDS,
                since=(self.new_after or 0) if address.only == "new" else None,
            )
        )

    def new(self) -> StoryChanges:
        """Return what is new to the reader, without filters."""
        story_filter = self._wanted(self.topics, frozenset(), DEFAULT_KINDS, since=self.new_after)
        return self._story_changes(story_filter)

    def _story_changes(self, story_filter: StoryFilter) -> StoryChanges:
        """Return the changes of a filter; cached, because most filters are the same."""
        return self._read.setdefault(
            story_filter, StoryChanges(self.conn, story_filter, self._then)
        )

    def _wanted(
        self,
        topics: Sequence[Topic],
        lanes: frozenset[str],
        kinds: frozenset[str],
        since: int | None = None,
    ) -> StoryFilter:
        return StoryFilter(
            topics=tuple(topics),
            lanes=lanes,
            kinds=kinds,
            since=since,
            as_of=self.clocks.as_of,
            known_at=self.clocks.known_at,
        )

    def days(self, span: Span | None = None) -> list[DayCounts]:
        """Return the days with entries of these months (all for ``None``)."""
        return self.story_changes.days(*(bounds_of(span) if span else ()))

    @cached_property
    def months(self) -> list[Month]:
        """The months with entries."""
        return by_month(self.story_changes.months())

    def months_in(self, span: Span) -> list[Month]:
        """Return the months with entries of a span."""
        return [month for month in self.months if span.holds(month.number)]

    @cached_property
    def span(self) -> Span | None:
        """The months that are shown; ``None`` if nothing is on record."""
        begin, end = self.address.begin, self.address.end
        return choose(
            self.months,
            read_month(begin, "from") if begin else None,
            read_month(end, "to", last=True) if end else None,
        )

    @cached_property
    def moves(self) -> list[list[LaneChange]] | None:
        """The changes from a position to another, oldest first; ``None`` if there are too many.

        Changes by the same words on several lanes are grouped.
        """
        if added(0, self.months).changes > TOLD:
            return None
        changes = self.story_changes.changes(OLDEST, NEWEST)
        return group_by_words(change for change in changes if kind_of(change) in MOVED)

    def moves_in(self, span: Span) -> list[list[LaneChange]]:
        """Return the changes of a span; none if there are too many."""
        return [group for group in self.moves or () if span.holds(month_of(group[0].change.day))]

    @property
    def opened(self) -> Span | None:
        """The months that are shown day by day: the span, or the open month of a folded one."""
        if self.span is None or not self.is_folded or self.address.open == "all":
            return self.span
        if not self.address.open:
            return None
        number = read_month(self.address.open, "open")
        return Span(number, number) if self.span.holds(number) else None

    @property
    def is_folded(self) -> bool:
        """Whether the months shown are too full and therefore folded."""
        span = self.span
        if span is None or span.first == span.last or self.address.only or self.address.part:
            return False
        return added(0, self.months_in(span)).weight > FEW

    def part(self, *, newest_first: bool) -> Part | None:
        """Return the days that are shown: in full months, the part asked for."""
        place = read_place(self.address.part)
        if self.opened is None:
            return None
        days = Days(self.story_changes, self.months, self.opened)
        return days.part(place, newest_first=newest_first)

    def changes(self, part: Part) -> list[LaneChange]:
        """Return the changes of a part."""
        return self.story_changes.changes(part.first * DAY, end_of_day(part.last), limit=MOST)

    def developments(self, part: Part) -> list[DevelopmentEntry]:
        """Return the developments of a part."""
        return self.story_changes.developments(part.first * DAY, end_of_day(part.last), limit=MOST)

    def actor(self, lane: str) -> Actor:
        """Return the actor of a lane."""
        return self.names.actor(lane)
