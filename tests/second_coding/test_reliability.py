"""Krippendorff's alpha, checked against examples that he published, and what it is said to mean."""

from __future__ import annotations

from collections import Counter
from random import Random

import msgspec
import pytest

from timeline.desk.second_readings import ParagraphMark
from timeline.domain.variables import NUMBER, TEXT, Variable
from timeline.second_coding import reliability as r
from timeline.second_coding.comparing import PairedReadings
from timeline.second_coding.reliability import (
    alpha,
    by_coder,
    on_paragraphs,
    on_variable,
    reliability,
)

PUBLISHED = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Four observers, twelve units, with missing values: "Computing Krippendorff's Alpha-Reliability"
(Krippendorff 2011, section D), whose results stand below."""

BINARY = ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
"""Two observers, ten units (the same paper, section A)."""

NOMINAL = ("a a b b d c c c e d d a", "b a b b b c c c e d d d")
"""Two observers, twelve units, five names (the same paper, section B)."""


def units(rows: tuple[str, ...]) -> r.Units[int]:
    columns = zip(*(row.split() for row in rows), strict=True)
    return [
        {str(coder): ord(one) for coder, one in enumerate(column) if one != "."}
        for column in columns
    ]


@pytest.mark.parametrize(
    ("rows", "level", "published"),
    [
        (BINARY, "nominal", 0.095),
        (NOMINAL, "nominal", 0.692),
        (PUBLISHED, "nominal", 0.743),
        (PUBLISHED, "ordinal", 0.815),
        (PUBLISHED, "interval", 0.849),
    ],
)
def test_alpha_is_what_was_published(
    rows: tuple[str, ...], level: r.Level, published: float
) -> None:
    found = alpha(units(rows), level)
    assert found is not None
    assert round(found, 3) == published


def said(
    number: int,
    first: int | None,
    second: int | None,
    first_coder: str = "anna",
    coder: str = "ben",
) -> PairedReadings:
    return PairedReadings(
        sample="s",
        place=number,
        topic="t",
        statement=f"statement-{number}",
        number=number,
        first_coder=first_coder,
        first=first,
        second_coder=coder,
        second=second,
        second_reason="",
        note="",
        codebook=0,
        read_at=1,
        decided=0,
    )


def test_full_agreement_is_one_and_full_disagreement_below_nothing() -> None:
    alike = [said(n, n % 2, n % 2) for n in range(40)]
    assert reliability(alike).side.alpha == 1
    apart = [said(n, n % 2, 1 - n % 2) for n in range(40)]
    found = reliability(apart).side.alpha
    assert found is not None
    assert found < 0


def test_no_position_counts_in_whether_a_side_is_taken_and_not_in_which() -> None:
    found = reliability([said(1, 2, 2), said(2, -1, -1), said(3, 1, None), said(4, None, None)])
    assert (found.units, found.same) == (4, 3)
    assert (found.side.units, found.side.same) == (2, 2)
    assert (found.any_side.units, found.any_side.same) == (4, 3)


def test_a_step_apart_weighs_less_than_opposites() -> None:
    base = [said(n, (-2, -1, 1, 2)[n % 4], (-2, -1, 1, 2)[n % 4]) for n in range(40)]
    near = reliability([*base, said(90, 1, 2)]).side.alpha
    far = reliability([*base, said(90, -2, 2)]).side.alpha
    assert near is not None
    assert far is not None
    assert near > far


@pytest.mark.parametrize(
    ("pairs", "meaning"),
    [
        ([], "none"),
        ([said(n, 2, 2) for n in range(40)], "unvaried"),
        ([said(n, n % 2, n % 2) for n in range(29)], "few"),
        ([said(n, n % 2, n % 2) for n in range(30)], "reliable"),
        ([said(n, n % 2, n % 2 if n > 4 else 1 - n % 2) for n in range(40)], "tentative"),
        ([said(n, n % 2, n // 2 % 2) for n in range(40)], "unusable"),
    ],
)
def test_an_alpha_comes_with_what_it_means(pairs: list[PairedReadings], meaning: str) -> None:
    agreement = reliability(pairs).side
    assert agreement.meaning == meaning
    assert (agreement.alpha is None) == (meaning in ("none", "unvaried"))


def test_without_the_library_what_is_alike_is_counted_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(r, "is_available", lambda: False)
    agreement = reliability([said(n, n % 2, n % 2) for n in range(40)]).side
    assert (agreement.units, agreement.same, agreement.alpha, agreement.meaning) == (
        40,
        40,
        None,
        "unavailable",
    )


def test_each_coder_is_compared_with_whomever_they_shared_statements() -> None:
    pairs = [said(1, 1, 1), said(2, 1, 2, "anna", "cora"), said(3, 1, 2, "ben", "cora")]
    reliabilities = by_coder(pairs)
    assert {one: (reliabilities[one].units, reliabilities[one].same) for one in reliabilities} == {
        "anna": (2, 1),
        "ben": (2, 1),
        "cora": (2, 0),
    }


def test_a_statement_that_three_coders_read_is_one_unit() -> None:
    told = reliability([said(1, 1, 1), said(1, 1, 2, coder="cora")])
    assert (told.units, told.same) == (1, 0)


def test_an_interval_holds_the_alpha_and_is_the_same_each_time() -> None:
    pairs = [said(n, n % 2, n % 2 if n > 4 else 1 - n % 2) for n in range(40)]
    agreement = reliability(pairs, with_interval=True).side
    assert agreement.alpha is not None
    assert agreement.interval is not None
    low, high = agreement.interval
    assert low < agreement.alpha < high < 1.001
    assert reliability(pairs, with_interval=True).side.interval == agreement.interval
    assert reliability(pairs).side.interval is None


@pytest.mark.thorough
def test_more_units_make_a_narrower_interval() -> None:
    def width(units: int) -> float:
        pairs = [said(n, n % 2, n % 2 if n % 8 else 1 - n % 2) for n in range(units)]
        low, high = reliability(pairs, with_interval=True).side.interval or (0, 0)
        return high - low

    assert 0 < width(160) < width(40)


def test_where_hardly_anything_varies_no_interval_is_told() -> None:
    pairs = [said(n, 2, 2) for n in range(40)] + [said(90, 1, 2)]
    assert reliability(pairs, with_interval=True).side.interval is None


def test_a_variable_is_compared_where_both_said_something() -> None:
    number, room = Variable(id="cost", kind=NUMBER), Variable(id="room", kind=TEXT)
    values = [("1", "1", "a line"), ("2", "3", "a page"), ("3", "3", "a page"), ("", "4", "")]
    pairs = [
        msgspec.structs.replace(
            said(place, 1, 1),
            first_values={"cost": first, "room": "a page"},
            second_values={"cost": second, "room": seen},
        )
        for place, (first, second, seen) in enumerate(values)
    ]
    agreement = on_variable(pairs, number)
    assert (agreement.units, agreement.same, agreement.meaning) == (3, 2, "few")
    # By hand: 2 of 6 squared differences are observed, 58 of 30 are expected.
    assert agreement.alpha == pytest.approx(1 - (2 / 6) / (58 / 30))
    assert (on_variable(pairs, room).units, on_variable(pairs, room).same) == (3, 2)


def krippendorff(pairs: list[tuple[object, object]]) -> float:
    """Return alpha of two observers and names, by the coincidences (Krippendorff 2011, B)."""
    met = Counter(pair for one, other in pairs for pair in ((one, other), (other, one)))
    used = Counter(value for pair in pairs for value in pair)
    total = sum(used.values())
    same = sum(count for (one, other), count in met.items() if one == other)
    chance = sum(count * (count - 1) for count in used.values())
    return float(((total - 1) * same - chance) / (total * (total - 1) - chance))


def test_speaker_day_and_passage_have_the_alpha_of_independent_code() -> None:
    chance = Random(7)  # noqa: S311 - nothing is kept secret by it
    people, days = ("ann", "bo", "cy"), ("2025-12-01", "2025-12-02", "2025-12")
    found = []
    for number in range(40):
        size = chance.randint(8, 30)
        begin = chance.randint(0, size - 6)
        passage = begin, begin + chance.randint(2, 5)
        shift = chance.choice((0, 0, 1, 6))
        speaker, day = chance.choice(people), chance.choice(days)
        mark = ParagraphMark(
            size=size,
            passage=passage,
            words=(passage[0] + shift, passage[1] + shift),
            speaker=speaker if chance.random() < 0.7 else chance.choice(people),
            said_at=day if chance.random() < 0.7 else chance.choice(days),
        )
        pair = said(number, 1, 1)
        first = {"first_speaker": speaker, "first_said_at": day}
        found.append(msgspec.structs.replace(pair, **first, mark=mark))
    marked = [(one, one.mark) for one in found if one.mark]
    same = [(one, mark) for one, mark in marked if not mark.is_elsewhere]
    assert len(same) < len(marked)
    expected = {
        "speaker": krippendorff([(one.first_speaker, mark.speaker) for one, mark in same]),
        "said_at": krippendorff([(one.first_said_at, mark.said_at) for one, mark in same]),
        "passage": krippendorff(
            [
                (at in range(*mark.passage), at in range(*mark.words))
                for _, mark in marked
                for at in range(mark.size)
            ]
        ),
    }
    agreements = on_paragraphs(found)
    assert {name: round(agreement.alpha or 0, 9) for name, agreement in agreements.items()} == {
        name: round(value, 9) for name, value in expected.items()
    }
    assert {name: agreement.units for name, agreement in agreements.items()} == {
        "speaker": len(same),
        "said_at": len(same),
        "passage": len(marked),
    }


def test_a_month_is_another_day_than_its_first_and_the_same_as_all_of_its_days() -> None:
    def agreed(first: str, second: str) -> int:
        mark = ParagraphMark(size=2, passage=(0, 1), words=(0, 1), speaker="ann", said_at=second)
        pair = msgspec.structs.replace(said(1, 1, 1), first_said_at=first, mark=mark)
        return on_paragraphs([pair])["said_at"].same

    assert agreed("2025-12", "2025-12-01") == 0
    assert agreed("2025-12", "2025-12-01/2025-12-31") == 1
    assert agreed("2025-12-01T10:00Z", "2025-12-01") == 1


def test_where_other_words_were_read_nothing_but_the_passage_is_compared() -> None:
    mark = ParagraphMark(size=9, passage=(0, 3), words=(4, 6), speaker="ann", said_at="2025-12-01")
    pair = msgspec.structs.replace(said(1, 1, -1), first_speaker="bo", mark=mark)
    assert not pair.waits
    assert reliability([pair]).units == 0
    agreements = on_paragraphs([pair])
    assert [agreements[name].units for name in ("speaker", "said_at", "passage")] == [0, 0, 1]
