"""Readers' questions: answered beside the pages, within bounds, kept until the record goes on."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from tests.analysis.asked import FRUGAL
from tests.support.waiting import wait_until
from tests.web.paper import TIMES
from timeline.analysis import analyst as analysing
from timeline.analysis.analyst import Analyst, Preparing
from timeline.analysis.archiving import ARCHIVE_NOT_WRITABLE, archive
from timeline.analysis.inquiry import Inquiry, Result, ask_archive
from timeline.application.commands import RecordStatement
from timeline.bootstrap import open_store
from timeline.domain.errors import Busy, NotFound, Refused, StandlineError
from timeline.parquet import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STANDING = Inquiry(question="positions")
LONG = 30.0
"""Seconds in which anything here is answered."""


class Told:
    """A record in which an actor says something on one topic again and again."""

    def __init__(self, url: str) -> None:
        self.store = open_store(url)
        self.room = self.store.newsroom
        self.by = self.room.byline("dora", "form")
        self.room.stories.open(self.by, "Talks", slug="talks")
        self.room.topics.open(self.by, "Peace?", "position", slug="peace", story="talks")
        self.room.actors.introduce(self.by, "Aland", "state", slug="aland")
        self.say("supports", "2025-03-01")

    @property
    def head(self) -> int:
        """The log position up to which pages are shown."""
        return self.store.log.head()

    def say(self, stance: str, said_at: str) -> None:
        command = RecordStatement(
            topic="peace", actor="aland", stance=stance, said_at=said_at, source=TIMES
        )
        self.room.statements.record(self.by, command)
        self.store.models.catch_up()


def asked(
    analyst: Analyst, shown: int, inquiry: Inquiry = STANDING, *, known_at: int | None = None
) -> Result:
    found = analyst.ask(inquiry, known_at=known_at, shown=shown, patience=LONG)
    assert isinstance(found, Result)
    return found


@pytest.fixture
def told(store_url: str) -> Iterator[Told]:
    record = Told(store_url)
    yield record
    record.store.close()


def test_a_question_is_answered_from_an_archive_of_the_record(told: Told) -> None:
    found = asked(Analyst(told.store), told.head)
    assert [(answer.actor, answer.topic, answer.value) for answer in found.answers] == [
        ("aland", "peace", 2)
    ]
    assert found.known_at == told.store.log.head()


@pytest.mark.thorough
def test_the_next_answer_has_what_came_since(told: Told) -> None:
    analyst = Analyst(told.store)
    before = asked(analyst, told.head)
    told.say("opposes", "2025-04-01")
    assert [answer.value for answer in asked(analyst, told.head).answers] == [-2]
    assert [
        answer.value for answer in asked(analyst, told.head, known_at=before.known_at).answers
    ] == [2]


def test_the_same_question_is_counted_once_while_the_record_stands(told: Told) -> None:
    analyst = Analyst(told.store)
    assert asked(analyst, told.head) is asked(analyst, told.head)


@pytest.mark.thorough
def test_many_small_ranges_become_one(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysing, "PIECES", 3)
    analyst = Analyst(told.store)
    for day in range(1, 8):
        told.say("accepts" if day % 2 else "doubts", f"2025-05-0{day}")
        assert len(asked(analyst, told.head).answers) == 1


def test_what_is_refused_once_is_refused_again(told: Told) -> None:
    analyst = Analyst(told.store)
    for _ in range(2):
        with pytest.raises(NotFound, match="no topic 'war'"):
            asked(analyst, told.head, Inquiry(question="positions", topics=("war",)))


def test_whoever_does_not_wait_hears_how_far_it_is(told: Told) -> None:
    analyst = Analyst(told.store)
    first = analyst.ask(STANDING, known_at=None, shown=1, patience=0)
    assert isinstance(first, Preparing)
    assert asked(analyst, 1).known_at == told.head


@pytest.fixture
def going_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold every answer back until the event is set."""
    event = threading.Event()

    def slowly(*asked: Any) -> Result:  # noqa: ANN401 - what `find` takes
        event.wait(LONG)
        return ask_archive(*asked)

    monkeypatch.setattr(analysing, "ask_archive", slowly)
    yield event
    event.set()


@pytest.mark.thorough
def test_too_many_waiting_questions_are_turned_away(told: Told, going_on: threading.Event) -> None:
    analyst = Analyst(told.store)
    for shown in range(analysing.WAITING):
        assert isinstance(analyst.ask(STANDING, known_at=None, shown=shown, patience=0), Preparing)
    with pytest.raises(Busy, match="too many questions"):
        analyst.ask(STANDING, known_at=None, shown=99, patience=0)
    going_on.set()
    assert asked(analyst, analysing.WAITING - 1).known_at == told.head


def test_no_more_threads_wait_than_may(told: Told, going_on: threading.Event) -> None:
    analyst = Analyst(told.store)

    def ask(patience: float) -> float:
        begun = monotonic()
        analyst.ask(STANDING, known_at=None, shown=1, patience=patience)
        return monotonic() - begun

    def wait() -> None:
        while not going_on.is_set():
            ask(LONG)

    patient = [threading.Thread(target=wait) for _ in range(analysing.PATIENT)]
    for thread in patient:
        thread.start()
    wait_until(lambda: ask(0.5) < 0.25)
    going_on.set()
    for thread in patient:
        thread.join(LONG)


@pytest.mark.parametrize(
    "limits", [Limits(memory="1MB", spill="0KB", threads=1), Limits(threads=1, seconds=0.0)]
)
def test_what_takes_more_than_it_may_is_given_up(
    told: Told, limits: Limits, tmp_path: Path
) -> None:
    archive(told.store, tmp_path, limits=FRUGAL)
    with pytest.raises(Refused, match="more time or memory than a page may"):
        asked(Analyst(told.store, tmp_path, limits=limits), told.head, Inquiry(question="changes"))


def test_a_record_too_large_to_archive_meanwhile_says_so(told: Told) -> None:
    with pytest.raises(Refused, match=r"more than 2 events.*--archive FOLDER"):
        asked(Analyst(told.store, largest=2), told.head)


def test_an_archive_that_is_kept_is_asked_as_far_as_it_goes(told: Told, tmp_path: Path) -> None:
    upto = archive(told.store, tmp_path, limits=FRUGAL).upto
    told.say("opposes", "2025-04-01")
    found = asked(Analyst(told.store, tmp_path, largest=2), told.head)
    assert (found.known_at, [answer.value for answer in found.answers]) == (upto, [2])


def test_an_archive_of_another_log_is_not_asked(told: Told, tmp_path: Path) -> None:
    archive(told.store, tmp_path, limits=FRUGAL)
    manifest = tmp_path / "manifest.json"
    chain = told.store.log.place_at(told.store.log.head()).chain.hex()
    manifest.write_text(manifest.read_text().replace(chain, "00" * 32))
    with pytest.raises(StandlineError, match="is not of this log"):
        asked(Analyst(told.store, tmp_path), told.head)


def test_a_mistake_ends_the_waiting(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Result:
        raise ZeroDivisionError

    monkeypatch.setattr(analysing, "ask_archive", fail)
    with pytest.raises(StandlineError, match="ZeroDivisionError"):
        asked(Analyst(told.store), told.head)


def test_what_went_wrong_once_is_tried_again_for_the_next_who_asks(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> Result:
        raise StandlineError(ARCHIVE_NOT_WRITABLE, path="here", why="no space left")

    analyst = Analyst(told.store)
    with monkeypatch.context() as full:
        full.setattr(analysing, "ask_archive", no_room)
        with pytest.raises(StandlineError, match="no space left"):
            asked(analyst, told.head)
    assert asked(analyst, told.head).answers
