"""Lanes of a topic as a chart draws them: their words read where they are few, else counted."""

from __future__ import annotations

from functools import cached_property
from operator import add
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.projections.queries import crowds
from timeline.projections.queries.paging import EVERYTHING
from timeline.projections.queries.positions import Lane, lanes_of_actors, lanes_with_walk_back
from timeline.projections.queries.stretch import Stretch
from timeline.projections.queries.tracks import vote_topics
from timeline.projections.tables.lanes import lanes_known
from web.chart import axis
from web.chart.bins import base_unit
from web.lanes import draw_limits
from web.lanes.chart_input import MARKS, TOLD
from web.lanes.history import LaneHistory, Totals, hold_of, vote_history
from web.lanes.long_lane import held_since, lane_between, said_again

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Connection

    from timeline.projections.queries.crowds import Counts
    from timeline.projections.queries.paging import Filter
    from timeline.projections.tables.lanes import Lanes
    from web.lanes.window import Window
    from web.wording.clocks import Clocks


class DetailedLanes:
    """Reads lanes of a topic (an id) as a chart draws them in a window.

    Of a lane with many words these are counted, as far as the filter lets them through; ``counted``
    are the actors of such lanes among those that were asked for.
    """

    def __init__(
        self, conn: Connection, topic: str, clocks: Clocks, wanted: Filter, shown: Window
    ) -> None:
        self._conn, self._topic, self._clocks = conn, topic, clocks
        self._wanted, self._shown = wanted, shown
        self.counted = set[str]()

    @cached_property
    def are_few(self) -> bool:
        """Tell whether the words of all lanes together may be drawn, so that all may be read."""
        return sum(self._words_now.values()) <= draw_limits.ALTOGETHER

    @cached_property
    def _words_now(self) -> dict[str, int]:
        return crowds.words_now(self._conn, self._topic)

    @cached_property
    def _known(self) -> Lanes:
        return lanes_known(self._conn, self._clocks.known_at)

    @cached_property
    def _walked_back(self) -> set[Lane]:
        return lanes_with_walk_back(self._conn, self._clocks.known_at, self._known)

    def read(self, lanes: list[LaneHistory], drawn: Collection[str]) -> list[LaneHistory]:
        """Return the lanes, those that are ``drawn`` with what they did in the window.

        Words are read where they are few, in all or in the window, and counted elsewhere: at every
        moment where they are counted now, so that a lane looks alike in a replay.
        """
        if self._asks_for_no_votes:
            return self._tracked(lanes, drawn)
        words = self._words(drawn)
        most = draw_limits.words_read(min(one) for one in words.values())
        self.counted |= {one for one, count in words.items() if min(count) > most}
        whole = {one for one, (in_all, _) in words.items() if in_all <= most}
        if len(whole) < len(words):
            whole |= {one for one in words if (self._topic, one) in self._walked_back}
        read = self._wholes(whole)
        for short in lanes:
            if short.actor not in words or short.actor in whole:
                continue
            stretch = self._stretch(short.actor)
            counts = short.actor in self.counted
            read[short.actor] = (self._told if counts else self._part)(short, stretch)
        counted = [read[one] for one in self.counted if one in read]
        read |= {one.actor: one for one in self._with_counts(counted)}
        found = (read.get(one.actor, one) for one in lanes)
        return [
            msgspec.structs.replace(one, is_for_others=short.is_for_others)
            for short, one in zip(lanes, found, strict=True)
        ]

    def _tracked(self, lanes: list[LaneHistory], drawn: Collection[str]) -> list[LaneHistory]:
        """Return lanes that are read as a whole; of long ones the words are counted."""
        words = self._words(drawn)
        most = draw_limits.words_read(min(one) for one in words.values())
        counted = {one for one, count in words.items() if min(count) > most}
        self.counted |= counted
        long = {one.actor: self._counted(one) for one in lanes if one.actor in counted}
        long |= {one.actor: one for one in self._with_counts(long.values())}
        return [long.get(one.actor, one) for one in lanes]

    def _counted(self, lane: LaneHistory) -> LaneHistory:
        """Return a lane without its words, and with its changes in the window if they are few."""
        first, last = self._shown.days
        totals = Totals(lane.statements, lane.turns, lane.last_word)
        inside = sum(one.is_told and first <= one.day <= last for one in lane.changes)
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

    def _words(self, drawn: Collection[str]) -> dict[str, tuple[int, int]]:
        """Count the words of lanes in all and in the window, up to one more than can be drawn.

        These are those of now. They are not looked for in the window where that decides nothing.
        """
        in_all = {one: min(self._words_now.get(one, 0), MARKS + 1) for one in drawn}
        few = sum(in_all.values()) <= draw_limits.ALTOGETHER
        most = MARKS if few else draw_limits.AT_LEAST
        return {
            one: (count, count if count <= most else self.words_in_window(one))
            for one, count in in_all.items()
        }

    def words_in_window(self, actor: str) -> int:
        return Stretch(self._conn, self._topic, actor).words(MARKS + 1, self._shown.days)

    def _told(self, short: LaneHistory, stretch: Stretch) -> LaneHistory:
        """Return a lane in short with every change up to the end of the window, if they are few."""
        first, last = self._shown.days
        # The first words of all are no change, and one more tells that there are more.
        moves = stretch.last_moves(last, TOLD + 2)
        if sum(one.day >= first and one.is_told for one in moves) > TOLD:
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

    def _wholes(self, actors: Collection[str]) -> dict[str, LaneHistory]:
        """Return these lanes with all their words, those of whom something was said by then."""
        if not actors:
            return {}
        lanes = lanes_of_actors(self._conn, [self._topic], actors, self._clocks.known_at)
        found = (vote_history(lane, said, back, self._clocks) for (_, lane), said, back in lanes)
        return {one.actor: one for one in found if one is not None}

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
