"""What waits under embargo is recorded when its moment has come: once, whoever looks."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.record.desk import Desk as Editor
from timeline.application.commands import RecordDevelopment, RecordStatement, Source
from timeline.application.joint_recording import EntryCommand
from timeline.bootstrap import open_store
from timeline.desk.accounts.roles import Role
from timeline.desk.drafts import Gist
from timeline.desk.embargoes import MOST, Embargo
from timeline.desk.erased_words import ErasedWords
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.instants import MICROSECONDS
from timeline.domain.messages import Message
from timeline.releasing import entries_as_json, release, release_due, seconds_to_next

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from timeline.bootstrap import Services

AWAY = Message("away", "the store is away")
NOON = 1_765_886_400 * MICROSECONDS
MINUTE = 60 * MICROSECONDS
SOURCE = Source(outlet="Invented Post", published_at="2025-12-16")
WANTS = RecordStatement(
    topic="a-union",
    actor="bland",
    stance="supports",
    attribution="reported",
    paraphrase="Wants it as of tomorrow.",
    said_at="2025-12-15",
    source=SOURCE,
)


def as_kept(*commands: RecordStatement | RecordDevelopment) -> str:
    """Return what the desk keeps of one entry, or of several that belong together."""
    ids = (f"01900000-0000-7000-8000-00000000000{place}" for place in range(len(commands)))
    return entries_as_json([EntryCommand(*one) for one in zip(ids, commands, strict=True)])


class Clock:
    """A clock that a test sets."""

    now = NOON

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(store_url: str, clock: Clock) -> Iterator[Services]:
    with closing(open_store(store_url, clock=clock)) as opened:
        Editor(opened).furnish()
        opened.models.catch_up()
        yield opened


def waiting(number: int = 1, **changes: object) -> Embargo:
    entry = Embargo(
        id=f"00000000-0000-7000-8000-{number:012}",
        kind="statement",
        author="anna",
        via="form",
        due_at=NOON + 10 * MINUTE,
        set_by="anna",
        set_at=NOON,
        gist=Gist(words="“Ünï” 🕊"),
        fields={"paraphrase": ["Wants it as of tomorrow."]},
        command=as_kept(WANTS),
        text="The text of the source. Bland wants it as of tomorrow.",
        looked_up_to=1_000,
    )
    return msgspec.structs.replace(entry, **changes)


def said(services: Services) -> list[tuple[str, str, str]]:
    """Return who recorded which entries by which way."""
    return [
        (event.originator_id, event.recorded_by, event.via)
        for _, event in services.log.stream(0)
        if event.TOPIC in ("statement.recorded", "development.recorded")
    ]


@pytest.mark.thorough
def test_nothing_is_recorded_before_its_moment_and_all_of_it_then(
    services: Services, clock: Clock
) -> None:
    assert release_due(services) == []
    assert seconds_to_next(services) == 5
    services.desk.embargoes.keep(waiting())
    head = services.log.head()
    clock.now = waiting().due_at - 1
    assert release_due(services) == []
    assert services.log.head() == head
    clock.now += 1
    (done,) = release_due(services)
    assert said(services) == [(waiting().id, "anna", "form")]
    types = [event.TOPIC for _, event in services.log.stream(head)]
    assert types == ["document.filed", "statement.recorded", "document.snapshot_taken"]
    assert done.number == head + 2
    recorded = services.log.event(done.number)
    assert recorded
    assert recorded.recorded_at == clock.now
    assert services.desk.embargoes.waiting() == []
    assert release_due(services) == []


def test_those_that_are_due_together_come_in_the_order_of_their_moments(
    services: Services, clock: Clock
) -> None:
    for number, later in ((1, 2), (2, 1), (3, 9)):
        services.desk.embargoes.keep(waiting(number, due_at=NOON + later * MINUTE))
    assert seconds_to_next(services) == 5
    clock.now = NOON + MINUTE - MICROSECONDS
    assert seconds_to_next(services) == 1
    clock.now = NOON + 3 * MINUTE
    services.desk.embargoes.move(waiting(1).id, NOON + 4 * MINUTE, "ben", clock.now, 1_000)
    clock.now = NOON + 5 * MINUTE
    assert [released.entry.id[-1] for released in release_due(services)] == ["2", "1"]
    assert [entry.id[-1] for entry in services.desk.embargoes.waiting()] == ["3"]


@pytest.mark.thorough
def test_two_nodes_that_look_at_once_record_each_entry_once(
    services: Services, store_url: str, clock: Clock
) -> None:
    for number in range(1, 9):
        services.desk.embargoes.keep(waiting(number, fields={}, text=f"Text {number}."))
    clock.now = NOON + 11 * MINUTE
    start = threading.Barrier(3)
    done: list[int] = []

    def node() -> None:
        with closing(open_store(store_url, clock=clock)) as own:
            start.wait(30)
            for _ in range(3):
                done.extend(released.number for released in release_due(own))

    nodes = [threading.Thread(target=node) for _ in range(3)]
    for thread in nodes:
        thread.start()
    for thread in nodes:
        thread.join(60)
    ids = sorted(one for one, *_ in said(services))
    assert ids == [waiting(number).id for number in range(1, 9)]
    assert len(done) == len(set(done)) == 8
    assert services.desk.embargoes.waiting() == []


def test_a_process_that_ended_after_recording_leaves_nothing_to_record_again(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.desk.embargoes.keep(waiting(looked_up_to=0))
    clock.now = NOON + 11 * MINUTE
    with monkeypatch.context() as broken:
        broken.setattr(services.newsroom.documents, "take_snapshot", _ends)
        with pytest.raises(KeyboardInterrupt):
            release_due(services)
    assert len(said(services)) == 1
    assert len(services.desk.embargoes.waiting()) == 1
    (done,) = release_due(services)
    assert said(services) == [(waiting().id, "anna", "form")]
    assert done.number
    assert services.log.event(services.log.head()).TOPIC == "document.snapshot_taken"  # type: ignore[union-attr]
    assert services.desk.embargoes.waiting() == []


def _ends(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_store_that_takes_nothing_in_keeps_it_due(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.desk.embargoes.keep(waiting())
    clock.now = NOON + 11 * MINUTE

    def away(*_: object) -> None:
        raise StandlineError(AWAY)

    with monkeypatch.context() as broken:
        broken.setattr(services.newsroom.together, "record", away)
        with pytest.raises(StandlineError, match="is away"):
            release_due(services)
    assert services.desk.embargoes.waiting() == [waiting()]
    assert len(release_due(services)) == 1


def _close(services: Services) -> None:
    services.newsroom.topics.close(services.newsroom.byline("ben"), "a-union", "It is over.")


def _say_the_same(services: Services) -> None:
    services.newsroom.statements.record(services.newsroom.byline("ben"), WANTS)


def _disable(services: Services) -> None:
    services.desk.people.add("anna", "Anna", Role.CODER, NOON)
    services.desk.people.disable("anna", NOON)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_close, "topic 'a-union' is closed"),
        (_say_the_same, "was recorded meanwhile and may be the same"),
        (_disable, "its author anna may not record any more"),
    ],
)
def test_what_is_refused_when_it_is_due_is_kept_with_the_reason(
    services: Services, clock: Clock, happens: Callable[[Services], None], why: str
) -> None:
    services.desk.embargoes.keep(waiting(looked_up_to=services.log.head()))
    happens(services)
    clock.now = NOON + 11 * MINUTE
    before = len(said(services))
    (done,) = release_due(services)
    assert (done.number, len(said(services))) == (0, before)
    (kept,) = services.desk.embargoes.waiting()
    assert why in str(kept.trouble)
    assert release_due(services) == []
    assert seconds_to_next(services) == 5


def test_what_was_looked_at_is_recorded_all_the_same_and_what_is_moved_is_tried_again(
    services: Services, clock: Clock
) -> None:
    for number in (1, 2):
        services.desk.embargoes.keep(waiting(number, looked_up_to=services.log.head()))
    _say_the_same(services)
    clock.now = NOON + 11 * MINUTE
    release_due(services)
    done = release(services, waiting(1).id, looked=True)
    assert done
    assert done.number == services.log.head() - 1
    services.desk.embargoes.move(
        waiting(2).id, NOON + 12 * MINUTE, "ben", clock.now, services.log.head()
    )
    assert services.desk.embargoes.find(waiting(2).id).trouble is None
    clock.now = NOON + 13 * MINUTE
    assert [bool(released.number) for released in release_due(services)] == [True]


def test_a_development_waits_too_and_the_like_of_it_stops_it(
    services: Services, clock: Clock
) -> None:
    happened = RecordDevelopment(
        title="The talks are over.",
        topics=("a-union",),
        status="confirmed",
        happened_at="2025-12-15",
        source=SOURCE,
    )
    kept = {"kind": "development", "command": as_kept(happened), "text": ""}
    services.desk.embargoes.keep(waiting(1, **kept, looked_up_to=services.log.head()))
    services.desk.embargoes.keep(waiting(2, **kept, looked_up_to=services.log.head()))
    clock.now = NOON + 11 * MINUTE
    first, second = release_due(services)
    assert first.number
    assert "may be the same" in str(second.trouble)


def test_an_entry_waits_once_for_a_moment_to_come_and_is_its_authors(services: Services) -> None:
    room = services.desk.embargoes
    room.keep(waiting())
    room.keep(waiting(due_at=NOON + 20 * MINUTE))
    assert room.waiting() == [waiting(due_at=NOON + 20 * MINUTE)]
    with pytest.raises(Refused, match="somebody else's entry waits"):
        room.keep(waiting(author="cora"))
    for when in (NOON, NOON - 1):
        with pytest.raises(Refused, match="that moment has passed"):
            room.keep(waiting(2, due_at=when))
        with pytest.raises(Refused, match="that moment has passed"):
            room.move(waiting().id, when, "anna", NOON, 0)
    assert room.take_back(waiting().id).id == waiting().id
    for gone in (room.find, room.take_back):
        with pytest.raises(NotFound, match="waits for no moment any more"):
            gone(waiting().id)
    with pytest.raises(NotFound):
        room.move(waiting().id, NOON + MINUTE, "anna", NOON, 0)
    assert room.release(waiting().id, _ends) is None


def test_what_is_to_be_forgotten_is_found_in_the_form_the_command_and_the_text(
    services: Services,
) -> None:
    told = "Somebody said in confidence what they would rather not have said."
    command = as_kept(msgspec.structs.replace(WANTS, hedge=told))
    services.desk.embargoes.keep(waiting(1, fields={"hedge": [told]}))
    services.desk.embargoes.keep(waiting(2, command=command))
    services.desk.embargoes.keep(waiting(3, text=f"Yesterday. {told}"))
    services.desk.embargoes.keep(waiting(4))
    two = as_kept(WANTS, msgspec.structs.replace(WANTS, topic="deal", hedge=told))
    services.desk.embargoes.keep(waiting(5, command=two))
    assert services.desk.forget(ErasedWords([told])) == 4
    assert [entry.id for entry in services.desk.embargoes.waiting()] == [waiting(4).id]


def test_no_more_wait_than_anybody_looks_at(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.desk.embargoes.MOST", 2)
    assert MOST > 2
    for number in (1, 2, 2):
        services.desk.embargoes.keep(waiting(number))
    with pytest.raises(Refused, match="2 entries wait for their moment"):
        services.desk.embargoes.keep(waiting(3))


def test_stances_that_belong_together_are_recorded_together(
    services: Services, clock: Clock
) -> None:
    said = msgspec.structs.replace(WANTS, utterance="u")
    two = as_kept(said, msgspec.structs.replace(said, topic="deal", stance="expects"))
    services.desk.embargoes.keep(waiting(1, command=two))
    clock.now = waiting(1).due_at
    (done,) = release_due(services)
    assert done.number
    assert services.log.head() >= done.number + 1
    numbers = [at for at, event in services.log.stream() if event.TOPIC == "statement.recorded"]
    assert numbers == [done.number, done.number + 1]


def test_of_stances_that_belong_together_none_is_recorded_where_one_is_refused(
    services: Services, clock: Clock
) -> None:
    said = msgspec.structs.replace(WANTS, utterance="u")
    two = as_kept(said, msgspec.structs.replace(said, stance="opposes"))
    services.desk.embargoes.keep(waiting(1, command=two))
    clock.now = waiting(1).due_at
    (done,) = release_due(services)
    assert done.trouble is not None
    assert "statement.recorded" not in [event.TOPIC for _, event in services.log.stream()]
