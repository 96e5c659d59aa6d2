"""Properties of the position rule, against a second reading of it written the slow way."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.lane_words import HOUR, said, takes_back
from tests.support.tiers import scaled
from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position import (
    MIXED,
    Change,
    Position,
    Reading,
    Stance,
    Withdrawal,
    changes,
    position,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

DAYS = range(4)
HEAD = 40

Version = TypeVar("Version", Reading, Withdrawal)
Lane = tuple[list[Reading], list[Withdrawal]]
Window = tuple[int, int | None]


def windows(random: Random, earliest: int) -> list[Window]:
    """Stretches of the log that do not overlap: versions, with gaps where it is filed elsewhere."""
    later = [random.randint(earliest + 1, HEAD) for _ in range(random.choice((0, 0, 1, 2)))]
    cuts = sorted({earliest, *later})
    stretches = list(zip(cuts, [*cuts[1:], None], strict=True))
    gap = random.randrange(10)
    return [stretch for at, stretch in enumerate(stretches) if at != gap] or stretches


def reading(random: Random, statement: int, window: Window, days: Sequence[int] = DAYS) -> Reading:
    hour = random.choice((None, 1, 2))
    day = random.choice(days)
    rank = random.choice((0, 0, 0, 0, 1, 2))
    return Reading(
        statement=statement,
        speaker=random.choice("AB"),
        counts_from=end_of_day(day) if hour is None else day * DAY + hour * HOUR,
        timed=hour is not None and random.random() < 0.8,
        rank=rank,
        joint=rank == 0 and random.random() < 0.25,
        stance=random.choice((-2, -1, 0, 1, 2, 2, -2, None)),
        retracted=random.random() < 0.125,
        known_from=window[0],
        known_until=window[1],
    )


def any_lane(random: Random) -> Lane:
    count, days = random.randint(3, 9), random.choice((DAYS, DAYS, DAYS[:3], DAYS[2:3]))
    words = [
        reading(random, number, window, days)
        for number in range(1, count + 1)
        for window in windows(random, earliest=number)
    ]
    pairs = {
        (random.randint(1, count + 1), random.randint(1, count + 1)) for _ in range(count // 3)
    }
    links = [
        Withdrawal(by=by, target=target, known_from=window[0], known_until=window[1])
        for by, target in sorted(pairs)
        for window in windows(random, earliest=max(by, target))
    ]
    return words, links


def walked_back(random: Random) -> Lane:
    """A short lane on which much is taken back: words of one day go one by one."""
    count = random.randint(3, 7)
    words = [
        said(
            number,
            random.choice((0, 0, 1, 2, 3)),
            random.choice((2, 2, -2, None)),
            rank=random.choice((0, 0, 0, 1)),
        )
        for number in range(1, count + 1)
    ]
    pairs = {(random.randint(1, count), random.randint(1, count)) for _ in range(count // 2)}
    return words, [takes_back(by, target) for by, target in sorted(pairs)]


LANES = st.randoms(use_true_random=True).map(
    lambda random: random.choice((any_lane, any_lane, walked_back))(random)
)
"""Lanes that each follow from a number: so the first is as long as others."""

as_ofs = st.none() | st.builds(
    lambda day, second: day * DAY + second,
    st.sampled_from(DAYS),
    st.sampled_from([0, HOUR, 2 * HOUR - 1, 2 * HOUR, DAY - 1]),
)
known_ats = st.none() | st.integers(0, HEAD + 1)


def slowly_known(version: Reading | Withdrawal, known_at: int | None) -> bool:
    if known_at is None:
        return version.known_until is None
    ends = version.known_until if version.known_until is not None else known_at + 1
    return version.known_from <= known_at < ends


def slowly_withdrawn(target: Reading, lane: Lane, as_of: int | None, known_at: int | None) -> bool:
    return any(
        link.by == words.statement
        and link.target == target.statement
        and slowly_known(link, known_at)
        and slowly_known(words, known_at)
        and not words.retracted
        and words.rank <= target.rank
        and (as_of is None or words.counts_from <= as_of)
        for link in lane[1]
        for words in lane[0]
    )


def slowly_candidates(lane: Lane, as_of: int | None, known_at: int | None) -> list[Reading]:
    return [
        reading
        for reading in lane[0]
        if slowly_known(reading, known_at)
        and not reading.retracted
        and reading.stance is not None
        and (as_of is None or reading.counts_from <= as_of)
        and not slowly_withdrawn(reading, lane, as_of, known_at)
    ]


def slowly(lane: Lane, as_of: int | None, known_at: int | None) -> tuple[Stance, set[int]]:
    """The rule as its text has it: filter, and filter again."""
    left = slowly_candidates(lane, as_of, known_at)
    left = [reading for reading in left if reading.rank == min(other.rank for other in left)]
    left = [reading for reading in left if reading.day == max(other.day for other in left)]
    left = [reading for reading in left if not reading.joint or all(other.joint for other in left)]
    left = [
        reading
        for reading in left
        if not reading.timed
        or reading.counts_from == max(other.counts_from for other in left if other.timed)
    ]
    stances = {reading.stance for reading in left}
    stance: Stance = MIXED if len(stances) > 1 else stances.pop() if stances else None
    return stance, {reading.statement for reading in left}


def slowly_why(lane: Lane, as_of: int | None, known_at: int | None) -> dict[int, str]:
    """Why each known statement does not count: the first step of the rule that leaves it out."""
    candidates = slowly_candidates(lane, as_of, known_at)
    highest = [
        reading
        for reading in candidates
        if reading.rank == min(candidate.rank for candidate in candidates)
    ]
    latest = [reading for reading in highest if reading.day == max(one.day for one in highest)]
    own = [reading for reading in latest if not reading.joint] or latest
    steps = {
        "outranked": [reading for reading in candidates if reading not in highest],
        "superseded": [reading for reading in highest if reading not in latest],
        "joint_beside_own_words": [reading for reading in latest if reading not in own],
    }
    live = [reading for reading in lane[0] if slowly_known(reading, known_at)]
    why = {
        reading.statement: "retracted"
        if reading.retracted
        else "no_position"
        if reading.stance is None
        else "later_than_as_of"
        if as_of is not None and reading.counts_from > as_of
        else "withdrawn"
        for reading in live
        if reading not in candidates
    }
    why |= {reading.statement: reason for reason, left_out in steps.items() for reading in left_out}
    counted = slowly(lane, as_of, known_at)[1]
    return why | {
        reading.statement: "earlier_that_day" for reading in own if reading.statement not in counted
    }


def without_the_unknown(stands: Position) -> Position:
    kept = tuple(ignored for ignored in stands.ignored if ignored.reason != "not_known_yet")
    return msgspec.structs.replace(stands, ignored=kept)


@settings(max_examples=scaled(200))
@given(LANES, as_ofs, known_ats)
def test_the_rule_agrees_with_its_slow_reading_at_every_instant(
    lane: Lane, as_of: int | None, known_at: int | None
) -> None:
    stands = position(*lane, as_of=as_of, known_at=known_at)
    assert (stands.stance, set(stands.counted)) == slowly(lane, as_of, known_at)


@settings(max_examples=scaled(200))
@given(LANES, as_ofs, known_ats)
def test_each_reason_is_the_first_step_that_leaves_a_statement_out(
    lane: Lane, as_of: int | None, known_at: int | None
) -> None:
    stands = without_the_unknown(position(*lane, as_of=as_of, known_at=known_at))
    told = {ignored.statement: ignored.reason for ignored in stands.ignored}
    assert told == slowly_why(lane, as_of, known_at)


@settings(max_examples=scaled(200))
@given(LANES, known_ats)
def test_the_changes_folded_up_to_a_day_give_the_position_of_that_day(
    lane: Lane, known_at: int | None
) -> None:
    moves = changes(*lane, known_at=known_at)
    for day in DAYS:
        folded = [None, *(move.to for move in moves if move.day <= day)][-1]
        assert folded == position(*lane, as_of=end_of_day(day), known_at=known_at).stance


@settings(max_examples=scaled(200))
@given(LANES, known_ats)
def test_the_changes_are_the_days_on_which_the_slow_reading_moves(
    lane: Lane, known_at: int | None
) -> None:
    told = [slowly(lane, end_of_day(day), known_at)[0] for day in DAYS]
    moved = [
        (day, before, after)
        for day, before, after in zip(DAYS, [None, *told], told, strict=False)
        if before != after
    ]
    found = changes(*lane, known_at=known_at)
    assert [(move.day, move.from_, move.to) for move in found] == moved


@given(LANES, known_ats)
def test_both_sides_of_a_change_are_the_proof_of_the_positions_before_and_after(
    lane: Lane, known_at: int | None
) -> None:
    for move in changes(*lane, known_at=known_at):
        before = position(*lane, as_of=end_of_day(move.day - 1), known_at=known_at)
        after = position(*lane, as_of=end_of_day(move.day), known_at=known_at)
        assert before.stance is None or move.before == before.counted
        assert after.stance is None or move.after == after.counted
        assert (move.lowest, move.highest) == (after.lowest, after.highest)


@given(LANES, known_ats)
def test_every_change_is_proved(lane: Lane, known_at: int | None) -> None:
    moves = changes(*lane, known_at=known_at)
    assert [move.kind for move in moves].count("first") == bool(moves)
    for move in moves:
        assert move.after
        assert move.before or move.kind == "first"
        assert move.day == move.counts_from // DAY


@given(LANES, as_ofs, known_ats, st.randoms())
def test_the_order_in_which_readings_come_does_not_matter(
    lane: Lane, as_of: int | None, known_at: int | None, dice: Random
) -> None:
    words, links = list(lane[0]), list(lane[1])
    dice.shuffle(words)
    dice.shuffle(links)
    assert position(words, links, as_of=as_of, known_at=known_at) == position(
        *lane, as_of=as_of, known_at=known_at
    )
    assert changes(words, links, known_at=known_at) == changes(*lane, known_at=known_at)


@st.composite
def later_records(draw: st.DrawFn, lane: Lane) -> Lane:
    """The lane after one more record: a new statement, a correction, a retraction, a link."""
    words, links = lane
    window = (HEAD + 2, None)
    fresh = reading(draw(st.randoms(use_true_random=True)), draw(st.integers(1, 12)), window)
    closed = [
        _closed(reading) if reading.statement == fresh.statement else reading for reading in words
    ]
    by, target = draw(st.tuples(st.integers(1, 10), st.integers(1, 10)))
    same = [
        _closed(withdrawal) if (withdrawal.by, withdrawal.target) == (by, target) else withdrawal
        for withdrawal in links
    ]
    link = Withdrawal(by=by, target=target, known_from=window[0])
    return [*closed, fresh], [*same, *([link] if draw(st.booleans()) else [])]


def _closed(version: Version) -> Version:
    if version.known_until is None:
        return msgspec.structs.replace(version, known_until=HEAD + 2)
    return version


@given(st.data(), LANES, as_ofs, st.integers(0, HEAD + 1))
def test_what_is_recorded_later_never_changes_an_answer_at_an_earlier_position(
    data: st.DataObject, lane: Lane, as_of: int | None, known_at: int
) -> None:
    later = data.draw(later_records(lane))
    assert without_the_unknown(position(*later, as_of=as_of, known_at=known_at)) == (
        without_the_unknown(position(*lane, as_of=as_of, known_at=known_at))
    )
    assert changes(*later, known_at=known_at) == changes(*lane, known_at=known_at)


@given(LANES, as_ofs, st.integers(0, HEAD + 1))
def test_every_statement_known_or_coming_is_counted_or_ignored_exactly_once(
    lane: Lane, as_of: int | None, known_at: int
) -> None:
    stands = position(*lane, as_of=as_of, known_at=known_at)
    numbers = sorted([*stands.counted, *(ignored.statement for ignored in stands.ignored)])
    on_record = {
        reading.statement
        for reading in lane[0]
        if slowly_known(reading, known_at) or reading.known_from > known_at
    }
    assert numbers == sorted(on_record)


@given(LANES, known_ats)
def test_second_hand_words_alone_never_make_a_reversal(lane: Lane, known_at: int | None) -> None:
    def first_hand(move: Change) -> bool:
        return any(
            reading.statement in move.after
            and reading.rank == 0
            and slowly_known(reading, known_at)
            for reading in lane[0]
        )

    for move in changes(*lane, known_at=known_at):
        assert move.kind not in ("reversal", "shift") or first_hand(move)
