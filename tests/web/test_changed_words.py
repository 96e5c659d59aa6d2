from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.wording import changed_words
from web.wording.changed_words import Rewording, reword

SEPTEMBER = "Inflation is elevated, largely reflecting transitory factors."
NOVEMBER = (
    "Inflation is elevated, largely reflecting factors that are expected to be transitory. Supply"
    " and demand imbalances related to the pandemic and the reopening of the economy have"
    " contributed to sizable price increases in some sectors."
)
DECEMBER = (
    "Supply and demand imbalances related to the pandemic and the reopening of the economy have"
    " continued to contribute to elevated levels of inflation."
)


def test_words_that_are_gone_and_new_are_told_from_those_in_both() -> None:
    rewording = reword(NOVEMBER, DECEMBER)
    assert rewording.gone == [
        "Inflation is elevated, largely reflecting factors that are expected to be transitory.",
        "contributed to sizable price increases in some sectors",
    ]
    assert rewording.new == ["continued to contribute to elevated levels of inflation"]
    assert rewording.shared == 15


def test_a_mark_between_words_is_no_change_of_the_word_before_it() -> None:
    rewording = reword("We want peace.", "We want peace, now.")
    assert (rewording.gone, rewording.new) == ([], [", now"])


def test_capitals_make_no_other_word() -> None:
    assert reword("No further steps", "no further Steps").is_same


def test_figures_are_words() -> None:
    rewording = reword(
        "a target range of 4-1/4 to 4-1/2 percent", "a target range of 4 to 4-1/2 percent"
    )
    assert (rewording.gone, rewording.new) == (["4-1/4"], ["4"])


def test_a_short_word_alone_between_changes_counts_as_changed() -> None:
    then = "they always said one thing about the red house and left for home"
    later = "they always said one thing concerning the green garden and left for home"
    assert reword(then, later).gone == ["about the red house"]


def test_below_a_third_of_shared_words_nothing_is_marked() -> None:
    rewording = reword("I was a little bothered by that", "I think they can win it all back")
    assert not rewording.is_marked
    assert [piece.kind for piece in (*rewording.then, *rewording.later)] == ["both", "both"]
    assert (rewording.gone, rewording.new) == ([], [])


@pytest.mark.parametrize(("then", "later"), [("", ""), ("", "something"), ("…", "…")])
def test_texts_without_words_are_not_compared(then: str, later: str) -> None:
    assert not reword(then, later).is_marked


def test_very_long_texts_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed_words, "MOST", 5)
    assert not reword(SEPTEMBER, SEPTEMBER).is_marked


WORDS = st.lists(
    st.sampled_from(["the", "range", "rate", "lower", "raise", "4-1/2", ",", ".", "Größe"]),
    max_size=30,
).map(" ".join)


def text(rewording: Rewording) -> tuple[str, str]:
    return "".join(piece.text for piece in rewording.then), "".join(
        piece.text for piece in rewording.later
    )


@given(WORDS, WORDS)
def test_pieces_are_the_whole_text_and_what_is_in_both_is_the_same(then: str, later: str) -> None:
    rewording = reword(then, later)
    assert text(rewording) == (then, later)
    if rewording.is_marked:
        old = " ".join(piece.text for piece in rewording.then if piece.kind == "both").split()
        new = " ".join(piece.text for piece in rewording.later if piece.kind == "both").split()
        assert "".join(old).casefold() == "".join(new).casefold()


@given(WORDS, WORDS)
def test_a_text_is_the_same_as_itself_and_marked_alike_from_both_ends(
    then: str, later: str
) -> None:
    same = reword(then, then)
    assert same.is_same or not same.is_marked
    assert not any(piece.kind == "new" for piece in reword(then, later).then)
    assert not any(piece.kind == "gone" for piece in reword(then, later).later)
