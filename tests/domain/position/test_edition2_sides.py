"""Edition 2 of the rule, case by case: successions, what is taken back, and recurring decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.domain.position.topic_words import moved, office, said, takes_back, topic
from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position.edition2 import Topic, changes, findings, positions

if TYPE_CHECKING:
    from timeline.domain.position.edition2.words import StatementVersion

OUT, IN = office("A", "S", decides=True, ends=8), office("B", "S", decides=True, begins=9)
DECISIONS = Topic(asks="decision", recurring=True, limit=None)


def test_what_was_taken_back_later_was_still_what_a_new_decider_turned_from() -> None:
    words = said(1, 1, 2, side="S"), said(2, 9, -2, by="B", side="S")
    later = said(3, 20, None, reason="unstated"), takes_back(3, 1)
    assert moved(OUT, IN, *words, *later)[0] == ("succession", (1,), (2,))


def test_a_new_deciders_first_words_turned_even_if_they_are_taken_back_later() -> None:
    words = said(1, 1, 2, side="S"), said(2, 9, -2, by="B", side="S")
    later = said(3, 20, None, by="B", reason="unstated"), takes_back(3, 2)
    assert moved(OUT, IN, *words, *later)[0] == ("succession", (1,), (2,))


def test_a_new_decider_whose_dates_touch_those_of_the_last_succeeds_nobody() -> None:
    out = office("A", "S", decides=True, ends=3)
    words = said(1, 6, 2, side="S", days=6), said(2, 5, -2, by="B", side="S")
    later = said(3, 9, -2, by="B", side="S", days=4)
    assert moved(out, IN, *words, later) == []


def test_a_side_that_takes_back_what_it_said_before_as_well_does_not_move() -> None:
    head = office("A", "S", decides=True)
    words = said(1, 1, 2, side="S"), said(2, 5, 2, side="S")
    release = said(3, 9, None, by="S", speaker_kind="state", reason="unstated")
    assert moved(head, *words, release, takes_back(3, 2)) == []


def test_words_of_a_decider_are_not_the_last_once_the_body_spoke() -> None:
    head = office("A", "S", decides=True)
    body = said(2, 5, 2, by="S", speaker_kind="state")
    release = said(3, 9, None, by="S", speaker_kind="state", reason="unstated")
    assert moved(head, said(1, 1, -2, side="S"), body, release, takes_back(3, 1)) == []


def test_what_the_body_said_stands_again_once_it_takes_back_its_deciders_words() -> None:
    head = office("A", "S", decides=True)
    body = said(1, 1, 2, by="S", speaker_kind="state")
    release = said(3, 9, None, by="S", speaker_kind="state", reason="unstated")
    record = topic(head, body, said(2, 5, -2, side="S"), release, takes_back(3, 2))
    (change,) = changes(record)
    assert (change.kind, change.lanes, change.before, change.to) == ("withdrawn", ("S",), (2,), 2)
    assert {position.lane: position.stance for position in positions(record)}["S"] == 2


def test_what_one_side_takes_back_leaves_the_lane_of_another() -> None:
    heads = office("A", "S", decides=True), office("B", "T", decides=True)
    joint = said(1, 5, 1, side="S", joint=True)
    words = joint, said(2, 5, -2, side="T"), said(3, 9, None, by="B", side="T", reason="unstated")
    found = positions(topic(*heads, *words, takes_back(3, 2)))
    assert {position.lane: position.stance for position in found}["S"] is None


def test_words_are_taken_back_on_a_day_as_certain_as_those_that_do_it() -> None:
    words = said(1, 1, 2), said(2, 5, -2)
    (_, known) = changes(topic(*words, said(3, 40, None, reason="unstated"), takes_back(3, 2)))
    (_, vague) = changes(
        topic(*words, said(3, 40, None, days=30, reason="unstated"), takes_back(3, 2))
    )
    assert (known.certain, vague.certain) == (True, False)


def test_there_and_back_stays_one_entry_once_what_it_left_is_taken_back() -> None:
    words = said(1, 1, 2), said(2, 5, -2), said(3, 9, 2)
    later = said(4, 20, None, reason="unstated"), takes_back(4, 2)
    record = topic(*words, *later)
    (before,) = changes(record, as_of=end_of_day(10))
    (after,) = changes(record)
    assert before.back == after.back == (3,)


def test_two_voices_meet_whatever_the_hours_of_their_days() -> None:
    timed = said(1, 1, -2, at=8, side="S")
    record = topic(timed, said(2, 31, 0, by="B", side="S"))
    assert [disagreement.since for disagreement in findings(record).voices] == [31]
    assert end_of_day(31) - timed.counts_from > 30 * DAY


def test_whoever_votes_in_a_body_next_is_no_succession() -> None:
    votes = said(1, 1, 2, side="S", voted=True), said(2, 9, -2, by="B", side="S", voted=True)
    assert moved(OUT, IN, *votes, on=DECISIONS) == []


def test_a_day_of_two_decisions_is_named_between_two_turns() -> None:
    decided = [
        said(number, day, direction, by="S", speaker_kind="organisation")
        for number, day, direction in ((1, 1, 2), (2, 5, 2), (3, 5, -2), (4, 9, -2))
    ]
    (turn,) = changes(topic(*decided, on=DECISIONS))
    assert (turn.before, turn.after, turn.between) == ((1,), (4,), (2, 3))


def test_a_joint_text_is_named_between_two_turns() -> None:
    decided = [
        said(number, day, direction, by="S", speaker_kind="organisation", joint=number == 2)
        for number, day, direction in ((1, 1, 2), (2, 5, 2), (3, 9, -2))
    ]
    (turn,) = changes(topic(*decided, on=DECISIONS))
    assert (turn.before, turn.after, turn.between) == ((1,), (3,), (2,))


def test_a_body_that_a_person_was_merged_into_turns_alike_whatever_the_order_of_its_words() -> None:
    waited = said(1, 1, 0, by="S", speaker_kind="person")
    decided = said(2, 5, 2, by="S", speaker_kind="state")
    for words in ((waited, decided), (decided, waited)):
        assert changes(topic(*words, on=DECISIONS)) == ()


def test_differing_voices_stay_on_record_until_the_words_are_taken_back() -> None:
    says = said(1, 5, -2, side="S"), said(2, 8, 2, by="B", side="S")
    back = said(3, 20, None, side="S", reason="declined"), takes_back(3, 1)
    (disagreement,) = findings(topic(*says, *back)).voices
    assert (disagreement.since, disagreement.statements) == (8, (1, 2))
    assert (disagreement.until, disagreement.ended_by) == (20, (3,))
    (before,) = findings(topic(*says, *back), as_of=19 * DAY).voices
    assert before.until is None


def test_voices_that_differ_at_the_end_of_no_day_are_no_finding() -> None:
    mixed = said(1, 5, -1, side="S"), said(2, 5, 1, side="S")
    other = said(3, 6, -2, by="B", side="S")
    again = said(4, 20, -2, side="S"), takes_back(4, 1)
    assert findings(topic(*mixed, other, *again)).voices == ()


def test_voices_differ_until_one_has_left_every_office_for_the_side() -> None:
    says = said(1, 5, -2, side="S"), said(2, 8, 2, by="B", side="S")
    left = office("B", "S", decides=False, ends=12), office("B", "S", decides=False, begins=3)
    (disagreement,) = findings(topic(*says, left[0])).voices
    assert (disagreement.since, disagreement.until, disagreement.ended_by) == (8, 12, ())
    (before,) = findings(topic(*says, left[0]), as_of=end_of_day(11)).voices
    assert before.until is None
    (still,) = findings(topic(*says, *left)).voices
    assert still.until is None
    early = office("B", "S", decides=False, ends=2)
    (known,) = findings(topic(*says, early)).voices
    assert known.until == 8


def test_voices_differ_again_by_what_stands_again() -> None:
    says = said(1, 5, -2, side="S"), said(2, 8, 2, by="B", side="S"), said(3, 9, 1, side="S")
    back = said(4, 20, None, side="S", reason="declined"), takes_back(4, 3)
    (disagreement,) = findings(topic(*says)).voices
    assert (disagreement.until, disagreement.ended_by) == (9, (3,))
    (disagreement,) = findings(topic(*says, *back)).voices
    assert (disagreement.since, disagreement.until) == (8, None)


def test_a_member_who_took_no_part_in_the_latest_decision_is_last_known() -> None:
    def decision(number: int, day: int, *, voters: str) -> list[StatementVersion]:
        body = said(number, day, 1, by="S", speaker_kind="organisation", occasion=f"meeting {day}")
        votes = (
            said(number + at, day, 1, by=name, voted=True, occasion=body.occasion)
            for at, name in enumerate(voters, start=1)
        )
        return [body, *votes]

    words = [*decision(1, 10, voters="AB"), *decision(11, 50, voters="AC")]
    comment = said(21, 20, 2, by="D")
    (*found,) = positions(topic(*words, comment, on=DECISIONS), now=end_of_day(60))
    # Nobody says when B's office ended; D, who never voted, is no member.
    assert {position.lane: position.last_known for position in found} == dict.fromkeys(
        "ACDS", False
    ) | {"B": True}
    (*then,) = positions(topic(*words, on=DECISIONS), as_of=end_of_day(40))
    assert not any(position.last_known for position in then)
