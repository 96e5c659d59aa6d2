"""Lanes of a crowded topic as they are drawn: read where they have few words, counted elsewhere."""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.projections.queries import crowds
from timeline.projections.queries.paging import EVERYTHING
from timeline.projections.queries.positions import lanes_on, lanes_with_walk_back
from timeline.projections.queries.stretch import AFTER_ALL, BEFORE_ALL, Stretch
from timeline.projections.tables.lanes import lanes_known
from web.chart import axis
from web.chart.bins import base_unit
from web.lanes import dense
from web.lanes.chart_input import MARKS, TOLD
from web.lanes.history import LaneHistory, Totals, hold_of, lane_history
from web.lanes.long_lane import held_since, lane_between, said_again

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Connection

    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.paging import Filter
    from web.lanes.window import Window
    from web.wording.clocks import Clocks


class Closely:
    """Reads lanes of a crowded topic as a chart draws them in a window.

    Of a lane with many words these are counted, as far as the filter lets them through; ``counted``
    are the actors of such lanes among those that were asked for.
    """

    def __init__(
        self, conn: Connection, topic: Topic, clocks: Clocks, wanted: Filter, shown: Window
    ) -> None:
        self._conn, self._topic, self._clocks = conn, topic.id, clocks
        self._wanted, self._shown = wanted, shown
        self.counted = set[str]()
        self._known = lanes_known(conn, clocks.known_at)
        self._now = self._known if clocks.is_now else lanes_known(conn, None)
        self._walked_back = lanes_with_walk_back(conn, clocks.known_at, self._known)

    def read(self, lanes: list[LaneHistory], drawn: Collection[str]) -> list[LaneHistory]:
        """Return the lanes, those that are ``drawn`` with what they did in the window.

        Words are read where they are few, in all or in the window, and counted elsewhere: at every
        moment where they are counted now, so that a lane looks alike in a replay.
        """
        words = {actor: self._words(actor) for actor in drawn}
        most = dense.words_read(min(one) for one in words.values())
        self.counted |= {one for one, count in words.items() if min(count) > most}
        read: dict[str, LaneHistory] = {}
        for short in lanes:
            if short.actor not in words:
                continue
            in_all, _ = words[short.actor]
            if (self._topic, short.actor) in self._walked_back or in_all <= most:
                read[short.actor] = self._whole(short)
                continue
            stretch = self._stretch(short.actor)
            told = self._with_changes(short, stretch)
            counts = short.actor in self.counted
            read[short.actor] = (self._told if counts else self._part)(told, stretch)
        counted = [read[one] for one in self.counted if one in read]
        read |= {one.actor: one for one in self._with_counts(counted)}
        found = (read.get(one.actor, one) for one in lanes)
        return [
            msgspec.structs.replace(one, is_for_others=short.is_for_others)
            for short, one in zip(lanes, found, strict=True)
        ]

    def _with_counts(self, lanes: Collection[LaneHistory]) -> list[LaneHistory]:
        """Return lanes with what was said in the window by day, and when that held a position."""
        if not lanes:
            return []
        actors = {one.actor for one in lanes}
        daily = self._daily(actors, self._wanted)
        # What a filter hides was said all the same.
        said = daily if self._wanted == EVERYTHING else self._daily(actors, EVERYTHING)
        return [
            msgspec.structs.replace(
                one,
                daily=tuple(sorted(daily.get(one.actor, {}).items())),
                holds=tuple(said_again(one.holds, said.get(one.actor, {}))),
            )
            for one in lanes
        ]

    def _stretch(self, actor: str) -> Stretch:
        clocks = self._clocks
        at = {"as_of": clocks.as_of, "known_at": clocks.known_at}
        return Stretch(self._conn, self._topic, actor, lanes=self._known, **at)

    def _words(self, actor: str) -> tuple[int, int]:
        """Count the words of a lane in all and in the window, up to one more than can be drawn.

        These are those of now.
        """
        stretch = Stretch(self._conn, self._topic, actor, lanes=self._now)
        in_all = stretch.words(MARKS + 1)
        # Few are read in any case.
        if in_all <= dense.AT_LEAST:
            return in_all, in_all
        return in_all, stretch.words(MARKS + 1, self._shown.days)

    def _with_changes(self, short: LaneHistory, stretch: Stretch) -> LaneHistory:
        """Return a lane in short with its latest change as known then, and how many there were."""
        if self._clocks.known_at is None:
            return short
        moves = stretch.moves(BEFORE_ALL, AFTER_ALL)
        latest = moves[-1:]
        told = msgspec.structs.replace(short, changes=(*latest,), holds=(*map(hold_of, latest),))
        turns = sum(one.kind != "first" for one in moves)
        return msgspec.structs.replace(told, totals=_totals(short, statements=0, turns=turns))

    def _told(self, short: LaneHistory, stretch: Stretch) -> LaneHistory:
        """Return a lane in short with every change up to the end of the window, if they are few."""
        first, last = self._shown.days
        # The first words of all are no change, and one more tells that there are more.
        moves = stretch.last_moves(last, TOLD + 2)
        if sum(one.day >= first and one.kind != "first" for one in moves) > TOLD:
            return msgspec.structs.replace(short, untold=stretch.turns(first, last))
        if len(moves) > TOLD + 1 and self._shown.earlier is not None:
            inside = [one for one in moves if one.day >= first]
            moves = [*stretch.last_moves(first - 1, MARKS), *inside]
        after = [one for one in short.changes if one.day > last]
        told = (*moves, *after)
        return msgspec.structs.replace(short, changes=told, holds=tuple(held_since(told, stretch)))

    def _part(self, short: LaneHistory, stretch: Stretch) -> LaneHistory:
        """Return a lane with its words in the window, and its changes before and after it."""
        days = self._shown.days
        # At an earlier moment nothing in short says since when a position was held.
        stood = short.position if self._clocks.is_now else stretch.position()
        part = lane_between(short.actor, stretch, stood, days)
        first, last = days[0], days[0] - 1
        if part.changes:
            first, last = part.changes[0].day, part.changes[-1].day
        before = stretch.last_moves(first - 1, MARKS)
        after = [one for one in short.changes if one.day > last]
        known = [*map(hold_of, before), *part.holds, *map(hold_of, after)]
        return msgspec.structs.replace(
            part,
            changes=(*before, *part.changes, *after),
            holds=tuple(said_again(known, self._said_before(short.actor))),
            totals=_totals(short, statements=short.statements or stretch.on_record()),
        )

    def _said_before(self, actor: str) -> dict[int, Counts]:
        """Return what was said before the window, as far as the chart has a place for it."""
        earlier = self._shown.earlier
        if earlier is None:
            return {}
        days = day_of(earlier), self._shown.days[0] - 1
        # What a filter hides was said all the same.
        return self._count(crowds.monthly, {actor}, EVERYTHING, days).get(actor, {})

    def _whole(self, short: LaneHistory) -> LaneHistory:
        known_at = self._clocks.known_at
        lanes = lanes_on(self._conn, [self._topic], lane=short.actor, known_at=known_at)
        found = (lane_history(lane, said, back, self._clocks) for (_, lane), said, back in lanes)
        return next(found, None) or short

    def _daily(self, lanes: Collection[str], wanted: Filter) -> dict[str, dict[int, Counts]]:
        # A chart of a long time counts by nothing shorter than a month.
        by_month = base_unit(axis.Window(self._shown.start, self._shown.end)) == "month"
        count = crowds.monthly if by_month else crowds.daily
        return self._count(count, lanes, wanted, self._shown.days)

    def _count(
        self,
        count: Callable[..., dict[str, dict[int, Counts]]],
        lanes: Collection[str],
        wanted: Filter,
        days: tuple[int, int],
    ) -> dict[str, dict[int, Counts]]:
        """Count stances by lane, those of its members together."""
        into, clocks = self._known.lane, self._clocks
        members = {*lanes, *(member for member, lane in into.items() if lane in lanes)}
        at = {"as_of": clocks.as_of, "known_at": clocks.known_at}
        found = count(self._conn, self._topic, members, wanted, days=days, **at)
        together: dict[str, dict[int, Counts]] = {}
        for actor, of_days in found.items():
            lane = into.get(actor, actor)
            together[lane] = _added(together[lane], of_days) if lane in together else of_days
        return together


def _totals(lane: LaneHistory, **changes: int) -> Totals:
    return msgspec.structs.replace(lane.totals or Totals(0, lane.turns), **changes)


def _added(some: dict[int, Counts], others: dict[int, Counts]) -> dict[int, Counts]:
    """Return the counts of two members of one lane together."""
    both = {**some, **others}
    for day in some.keys() & others.keys():
        a, b, c, d, e = map(add, some[day], others[day])
        both[day] = (a, b, c, d, e)
    return both
