"""Events of an older version, read as today's."""

from __future__ import annotations

from copy import deepcopy

from tests.stores.golden import STATE
from tests.stores.test_golden_events import read_golden
from timeline.domain.development import DevelopmentRecorded
from timeline.stores.mapper import UPCASTERS, Fields, exact_parts, read_event, state_of, upcast

RECORDED = "development.recorded"


def test_a_development_of_version_1_that_somebody_told_was_a_claim() -> None:
    committed, _ = upcast(RECORDED, 1, 2, {"according_to": STATE}, {"title": "Talks"})
    assert committed == {"according_to": STATE, "status": "claimed"}


def test_a_development_of_version_1_that_nobody_told_was_a_fact() -> None:
    assert upcast(RECORDED, 1, 2, {}, None) == ({"status": "confirmed"}, None)


def test_an_upcaster_changes_nothing_that_it_was_given() -> None:
    for step in UPCASTERS.values():
        committed: Fields = {"according_to": STATE}
        content: Fields = {"title": "Talks"}
        before = deepcopy((committed, content))
        step(committed, content)
        assert (committed, content) == before


def test_an_event_of_this_version_is_not_touched() -> None:
    assert upcast(RECORDED, 2, 2, {"status": "disputed"}, None) == ({"status": "disputed"}, None)


def test_an_older_event_whose_content_was_erased_is_read_without_it() -> None:
    golden = read_golden(RECORDED, 1)
    committed, _, _ = exact_parts(bytes.fromhex(golden.state))
    event = read_event(golden.stream, 1, RECORDED, state_of(committed, None, None))

    assert isinstance(event, DevelopmentRecorded)
    assert (event.status, event.content) == ("claimed", None)
