"""Turning points: chosen by a published order, told with their words before and after."""

from __future__ import annotations

from itertools import count

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position import Change
from timeline.projections.queries.positions import LaneChange
from web.lanes.turning_points import MOST, choose, pinned_among

NUMBERS = count(1)


def change(kind: str, day: int, *lanes: str, by: str = "") -> LaneChange:
    """A change of `lanes`, told on the first, in words that nothing else shares."""
    told = Change(
        kind=kind,  # type: ignore[arg-type]
        from_=-2,
        to=2,
        counts_from=day * DAY,
        day=day,
        before=(next(NUMBERS),),
        after=(next(NUMBERS),),
        withdrawn_by=(),
        other_speaker=False,
        other_wording=False,
        known_at=day,
        lowest=None,
        highest=None,
        lanes=lanes,
        before_by=by or lanes[0],
        after_by=by or lanes[0],
    )
    return LaneChange("topic", lanes[0], told)


def days(changes: list[LaneChange]) -> list[int]:
    return [one.change.day for one in changes]


def test_they_are_told_in_order_of_time_whatever_they_were_chosen_for() -> None:
    assert days(choose([change("reversal", 9, "a"), change("opens", 3, "b")])) == [3, 9]


def test_a_reversal_comes_before_terms_and_these_before_what_opens() -> None:
    kinds = ["opens", "settles", "terms", "reversal"]
    every = [change(kind, 10 + n, f"{kind}-{n}") for kind in kinds for n in range(2)]
    assert {one.change.kind for one in choose(every)} == {"reversal", "terms", "settles"}


def test_at_most_two_are_of_one_side() -> None:
    every = [change("reversal", day, "trump", "united-states") for day in range(1, 6)]
    assert days(choose([*every, change("opens", 9, "merz", "germany")])) == [4, 5, 9]


def test_where_one_side_alone_moved_all_five_may_be_its_own() -> None:
    turns = [change("reversal", day, "the-committee") for day in range(1, 8)]
    assert days(choose(turns, bodies={"the-committee"})) == [3, 4, 5, 6, 7]


def test_who_decides_comes_before_who_only_speaks() -> None:
    voices = [change("reversal", day, f"voice-{day}") for day in range(20, 20 + MOST)]
    deciders = [change("reversal", day, f"head-{day}", f"side-{day}") for day in range(1, 1 + MOST)]
    assert days(choose([*voices, *deciders])) == [*range(1, 1 + MOST)]
    body = change("reversal", 2, "the-body")
    assert body in choose([*voices, body], bodies={"the-body"})


def test_what_a_development_followed_within_days_comes_first() -> None:
    every = [change("reversal", day, f"one-{day}") for day in (1, 100, 200, 300, 400, 500)]
    assert days(choose(every, [5 * DAY])) == [1, 200, 300, 400, 500]
    assert days(choose(every, [50 * DAY])) == [100, 200, 300, 400, 500]


def test_what_the_same_words_change_on_two_lanes_is_one_of_who_spoke() -> None:
    person = change("reversal", 7, "trump", "united-states", by="trump")
    side = LaneChange("topic", "united-states", person.change)
    assert choose([side, person]) == [person]


def signed(one: LaneChange) -> LaneChange:
    """The same, signed by an editor."""
    told = msgspec.structs.replace(one.change, because=("signed",))
    return msgspec.structs.replace(one, change=told)


def test_what_is_pinned_counts_among_five_in_all_and_among_two_of_a_side() -> None:
    every = [signed(change("reversal", day, "a")) for day in (1, 2, 3)]
    others = [change("reversal", 10 + day, f"b-{day}") for day in range(5)]
    pinned = pinned_among(every, [every[0].change.after[0]])
    assert pinned == every[:1]
    assert days(choose([*every, *others], pinned=pinned)) == [11, 12, 13, 14]
    assert days(choose(every, pinned=every[:2])) == [3]


def test_pins_come_in_their_order_each_once_and_only_of_signed_changes() -> None:
    first, second = signed(change("terms", 1, "a")), signed(change("terms", 2, "b"))
    waiting = change("terms", 3, "c")
    ends = [one.change.after[0] for one in (second, waiting, first, second)]
    assert pinned_among([first, second, waiting], [*ends, 9_999]) == [second, first]


def test_a_change_that_is_signed_on_one_lane_is_pinned_on_all_of_them_and_told_once() -> None:
    person = change("reversal", 7, "trump", "united-states", by="trump")
    side = signed(LaneChange("topic", "united-states", person.change))
    pinned = pinned_among([side, person], [person.change.after[0]])
    assert pinned == [person]
    assert choose([side, person], pinned=pinned) == []
