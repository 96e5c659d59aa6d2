"""How events become bytes and are read again in later versions; what none ever gives up."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.golden import EXAMPLES
from tests.stores.newsroom import NOON, introduced
from timeline.domain.catalogue import EVENT_TYPES
from timeline.domain.errors import StandlineError
from timeline.domain.event import Event, Note
from timeline.domain.topic import TopicFiledUnder
from timeline.stores.mapper import (
    UPCASTERS,
    Codec,
    Fields,
    exact_parts,
    matches_commitment,
    read_event,
    state_of,
    write_event,
)


@pytest.mark.parametrize("topic", EXAMPLES)
def test_an_event_is_read_as_it_was_written(topic: str) -> None:
    event = EXAMPLES[topic]
    read = read_event(event.originator_id, event.originator_version, topic, write_event(event))
    assert read == event


@given(st.text(), st.integers(0, 2**53))
def test_any_name_and_any_instant_come_back(name: str, at: int) -> None:
    event = introduced(1, at, name or "–")
    assert read_event(event.originator_id, 1, event.TOPIC, write_event(event)) == event


@pytest.mark.parametrize("topic", EXAMPLES)
def test_the_parts_of_a_state_make_the_same_state_again(topic: str) -> None:
    state = write_event(EXAMPLES[topic])
    assert state_of(*exact_parts(state)) == state


@pytest.mark.parametrize("topic", EXAMPLES)
def test_the_committed_part_is_the_shortest_map_of_its_fields(topic: str) -> None:
    committed, _, _ = exact_parts(write_event(EXAMPLES[topic]))
    assert msgspec.msgpack.encode(msgspec.msgpack.decode(committed)) == committed


def test_what_is_committed_to_is_salt_and_content() -> None:
    committed, salt, content = exact_parts(write_event(introduced(1)))
    assert salt is not None
    assert content is not None
    fields = msgspec.msgpack.decode(committed)
    assert fields["hash"] == hashlib.sha256(salt + content).digest()
    assert matches_commitment(committed, salt, content)
    assert not matches_commitment(committed, salt, content + b"\0")
    assert not matches_commitment(committed, bytes(16), content)


def test_no_word_of_the_content_is_committed() -> None:
    committed, _, _ = exact_parts(write_event(introduced(1, name="Volodymyr")))
    assert b"Volodymyr" not in committed


def test_the_same_words_are_committed_to_differently_each_time() -> None:
    committed, _, _ = exact_parts(write_event(introduced(1)))
    again, _, _ = exact_parts(write_event(introduced(1)))
    assert committed != again


def test_content_where_none_was_committed_to_does_not_keep_its_word() -> None:
    event = TopicFiledUnder(recorded_at=NOON, recorded_by="ann", via="form", story="s")
    committed, salt, content = exact_parts(write_event(event))
    assert (salt, content) == (None, None)
    assert not matches_commitment(committed, bytes(16), b"\x80")


def test_an_event_without_its_content_is_read_without_it() -> None:
    committed, _, _ = exact_parts(write_event(introduced(1)))
    read = read_event("actor-00000001", 1, "actor.introduced", state_of(committed, None, None))
    assert read == msgspec.structs.replace(introduced(1), content=None)


def test_an_event_that_could_not_be_read_again_is_not_written() -> None:
    wrong = msgspec.structs.replace(introduced(1), kind=7)
    with pytest.raises(msgspec.ValidationError, match="Expected `str`, got `int`"):
        write_event(wrong)


def test_a_type_that_nobody_knows_is_told_in_one_line() -> None:
    state = write_event(introduced(1))
    with pytest.raises(StandlineError, match=r"no event is called .actor\.cloned. here; update"):
        read_event("actor-00000001", 1, "actor.cloned", state)


def test_a_version_from_the_future_is_told_in_one_line() -> None:
    committed, salt, content = exact_parts(write_event(introduced(1)))
    fields = msgspec.msgpack.decode(committed) | {"v": 99}
    state = state_of(msgspec.msgpack.encode(fields), salt, content)
    with pytest.raises(StandlineError, match=r"actor\.introduced has no version 99 here"):
        read_event("actor-00000001", 1, "actor.introduced", state)


@pytest.mark.parametrize("event_type", EVENT_TYPES.values())
def test_no_field_of_an_event_takes_a_name_that_the_committed_part_needs(
    event_type: type[Event],
) -> None:
    assert not {"v", "hash"} & set(event_type.__struct_fields__)


class RumourHeard(Event, frozen=True):
    """A made-up event as a first release would store it."""

    TOPIC = "rumour.heard"
    of: str
    content: Note | None = None


class RumourHeardLater(Event, frozen=True):
    """The same two releases later."""

    TOPIC = "rumour.heard"
    VERSION = 3
    about: str
    weight: int
    content: Note | None = None


def first_release(*, erased: bool = False) -> bytes:
    """Return the state of a rumour as the first release stored it."""
    heard = RumourHeard(
        recorded_at=NOON, recorded_by="ann", via="form", of="talks", content=Note(note="by mail")
    )
    committed, state = Codec(RumourHeard).write(heard, bytes(16))
    return state_of(committed, None, None) if erased else state


@pytest.fixture
def upcasters(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(committed: Fields, content: Fields | None) -> tuple[Fields, Fields | None]:
        return {**committed, "about": committed["of"]}, content

    def weigh(committed: Fields, content: Fields | None) -> tuple[Fields, Fields | None]:
        return {**committed, "weight": 1}, content and {"note": content["note"].upper()}

    monkeypatch.setitem(UPCASTERS, ("rumour.heard", 1), rename)
    monkeypatch.setitem(UPCASTERS, ("rumour.heard", 2), weigh)


@pytest.mark.usefixtures("upcasters")
def test_an_event_of_an_earlier_release_is_read_step_by_step() -> None:
    read: Any = Codec(RumourHeardLater).read(first_release())
    assert (read.about, read.weight, read.content) == ("talks", 1, Note(note="BY MAIL"))


@pytest.mark.usefixtures("upcasters")
def test_an_earlier_event_whose_content_was_erased_is_read_without_it() -> None:
    read: Any = Codec(RumourHeardLater).read(first_release(erased=True))
    assert (read.about, read.weight, read.content) == ("talks", 1, None)


def test_a_version_from_which_no_step_leads_on_is_told_in_one_line() -> None:
    with pytest.raises(StandlineError, match=r"rumour\.heard has no version 1 here; update"):
        Codec(RumourHeardLater).read(first_release())
