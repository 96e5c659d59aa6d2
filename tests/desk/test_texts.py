"""Texts on the desk: kept for everybody who codes, with decisions and notes on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.desk.test_reviews import handed
from timeline.desk import notes, texts
from timeline.desk.erased_words import ErasedWords
from timeline.desk.notes import Note
from timeline.desk.texts import NOTHING, Decision, DeskText
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from timeline.desk.desk import Desk

NOON = 1_765_800_000_000_000


def text(number: int = 1, **changes: object) -> DeskText:
    kept = DeskText(
        document=f"00000000-0000-5000-8000-{number:012}",
        added_by="anna",
        added_at=NOON + number,
        imprint={"source.title": "“Ünï” 🕊", "source.lang": "de"},
        text="Eins.\n\nZwei „drei“.",
    )
    return msgspec.structs.replace(kept, **changes)


def test_a_text_comes_back_as_it_was_kept_and_a_later_one_takes_its_place(desk: Desk) -> None:
    desk.texts.keep(text())
    assert desk.texts.find(text().document) == text()
    later = text(text="Drei.", added_by="ben")
    desk.texts.keep(later)
    assert desk.texts.find(text().document) == later
    assert len(desk.texts.waiting()) == 1


def test_the_list_has_the_text_that_came_last_first(desk: Desk) -> None:
    for number in (1, 3, 2):
        desk.texts.keep(text(number))
    assert [one.document[-1] for one in desk.texts.waiting()] == ["3", "2", "1"]
    desk.texts.discard(text(3).document)
    desk.texts.discard(text(3).document)
    assert desk.texts.find(text(3).document) is None


def test_no_more_texts_are_kept_than_a_desk_holds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "MOST", 2)
    for number in (1, 2):
        desk.texts.keep(text(number))
    with pytest.raises(Refused, match="2 texts wait on the desk"):
        desk.texts.keep(text(3))
    desk.texts.keep(text(2, text="Another."))
    assert len(desk.texts.waiting()) == 2


def test_what_was_decided_on_a_passage_is_kept_once_and_can_be_taken_back(desk: Desk) -> None:
    document = text().document
    desk.texts.decide(document, Decision(7, 12, "Zwei", NOTHING, "anna"), NOON)
    desk.texts.decide(document, Decision(0, 5, "Eins.", 1042, "anna"), NOON)
    desk.texts.decide(document, Decision(7, 12, "Zwei", 1043, "ben"), NOON)
    assert desk.texts.decided(document) == [
        Decision(0, 5, "Eins.", 1042, "anna"),
        Decision(7, 12, "Zwei", 1043, "ben"),
    ]
    desk.texts.undecide(document, 0, 5)
    desk.texts.undecide(document, 0, 5)
    assert len(desk.texts.decided(document)) == 1
    assert desk.texts.decided(text(2).document) == []


def note(number: int = 1, words: str = "Ask  Ben\nabout it.", by: str = "anna") -> Note:
    mark = f"00000000-0000-7000-8000-{number:012}"
    return Note(mark, text().document, by, NOON + number, words)


def test_notes_on_a_text_are_for_everybody_and_removed_by_their_author_alone(desk: Desk) -> None:
    desk.notes.write(note(1))
    desk.notes.write(note(2, "Done.", by="ben"))
    desk.notes.write(note(2, "Done!", by="ben"))
    assert [one.words for one in desk.notes.on(text().document)] == ["Ask Ben about it.", "Done!"]
    desk.notes.remove("anna", note(2).id)
    assert len(desk.notes.on(text().document)) == 2
    desk.notes.remove("ben", note(2).id)
    assert [one.written_by for one in desk.notes.on(text().document)] == ["anna"]
    assert desk.notes.on(text(2).document) == []


@pytest.mark.parametrize(
    ("words", "message"), [(" \n ", "the note is empty"), ("x" * 2_001, "2000 are allowed")]
)
def test_what_is_no_note_is_refused(desk: Desk, words: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        desk.notes.write(note(words=words))


def test_no_more_notes_are_kept_than_somebody_reads(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "MOST", 1)
    desk.notes.write(note(1))
    with pytest.raises(Refused, match="1 notes"):
        desk.notes.write(note(2))


def test_words_that_are_to_go_go_from_notes_and_from_what_waits(desk: Desk) -> None:
    gone = "Anna Kern said that she would never sign it, whatever happened."
    desk.notes.write(note(1, f"Look: {gone}"))
    desk.notes.write(note(2, "Nothing of it."))
    for number, words in ((1, gone), (2, "Something else that was said.")):
        desk.reviews.hand_over(handed(number, words))
    assert desk.forget(ErasedWords([gone])) == 2
    assert [one.words for one in desk.notes.on(text().document)] == ["Nothing of it."]
    assert [entry.id[-1] for entry in desk.reviews.waiting()] == ["2"]


def test_a_text_is_tied_to_one_story_until_it_or_the_story_is_forgotten(desk: Desk) -> None:
    one, other = text(1).document, text(2).document
    for document in (one, other):
        desk.texts.tie(document, "talks", "anna", NOON)
    desk.texts.tie(one, "ferries", "ben", NOON)
    assert (desk.texts.story_of(one), desk.texts.story_of(other)) == ("ferries", "talks")
    desk.texts.tie(one, "", "ben", NOON)
    assert desk.texts.story_of(one) == ""
    desk.texts.forget(ErasedWords((), "talks"))
    assert desk.texts.story_of(other) == ""
