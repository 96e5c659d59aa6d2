"""The other questions, held against a plain count of where the rule in Python puts everybody."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from statistics import fmean, pvariance
from typing import TYPE_CHECKING, Any

import pytest

from tests.analysis.asked import FRUGAL, Archived
from tests.analysis.made_up import DAYS, MadeUp
from tests.support.tiers import thorough
from timeline.analysis import answers
from timeline.analysis.asking import Scope, extent
from timeline.analysis.days import Day, months_before, named_days, period_ends
from timeline.analysis.duck import open_duckdb
from timeline.domain.errors import Refused
from timeline.domain.instants import day_number, end_of_day, iso_day
from timeline.domain.position import Position, position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timeline.analysis.asking import Engine
    from timeline.analysis.duck import DuckEngine

WINDOW = 3
ASKED_DAYS = [Day(day, day - WINDOW) for day in (*DAYS, 40)]
Lane = tuple[str, str]


@pytest.fixture(scope="module", params=[11, *thorough(10)])
def lanes(request: pytest.FixtureRequest) -> MadeUp:
    return MadeUp(request.param, dense=request.param % 2 == 1)


@pytest.fixture(scope="module")
def engine(lanes: MadeUp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    folder = tmp_path_factory.mktemp("made-up")
    archived = Archived(folder, lanes.archived(folder, (50,)))
    with open_duckdb(folder, archived.manifest, FRUGAL) as opened:
        yield opened


def standing(lanes: MadeUp, day: int) -> dict[Lane, tuple[Position, int]]:
    """Return where the rule puts everybody at the end of a day, and when they said so last."""
    found = {}
    for (topic, actor), (readings, links) in lanes.read(lanes.upto).items():
        stood = position(readings, links, as_of=end_of_day(day))
        if stood.counted:
            said = next(one.day for one in readings if one.statement == stood.counted[0])
            found[f"topic-{topic}", f"actor-{actor}"] = stood, said
    return found


def everybody(lanes: MadeUp) -> Scope:
    """Return what asks about everybody by name, also who spoke for somebody else alone."""
    return Scope(lanes.upto, actors=tuple(f"actor-{actor}" for actor in lanes.actors))


def spoke_for_others_alone(lanes: MadeUp) -> set[Lane]:
    """Return the lanes all of whose words stand in the lane of somebody for whom they were said."""
    every = lanes.read(lanes.upto)
    told_for: dict[tuple[int, int], set[int]] = defaultdict(set)
    for (topic, actor), (readings, _) in every.items():
        for one in readings:
            if one.speaker not in (None, str(actor)):
                told_for[topic, one.statement].add(actor)
    return {
        (f"topic-{topic}", f"actor-{actor}")
        for (topic, actor), (readings, _) in every.items()
        if all(told_for[topic, one.statement] - {actor} for one in readings)
    }


@pytest.mark.thorough
def test_who_spoke_for_somebody_else_alone_is_told_with_them(
    lanes: MadeUp, engine: DuckEngine
) -> None:
    folded = spoke_for_others_alone(lanes)
    assert folded
    last = ASKED_DAYS[-1:]
    asking: list[Callable[[Engine, Scope], Iterator[Any]]] = [
        answers.positions,
        lambda engine, asked: answers.matrix(engine, asked, last),
    ]
    for ask in asking:
        named = {(one.topic, one.actor) for one in ask(engine, everybody(lanes))}
        assert named & folded
        assert {(one.topic, one.actor) for one in ask(engine, Scope(lanes.upto))} == named - folded
    there = [lane for lane in standing(lanes, last[0].day) if lane not in folded]
    counted = answers.polarisation(engine, Scope(lanes.upto), last)
    assert sum(one.actors for one in counted) == len(there)


def test_the_matrix_has_a_cell_for_whoever_stood_somewhere(
    lanes: MadeUp, engine: DuckEngine
) -> None:
    cells = answers.matrix(engine, everybody(lanes), ASKED_DAYS)
    found = {(one.topic, one.actor, one.as_of): (one.value, one.rank, one.said) for one in cells}
    expected = {
        (*lane, iso_day(one.day)): (
            None if stood.stance == "mixed" else stood.stance,
            stood.rank,
            iso_day(said),
        )
        for one in ASKED_DAYS
        for lane, (stood, said) in standing(lanes, one.day).items()
    }
    assert found == expected
    assert len(found) > 500


def test_polarisation_is_the_variance_in_parts_of_the_greatest(
    lanes: MadeUp, engine: DuckEngine
) -> None:
    there = {one.day: standing(lanes, one.day) for one in ASKED_DAYS}
    for one in answers.polarisation(engine, everybody(lanes), ASKED_DAYS):
        day = next(day.day for day in ASKED_DAYS if iso_day(day.day) == one.as_of)
        stood = there[day].items()
        stances = [found.stance for (topic, _), (found, _) in stood if topic == one.topic]
        plain = [stance for stance in stances if isinstance(stance, int)]
        assert (one.actors, one.mixed) == (len(stances), len(stances) - len(plain))
        assert (one.above, one.middle, one.below) == (
            len([stance for stance in plain if stance > 0]),
            plain.count(0),
            len([stance for stance in plain if stance < 0]),
        )
        assert one.mean == (pytest.approx(fmean(plain), abs=1e-5) if plain else None)
        assert one.polarisation == (
            pytest.approx(pvariance(plain) / 4, abs=1e-5) if plain else None
        )


def test_agreement_counts_topics_on_which_both_spoke_in_the_window(
    lanes: MadeUp, engine: DuckEngine
) -> None:
    expected: dict[tuple[str, ...], object] = {}
    for day in ASKED_DAYS:
        spoken: dict[str, dict[str, int]] = defaultdict(dict)
        for (topic, actor), (stood, said) in standing(lanes, day.day).items():
            if isinstance(stood.stance, int) and said > day.begins:
                spoken[actor][topic] = stood.stance
        for one, other in combinations(sorted(spoken), 2):
            both = [
                (stance, spoken[other][topic])
                for topic, stance in spoken[one].items()
                if topic in spoken[other]
            ]
            if both:
                expected[one, other, iso_day(day.day)] = (
                    len(both),
                    len([1 for a, b in both if a == b]),
                    len([1 for a, b in both if a * b < 0]),
                    pytest.approx(fmean(a == b for a, b in both), abs=1e-5),
                    pytest.approx(fmean(abs(a - b) for a, b in both), abs=1e-5),
                )
    found: dict[tuple[str, ...], object] = {
        (one.one, one.other, one.until): (
            *(one.topics, one.same, one.opposite),
            *(one.agreement, one.distance),
        )
        for one in answers.agreement(engine, Scope(lanes.upto), ASKED_DAYS)
    }
    assert found == expected
    assert found


def test_of_one_actor_all_pairs_are_told_and_of_several_those_among_them(
    lanes: MadeUp, engine: DuckEngine
) -> None:
    every = list(answers.agreement(engine, Scope(lanes.upto), ASKED_DAYS))
    one, other, third = sorted({pair.one for pair in every} | {pair.other for pair in every})[:3]

    def asked(*actors: str) -> list[answers.Agreement]:
        return list(answers.agreement(engine, Scope(lanes.upto, actors=actors), ASKED_DAYS))

    assert asked(one) == [pair for pair in every if one in (pair.one, pair.other)]
    group = {one, other, third}
    assert asked(*group) == [pair for pair in every if {pair.one, pair.other} <= group]


@pytest.mark.thorough
def test_a_question_is_put_about_some_actors_alone(lanes: MadeUp, engine: DuckEngine) -> None:
    asking: list[Callable[[Engine, Scope], Iterator[Any]]] = [
        answers.positions,
        answers.changes,
        lambda engine, asked: answers.matrix(engine, asked, ASKED_DAYS),
    ]
    for ask in asking:
        every = list(ask(engine, everybody(lanes)))
        actor = every[0].actor
        some = list(ask(engine, Scope(lanes.upto, actors=(actor,))))
        assert some == [one for one in every if one.actor == actor]


def test_a_question_is_put_about_some_topics_alone(lanes: MadeUp, engine: DuckEngine) -> None:
    topic = lanes.topics[3]
    every = list(answers.positions(engine, Scope(lanes.upto)))
    some = list(answers.positions(engine, Scope(lanes.upto, topics=(topic,))))
    assert some == [one for one in every if one.topic == f"topic-{topic}"]


def test_the_extent_is_from_the_first_words_to_the_last(lanes: MadeUp, engine: DuckEngine) -> None:
    said = [reading.day for readings, _ in lanes.read(lanes.upto).values() for reading in readings]
    assert extent(engine, Scope(lanes.upto)) == (min(said), max(said))
    assert extent(engine, Scope(0)) is None


def test_periods_end_with_the_one_that_holds_the_last_day() -> None:
    first, last = day_number(2019, 11, 7), day_number(2020, 2, 1)
    ends = [iso_day(one.day) for one in period_ends(first, last, "quarter", 12)]
    assert ends == ["2019-12-31", "2020-03-31"]
    assert [iso_day(one.begins) for one in period_ends(first, last, "month", 1)] == [
        "2019-10-31",
        "2019-11-30",
        "2019-12-31",
        "2020-01-31",
    ]


def test_a_window_reaches_back_by_whole_months() -> None:
    assert iso_day(months_before(day_number(2020, 3, 31), 1)) == "2020-02-29"
    assert iso_day(months_before(day_number(2020, 3, 30), 1)) == "2020-02-29"
    assert iso_day(months_before(day_number(2020, 3, 15), 12)) == "2019-03-15"
    assert iso_day(months_before(day_number(-1, 1, 31), 1)) == "-0002-12-31"


def test_days_are_named_once_and_in_order() -> None:
    days = named_days(("2020", "2019-06", "2020-12-31"), 12)
    assert [(iso_day(one.begins), iso_day(one.day)) for one in days] == [
        ("2018-06-30", "2019-06-30"),
        ("2019-12-31", "2020-12-31"),
    ]


def test_too_many_days_are_refused() -> None:
    with pytest.raises(Refused, match="more than 5,000 moments"):
        period_ends(-10_000_000, 0, "month", 12)
