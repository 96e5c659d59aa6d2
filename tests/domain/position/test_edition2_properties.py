"""What holds of edition 2 of the rule on any record."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.position.random_topics import FIRST_DAY, MOST, histories
from tests.domain.position.topic_words import takes_back
from tests.support.tiers import scaled
from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position import change as edition1
from timeline.domain.position import rule as edition1_position
from timeline.domain.position.edition2 import (
    Change,
    Record,
    StatementVersion,
    Topic,
    changes,
    findings,
    positions,
)
from timeline.domain.position.edition2.votes import readings_by_lane, withdrawals_among

if TYPE_CHECKING:
    from timeline.domain.position.edition2.versions import Versioned

MANY = settings(max_examples=scaled(150))
WITHOUT_VOTES, VOTES = histories(), histories((Topic(asks="vote", limit=None),))
V = TypeVar("V", bound="Versioned")


def said_in(record: Record, known_at: int | None = None) -> dict[int, StatementVersion]:
    return {version.statement: version for version in record.known(known_at).words}


def cut(versions: tuple[V, ...], at: int) -> tuple[V, ...]:
    """The versions as a log would hold them that ends at a position."""
    return tuple(
        msgspec.structs.replace(version, known_until=None)  # type: ignore[type-var]
        if version.known_until is not None and version.known_until > at
        else version
        for version in versions
        if version.known_from <= at
    )


def replayed(record: Record, at: int) -> Record:
    return Record(
        topic=record.topic,
        words=cut(record.words, at),
        withdrawals=cut(record.withdrawals, at),
        mandates=cut(record.mandates, at),
        standings=cut(record.standings, at),
        verdicts=cut(record.verdicts, at),
    )


def is_printed_at_once(change: Change) -> bool:
    return change.because == ("both_quotes_carry",)


known_ats = st.none() | st.integers(0, 2 * MOST)
days = st.integers(0, 120).map(lambda day: end_of_day(FIRST_DAY + day))
as_ofs = st.none() | days


@MANY
@given(WITHOUT_VOTES | VOTES, as_ofs, known_ats, st.randoms(use_true_random=False))
def test_the_order_of_what_goes_in_makes_no_difference(
    record: Record, as_of: int | None, known_at: int | None, rng: random.Random
) -> None:
    mixed = {
        field: tuple(rng.sample(some, len(some)))
        for field in record.__struct_fields__
        if isinstance(some := getattr(record, field), tuple)
    }
    other = msgspec.structs.replace(record, **mixed)
    clocks = {"as_of": as_of, "known_at": known_at}
    for ask in (changes, findings, positions):
        assert ask(other, **clocks) == ask(record, **clocks)


@MANY
@given(WITHOUT_VOTES | VOTES, as_ofs, st.integers(0, 2 * MOST))
def test_as_known_then_is_what_a_log_gives_that_ends_there(
    record: Record, as_of: int | None, at: int
) -> None:
    then = replayed(record, at)
    for ask in (changes, findings, positions):
        found = ask(record, as_of=as_of, known_at=at)
        assert found == ask(then, as_of=as_of)


@MANY
@given(histories(walk_backs=False), days)
def test_what_is_said_later_changes_nothing_that_was_found_before(
    record: Record, as_of: int
) -> None:
    every = changes(record)
    if any(change.back for change in every):
        return  # the way back is told in the entry of the way there
    assert changes(record, as_of=as_of) == tuple(
        change for change in every if change.counts_from <= as_of
    )


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_a_change_is_of_own_words_that_are_on_record_at_both_ends(
    record: Record, known_at: int | None
) -> None:
    said = said_in(record, known_at)
    for change in (
        *changes(record, known_at=known_at),
        *findings(record, known_at=known_at).shades,
    ):
        for number in (*change.before, *change.after):
            if number not in change.withdrawn_by:
                assert said[number].takes_position
        is_joint = any(said[number].joint for number in change.before)
        assert not is_joint or change.kind == "withdrawn"
        assert change.before
        assert change.after


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_a_person_is_never_compared_with_another(record: Record, known_at: int | None) -> None:
    said = said_in(record, known_at)
    for change in (
        *changes(record, known_at=known_at),
        *findings(record, known_at=known_at).shades,
    ):
        before, after = (
            change.before,
            [one for one in change.after if one not in change.withdrawn_by],
        )
        speakers = {said[number].speaker for number in (*before, *after)}
        if change.kind == "succession":
            assert {change.before_by, change.after_by} == speakers
            assert len(speakers) == 2
            assert change.lanes in {("S",), ("T",)}
        else:
            assert len(speakers) == 1


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_the_dates_of_both_ends_are_in_order(record: Record, known_at: int | None) -> None:
    said = said_in(record, known_at)
    for change in changes(record, known_at=known_at):
        if change.kind == "withdrawn":
            continue
        begins = [said[number].earliest for number in change.after]
        for number in change.before:
            latest = said[number].counts_from
            assert all(one is not None and one > latest for one in begins)


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_printed_at_once_is_only_what_needs_no_judgment(
    record: Record, known_at: int | None
) -> None:
    said = said_in(record, known_at)
    for change in filter(is_printed_at_once, changes(record, known_at=known_at)):
        assert change.kind == "reversal"
        assert change.certain
        assert not any((change.old, change.joint, change.uncoded, change.new_office))
        assert not any((change.between, change.returns_to, change.back))
        for end in (change.before, change.after):
            assert any(said[number].carries for number in end)
            assert {said[number].speaker_kind for number in end} == {"person"}


@MANY
@given(WITHOUT_VOTES, known_ats)
def test_what_was_never_coded_is_never_printed(record: Record, known_at: int | None) -> None:
    said = said_in(record, known_at)
    for change in changes(record, known_at=known_at):
        ends = (*change.before, *(one for one in change.after if one not in change.withdrawn_by))
        if any(said[number].uncoded for number in ends):
            assert change.uncoded
            assert change.status != "printed"


@MANY
@given(WITHOUT_VOTES, as_ofs, known_ats)
def test_a_position_rests_on_own_words_of_whoever_holds_it(
    record: Record, as_of: int | None, known_at: int | None
) -> None:
    said = said_in(record, known_at)
    for stands in positions(record, as_of=as_of, known_at=known_at):
        held = [said[number] for number in stands.counted]
        assert all(version.takes_position and version.speaker == stands.held_by for version in held)
        assert all(as_of is None or version.counts_from <= as_of for version in held)
        assert not {*stands.counted} & {ignored.statement for ignored in stands.ignored}
        assert bool(held) == (stands.stance is not None)
        if not stands.side:
            assert stands.held_by in (None, stands.lane)


@MANY
@given(VOTES, as_ofs, known_ats)
def test_votes_are_counted_as_edition_1_counts_them(
    record: Record, as_of: int | None, known_at: int | None
) -> None:
    known = record.known(known_at)
    expected: list[edition1.Change] = []
    for lane, every in readings_by_lane(known.words).items():
        links = withdrawals_among(every, known.withdrawals)
        stood = edition1_position.position(every, links, as_of=as_of)
        (position,) = [
            one for one in positions(record, as_of=as_of, known_at=known_at) if one.lane == lane
        ]
        assert (position.stance, position.counted) == (stood.stance, stood.counted)
        said = [reading for reading in every if as_of is None or reading.counts_from <= as_of]
        expected += edition1.changes(said, withdrawals_among(said, links))
    moved = changes(record, as_of=as_of, known_at=known_at)
    assert sorted((change.day, change.before, change.after) for change in moved) == sorted(
        (change.day, change.before, change.after) for change in expected
    )
    assert {change.kind for change in moved} <= {"first", "vote"}


@st.composite
def plain_lines(draw: st.DrawFn) -> Record:
    """What one person said on days of their own, and of which words which were taken back."""
    count = draw(st.integers(2, 9))
    said = tuple(
        StatementVersion(
            statement=number,
            speaker="A",
            stance=(direction := draw(st.sampled_from([-2, -1, 0, 1, 2, None]))),
            sets=draw(st.frozensets(st.sampled_from("xy"))) if direction else frozenset(),
            earliest=day * DAY,
            counts_from=end_of_day(day),
            known_from=number,
        )
        for number, day in enumerate(draw(st.permutations(range(0, 90, 10)))[:count], start=1)
    )
    some = st.tuples(st.integers(1, count), st.integers(1, count))
    links = (takes_back(by, target) for by, target in sorted(draw(st.sets(some, max_size=4))))
    return Record(words=said, withdrawals=tuple(links))


@MANY
@given(plain_lines())
def test_changes_and_shades_folded_up_to_a_day_give_the_position_of_that_day(
    record: Record,
) -> None:
    moves = sorted(
        (*changes(record), *findings(record).shades), key=lambda change: change.counts_from
    )
    days = sorted({version.day for version in record.words})
    held = None
    for day in days:
        (stands,) = positions(record, as_of=end_of_day(day))
        moved = [change for change in moves if change.day == day]
        returned = [change for change in moves if change.back_on == day]
        if held is None and not moved:
            held = stands.stance
        for one in moved:
            assert one.from_ == held or one.between or held is None
            held = one.to
        for one in returned:
            held = one.from_
        assert held == stands.stance
