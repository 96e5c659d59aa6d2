"""When it was said, by the day of publication."""

from __future__ import annotations

import pytest

from timeline.capture.dates import said_at
from timeline.domain.dates import parse_date

MONDAY = "2025-12-15"


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("sagte sie am Montag", "2025-12-15"),
        ("sagte sie am Freitag", "2025-12-12"),
        ("sagte sie am vergangenen Montag", "2025-12-08"),
        ("sagte sie gestern", "2025-12-14"),
        ("sagte sie am 3. März", "2025-03-03"),
        ("sagte sie am 24. Dezember", "2024-12-24"),
        ("sagte sie am 3. März 2021", "2021-03-03"),
        ("sagte sie im Oktober", "2025-10"),
        ("sagte sie vergangene Woche", "2025-12-08/2025-12-14"),
        ("sagte sie", "../2025-12-15"),
        ("sagte sie am 31. Februar", "../2025-12-15"),
        ("sagte sie am 3. März 2031", "../2025-12-15"),
    ],
)
def test_german_words_for_a_day_become_edtf(words: str, edtf: str) -> None:
    assert said_at(words, "de", MONDAY) == edtf
    assert parse_date(edtf).text == edtf


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("she said on Friday", "2025-12-12"),
        ("she said Monday", "2025-12-15"),
        ("she said last Monday", "2025-12-08"),
        ("she said yesterday", "2025-12-14"),
        ("she said on 3 March", "2025-03-03"),
        ("she said on March 3, 2021", "2021-03-03"),
        ("she said in October", "2025-10"),
        ("she said it would end by Friday", "../2025-12-15"),
        ("she said", "../2025-12-15"),
    ],
)
def test_english_words_for_a_day_become_edtf(words: str, edtf: str) -> None:
    assert said_at(words, "en", MONDAY) == edtf


def test_an_instant_of_publication_counts_as_its_day() -> None:
    assert said_at("sagte sie gestern", "de", "2025-12-15T08:00:00+01:00") == "2025-12-14"


def test_a_month_of_publication_tells_no_day() -> None:
    assert said_at("sagte sie gestern", "de", "2025-12") == "../2025-12"


def test_without_a_day_of_publication_no_date_is_made_up() -> None:
    assert said_at("sagte sie gestern", "de", "") == ""
