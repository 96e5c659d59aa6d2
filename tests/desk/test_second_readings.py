"""Samples that colleagues code again, on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from timeline.desk import second_readings
from timeline.desk.erased_words import ErasedWords
from timeline.desk.second_readings import ParagraphMark, Reading, Sample
from timeline.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from timeline.desk.desk import Desk

NOON = 1_765_800_000_000_000
SAID = [("statement-a", 10), ("statement-b", 11)]


def sample(number: int = 1, **changes: object) -> Sample:
    made = Sample(
        id=f"sample-{number}",
        topic="topic-a",
        coder="cora",
        asked_by="mira",
        asked_at=NOON + number,
        position=20,
    )
    return msgspec.structs.replace(made, **changes)


def read(desk: Desk, place: int = 1, **changes: object) -> Reading:
    one = desk.second_readings.reading("sample-1", place)
    given: dict[str, object] = {"stance": 2, "read_at": NOON, "note": "Ünï 🕊"} | changes
    reading = msgspec.structs.replace(one, **given)
    desk.second_readings.read(reading)
    return reading


def test_a_sample_asked_for_twice_is_kept_once_with_its_statements_in_order(desk: Desk) -> None:
    for _ in range(2):
        desk.second_readings.ask(sample(), SAID)
    assert desk.second_readings.samples() == [sample(size=2)]
    readings = desk.second_readings.readings("sample-1")
    assert [(reading.place, reading.statement, reading.number) for reading in readings] == [
        (1, "statement-a", 10),
        (2, "statement-b", 11),
    ]


def test_samples_are_found_by_coder_and_topic(desk: Desk) -> None:
    desk.second_readings.ask(sample(1), SAID)
    desk.second_readings.ask(sample(2, coder="dan", topic="topic-b"), SAID)
    found = desk.second_readings.samples
    assert [one.id for one in found(coder="cora")] == ["sample-1"]
    assert [one.id for one in found(topic="topic-b")] == ["sample-2"]
    assert desk.second_readings.given_to("dan", "topic-b") == {"statement-a", "statement-b"}
    assert desk.second_readings.given_to("dan", "topic-a") == set()


def test_a_reading_is_kept_as_it_was_given_first(desk: Desk) -> None:
    desk.second_readings.ask(sample(), SAID)
    given = read(desk)
    read(desk)
    with pytest.raises(Refused, match="read this statement already"):
        read(desk, stance=1)
    assert desk.second_readings.reading("sample-1", 1) == given
    assert desk.second_readings.sample("sample-1").read == 1


def test_no_position_is_a_reading_too(desk: Desk) -> None:
    desk.second_readings.ask(sample(), SAID)
    read(desk, stance=None, no_position_reason="unstated")
    kept = desk.second_readings.reading("sample-1", 1)
    assert (kept.stance, kept.no_position_reason) == (None, "unstated")


def test_what_was_not_read_is_taken_back_and_an_empty_sample_goes(desk: Desk) -> None:
    desk.second_readings.ask(sample(1), SAID)
    desk.second_readings.ask(sample(2), SAID)
    read(desk)
    for one in ("sample-1", "sample-2"):
        desk.second_readings.take_back(one)
    assert desk.second_readings.samples() == [sample(1, size=1, read=1)]
    with pytest.raises(NotFound):
        desk.second_readings.sample("sample-2")
    with pytest.raises(NotFound):
        desk.second_readings.reading("sample-1", 2)


def test_what_was_read_is_not_left_out(desk: Desk) -> None:
    desk.second_readings.ask(sample(), SAID)
    read(desk)
    for place in (1, 2):
        desk.second_readings.leave_out("sample-1", place)
    assert [reading.place for reading in desk.second_readings.readings("sample-1")] == [1]


def test_a_decision_is_kept_with_its_place_in_the_log(desk: Desk) -> None:
    desk.second_readings.ask(sample(), SAID)
    read(desk)
    desk.second_readings.decide("sample-1", 1, 42)
    assert desk.second_readings.reading("sample-1", 1).decided == 42


def test_what_is_erased_goes_with_its_readings_and_notes_lose_its_words(desk: Desk) -> None:
    desk.second_readings.ask(sample(), SAID)
    read(desk, 1)
    read(desk, 2, note="He said that he would never, ever join anything at all.")
    words = frozenset({"he would never, ever join anything at all"})
    assert desk.second_readings.forget(ErasedWords(words, "statement-a")) == 2
    (left,) = desk.second_readings.readings("sample-1")
    assert (left.statement, left.note, left.stance) == ("statement-b", "", 2)


def test_a_name_that_nobody_on_record_has_goes_with_the_words_that_are_erased(desk: Desk) -> None:
    desk.second_readings.ask(sample(), SAID)
    mark = ParagraphMark(
        size=9, passage=(1, 4), words=(1, 3), speaker="Somebody Unheard Of of Nowhere"
    )
    read(desk, 1, marked=msgspec.json.encode(mark).decode())
    assert desk.second_readings.forget(ErasedWords(frozenset({mark.speaker}), "")) == 1
    left = desk.second_readings.reading("sample-1", 1)
    assert left.mark == msgspec.structs.replace(mark, speaker="")


def test_there_is_an_end_to_what_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_readings, "MOST", 1)
    desk.second_readings.ask(sample(1), SAID)
    with pytest.raises(Refused, match="no more are kept"):
        desk.second_readings.ask(sample(2), SAID)
