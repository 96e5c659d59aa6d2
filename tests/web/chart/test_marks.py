"""Statements as marks: where they stand, what they share, what they say aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.chart.histories import DAY, END, end_of, frame, instant, lane, runs_of, said
from timeline.domain.scales import SCALES
from web.chart.arrange import arrange
from web.chart.axis import Window
from web.chart.labels import label_choices
from web.chart.levels import ROOMY
from web.chart.marks import marks, tails, whiskers
from web.chart.model import MARKED, MIXED, Run
from web.chart.positions import plot_positions as held_by
from web.chart.positions import risers
from web.chart.spots import RING, SIGN, SQUARE

if TYPE_CHECKING:
    from web.chart.drawing import Mark
    from web.chart.frame import Frame
    from web.chart.model import Lane


def pixels(mark: Mark) -> float:
    """Return where a mark stands on the plot that it is laid out for."""
    return mark.x / 100 * MARKED


def marks_of(on: Frame, history: Lane) -> tuple[Mark, ...]:
    """Return the marks of a lane with all its statements."""
    return marks(on, history, arrange(on, history))


def test_one_day_and_one_stance_share_a_mark_that_counts_them_and_leads_to_a_list() -> None:
    shared = lane(said(1, "2025-07-01", 2), said(2, "2025-07-01", 2))
    (mark,) = marks_of(frame(proof_href="/t/x?s={n}"), shared)
    assert mark.numbers == (1, 2)
    assert mark.href == "/t/x?actor=a&from=2025-07-01&to=2025-07-01"
    assert mark.proof == "/t/x?s=1"


def test_two_stances_of_one_day_keep_their_own_marks() -> None:
    drawn = marks_of(frame(), lane(said(1, "2025-07-01", 2), said(2, "2025-07-01", -2)))
    assert [mark.step for mark in drawn] == ["5", "1"]


def test_first_and_second_hand_words_do_not_share_a_mark() -> None:
    drawn = marks_of(frame(), lane(said(1, "2025-07-01", 2), said(2, "2025-07-01", 2, rank=1)))
    assert [mark.second for mark in drawn] == [False, True]


def test_what_is_said_again_close_by_shares_a_capsule_with_its_number() -> None:
    again = (said(2, "2025-09-01", 2), said(3, "2025-09-03", 2), said(4, "2025-09-05", 2))
    first, capsule = marks_of(frame(), lane(said(1, "2025-07-01", 2), *again))
    assert (first.count, capsule.count, capsule.numbers) == ("", "3", (2, 3, 4))
    assert capsule.x == frame().window.at(end_of("2025-09-01"), timed=False)
    assert capsule.href == "/t/x?actor=a&from=2025-09-01&to=2025-09-05"
    assert capsule.sentence.startswith("3 statements, among them: ")


def test_a_capsule_that_begins_with_a_change_stands_at_its_riser_and_wears_its_ring() -> None:
    history = lane(said(1, "2025-07-01", -1), said(2, "2025-09-01", 2), said(3, "2025-09-02", 2))
    _, change = marks_of(frame(), history)
    assert (change.numbers, change.count, change.ringed) == ((2, 3), "2", True)
    assert change.x == frame().window.at(end_of("2025-09-01"), timed=False)


def test_the_ring_of_a_position_taken_again_has_room_beside_what_follows() -> None:
    words = (
        said(1, "2025-06-20", 2),
        said(2, "2025-07-01", None),
        said(3, "2025-08-10", -2),
        said(4, "2025-08-11", -1),
    )
    lost = [
        Run(
            start=statement.at,
            end=None,
            level=statement.stance,
            kind="changed",
            opened_by=statement.number,
        )
        for statement in words[:3]
    ]
    *_, again, after = marks_of(frame(), lane(*words, runs=tuple(lost)))
    assert (again.numbers, again.ringed, after.numbers) == ((3,), True, (4,))
    assert pixels(after) - pixels(again) >= RING.right + SIGN.left - 0.01


@pytest.mark.parametrize("flag", ["is_new", "corrected"])
def test_a_flag_of_a_mark_has_room_beside_the_next_sign(flag: str) -> None:
    first = said(1, "2025-09-01", 1, **{flag: True})
    flagged, after = marks_of(frame(), lane(first, said(2, "2025-09-02", None)))
    assert pixels(after) - pixels(flagged) >= 11 + 6.6 - 0.01


def test_what_differs_makes_room_and_is_pinned_to_its_day() -> None:
    opening, reply = marks_of(frame(), lane(said(1, "2025-09-01", 1), said(2, "2025-09-03", None)))
    assert opening.pin is None
    assert pixels(reply) - pixels(opening) >= 15 - 0.01
    assert reply.pin is not None
    assert reply.pin.x == frame().window.at(end_of("2025-09-03"), timed=False)


def test_no_mark_moves_past_the_moment_shown() -> None:
    history = lane(said(1, "2025-12-14", 1), said(2, "2025-12-15", None))
    opening, reply = marks_of(frame(), history)
    assert reply.x <= frame().window.x(frame().edge)
    assert pixels(reply) - pixels(opening) >= 15 - 0.01


def test_changes_without_room_are_a_knot_that_counts_them_and_shows_their_days() -> None:
    restless = [said(n, f"2025-09-{10 + n}", 1 + n % 2) for n in range(1, 9)]
    drawn = marks_of(frame(zoom_href="/t/x?from={from}&to={to}"), lane(*restless))
    assert sum(mark.knot for mark in drawn) + sum(mark.ringed for mark in drawn) == 7
    knot = next(mark for mark in drawn if mark.knot)
    assert (knot.y, knot.bottom) == (ROOMY.y(2), ROOMY.y(1))
    first, last = (10 + number for number in (knot.numbers[0], knot.numbers[-1]))
    assert knot.href == f"/t/x?from=2025-09-{first - 3:02d}&to=2025-09-{last + 3}"
    when = f"{first} Sep 2025 to {last} Sep 2025"
    assert knot.sentence.startswith(f"{when}: {knot.knot} change")


def test_what_no_sign_says_for_all_is_told_as_more() -> None:
    spoken = [said(n, f"2025-09-0{n}", 1 if n % 2 else None) for n in range(1, 10)]
    counts = {mark.count for mark in marks_of(frame(), lane(*spoken))}
    assert any(count.startswith("+") for count in counts)


def test_an_opening_that_no_words_of_its_day_tell_is_drawn_without_a_sign() -> None:
    words = said(1, "2025-07-01", 2), said(2, "2025-09-01", -2)
    held, other = runs_of(words)
    again = Run(start=end_of("2025-10-01"), end=None, level=2, opened_by=1, kind="changed")
    over = msgspec.structs.replace(other, end=again.start)
    history = lane(*words, runs=(held, over, again))
    spots = arrange(frame(), history)
    assert [len(spot.statements) for spot in spots] == [1, 1, 0]
    assert len(marks(frame(), history, spots)) == 2


@pytest.mark.parametrize(
    "days",
    [
        ("2025-12-14", "2025-12-15"),
        ("2025-12-12", "2025-12-14", "2025-12-15"),
        ("2025-09-01", "2025-09-02", "2025-09-03", "2025-09-04"),
    ],
)
@pytest.mark.parametrize("stances", [(1, None, 1, 2), (2, 2, 2, 2), (2, 1, 2, 1), (0, 1, 1, 0)])
def test_marks_stand_in_the_order_of_their_days(
    days: tuple[str, ...], stances: tuple[int | None, ...]
) -> None:
    spoken = [said(n, day, stances[n - 1]) for n, day in enumerate(days, 1)]
    drawn = marks_of(frame(), lane(*spoken))
    assert sorted(n for mark in drawn for n in mark.numbers) == [*range(1, len(days) + 1)]
    assert [mark.x for mark in drawn] == sorted(mark.x for mark in drawn)


def test_a_filtered_statement_has_no_mark_but_holds_its_level() -> None:
    history = lane(said(1, "2025-07-01", 2, hidden=True))
    assert marks_of(frame(), history) == ()
    assert history.runs[0].level == 2


def test_changes_wear_a_ring_and_second_hand_words_never_do() -> None:
    own = marks_of(frame(), lane(said(1, "2025-07-01", 2), said(2, "2025-09-01", -2)))
    assert [mark.classes for mark in own] == ["point", "point changed ringed"]
    heard = lane(said(1, "2025-07-01", 2, rank=1), said(2, "2025-09-01", -2, rank=1))
    assert [mark.classes for mark in marks_of(frame(), heard)] == [
        "point second",
        "point changed second",
    ]


def test_a_mark_says_all_of_itself_in_a_sentence() -> None:
    words = "binding guarantees"
    history = lane(
        said(1, "2025-07-01", -2),
        said(2, "2025-09-02", 1, for_whom="Actor A", condition=words, corrected=True),
    )
    assert marks_of(frame(), history)[-1].sentence == (
        "2025-09-02. Anna Arlen (Actor A): accepts. Before: opposes. "
        "Condition: binding guarantees. Corrected."
    )


def test_a_mark_that_makes_a_position_mixed_does_not_say_that_it_is_what_was_said() -> None:
    words = said(1, "2025-07-01", 0), said(2, "2025-09-02", 2), said(3, "2025-09-02", -2)
    held, mixed = runs_of(words[:2])
    both = msgspec.structs.replace(mixed, level=MIXED, lowest=-2, highest=2)
    told = [mark.sentence for mark in marks_of(frame(), lane(*words, runs=(held, both)))]
    assert told[1] == "2025-09-02. Anna Arlen: supports. Before: undecided; now mixed."
    assert told[2] == "2025-09-02. Anna Arlen: opposes."


def test_a_change_to_mixed_is_marked_as_one_by_one_statement_and_wears_no_ring() -> None:
    words = said(1, "2025-07-01", 0), said(2, "2025-09-02", 2), said(3, "2025-09-02", -2)
    held, mixed = runs_of(words[:2])
    both = msgspec.structs.replace(mixed, level=MIXED, lowest=-2, highest=2)
    drawn = marks_of(frame(), lane(*words, runs=(held, both)))
    assert [mark.classes for mark in drawn] == ["point", "point changed", "point"]


def test_a_walk_back_that_ends_a_position_is_a_change_without_a_ring() -> None:
    words = said(1, "2025-07-01", 2), said(2, "2025-09-02", None)
    (held,) = runs_of(words)
    lost = Run(start=instant("2025-09-02"), end=None, level=None, kind="changed", opened_by=2)
    drawn = marks_of(frame(), lane(*words, runs=(held, lost)))
    assert [mark.classes for mark in drawn] == ["point", "point changed"]
    assert drawn[1].sentence == "2025-09-02. Anna Arlen: no position. Before: supports."


def test_a_mark_says_that_it_is_another_speaker_who_changed_a_position() -> None:
    history = lane(said(1, "2025-07-01", -2), said(2, "2025-09-02", 1, speaker="Bo Brandt"))
    before, changed = history.runs
    other = (before, msgspec.structs.replace(changed, other_speaker=True))
    told = marks_of(frame(), msgspec.structs.replace(history, runs=other))[-1].sentence
    assert told == "2025-09-02. Bo Brandt: accepts. Before: opposes. Another speaker."
    assert "Another speaker" not in marks_of(frame(), history)[-1].sentence


def test_second_hand_words_name_who_passes_them_on() -> None:
    history = lane(said(1, "2025-07-01", 1, rank=1, via="an outlet"))
    assert "Second-hand, via an outlet." in marks_of(frame(), history)[0].sentence


def test_no_position_stands_in_the_middle() -> None:
    (mark,) = marks_of(frame(), lane(said(1, "2025-07-01", None)))
    assert (mark.step, mark.y) == ("none", ROOMY.middle)


def test_the_half_disc_of_a_condition_stands_for_nothing_else() -> None:
    abstained = frame(scale=SCALES["vote"])
    assert marks_of(frame(), lane(said(1, "2025-07-01", 0)))[0].step == "3"
    assert marks_of(abstained, lane(said(1, "2025-07-01", 0)))[0].step == "neither"


def test_a_month_is_a_bar_under_its_mark() -> None:
    month = said(1, "2025-09-30", 0, earliest=instant("2025-09-01"), latest=end_of("2025-09-30"))
    (bar,) = whiskers(frame(), [month])
    assert bar.x1 < marks_of(frame(), lane(month))[0].x <= bar.x2
    assert whiskers(frame(), [said(1, "2025-09-30", 0)]) == ()


def test_on_or_before_a_day_is_a_short_bar_up_to_its_mark_and_never_leaves_the_plot() -> None:
    for day in ("2025-06-03", "2025-09-30"):
        before = said(1, day, 0, latest=end_of(day))
        (bar,) = whiskers(frame(), [before])
        assert 0 <= bar.x1 < bar.x2 <= bar.x1 + 3
        assert bar.x2 == marks_of(frame(), lane(before))[0].x


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
        msgspec.structs.replace(runs_of([own])[0], kind=""),
    )
    history = lane(hearsay, own, runs=held)
    (_, mark) = marks_of(frame(), history)
    assert (mark.opens, mark.changed, mark.ringed) == (False, False, False)
    assert "Changed" not in mark.sentence
    assert risers(frame(), held_by(frame(), held))[1:] == ()
    words = label_choices(frame(), history, held_by(frame(), held))
    assert not [label for places in words for label in places if "now" in label.text]


def test_what_is_crowded_late_leaves_what_was_said_early_where_it_is() -> None:
    early = [said(n, f"2025-06-{5 + 9 * n:02d}", 2 if n % 2 else 1) for n in range(3)]
    late = [said(10 + n, f"2025-11-{1 + n:02d}", 1 + n % 2) for n in range(28)]
    again = [said(100 + n, f"2025-{7 + n // 4:02d}-{1 + n % 4 * 7:02d}", 1) for n in range(16)]
    drawn = marks_of(frame(), lane(*early, *again, *late))
    assert [mark.x for mark in drawn[:3]] == [
        frame().window.at(statement.at, timed=False) for statement in early
    ]
    for mark in drawn:
        days = [
            statement for statement in (*early, *again, *late) if statement.number in mark.numbers
        ]
        assert (
            max(statement.at for statement in days) - min(statement.at for statement in days)
            < 45 * DAY
        )


def test_before_the_later_of_two_scales_only_changes_are_marked() -> None:
    repeated = (said(number, f"{1985 + number}-12-18", -2) for number in range(1, 9))
    words = (*repeated, said(9, "2000-12-18", 2), said(10, "2025-07-01", 2))
    old, new = instant("1984-01-01"), instant("2025-06-01")
    on = frame(window=Window(new, instant(END), earlier=old, column=40))
    drawn = marks_of(on, lane(*words))
    assert [(mark.numbers, mark.ringed) for mark in drawn] == [
        ((1,), False),
        ((9,), True),
        ((10,), False),
    ]


def test_a_chosen_sign_has_its_square_for_itself() -> None:
    words = lane(said(1, "2025-07-01", 2), said(2, "2025-07-06", 2, rank=1))
    before, chosen = marks_of(frame(selected=2), words)
    assert pixels(chosen) - pixels(before) >= SIGN.right + SQUARE.left - 0.01
    assert chosen.selected


def test_a_first_position_and_the_change_that_follows_close_by_are_no_knot() -> None:
    history = lane(said(1, "2025-07-01", 2), said(2, "2025-07-03", 1))
    (shared,) = marks(frame(), history, arrange(frame(), history, gap=100))
    assert (shared.knot, shared.count, shared.ringed, shared.step) == (0, "+1", True, "4")
