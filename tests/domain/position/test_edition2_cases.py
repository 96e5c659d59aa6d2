"""Edition 2 of the rule, case by case: dates, conditions, joint texts, offices, signatures."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.domain.lane_words import case
from tests.domain.position.topic_words import (
    carries,
    moved,
    office,
    said,
    signed,
    takes_back,
    topic,
)
from timeline.domain.instants import DAY, day_number, end_of_day
from timeline.domain.position.edition2 import (
    Change,
    Mandate,
    MandateStanding,
    Position,
    Quote,
    Record,
    Topic,
    changes,
    findings,
    positions,
)
from timeline.domain.position.edition2.mandates import Offices
from timeline.domain.position.edition2.record import is_old

REVERSAL = said(1, 1, 2, quote=carries(2)), said(2, 20, -2, quote=carries(-2))


def only(*items: object, on: Topic | None = None) -> Change:
    (change,) = changes(topic(*items, on=on))
    return change


def stands(*items: object, lane: str = "A", now: int | None = None) -> Position:
    (position,) = [one for one in positions(topic(*items), now=now) if one.lane == lane]
    return position


# Dates


def test_two_ends_a_second_apart_are_in_order() -> None:
    assert moved(said(1, 1, 2), said(2, 2, -2)) == [("reversal", (1,), (2,))]


def test_words_of_a_month_that_holds_the_earlier_words_are_skipped_in_comparing() -> None:
    month = said(2, 30, -2, days=30)
    assert moved(said(1, 10, 2), month, said(3, 50, 2)) == []
    assert moved(said(1, 0, 2), month, said(3, 50, 2)) == [
        ("reversal", (1,), (2,)),
        ("reversal", (2,), (3,)),
    ]


def test_words_with_an_open_start_follow_nothing() -> None:
    assert moved(said(1, 1, 2), said(2, 30, -2, days=None)) == []


def test_the_dates_of_a_day_are_as_wide_as_those_of_its_widest_words() -> None:
    assert moved(said(1, 10, 2), said(2, 30, -2), said(3, 30, -2, days=30)) == []


def test_a_day_of_words_with_an_open_start_is_as_open_as_they_are() -> None:
    assert moved(said(1, 10, 2), said(2, 30, -2), said(3, 30, -2, days=None)) == []


def test_seven_days_are_certain_and_eight_are_not() -> None:
    assert only(said(1, 1, 2), said(2, 20, -2, days=7)).certain
    assert not only(said(1, 1, 2), said(2, 20, -2, days=8)).certain


def last_days(before: tuple[int, int, int], after: tuple[int, int, int]) -> tuple[int, int]:
    return end_of_day(day_number(*before)), end_of_day(day_number(*after))


def test_a_limit_counts_calendar_months() -> None:
    assert not is_old(Topic(), *last_days((2022, 3, 1), (2024, 3, 1)))
    assert is_old(Topic(), *last_days((2022, 3, 1), (2024, 3, 2)))
    # Of a leap day it counts to the last day of February.
    assert not is_old(Topic(), *last_days((2020, 2, 29), (2022, 2, 28)))
    assert is_old(Topic(), *last_days((2020, 2, 29), (2022, 3, 1)))


def test_a_topic_without_a_limit_has_no_old_words() -> None:
    assert not is_old(Topic(limit=None), 0, 10**10)


def test_a_position_is_last_known_once_the_limit_has_passed() -> None:
    words, month = said(1, 1, 2), 31 * DAY
    assert stands(words, now=end_of_day(1) + month).last_known is False
    assert stands(words, now=end_of_day(1) + 26 * month).last_known


# Conditions


def test_a_condition_stands_until_words_drop_it() -> None:
    words = said(1, 1, 2, terms="truce"), said(2, 5, 2), said(3, 9, 2, drops="truce")
    change = only(*words)
    assert (change.kind, change.before, change.gone) == ("terms", (2,), ("truce",))


def test_another_condition_joins_the_one_before_unless_that_is_dropped() -> None:
    first = said(1, 1, 1, terms="truce")
    assert only(first, said(2, 5, 1, terms="vote")).appeared == ("vote",)
    replaced = only(first, said(2, 5, 1, terms="vote", drops="truce"))
    assert (replaced.appeared, replaced.gone) == (("vote",), ("truce",))


def test_words_of_another_class_begin_anew() -> None:
    words = said(1, 1, 2, terms="truce"), said(2, 5, -2), said(3, 9, 2)
    back = changes(topic(*words))[-1]
    # What came back is not what stood before: the condition is not said again.
    assert (back.kind, back.before, back.returns_to) == ("reversal", (2,), ())


def test_a_day_on_which_one_sets_what_another_drops_is_two_things() -> None:
    day = said(2, 5, 2, terms="truce"), said(3, 5, 2, drops="truce")
    assert moved(said(1, 1, -2), *day) == []


# Joint texts


def test_own_words_confirm_a_joint_text_conditions_included() -> None:
    joint = said(2, 5, 2, joint=True, terms="truce")
    assert moved(said(1, 1, -2), joint, said(3, 9, 2)) == [("reversal", (1,), (2,))]


def test_own_words_that_do_not_say_what_a_joint_text_did_are_compared_with_own_words() -> None:
    joint = said(2, 5, 2, joint=True)
    assert moved(said(1, 1, -2), joint, said(3, 9, -2)) == [("reversal", (1,), (2,))]
    assert moved(said(1, 1, -2), joint, said(3, 9, 0))[1:] == [("opens", (1,), (3,))]


def test_a_joint_text_is_no_end_that_a_reversal_looks_back_to() -> None:
    joint = said(2, 5, 2, joint=True)
    assert moved(said(1, 1, 0), joint, said(3, 9, -2)) == [
        ("settles", (1,), (2,)),
        ("settles", (1,), (3,)),
    ]


# Walk-backs


def test_words_of_a_day_are_over_once_all_of_them_are_taken_back() -> None:
    day = said(1, 1, 2), said(2, 1, 2)
    backs = said(3, 5, None, reason="unstated"), said(4, 9, None, reason="unstated")
    change = only(*day, *backs, takes_back(3, 1), takes_back(4, 2))
    assert (change.kind, change.day, change.before, change.to) == ("withdrawn", 9, (2,), None)


def test_words_of_which_some_stand_are_turned_from_not_taken_back() -> None:
    day = said(1, 1, 2), said(2, 1, 2)
    turned = said(3, 20, -2), said(4, 40, None, reason="unstated")
    assert moved(*day, *turned, takes_back(3, 1), takes_back(4, 2)) == [("reversal", (2,), (3,))]


def test_a_walk_back_that_is_retracted_takes_nothing_back() -> None:
    back = said(2, 5, None, reason="unstated", retracted=True)
    assert moved(said(1, 1, 2), back, takes_back(2, 1)) == []


def test_what_was_taken_back_by_somebody_else_stands_on_the_persons_own_line() -> None:
    denial = said(3, 9, None, by="B", reason="unstated")
    assert moved(said(1, 1, 2), said(2, 5, -2), denial, takes_back(3, 2)) == [
        ("reversal", (1,), (2,))
    ]


def test_a_side_takes_back_what_its_decider_said_of_it() -> None:
    head = office("A", "S", decides=True)
    words = said(1, 1, 2, side="S"), said(2, 5, -2, side="S")
    release = said(3, 9, None, by="S", speaker_kind="state", reason="unstated")
    record = topic(head, *words, release, takes_back(3, 2))
    (of_person, of_side) = changes(record)
    assert (of_person.kind, of_person.lanes) == ("reversal", ("A", "S"))
    assert (of_side.kind, of_side.lanes, of_side.to) == ("withdrawn", ("S",), 2)
    found = {position.lane: position.stance for position in positions(record)}
    assert found == {"A": -2, "S": 2}


def test_words_taken_back_where_the_same_stood_before_change_nothing() -> None:
    words = said(1, 1, 2), said(2, 5, 2), said(3, 9, None, reason="unstated")
    assert moved(*words, takes_back(3, 2)) == []


def test_words_that_take_back_and_say_the_same_change_nothing() -> None:
    assert moved(said(1, 1, 2), said(2, 5, 2), takes_back(2, 1)) == []


def test_words_of_a_lower_rank_take_nothing_back() -> None:
    hearsay = said(2, 5, None, rank=1, reason="unstated")
    assert moved(said(1, 1, 2), hearsay, takes_back(2, 1)) == []


def test_a_day_of_two_things_of_which_one_is_taken_back_is_an_end() -> None:
    day = said(2, 5, 2), said(3, 5, -2)
    back = said(4, 9, None, reason="unstated")
    assert moved(said(1, 1, 2), *day, back, takes_back(4, 2)) == [("reversal", (1,), (3,))]


# There and back, and what was said before


def test_there_and_back_within_two_weeks_is_one_entry() -> None:
    change = only(said(1, 1, 2), said(2, 20, -2), said(3, 34, 2))
    assert (change.before, change.after, change.back, change.back_on) == ((1,), (2,), (3,), 34)
    assert "there_and_back" in change.because


@pytest.mark.parametrize(
    "words",
    [
        case("a day later", [said(1, 1, 2), said(2, 20, -2), said(3, 35, 2)]),
        case("to another step", [said(1, 1, 2), said(2, 20, -2), said(3, 24, 1)]),
        case("said twice", [said(1, 1, 2), said(2, 20, -2), said(4, 22, -2), said(3, 24, 2)]),
        case(
            "confirmed by a joint text",
            [said(1, 1, 2), said(2, 20, -2), said(4, 22, -2, joint=True), said(3, 24, 2)],
        ),
        case(
            "to other conditions",
            [said(1, 1, 2), said(2, 20, -2), said(3, 24, 2, terms="truce")],
        ),
    ],
)
def test_it_stays_two_changes(words: list[object]) -> None:
    assert [change.back for change in changes(topic(*words))] == [(), ()]


def test_a_change_that_is_signed_is_never_joined_with_its_way_back() -> None:
    words = said(1, 1, 2), said(2, 20, -2), said(3, 24, 2)
    there, back = changes(topic(*words, signed(1, 2, at=9)))
    assert (there.status, back.status, back.returns_to) == ("printed", "waiting", (1,))


# Whose words


def test_an_unnamed_voice_is_never_printed_at_once() -> None:
    nobody = [msgspec.structs.replace(version, speaker_kind="unnamed") for version in REVERSAL]
    assert only(*REVERSAL).status == "printed"
    assert "not_one_person" in only(*nobody).because


def test_a_side_whose_two_deciders_overlap_has_no_succession() -> None:
    offices = office("A", "S", decides=True), office("B", "S", decides=True)
    assert moved(*offices, said(1, 1, 2, side="S"), said(2, 9, -2, by="B", side="S")) == []


def test_a_successor_who_is_firmer_is_no_succession() -> None:
    offices = office("A", "S", decides=True, ends=5), office("B", "S", decides=True, begins=6)
    assert moved(*offices, said(1, 1, -1, side="S"), said(2, 9, -2, by="B", side="S")) == []


def test_a_successor_is_compared_with_own_words_of_the_one_before() -> None:
    offices = office("A", "S", decides=True, ends=8), office("B", "S", decides=True, begins=9)
    joint = said(2, 5, -2, side="S", joint=True)
    found = moved(*offices, said(1, 1, 2, side="S"), joint, said(3, 9, -2, by="B", side="S"))
    assert found == [("reversal", (1,), (2,)), ("succession", (1,), (3,))]


def test_a_turn_is_told_once_where_what_stood_beside_it_takes_its_place() -> None:
    earlier, turned = said(1, 1, 2), said(2, 5, -2)
    beside, later = said(3, 6, -2, days=3), said(4, 20, 0)
    gone = said(9, 25, None, reason="declined"), takes_back(9, 2)
    told = [("reversal", (1,), (2,)), ("opens", (2,), (4,))]
    assert moved(earlier, turned, beside, later) == told
    assert moved(earlier, turned, beside, later, *gone) == told
    # Where it had said another thing, that is compared as of its own day.
    other = said(3, 6, 0, days=3)
    assert moved(earlier, turned, other, *gone) == [
        ("reversal", (1,), (2,)),
        ("opens", (1,), (3,)),
        ("withdrawn", (2,), (9,)),
    ]


def test_where_both_spoke_on_a_day_the_bodys_own_words_hold() -> None:
    body = said(2, 5, -2, by="S", speaker_kind="state")
    items = office("A", "S", decides=True), body, said(1, 5, 2, side="S")
    assert stands(*items, lane="S").held_by == "S"
    earlier = said(3, 1, 2, side="S")
    position = stands(*items, earlier, lane="S")
    assert (position.stance, position.order_open) == (-2, (1,))


def test_a_standing_for_the_topic_wins_over_one_for_all() -> None:
    held, general = office("A", "S", decides=True)
    here = MandateStanding(mandate=held.mandate, standing="speaks", for_topic=True, known_from=0)
    later = msgspec.structs.replace(general, known_from=9)
    offices = Offices([held], [general, here, later])
    assert not offices.decides("A", "S", (0, DAY))


def test_what_somebody_recorded_wins_over_what_a_role_proposes() -> None:
    held, recorded = office("A", "S", decides=False)
    proposed = MandateStanding(
        mandate=held.mandate, standing="decides", proposed=True, known_from=9
    )
    assert not Offices([held], [recorded, proposed]).decides("A", "S", (0, DAY))


def test_in_office_by_a_day_says_nothing_of_before_once_the_first_day_is_known() -> None:
    by = Mandate(mandate="by", person="A", side="S", begins_by=90 * DAY, known_from=0)
    since = Mandate(
        mandate="since", person="A", side="S", begins=50 * DAY, begins_by=50 * DAY, known_from=0
    )
    standings = [
        MandateStanding(mandate=one, standing="decides", known_from=0) for one in ("by", "since")
    ]
    assert Offices([by], standings).decides("A", "S", (0, DAY))
    assert not Offices([by, since], standings).decides("A", "S", (0, DAY))


# Differing voices


def voices(*words: object, rhythm: float = 0) -> list[tuple[str, str, int, int | None]]:
    record = topic(*words, on=Topic(rhythm=rhythm))
    return [
        (disagreement.against, disagreement.other, disagreement.since, disagreement.until)
        for disagreement in findings(record).voices
    ]


def test_voices_meet_within_thirty_days_or_the_rhythm_of_the_topic() -> None:
    words = said(1, 1, -2, side="S"), said(2, 32, 0, by="B", side="S")
    assert voices(words[0], said(2, 31, 0, by="B", side="S")) == [("A", "B", 31, None)]
    assert voices(*words) == []
    assert voices(*words, rhythm=40.0) == [("A", "B", 32, None)]


def test_a_doubt_excludes_nothing() -> None:
    assert voices(said(1, 1, -1, side="S"), said(2, 9, 2, by="B", side="S")) == []


def test_voices_of_two_sides_do_not_differ() -> None:
    assert voices(said(1, 1, -2, side="S"), said(2, 9, 2, by="B", side="T")) == []


def test_a_pair_that_differs_again_is_the_same_finding() -> None:
    words = [said(1, 1, -2, side="S"), said(2, 9, 2, by="B", side="S")]
    words += [said(3, 12, -1, side="S"), said(4, 20, -2, side="S")]
    assert voices(*words[:3]) == [("A", "B", 9, 12)]
    assert voices(*words) == [("A", "B", 9, None)]


# What is printed


def test_a_reversal_of_one_person_whose_quotes_carry_is_printed_at_once() -> None:
    assert only(*REVERSAL).because == ("both_quotes_carry",)


@pytest.mark.parametrize(
    "quote",
    [
        case("four words", Quote(words=4, readings=(-2, -2))),
        case("one reading", Quote(words=9, readings=(-2,))),
        case("a reader who could not tell", Quote(words=9, readings=(-2, None))),
        case("a reader who saw the contrary", Quote(words=9, readings=(-2, 1))),
        case("both saw the contrary", Quote(words=9, readings=(1, 2))),
    ],
)
def test_a_quote_does_not_carry(quote: Quote) -> None:
    change = only(REVERSAL[0], said(2, 9, -2, quote=quote))
    assert (change.status, change.because) == ("waiting", ("quote_does_not_carry",))


def test_readers_may_see_another_step_of_the_class() -> None:
    assert Quote(words=9, readings=(-1, -2)).carries(-2)


@pytest.mark.parametrize(
    ("reason", "items"),
    [
        ("words_between", [said(3, 5, 0)]),
        ("words_between", [said(3, 5, 2), said(4, 5, -2)]),
        ("new_office", [office("A", "S", decides=True, begins=5)]),
        ("returns", [said(3, -9, -2)]),
        ("old", [said(3, 999, 2, quote=carries(2))]),
        ("date_uncertain", [said(3, 60, 2, days=8, quote=carries(2))]),
        ("joint", [said(3, 60, 2, joint=True, quote=carries(2))]),
    ],
)
def test_at_once_is_forbidden(reason: str, items: list[object]) -> None:
    change = changes(topic(*REVERSAL, *items))[-1]
    assert (change.status, reason in change.because) == ("waiting", True)
    assert change.old == (reason == "old")


def test_a_signature_prints_and_a_refusal_says_its_cause() -> None:
    words = said(1, 1, 2), said(2, 9, 0)
    assert only(*words, signed(1, 2, at=5)).because == ("signed",)
    declined = only(*words, signed(1, 2, at=5), signed(1, 2, at=7, cause="same"))
    assert (declined.status, declined.because) == ("declined", ("same",))


def test_a_correction_at_either_end_undoes_a_signature() -> None:
    for corrected in (1, 2):
        ends = [
            said(number, 8 * number, way, amended_at=9 if number == corrected else 0)
            for number, way in ((1, 2), (2, 0))
        ]
        assert only(*ends, signed(1, 2, at=5)).status == "waiting"
        assert only(*ends, signed(1, 2, at=10)).status == "printed"


def test_what_is_uncoded_cannot_be_signed() -> None:
    change = only(said(1, 1, 2), said(2, 9, 0, uncoded=True), signed(1, 2, at=5))
    assert change.status == "waiting"
    assert "uncoded" in change.because


def test_a_body_is_printed_by_its_vote_or_its_own_text_alone() -> None:
    def release(**more: Any) -> Change:  # noqa: ANN401 - fields of a statement
        body: dict[str, Any] = {"by": "S", "speaker_kind": "organisation"}
        return only(*(said(n, n * 8, way, **body, **more) for n, way in ((1, 2), (2, -2))))

    assert release(own_text=True).because == ("decision",)
    assert release(voted=True).because == ("decision",)
    assert release().status == "waiting"


def test_a_position_tells_why_each_other_statement_does_not_count() -> None:
    words = [
        said(1, 1, 2, retracted=True),
        said(2, 1, 2, rank=2),
        said(3, 1, None, reason="defers"),
        said(4, 1, -2),
        said(5, 2, 2),
        said(6, 9, 1, at=9),
        said(7, 9, 2, at=15),
        said(8, 9, 2, joint=True),
        said(9, 8, 1),
        said(10, 40, -2, days=None),
    ]
    position = stands(*words, takes_back(5, 4))
    assert {ignored.statement: ignored.reason for ignored in position.ignored} == {
        1: "retracted",
        2: "second_hand",
        3: "no_position",
        4: "withdrawn",
        5: "superseded",
        6: "earlier_that_day",
        8: "joint_beside_own_words",
        9: "superseded",
        10: "order_open",
    }
    assert (position.counted, position.first) == ((7,), 5)


def test_an_empty_record_has_no_answers() -> None:
    assert changes(Record()) == ()
    assert positions(Record()) == ()
    assert findings(Record()).voices == ()
