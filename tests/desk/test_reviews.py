"""What waits for a second person, on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import Engine, event

from timeline.desk import reviews
from timeline.desk.drafts import Gist
from timeline.desk.erased_words import ErasedWords
from timeline.desk.reviews import Review
from timeline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from timeline.desk.desk import Desk

NOON = 1_765_800_000_000_000
SOURCE = "00000000-0000-5000-8000-000000000001"


def handed(number: int = 1, words: str = "Wants to join.", **changes: object) -> Review:
    entry = Review(
        id=f"00000000-0000-7000-8000-{number:012}",
        kind="statement",
        author="anna",
        handed_at=NOON + number,
        document=SOURCE,
        gist=Gist(words="“Ünï” 🕊"),
        fields={"passage.text": [words]},
        command="{}",
    )
    return msgspec.structs.replace(entry, **changes)


def test_what_is_handed_over_twice_waits_once_as_it_is_now(desk: Desk) -> None:
    desk.reviews.hand_over(handed())
    desk.reviews.hand_over(handed(words="Wants to leave."))
    assert desk.reviews.waiting() == [handed(words="Wants to leave.")]
    assert desk.reviews.find(handed().id) == handed(words="Wants to leave.")
    desk.reviews.take_away(handed())
    assert desk.reviews.waiting() == [handed(words="Wants to leave.")]
    desk.reviews.take_away(handed(words="Wants to leave."))
    desk.reviews.take_away(handed(words="Wants to leave."))
    with pytest.raises(NotFound, match="does not wait any more"):
        desk.reviews.find(handed().id)


def test_an_entry_is_its_authors_alone_to_hand_over_again(desk: Desk) -> None:
    desk.reviews.hand_over(handed())
    with pytest.raises(Refused, match="somebody else's entry waits"):
        desk.reviews.hand_over(handed(words="Wants to leave.", author="cora"))
    assert desk.reviews.waiting() == [handed()]


def test_only_what_waits_as_it_was_looked_at_is_sent_back(desk: Desk) -> None:
    desk.reviews.hand_over(handed(words="Wants to leave."))
    gist = Gist(words="Not so.", sent_back="ben")
    with pytest.raises(NotFound, match="does not wait any more"):
        desk.reviews.send_back(handed(), gist)
    assert desk.reviews.waiting() == [handed(words="Wants to leave.")]
    desk.reviews.send_back(handed(words="Wants to leave."), gist)
    assert desk.reviews.waiting() == [handed(words="Wants to leave.", gist=gist)]
    desk.reviews.take_away(handed(words="Wants to leave.", gist=gist))
    with pytest.raises(NotFound, match="does not wait any more"):
        desk.reviews.send_back(handed(words="Wants to leave."), gist)
    assert desk.reviews.waiting() == []


def test_what_waits_of_one_source_is_asked_for_by_its_id(desk: Desk) -> None:
    other = "00000000-0000-5000-8000-000000000002"
    for number, document in ((3, SOURCE), (1, SOURCE), (2, other), (4, "")):
        desk.reviews.hand_over(handed(number, document=document))
    assert [entry.id[-1] for entry in desk.reviews.waiting()] == ["1", "2", "3", "4"]
    assert [entry.id[-1] for entry in desk.reviews.waiting(SOURCE)] == ["1", "3"]
    assert [entry.id[-1] for entry in desk.reviews.waiting("")] == ["4"]


def test_no_more_wait_than_somebody_looks_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "MOST", 2)
    for number in (1, 2):
        desk.reviews.hand_over(handed(number))
    with pytest.raises(Refused, match="2 entries wait"):
        desk.reviews.hand_over(handed(3))
    desk.reviews.hand_over(handed(2, "Another."))
    assert len(desk.reviews.waiting()) == 2


def test_what_is_to_go_is_read_and_removed_in_one_transaction(desk: Desk) -> None:
    gone = "Anna Kern said that she would never sign it, whatever happened."
    desk.reviews.hand_over(handed(1, gone))
    desk.reviews.hand_over(handed(2))
    begun: list[object] = []

    def note(conn: object) -> None:
        begun.append(conn)

    event.listen(Engine, "begin", note)
    try:
        assert desk.forget(ErasedWords([gone])) == 1
    finally:
        event.remove(Engine, "begin", note)
    # Drafts, texts, notes, embargoes, requests, readings and the inbox take one each, too.
    assert len(begun) == 8
    assert desk.reviews.waiting() == [handed(2)]
