"""Several entries at once: all of them are on record, in one append, or none is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.application.newsdesk import Newsdesk, development, statement
from timeline.application.joint_recording import EntryCommand
from timeline.domain.errors import Conflict, NotFound, Refused, StandlineError
from timeline.domain.naming import keyed_id
from timeline.domain.statement import StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.event import Event
    from timeline.stores.recordable import Numbered as Naming


def numbered(*commands: object) -> list[EntryCommand]:
    """Give entries ids as a form would."""
    return [
        EntryCommand(keyed_id("test", str(place)), command)  # type: ignore[arg-type]
        for place, command in enumerate(commands)
    ]


ACCEPTS = statement(stance="accepts", utterance="u-1")
OPPOSES = statement(topic="nato-membership", stance="opposes", utterance="u-1")


def test_two_stances_of_one_utterance_are_one_append(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, appends = desk.log.head(), list[int]()
    append = desk.log.append

    def counted(events: Sequence[Event], numbered: Sequence[Naming] = ()) -> list[int]:
        appends.append(len(events))
        return append(events, numbered)

    monkeypatch.setattr(desk.log, "append", counted)
    recorded = desk.newsroom.together.record(desk.anna(), numbered(ACCEPTS, OPPOSES))
    assert appends == [3]
    assert desk.types(after=head) == ["document.filed", *["statement.recorded"] * 2]
    said = [desk.log.event(one.position) for one in recorded]
    assert [event.utterance for event in said if isinstance(event, StatementRecorded)] == [
        "u-1"
    ] * 2
    assert [one.position for one in recorded] == [head + 2, head + 3]


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        (statement(topic="nato-membership", stance="loves"), Refused, "stance"),
        (statement(topic="nobody-asked"), NotFound, "topic"),
        (statement(stance="opposes", utterance="u-1"), Refused, "topic"),
        (development(status="perhaps"), Refused, "status"),
    ],
)
def test_one_that_is_refused_stops_all_and_is_named(
    desk: Newsdesk, wrong: object, error: type[StandlineError], field: str
) -> None:
    head, entries = desk.log.head(), numbered(ACCEPTS, OPPOSES, wrong)
    with pytest.raises(error) as info:
        desk.newsroom.together.record(desk.anna(), entries)
    assert (info.value.entry, info.value.field) == (entries[2].entry, field)
    assert desk.log.head() == head


def test_other_utterances_may_answer_the_same_question(desk: Newsdesk) -> None:
    again = statement(stance="opposes", utterance="u-2")
    recorded = desk.newsroom.together.record(desk.anna(), numbered(ACCEPTS, again, statement()))
    assert [one.fresh for one in recorded] == [True] * 3


def test_what_is_sent_twice_is_recorded_once(desk: Newsdesk) -> None:
    entries = numbered(ACCEPTS, OPPOSES, development())
    once = desk.newsroom.together.record(desk.anna(), entries)
    head = desk.log.head()
    twice = desk.newsroom.together.record(desk.anna(), entries)
    assert [recorded.position for recorded in once] == [recorded.position for recorded in twice]
    assert desk.log.head() == head


def test_where_one_id_stands_for_other_words_nothing_of_the_rest_is_recorded(
    desk: Newsdesk,
) -> None:
    first, second = numbered(ACCEPTS, OPPOSES)
    desk.newsroom.together.record(desk.anna(), [first])
    head = desk.log.head()
    other = EntryCommand(first.entry, statement(paraphrase="Other words."))
    with pytest.raises(Conflict) as info:
        desk.newsroom.together.record(desk.anna(), [second, other])
    assert info.value.entry == first.entry
    assert desk.log.head() == head


def test_a_rehearsal_says_what_would_be_recorded_and_records_nothing(desk: Newsdesk) -> None:
    head, entries = desk.log.head(), numbered(ACCEPTS, OPPOSES)
    events = desk.newsroom.together.rehearse(desk.anna(), entries)
    assert [[event.TOPIC for event in row] for row in events] == [
        ["document.filed", "statement.recorded"]
    ] * 2
    assert desk.log.head() == head
