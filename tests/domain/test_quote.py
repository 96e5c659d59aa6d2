"""The words of a quote, and the marks that are none of them."""

from __future__ import annotations

import pytest

from timeline.domain.quote import without_marks


@pytest.mark.parametrize(
    "given",
    [
        '"Ours. Always."',
        "“Ours. Always.”",
        "„Ours. Always.“",
        "„Ours. Always.”",
        "«\u00a0Ours. Always.\u00a0»",
        "»Ours. Always.«",
        "‚Ours. Always.‘",
        "‘Ours. Always.’",
        "„«Ours. Always.»“",
        "Ours. Always.",
    ],
)
def test_the_pair_of_marks_around_a_whole_quote_is_left_out(given: str) -> None:
    assert without_marks(given) == "Ours. Always."


@pytest.mark.parametrize(
    "given",
    [
        '"A" and "B"',
        "„A“ und „B“",
        "“A” and “B”",
        "«A» et «B»",
        '"A" at the start',
        'at the end "B"',
        '"never closed',
        '"',
        '""',
        '" "',
        "“ „",
        "'Tis the season of givin'",
        "",
    ],
)
def test_marks_that_hold_a_part_of_the_words_only_stay(given: str) -> None:
    assert without_marks(given) == given


def test_marks_and_apostrophes_within_stay() -> None:
    assert without_marks("„Er sagte ‚nein‘ dazu“") == "Er sagte ‚nein‘ dazu"
    assert without_marks("‘It’s “ours”’") == "It’s “ours”"
