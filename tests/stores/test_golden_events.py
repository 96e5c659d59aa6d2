"""What was once stored loads for ever: one file a type and version."""

from __future__ import annotations

import msgspec
import pytest

from tests.stores.golden import EXAMPLES, FOLDER, Golden, golden_file
from timeline.domain.catalogue import EVENT_TYPES
from timeline.stores.mapper import (
    UPCASTERS,
    exact_parts,
    matches_commitment,
    read_event,
    write_event,
)

WRITE = "give it an example in tests/stores/golden.py, then python -m tests.stores.golden"
VERSIONS = [*((topic, event_type.VERSION) for topic, event_type in EVENT_TYPES.items()), *UPCASTERS]
"""Every type and version that is read."""


def read_golden(topic: str, version: int) -> Golden:
    return msgspec.json.decode(golden_file(topic, version).read_bytes(), type=Golden)


@pytest.mark.parametrize(("topic", "version"), VERSIONS)
def test_every_version_of_every_event_type_has_a_golden_file(topic: str, version: int) -> None:
    assert golden_file(topic, version).exists(), WRITE


def test_no_golden_file_is_of_a_type_or_version_that_is_not_read() -> None:
    expected = {golden_file(topic, version) for topic, version in VERSIONS}
    assert set(FOLDER.iterdir()) == expected


@pytest.mark.parametrize(("topic", "version"), VERSIONS)
def test_a_golden_event_loads_as_it_always_did(topic: str, version: int) -> None:
    golden = read_golden(topic, version)
    state = bytes.fromhex(golden.state)
    event = read_event(golden.stream, golden.stream_version, golden.type, state)
    assert type(event) is EVENT_TYPES[topic]
    assert msgspec.json.decode(msgspec.json.encode(event)) == golden.loads_as
    assert matches_commitment(*exact_parts(state))


@pytest.mark.parametrize("topic", EVENT_TYPES)
def test_an_event_is_stored_today_in_the_bytes_of_its_golden_file(topic: str) -> None:
    golden = read_golden(topic, EVENT_TYPES[topic].VERSION)
    committed, salt, content = exact_parts(write_event(EXAMPLES[topic]))
    before, salt_before, content_before = exact_parts(bytes.fromhex(golden.state))
    assert content == content_before
    assert _without_hash(committed) == _without_hash(before)
    assert salt is None or salt != salt_before


def test_every_upcaster_leads_to_a_version_that_is_read() -> None:
    assert {(topic, version + 1) for topic, version in UPCASTERS} <= set(VERSIONS)


def _without_hash(committed: bytes) -> list[tuple[str, object]]:
    fields = msgspec.msgpack.decode(committed, type=dict[str, object])
    fields.pop("hash", None)
    return list(fields.items())
