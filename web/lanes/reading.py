"""Read the lanes of a topic: every one in short, and those that a chart draws in detail.

In short, a lane has its position, its latest change and its counts. In detail it has its statements
one by one within the chart's limits, else counts of them.
"""

from __future__ import annotations

from functools import cached_property
from operator import add
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.domain.position import position
from timeline.projections.queries import crowds
from timeline.projections.queries.lane_window import (
    LaneWindow,
    lanes_with_reports,
    on_record,
    said_between,
)
from timeline.projections.queries.paging import EVERYTHING
from timeline.projections.queries.positions import LanePosition, current_positions, standing_at
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.tables.lanes import lanes_known
from web.chart import axis
from web.chart.bins import base_unit
from web.lanes.chart_input import MARKS, TOLD
from web.lanes.history import LaneHistory, Totals, histories, hold_of
from web.lanes.long_lane import holds_since, lane_of, repetitions_counted, with_repetitions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.domain.position import Change, Position
    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.paging import Filter
    from timeline.projections.queries.topic_changes import TopicChanges
    from timeline.projections.tables.lanes import Lanes
    from web.lanes.window import Window
    from web.wording.clocks import Clocks
ALTOGETHER = 1_000
"""The most statements of all lanes that are drawn one by one."""

AT_LEAST = 60
"""The most statements of a lane that are drawn one by one whatever other lanes have."""


def lanes_in_short(
    conn: Connection, topic: str, clocks: Clocks, changes: TopicChanges
) -> list[LaneHistory]:
    """Return every lane of a topic (an id); ``changes`` are of that moment.

    Lanes of votes come without their statements.
    """
    if not vote_topics(conn, [topic], clocks.known_at):
        return sorted(histories(conn, topic, clocks), key=lambda lane: lane.actor)
    if clocks.is_now:
        standing = current_positions(conn, topic=topic)
    else:
        past = standing_at(conn, clocks, topic=topic)
        standing = [*map(_said_last, past)]
    latest, turns = changes.latest(), changes.turns()
    spoke = crowds.who_spoke(conn, topic, clocks)
    # Who took no position has no stored one.
    stand = {lane.lane for lane in standing}
    silent = (LanePosition(topic, lane, position(())) for lane in spoke if lane not in stand)
    standing = sorted([*standing, *silent], key=lambda lane: lane.lane)
    last = {lane.lane: lane.position.last for lane in standing if lane.position.last}
    said = crowds.instants_of(conn, last.values(), clocks.known_at)
    return [
        _in_short(
            lane,
            latest.get(lane.lane),
            Totals(lane.on_record, turns.get(lane.lane, 0), said.get(last.get(lane.lane, 0), 0)),
            is_for_others=not spoke.get(lane.lane, True),
        )
        for lane in standing
    ]


def _said_last(lane: LanePosition) -> LanePosition:
    """Return a past position without its first statement, which was not looked up."""
    position = msgspec.structs.replace(lane.position, first=lane.position.last)
    return msgspec.structs.replace(lane, position=position)


def _in_short(
    lane: LanePosition, latest: Change | None, totals: Totals, *, is_for_others: bool
) -> LaneHistory:
    return LaneHistory(
        actor=lane.lane,
        readings=(),
        position=lane.position,
        changes=(latest,) if latest else (),
        holds=(hold_of(latest),) if latest else (),
        totals=totals,
        is_for_others=is_for_others,
    )


class DetailedLanes:
    """Reads lanes of a topic (an id) as a chart draws them in a window.

    ``counted`` are the actors of lanes with too many statements, which are counted by day, as far
    as the filter lets them through.
    """

    def __init__(
        self,
        conn: Connection,
        topic: str,
        clocks: Clocks,
        changes: TopicChanges,
        filter_: Filter,
        window: Window,
    ) -> None:
        """Prepare to read; ``changes`` are those at the clocks."""
        self._conn, self._topic, self._clocks = conn, topic, clocks
        self._changes, self._filter, self._window = changes, filter_, window
        self.counted = set[str]()

    @cached_property
    def are_few(self) -> bool:
        """Tell whether the statements of all lanes are few enough to be read and drawn."""
        return sum(self._words_now.values()) <= ALTOGETHER

    @cached_property
    def _words_now(self) -> dict[str, int]:
        return crowds.words_now(self._conn, self._topic)

    @cached_property
    def _known(self) -> Lanes:
        return lanes_known(self._conn, self._clocks.known_at)

    def read(self, lanes: list[LaneHistory], actors: Collection[str]) -> list[LaneHistory]:
        """Return the lanes, those that are ``actors`` with what they did in the window.

        Words are read where they are few, in all or in the window, and counted elsewhere: at every
        moment where they are counted now, so that a lane looks alike in a replay.
        """
        words = self._words(actors)
        most = words_read(min(word) for word in words.values())
        self.counted |= {actor for actor, count in words.items() if min(count) > most}
        read = {lane.actor: lane for lane in lanes}
        counted = [lane for lane in lanes if lane.actor in self.counted]
        if self._asks_for_no_votes:
            counted = [self._without_words(lane) for lane in counted]
        else:
            few = [lane for lane in lanes if lane.actor in words.keys() - self.counted]
            read |= {lane.actor: lane for lane in self._with_words(few)}
            counted = [self._with_window_changes(lane) for lane in counted]
        return [*(read | {lane.actor: lane for lane in self._with_counts(counted)}).values()]

    def _without_words(self, lane: LaneHistory) -> LaneHistory:
        """Return a lane without its statements, with its changes in the window if they are few."""
        first, last = self._window.days
        totals = Totals(lane.statements, lane.turns, lane.last_word)
        inside = sum(change.is_visible and first <= change.day <= last for change in lane.changes)
        whole = msgspec.structs.replace(lane, readings=(), days=(), totals=totals)
        if inside <= TOLD:
            return whole
        latest = lane.changes[-1:]
        return msgspec.structs.replace(
            whole, changes=latest, holds=tuple(map(hold_of, latest)), untold=inside
        )

    @cached_property
    def _asks_for_no_votes(self) -> bool:
        return not vote_topics(self._conn, [self._topic], self._clocks.known_at)

    def _with_counts(self, lanes: Collection[LaneHistory]) -> list[LaneHistory]:
        """Return lanes with daily counts in the window, and the days that repeat a position."""
        if not lanes:
            return []
        actors = {lane.actor for lane in lanes}
        daily = self._daily(actors, self._filter)
        # Filtered statements count, too: they were said all the same.
        said = daily if self._filter == EVERYTHING else self._daily(actors, EVERYTHING)
        return [
            msgspec.structs.replace(
                lane,
                daily=tuple(sorted(daily.get(lane.actor, {}).items())),
                holds=tuple(
                    with_repetitions(lane.holds, repetitions_counted(said.get(lane.actor, {})))
                ),
            )
            for lane in lanes
        ]

    def _stretch(self, actor: str) -> LaneWindow:
        return LaneWindow(self._conn, self._topic, actor, self._clocks, lanes=self._known)

    def _words(self, actors: Collection[str]) -> dict[str, tuple[int, int]]:
        """Count the statements of lanes now, in all and in the window, up to one too many to draw.

        The window is only counted where that decides something.
        """
        in_all = {actor: min(self._words_now.get(actor, 0), MARKS + 1) for actor in actors}
        few = sum(in_all.values()) <= ALTOGETHER
        most = MARKS if few else AT_LEAST
        return {
            actor: (count, count if count <= most else self.words_in_window(actor))
            for actor, count in in_all.items()
        }

    def words_in_window(self, actor: str) -> int:
        return LaneWindow(self._conn, self._topic, actor).words(MARKS + 1, self._window.days)

    def _with_window_changes(self, short: LaneHistory) -> LaneHistory:
        """Return a lane with its changes up to the end of the window, if they are few."""
        inside = self._changes.count(short.actor, *self._window.days)
        if inside > TOLD:
            return msgspec.structs.replace(short, untold=inside)
        moves = self._changes.last(short.actor, TOLD + MARKS, self._window.days[1])
        changes = *moves, *self._after_window(short)
        known = holds_since(changes, self._stretch(short.actor))
        return msgspec.structs.replace(short, changes=changes, holds=tuple(known))

    def _with_words(self, lanes: Collection[LaneHistory]) -> Iterator[LaneHistory]:
        """Yield lanes with their statements in the window, and changes before and after it."""
        if not lanes:
            return
        conn, topic, known, days = self._conn, self._topic, self._known, self._window.days
        actors = {lane.actor for lane in lanes}
        moves = self._changes.last_of(actors, MARKS * len(actors), days[1])
        said = said_between(conn, topic, known, actors, days, self._clocks)
        heard, before = lanes_with_reports(conn, topic, known, actors), self._said_before(actors)
        stand = {} if self._clocks.is_now else on_record(conn, topic, known, actors, self._clocks)
        for short in lanes:
            actor = short.actor
            part = lane_of(
                actor,
                self._stretch(actor) if actor in heard else None,
                short.position,
                [*moves.get(actor, ()), *self._after_window(short)],
                said.get(actor, ()),
                before.get(actor),
            )
            statements = short.statements or stand.get(actor, 0)
            yield msgspec.structs.replace(
                part,
                position=short.position if self._clocks.is_now else _with_start(part),
                totals=_totals(short, statements=statements),
                is_for_others=short.is_for_others,
            )

    def _after_window(self, short: LaneHistory) -> list[Change]:
        """Return the latest change of a lane if it is after the window."""
        return [change for change in short.changes if change.day > self._window.days[1]]

    def _said_before(self, actors: Collection[str]) -> dict[str, dict[int, Counts]]:
        """Return counts from before the window, if the chart has a column for earlier time."""
        earlier = self._window.earlier
        if earlier is None:
            return {}
        days = day_of(earlier), self._window.days[0] - 1
        # Filtered statements count, too: they were said all the same.
        return self._count(crowds.monthly, actors, EVERYTHING, days)

    def _daily(self, lanes: Collection[str], filter_: Filter) -> dict[str, dict[int, Counts]]:
        # A chart of a long time counts by months or more.
        by_month = base_unit(axis.Window(self._window.start, self._window.end)) == "month"
        count = crowds.monthly if by_month else crowds.daily
        return self._count(count, lanes, filter_, self._window.days)

    def _count(
        self,
        count: Callable[..., dict[str, dict[int, Counts]]],
        lanes: Collection[str],
        filter_: Filter,
        days: tuple[int, int],
    ) -> dict[str, dict[int, Counts]]:
        """Count stances by lane, with those of its members."""
        lane_by_member = self._known.lane
        members = {*lanes, *(member for member, lane in lane_by_member.items() if lane in lanes)}
        counts = count(self._conn, self._topic, members, filter_, self._clocks, days=days)
        together: dict[str, dict[int, Counts]] = {}
        for actor, of_days in counts.items():
            lane = lane_by_member.get(actor, actor)
            together[lane] = _sum_counts(together[lane], of_days) if lane in together else of_days
        return together


def _with_start(lane: LaneHistory) -> Position:
    """Return a lane's position with its first statement, which an earlier moment lacks.

    It is the statement that opened the last hold.
    """
    position, last_hold = lane.position, lane.holds[-1:]
    if not any(hold.stance == position.stance and hold.opened_by for hold in last_hold):
        return position
    return msgspec.structs.replace(position, first=last_hold[0].opened_by)


def _totals(lane: LaneHistory, **changes: int) -> Totals:
    return msgspec.structs.replace(lane.totals or Totals(0, lane.turns), **changes)


def _sum_counts(left: dict[int, Counts], right: dict[int, Counts]) -> dict[int, Counts]:
    """Add the counts of two members of one lane."""
    both = {**left, **right}
    for day in left.keys() & right.keys():
        a, b, c, d, e = map(add, left[day], right[day])
        both[day] = (a, b, c, d, e)
    return both


def words_read(counts: Iterable[int]) -> int:
    """Return the most statements of a lane that is read one by one, for lanes with these counts.

    The shortest lanes are read first.
    """
    read = 0
    for count in sorted(counts):
        if read + count > ALTOGETHER:
            return min(max(AT_LEAST, count - 1), MARKS)
        read += count
    return MARKS
