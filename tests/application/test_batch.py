from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.application.newsdesk import LogRegister, Newsdesk, statement
from tests.support.processes import PROCESSES
from timeline.application.batch import Outcome, record_batch
from timeline.application.commands import Command, Source
from timeline.application.directory import Directory
from timeline.application.intake import Intake, IntakeRow
from timeline.application.prepare import prepare
from timeline.domain.errors import Conflict
from timeline.domain.event import Byline, Event
from timeline.domain.naming import keyed_id
from timeline.domain.topic import Topic
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

ROWS, AT_ONCE = 2_000, 100
WORDS = ("supports", "accepts", "opposes")


def command(number: int, **changes: object) -> Command:
    """What row ``number`` of a file says."""
    told: dict[str, object] = {
        "topic": f"Topic {number % 7}",
        "scale": "position",
        "actor": None,
        "actor_name": f"State {number % 40}",
        "actor_kind": "state",
        "stance": WORDS[number % 3],
        "paraphrase": f"Row {number}.",
        "source": Source(outlet="UN", title=f"Res {number % 90}", published_at="2025-12-15"),
    }
    return statement(**(told | changes))


def identified(number: int) -> str:
    return keyed_id("test", str(number))


def prepared(desk: Newsdesk, *numbers: int, **changes: object) -> list[list[Event]]:
    directory = Directory(desk.log, desk.register, creates=True)
    byline = desk.anna()
    return [
        prepare(command(number, **changes), directory, byline, identified(number))
        for number in numbers
    ]


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes]


def test_rows_are_on_record_once_however_often_they_come(desk: Newsdesk) -> None:
    once = record_batch(desk.log, prepared(desk, 1, 2, 3))
    head = desk.log.head()
    twice = record_batch(desk.log, prepared(desk, 1, 2, 3))
    assert (kinds(once), kinds(twice)) == (["fresh"] * 3, ["known"] * 3)
    assert [outcome.position for outcome in once] == [outcome.position for outcome in twice]
    assert desk.log.head() == head


def test_a_row_twice_in_one_batch_is_recorded_once(desk: Newsdesk) -> None:
    outcomes = record_batch(desk.log, prepared(desk, 1, 1))
    assert kinds(outcomes) == ["fresh", "known"]
    assert outcomes[0].position == outcomes[1].position


def test_an_id_with_other_words_is_a_conflict_and_the_rest_goes_on(desk: Newsdesk) -> None:
    record_batch(desk.log, prepared(desk, 1))
    rows = prepared(desk, 1, stance="doubts") + prepared(desk, 2)
    outcomes = record_batch(desk.log, rows)
    assert kinds(outcomes) == ["conflict", "fresh"]
    assert outcomes[0].differs == ("stance",)


def test_a_row_in_conflict_brings_nothing_new_on_record(desk: Newsdesk) -> None:
    record_batch(desk.log, prepared(desk, 1))
    head = desk.log.head()
    record_batch(desk.log, prepared(desk, 1, actor_name="Somebody New", topic="Something New"))
    assert desk.log.head() == head


def test_what_is_new_comes_once_before_the_first_row_that_needs_it(desk: Newsdesk) -> None:
    head = desk.log.head()
    record_batch(desk.log, prepared(desk, 0, 7, 280))
    assert desk.types(after=head) == [
        "topic.opened",
        "actor.introduced",
        "document.filed",
        "statement.recorded",
        "actor.introduced",
        "document.filed",
        "statement.recorded",
        "document.filed",
        "statement.recorded",
    ]


def test_a_row_whose_words_were_erased_stays_so(desk: Newsdesk) -> None:
    record_batch(desk.log, prepared(desk, 1))
    desk.newsroom.statements.redact(desk.anna(), identified(1), "court order")
    outcomes = record_batch(desk.log, prepared(desk, 1) + prepared(desk, 1, stance="doubts"))
    assert kinds(outcomes) == ["redacted", "conflict"]


def test_later_corrections_do_not_make_a_row_new(desk: Newsdesk) -> None:
    record_batch(desk.log, prepared(desk, 1))
    desk.newsroom.statements.correct(desk.anna(), identified(1), {"stance": "doubts"}, "misread")
    assert kinds(record_batch(desk.log, prepared(desk, 1))) == ["known"]


def test_a_topic_that_somebody_opened_on_another_scale_meanwhile_is_a_conflict(
    desk: Newsdesk,
) -> None:
    rows = prepared(desk, 1)
    desk.newsroom.topics.open(desk.anna(), "Will it?", "claim", slug="topic-1")
    outcomes = record_batch(desk.log, rows)
    assert (kinds(outcomes), outcomes[0].differs) == (["conflict"], ("scale",))
    assert outcomes[0].position is None


class _Overtaken(EventLog):
    """A log to which somebody else appends the same rows just before us, once."""

    def __init__(self, log: EventLog, theirs: list[Event]) -> None:
        self._log, self._theirs = log, theirs

    def first_events(self, streams: object) -> dict[str, tuple[int, Event]]:
        return self._log.first_events(streams)  # type: ignore[arg-type]

    def append(self, events: object, _numbered: object = ()) -> list[int]:
        if self._theirs:
            self._log.append(self._theirs)
            self._theirs = []
        return self._log.append(events)  # type: ignore[arg-type]


def test_rows_that_somebody_else_appends_just_before_us_are_known_and_the_rest_is_put(
    desk: Newsdesk,
) -> None:
    rows = prepared(desk, 1, 2, 3)
    theirs = [msgspec.structs.replace(event, recorded_by="bob") for event in rows[1]]
    outcomes = record_batch(_Overtaken(desk.log, theirs), rows)
    assert kinds(outcomes) == ["fresh", "known", "fresh"]
    assert sorted(desk.log.first_events([identified(n) for n in (1, 2, 3)])) == sorted(
        identified(n) for n in (1, 2, 3)
    )


def test_a_conflict_that_no_look_up_explains_is_raised(desk: Newsdesk) -> None:
    row = prepared(desk, 1)[0]
    not_a_first_event = [*row[:-1], msgspec.structs.replace(row[-1], originator_version=2)]
    record_batch(desk.log, [not_a_first_event])
    with pytest.raises(Conflict):
        record_batch(desk.log, [not_a_first_event])


def test_an_empty_batch_appends_nothing(desk: Newsdesk) -> None:
    head = desk.log.head()
    assert record_batch(desk.log, []) == []
    assert desk.log.head() == head


# Two at once


def bring(store: str, begin: int, started: Barrier, answers: Queue[Counter[str]]) -> None:
    """Import all rows, beginning somewhere, in a process of its own."""
    log = EventLog.open(StoreUrl.parse(store))
    directory = Directory(log, LogRegister(log), creates=True)
    intake = Intake(
        log, directory, lambda: Byline(time.time_ns() // 1000, f"from {begin}", "import:rows.csv")
    )
    numbers = [*range(begin, ROWS), *range(begin)]
    started.wait()
    counted: Counter[str] = Counter()
    for at in range(0, ROWS, AT_ONCE):
        batch = [IntakeRow(identified(n), command(n)) for n in numbers[at : at + AT_ONCE]]
        counted.update(outcome.kind for outcome in intake.put(batch))
    answers.put(counted)
    log.close()


@pytest.mark.thorough
@pytest.mark.parametrize("apart", [0, AT_ONCE // 2, ROWS // 2])
def test_two_importers_of_the_same_rows_lose_none_and_record_none_twice(
    new_store_url: str, apart: int
) -> None:
    EventLog.open(StoreUrl.parse(new_store_url)).close()
    started, answers = PROCESSES.Barrier(2), PROCESSES.Queue()
    workers = [
        PROCESSES.Process(target=bring, args=(new_store_url, begin, started, answers))
        for begin in (0, apart)
    ]
    for worker in workers:
        worker.start()
    counted = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    log = EventLog.open(StoreUrl.parse(new_store_url))
    streams = Counter(event.originator_id for _, event in log.stream())
    assert sum(one["fresh"] for one in counted) == ROWS
    assert sum(one["known"] for one in counted) == ROWS
    assert {identified(n) for n in range(ROWS)} <= streams.keys()
    assert set(streams.values()) == {1}
    assert log.load(Topic, next(iter(streams))) is not None
    log.close()
