from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.record.article import (
    anchor,
    composed,
    paragraphs,
    passage,
    quoted_words,
    without_invisible,
)


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for one in paragraphs(text, []) for s in one]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Smith spoke. He left.", ["Mr. Smith spoke.", "He left."]),
        ("Am 15. Dezember sprach er. Dann nicht.", ["Am 15. Dezember sprach er.", "Dann nicht."]),
        ("„Nein.“ Er ging.", ["„Nein.“", "Er ging."]),
        ("She said e.g. yes. So it is", ["She said e.g. yes.", "So it is"]),
        ("Один. Два.", ["Один.", "Два."]),
        ("第一句。第二句。", ["第一句。", "第二句。"]),
        ("A\n\n  B  \n", ["A", "  B"]),
    ],
)
def test_a_text_falls_into_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(st.text(alphabet=st.sampled_from("aB .!?\n„“\"'1é中。")))
def test_sentences_cover_all_that_is_written_once_and_in_order(text: str) -> None:
    found = [s for one in paragraphs(text, []) for s in one]
    spans = [(s.start, s.end) for s in found]
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    left_out = text
    for start, end in reversed(spans):
        left_out = left_out[:start] + left_out[end:]
    assert left_out.strip() == ""
    assert all("".join(p.text for p in s.pieces) == text[s.start : s.end] for s in found)


def test_a_recorded_passage_is_marked_within_its_sentence() -> None:
    (first,) = paragraphs("He said yes to it.", [(8, 11, 42)])
    assert [(p.text, p.number) for p in first[0].pieces] == [
        ("He said ", 0),
        ("yes", 42),
        (" to it.", 0),
    ]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Er sprach von „echten Fortschritten“.", "echten Fortschritten"),
        ("She said “no”.", "no"),
        ('It was "so" then.', "so"),
        ("Il dit « non ».", "non"),
        ("»Ja«, sagte er.", "Ja"),
        ("He said nothing.", ""),
    ],
)
def test_the_words_between_quotation_marks_are_found(sentence: str, words: str) -> None:
    assert quoted_words(sentence) == words


@pytest.mark.parametrize("value", ["", "3", "a-b", "5-2", "0-99", "-1-2"])
def test_offsets_that_lie_nowhere_are_no_passage(value: str) -> None:
    assert passage("ten chars.", value) is None


def test_words_are_anchored_near_their_passage_or_else_anywhere() -> None:
    assert anchor("no, no", "no", 3).start == 4
    assert anchor("no, no", "no", 5).start == 0
    assert anchor("no, no", "yes").start == -1


def test_a_text_is_composed_and_rid_of_what_nobody_sees() -> None:
    assert composed("e\u0301") == "é"
    assert without_invisible("a\u200fb\x00c\nd") == "abc\nd"
