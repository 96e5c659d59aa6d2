"""Appending to the log and reading it, on both stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.stores.newsroom import ANN, introduced, record_actor
from timeline.domain.actor import Actor
from timeline.domain.errors import Conflict, NotFound, Refused
from timeline.stores.log import EventLog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.event import Event
    from timeline.stores.store_url import StoreUrl


def test_a_new_log_is_empty(log: EventLog) -> None:
    assert log.head() == 0
    assert log.last() == (0, 0)
    assert log.count() == 0
    assert list(log.stream()) == []


def test_an_append_answers_with_rising_positions(log: EventLog) -> None:
    first = log.append([introduced(1), introduced(2)])
    second = log.append([introduced(3)])
    assert first + second == sorted(set(first + second))
    assert log.head() == second[-1]


def test_what_was_appended_is_read_as_it_was(log: EventLog) -> None:
    event = introduced(1)
    (position,) = log.append([event])
    assert log.event(position) == event
    assert list(log.stream()) == [(position, event)]
    assert log.stream_of(event.originator_id) == [event]


def test_an_aggregate_is_loaded_from_its_own_stream(log: EventLog) -> None:
    actor_id, _ = record_actor(log, "peskov", "Peskov")
    record_actor(log, "umerov", "Umerov")
    actor = log.load(Actor, actor_id)
    assert actor is not None
    assert (actor.name, actor.version) == ("Peskov", 1)


def test_a_stream_that_does_not_exist_loads_as_nothing(log: EventLog) -> None:
    assert log.load(Actor, "nobody") is None


def test_nothing_appended_is_nothing_recorded(log: EventLog) -> None:
    assert log.append([]) == []
    assert log.head() == 0


def test_five_thousand_events_go_in_at_once(log: EventLog) -> None:
    positions = log.append([introduced(number) for number in range(5_000)])
    assert len(positions) == len(set(positions)) == log.count() == 5_000
    read = list(log.stream())
    assert [position for position, _ in read] == positions
    assert [event.originator_id for _, event in read[:2]] == ["actor-00000000", "actor-00000001"]


def test_a_range_of_the_log_is_read_by_its_ends(log: EventLog) -> None:
    positions = log.append([introduced(number) for number in range(10)])
    middle = log.stream(after=positions[2], upto=positions[6])
    assert [position for position, _ in middle] == positions[3:7]
    assert log.event(positions[-1] + 1) is None


def test_a_stream_that_moved_on_is_a_conflict_and_nothing_is_recorded(log: EventLog) -> None:
    log.append([introduced(1)])
    with pytest.raises(Conflict, match="somebody else recorded something"):
        log.append([introduced(2), introduced(1)])
    assert log.count() == 1


def test_what_no_file_of_entries_could_hold_is_refused_and_words_of_any_length_are_not(
    log: EventLog,
) -> None:
    log.append([introduced(1, name="x" * 70_000)])
    with pytest.raises(Refused, match=r"have 70,?\d+ bytes, 65,?000 are allowed"):
        log.append([msgspec.structs.replace(introduced(2), key="k" * 70_000)])
    with pytest.raises(Refused, match="are allowed"):
        log.append([msgspec.structs.replace(introduced(2), slug="s" * 64_950)])
    log.append([msgspec.structs.replace(introduced(2), key="k" * 64_800)])
    entries = log.tree().bundle(0, 2)
    assert entries is not None
    assert len(entries) < 66_000


@pytest.mark.thorough
def test_an_erasure_is_recorded_however_much_it_names(log: EventLog) -> None:
    actor_id, _ = record_actor(log, "peskov", "Peskov")
    actor = log.load(Actor, actor_id)
    assert actor is not None
    actor.redact(ANN, tuple(range(10**9, 10**9 + 20_000)), "Art. 17 GDPR")
    log.append(actor.collect_events())
    assert log.verify().size == 2
    with pytest.raises(NotFound, match="no file of entries holds"):
        log.tree().bundle(0, 2)


def test_the_second_of_two_editors_is_told_of_the_first(log: EventLog) -> None:
    actor_id, _ = record_actor(log, "peskov", "Peskov")
    mine, theirs = log.load(Actor, actor_id), log.load(Actor, actor_id)
    assert mine is not None
    assert theirs is not None
    theirs.add_alias(ANN, "Peskow")
    log.append(theirs.collect_events())
    mine.add_alias(ANN, "Песков")
    with pytest.raises(Conflict):
        log.append(mine.collect_events())


def test_an_append_goes_on_after_a_conflict(log: EventLog) -> None:
    log.append([introduced(1)])
    with pytest.raises(Conflict):
        log.append([introduced(1)])
    assert log.append([introduced(2)])[0] > 1


def test_first_events_are_looked_up_in_bulk(log: EventLog) -> None:
    positions = log.append([introduced(number) for number in range(3_000)])
    wanted = {f"actor-{number:08}" for number in range(1_000, 4_000)}
    found = log.first_events(wanted)
    assert len(found) == 2_000
    assert found["actor-00001000"] == (positions[1_000], introduced(1_000))


def test_first_events_are_first_whatever_followed(log: EventLog) -> None:
    actor_id, position = record_actor(log, "peskov", "Peskov")
    actor = log.load(Actor, actor_id)
    assert actor is not None
    actor.rename(ANN, "Peskow", "German spelling")
    log.append(actor.collect_events())
    assert log.first_events([actor_id])[actor_id][0] == position


def test_a_log_is_there_when_it_is_opened_again(url: StoreUrl) -> None:
    first = EventLog.open(url)
    positions = first.append([introduced(1)])
    first.close()
    second = EventLog.open(url, create=False)
    assert list(second.stream()) == [(positions[0], introduced(1))]
    second.close()


def test_a_stream_read_while_others_append_ends_where_the_log_ended(log: EventLog) -> None:
    log.append([introduced(number) for number in range(1_500)])
    reading = log.stream()
    next(reading)
    log.append([introduced(number) for number in range(1_500, 3_000)])
    assert sum(1 for _ in reading) == 1_499


def test_an_event_may_name_another_of_the_same_append_by_its_position(log: EventLog) -> None:
    log.append([introduced(1)])
    overtaking: list[int] = []

    def naming(positions: Sequence[int]) -> Event:
        if not overtaking:
            overtaking.extend(log.append([introduced(4)]))
        event = introduced(3)
        return msgspec.structs.replace(event, recorded_by=f"of {positions[0]}")

    (position,) = log.append([introduced(2)], [naming])
    assert overtaking[0] < position
    assert log.event(position) == introduced(2)
    last = log.event(log.head())
    assert last is not None
    assert last.recorded_by == f"of {position}"
    assert (log.count(), log.head() > position) == (4, True)


def test_nothing_is_appended_where_what_names_it_clashes(log: EventLog) -> None:
    log.append([introduced(1)])
    with pytest.raises(Conflict):
        log.append([introduced(2)], [lambda _: introduced(1)])
    assert log.count() == 1
