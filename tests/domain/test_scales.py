from __future__ import annotations

import pytest

from timeline.domain.errors import Refused
from timeline.domain.scales import SCALES, VALUES, scale_named


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("position", ["opposes", "doubts", "undecided", "accepts", "supports"]),
        ("vote", ["against", None, "abstained", None, "for"]),
        (
            "expectation",
            ["rules out", "thinks unlikely", "leaves open", "thinks likely", "expects"],
        ),
        ("claim", ["denies", "questions", "leaves open", "suggests", "asserts"]),
    ],
)
def test_each_scale_has_its_words_from_weakest_to_strongest(
    name: str, words: list[str | None]
) -> None:
    assert list(scale_named(name).words) == words


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: scale.name)
def test_a_word_and_its_value_name_each_other(scale: object) -> None:
    named = scale_named(scale.name)  # type: ignore[attr-defined]
    assert [named.value(named.word(step)) for step in named.steps] == list(named.steps)


def test_only_positions_and_votes_are_for_or_against() -> None:
    assert [scale.name for scale in SCALES.values() if scale.partisan] == ["position", "vote"]


def test_a_word_of_another_scale_is_refused_with_the_words_to_choose_from() -> None:
    with pytest.raises(Refused, match="not a word of the vote scale; use one of: against") as no:
        scale_named("vote").value("supports")
    assert no.value.field == "stance"


@pytest.mark.parametrize("step", [-1, 1, 3, -3])
def test_a_step_that_the_vote_scale_lacks_is_refused(step: int) -> None:
    with pytest.raises(Refused, match="the vote scale has no step"):
        scale_named("vote").word(step)


def test_an_unknown_scale_is_refused_with_the_scales_there_are() -> None:
    with pytest.raises(Refused, match="there is no scale 'mood'; use one of: position, vote"):
        scale_named("mood")


def test_every_scale_is_within_minus_two_and_two() -> None:
    assert all(set(scale.steps) <= set(VALUES) for scale in SCALES.values())
