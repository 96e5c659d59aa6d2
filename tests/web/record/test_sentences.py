from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.counted_steps import steps_of
from timeline.domain.text import without_unfit
from web.record.source_text.article import anchor, composed, passage
from web.record.source_text.sentences import (
    MarkedSpans,
    Sentence,
    Span,
    article,
    cut_into_sentences,
    pieces,
    quoted_words,
)

NOTHING = MarkedSpans()


def shown(
    text: str, marked: MarkedSpans = NOTHING, coded: Span | None = None
) -> list[list[Sentence]]:
    return article(text, cut_into_sentences(text), marked, coded)


def sentences(text: str) -> list[str]:
    return [text[slice(*span)] for paragraph in cut_into_sentences(text) for span in paragraph]


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
    spans = [span for paragraph in cut_into_sentences(text) for span in paragraph]
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    left_out = text
    for start, end in reversed(spans):
        left_out = left_out[:start] + left_out[end:]
    assert left_out.strip() == ""


def runs(found: list[list[Sentence]]) -> list[tuple[str, str]]:
    """Return every run of a text with what it is: r(ecorded), s(uggested), q(uoted), c(hosen)."""
    return [
        (
            piece.text,
            "r" * piece.recorded + "s" * piece.suggested + "q" * piece.quoted + "c" * part.chosen,
        )
        for paragraph in found
        for sentence in paragraph
        for part in sentence.parts
        for piece in part.pieces
    ]


@given(
    st.text(alphabet=st.sampled_from('aB. \n„“"🕊'), min_size=8),
    st.tuples(st.integers(0, 7), st.integers(0, 40)),
    st.tuples(st.integers(0, 7), st.integers(1, 40)),
)
def test_whatever_is_marked_in_it_a_sentence_keeps_its_text(
    text: str, recorded: tuple[int, int], coded: tuple[int, int]
) -> None:
    chosen = (min(coded), max(coded)) if coded[0] != coded[1] else None
    marked = MarkedSpans([(min(recorded), max(recorded), 7)], [recorded])
    for sentence in (one for paragraph in shown(text, marked, chosen) for one in paragraph):
        pieces = [piece for part in sentence.parts for piece in part.pieces]
        assert "".join(piece.text for piece in pieces) == text[sentence.start : sentence.end]
        assert all(piece.text for piece in pieces)


def test_a_recorded_passage_is_marked_within_its_sentence_and_numbered_where_it_ends() -> None:
    found = shown("He said “yes” to it.", MarkedSpans([(8, 16, 42)]))
    assert runs(found) == [
        ("He said ", ""),
        ("“", "r"),
        ("yes", "rq"),
        ("” to", "r"),
        (" it.", ""),
    ]
    ((sentence,),) = found
    assert sentence.numbers == (42,)


def test_a_passage_of_two_sentences_has_its_number_behind_the_second() -> None:
    ((first, second),) = shown("He came. He went.", MarkedSpans([(0, 17, 5), (9, 17, 6)]))
    assert (first.numbers, second.numbers) == ((), (5, 6))
    assert runs([[first, second]]) == [("He came.", "r"), ("He went.", "r")]


def test_what_may_be_a_statement_is_marked_unless_it_is_on_record() -> None:
    assert runs(shown("He may go. Or not.", MarkedSpans([(11, 18, 5)], [(3, 9), (14, 17)]))) == [
        ("He ", ""),
        ("may go", "s"),
        (".", ""),
        ("Or ", "r"),
        ("not", "r"),
        (".", "r"),
    ]


def test_exact_words_are_marked_across_sentences_and_what_is_quoted_in_them() -> None:
    text = "Er kam. Sie sagte „nie wieder“ dazu."
    assert runs(shown(text, NOTHING, (3, text.index("wieder")))) == [
        ("Er ", ""),
        ("kam.", "c"),
        ("Sie sagte „", "c"),
        ("nie ", "qc"),
        ("wieder", "q"),
        ("“ dazu.", ""),
    ]


def test_a_whole_sentence_is_marked_as_a_whole() -> None:
    found = shown("Er kam. Sie ging.", NOTHING, (8, 17))
    assert [what for _, what in runs(found)] == ["", "c"]


def test_a_passage_shows_apart_what_the_source_quotes_in_it() -> None:
    text = "Erst so. Dann „ein 🕊 Wort“ mehr."
    found = pieces(text, (text.index("Dann"), len(text)))
    assert [(piece.text, piece.quoted) for piece in found] == [
        ("Dann „", False),
        ("ein 🕊 Wort", True),
        ("“ mehr.", False),
    ]
    (inside,) = pieces(text, (text.index("🕊"), text.index("“")))
    assert (inside.text, inside.quoted) == ("🕊 Wort", True)


@pytest.mark.parametrize(
    ("text", "passage_", "words"),
    [
        ("Er sprach von „echten Fortschritten“.", "Er sprach von „echten Fortschritten“.", "all"),
        ("She said “no”.", "She said “no”.", "no"),
        ('It was "so" then.', 'It was "so" then.', "so"),
        ("Il dit « non ».", "Il dit « non ».", "non"),
        ("»Ja«, sagte er.", "»Ja«, sagte er.", "Ja"),
        ("“We go, all of us,” she said.", "“We go, all of us,” she said.", "We go, all of us"),
        ("He said nothing.", "He said nothing.", ""),
        ("Von „echten Fortschritten“.", "Fortschritten", "Fortschritten"),
        ("Von „echten Fortschritten“.", "Von „echten", "echten"),
        ("„Nein. Niemals.“ Er ging.", "Niemals.", "Niemals."),
        ("„Nein. Niemals.“ Er ging.", "Er ging.", ""),
        ("„Eins.\n\nZwei.", "Zwei.", ""),
    ],
)
def test_the_words_between_quotation_marks_are_found(text: str, passage_: str, words: str) -> None:
    start = text.index(passage_)
    wanted = "echten Fortschritten" if words == "all" else words
    assert quoted_words(text, (start, start + len(passage_))) == wanted


def test_a_section_of_a_text_is_cut_by_places_in_the_whole_of_it() -> None:
    text = "One. Two.\n" * 5_000
    assert cut_into_sentences(text, (40_000, 40_020)) == [
        [(40_000, 40_004), (40_005, 40_009)],
        [(40_010, 40_014), (40_015, 40_019)],
    ]


def test_quotation_marks_are_found_far_behind_the_beginning_of_a_long_text() -> None:
    text = "Nothing.\n" * 20_000 + "He said “no”."
    assert quoted_words(text, (text.index("He"), len(text))) == "no"


def test_each_of_many_quotes_is_told_from_what_stands_between() -> None:
    ((sentence,),) = shown('"a" b ' * 5_000)
    (part,) = sentence.parts
    quoted = [piece.text for piece in part.pieces if piece.quoted]
    assert quoted == ["a"] * 5_000


def test_a_text_without_paragraphs_takes_twice_as_much_work_where_it_is_twice_as_long() -> None:
    sentence = "Er sagte „nein“ dazu. "
    assert len(shown(sentence * 1_000)[0]) == 1_000
    once, twice = (steps_of(shown, sentence * many) for many in (200, 400))
    assert twice < 2.2 * once


@pytest.mark.parametrize("value", ["", "3", "a-b", "5-2", "0-99", "-1-2"])
def test_offsets_that_lie_nowhere_are_no_passage(value: str) -> None:
    assert passage("ten chars.", value) is None


def test_words_are_anchored_near_their_passage_or_else_anywhere() -> None:
    assert anchor("no, no", "no", 3).start == 4
    assert anchor("no, no", "no", 5).start == 0
    assert anchor("no, no", "yes").start == -1


def test_a_text_is_composed_and_rid_of_what_nobody_sees() -> None:
    assert composed("e\u0301") == "é"
    assert without_unfit("a\u200fb\x00c\nd") == "abc\nd"
