"""Statements as marks: where they stand, what they share, what they say aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.chart.histories import end_of, frame, instant, lane, runs_of, said
from timeline.domain.scales import SCALES
from web.chart.held import risers
from web.chart.labels import wanted
from web.chart.levels import ROOMY
from web.chart.marks import marks, tails, whiskers
from web.chart.model import MIXED, Run

if TYPE_CHECKING:
    from web.chart.drawing import Mark


def pixels(mark: Mark) -> float:
    """Return where a mark stands on a plot 720 pixels wide."""
    return mark.x / 100 * 720 + mark.shift


def test_one_day_and_one_stance_share_a_mark_that_counts_them_and_leads_to_a_list() -> None:
    shared = lane(said(1, "2025-07-01", 2), said(2, "2025-07-01", 2))
    (mark,) = marks(frame(proof_href="/t/x?s={n}"), shared)
    assert mark.numbers == (1, 2)
    assert mark.href == "/t/x?actor=a&from=2025-07-01&to=2025-07-01"
    assert mark.proof == "/t/x?s=1"


def test_two_stances_of_one_day_keep_their_own_marks() -> None:
    drawn = marks(frame(), lane(said(1, "2025-07-01", 2), said(2, "2025-07-01", -2)))
    assert [mark.step for mark in drawn] == ["5", "1"]


def test_first_and_second_hand_words_do_not_share_a_mark() -> None:
    drawn = marks(frame(), lane(said(1, "2025-07-01", 2), said(2, "2025-07-01", 2, rank=1)))
    assert [mark.second for mark in drawn] == [False, True]


def test_the_earlier_of_two_close_marks_moves_left() -> None:
    again = (said(2, "2025-09-01", 2), said(3, "2025-09-03", 2))
    _, early, late = marks(frame(), lane(said(1, "2025-07-01", 2), *again))
    assert late.shift == 0
    apart = (late.x - early.x) / 100 * 720 - early.shift
    assert round(apart) == 16


def test_a_change_stays_at_its_riser_and_is_no_mark_of_what_is_said_again_on_another_day() -> None:
    history = lane(said(1, "2025-07-01", -1), said(2, "2025-09-01", 2), said(3, "2025-09-02", 2))
    _, change, again = marks(frame(), history)
    assert (change.numbers, change.shift, change.ringed) == ((2,), 0, True)
    assert change.x == frame().window.at(end_of("2025-09-01"), timed=False)
    assert (again.numbers, again.changed, again.ringed) == ((3,), False, False)
    assert round(pixels(again) - pixels(change)) == 16


def test_what_follows_an_opening_at_once_makes_room_to_the_right() -> None:
    opening, reply = marks(frame(), lane(said(1, "2025-09-01", 1), said(2, "2025-09-02", None)))
    assert opening.shift == 0
    assert round((reply.x - opening.x) / 100 * 720 + reply.shift) == 16


def test_no_mark_moves_past_the_moment_shown() -> None:
    history = lane(said(1, "2025-12-14", 1), said(2, "2025-12-15", None))
    opening, reply = marks(frame(), history)
    assert reply.shift == 0
    assert pixels(reply) - pixels(opening) > 15


@pytest.mark.parametrize(
    "days",
    [
        ("2025-12-14", "2025-12-15"),
        ("2025-12-12", "2025-12-14", "2025-12-15"),
        ("2025-09-01", "2025-09-02", "2025-09-03", "2025-09-04"),
    ],
)
@pytest.mark.parametrize("stances", [(1, None, 1, 2), (2, 2, 2, 2), (2, 1, 2, 1), (0, 1, 1, 0)])
def test_marks_of_different_days_stand_in_the_order_of_their_days(
    days: tuple[str, ...], stances: tuple[int | None, ...]
) -> None:
    spoken = [said(n, day, stances[n - 1]) for n, day in enumerate(days, 1)]
    drawn = marks(frame(), lane(*spoken))
    assert len(drawn) == len(days)
    for at, early in enumerate(drawn):
        for late in drawn[at + 1 :]:
            if abs(early.y - late.y) < 16:
                assert pixels(late) - pixels(early) > 0


def test_a_mark_near_the_left_edge_stays_in_its_lane() -> None:
    for mark in marks(frame(), lane(*(said(n, f"2025-06-0{n}", n % 2) for n in range(1, 9)))):
        assert mark.x / 100 * 320 + mark.shift >= 0


def test_a_filtered_statement_has_no_mark_but_holds_its_level() -> None:
    history = lane(said(1, "2025-07-01", 2, hidden=True))
    assert marks(frame(), history) == ()
    assert history.runs[0].level == 2


def test_changes_wear_a_ring_and_second_hand_words_never_do() -> None:
    own = marks(frame(), lane(said(1, "2025-07-01", 2), said(2, "2025-09-01", -2)))
    assert [mark.classes for mark in own] == ["point", "point changed ringed"]
    heard = lane(said(1, "2025-07-01", 2, rank=1), said(2, "2025-09-01", -2, rank=1))
    assert [mark.classes for mark in marks(frame(), heard)] == [
        "point second",
        "point changed second",
    ]


def test_a_mark_says_all_of_itself_in_a_sentence() -> None:
    words = "binding guarantees"
    history = lane(
        said(1, "2025-07-01", -2),
        said(2, "2025-09-02", 1, for_whom="Actor A", condition=words, corrected=True),
    )
    assert marks(frame(), history)[-1].sentence == (
        "2025-09-02. Anna Arlen, for Actor A: accepts. Changed from opposes. "
        "Condition: binding guarantees. Corrected."
    )


def test_a_mark_that_makes_a_position_mixed_does_not_say_that_it_is_what_was_said() -> None:
    words = said(1, "2025-07-01", 0), said(2, "2025-09-02", 2), said(3, "2025-09-02", -2)
    held, mixed = runs_of(words[:2])
    both = msgspec.structs.replace(mixed, level=MIXED, lowest=-2, highest=2)
    told = [mark.sentence for mark in marks(frame(), lane(*words, runs=(held, both)))]
    assert told[1] == "2025-09-02. Anna Arlen: supports. Changed from conditional to mixed."
    assert told[2] == "2025-09-02. Anna Arlen: opposes."


def test_a_change_to_mixed_is_marked_as_one_by_one_statement_and_wears_no_ring() -> None:
    words = said(1, "2025-07-01", 0), said(2, "2025-09-02", 2), said(3, "2025-09-02", -2)
    held, mixed = runs_of(words[:2])
    both = msgspec.structs.replace(mixed, level=MIXED, lowest=-2, highest=2)
    drawn = marks(frame(), lane(*words, runs=(held, both)))
    assert [mark.classes for mark in drawn] == ["point", "point changed", "point"]


def test_a_walk_back_that_ends_a_position_is_a_change_without_a_ring() -> None:
    words = said(1, "2025-07-01", 2), said(2, "2025-09-02", None)
    (held,) = runs_of(words)
    lost = Run(start=instant("2025-09-02"), end=None, level=None, kind="shift", opened_by=2)
    drawn = marks(frame(), lane(*words, runs=(held, lost)))
    assert [mark.classes for mark in drawn] == ["point", "point changed"]
    assert drawn[1].sentence == "2025-09-02. Anna Arlen: no position. Changed from supports."


def test_a_mark_says_that_it_is_another_speaker_who_changed_a_position() -> None:
    history = lane(said(1, "2025-07-01", -2), said(2, "2025-09-02", 1, speaker="Bo Brandt"))
    before, changed = history.runs
    other = (before, msgspec.structs.replace(changed, other_speaker=True))
    told = marks(frame(), msgspec.structs.replace(history, runs=other))[-1].sentence
    assert told == "2025-09-02. Bo Brandt: accepts. Changed from opposes. Another speaker."
    assert "Another speaker" not in marks(frame(), history)[-1].sentence


def test_second_hand_words_name_who_passes_them_on() -> None:
    history = lane(said(1, "2025-07-01", 1, rank=1, via="an outlet"))
    assert "Second-hand, via an outlet." in marks(frame(), history)[0].sentence


def test_no_position_stands_in_the_middle() -> None:
    (mark,) = marks(frame(), lane(said(1, "2025-07-01", None)))
    assert (mark.step, mark.y) == ("none", ROOMY.middle)


def test_the_half_disc_of_a_condition_stands_for_nothing_else() -> None:
    abstained = frame(scale=SCALES["vote"])
    assert marks(frame(), lane(said(1, "2025-07-01", 0)))[0].step == "3"
    assert marks(abstained, lane(said(1, "2025-07-01", 0)))[0].step == "neither"


def test_a_month_is_a_bar_under_its_mark() -> None:
    month = said(1, "2025-09-30", 0, earliest=instant("2025-09-01"), latest=end_of("2025-09-30"))
    (bar,) = whiskers(frame(), [month])
    assert bar.x1 < marks(frame(), lane(month))[0].x <= bar.x2
    assert whiskers(frame(), [said(1, "2025-09-30", 0)]) == ()


def test_on_or_before_a_day_is_a_short_bar_up_to_its_mark_and_never_leaves_the_plot() -> None:
    for day in ("2025-06-03", "2025-09-30"):
        before = said(1, day, 0, latest=end_of(day))
        (bar,) = whiskers(frame(), [before])
        assert 0 <= bar.x1 < bar.x2 <= bar.x1 + 3
        assert bar.x2 == marks(frame(), lane(before))[0].x


def test_the_known_clock_draws_how_long_it_took_to_record() -> None:
    late = said(1, "2025-07-02", -2, recorded=instant("2025-12-15"))
    assert tails(frame(), [late]) == ()
    (tail,) = tails(frame(known=True), [late])
    assert tail.x2 > tail.x1


def test_own_words_that_say_what_others_had_reported_are_no_change() -> None:
    hearsay, own = said(1, "2025-07-01", -2, rank=1), said(2, "2025-09-01", -2)
    opened = runs_of([hearsay])[0]
    held = (
        msgspec.structs.replace(opened, end=own.at),
        msgspec.structs.replace(runs_of([own])[0], kind="shift"),
    )
    history = lane(hearsay, own, runs=held)
    (_, mark) = marks(frame(), history)
    assert (mark.opens, mark.changed, mark.ringed) == (True, False, False)
    assert "Changed" not in mark.sentence
    assert risers(frame(), held)[1:] == ()
    assert not [one for places in wanted(frame(), history) for one in places if "now" in one.text]
