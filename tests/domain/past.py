"""Words in which a test tells what had happened, and what a command adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from timeline.domain.event import Byline, Event

if TYPE_CHECKING:
    from timeline.domain.aggregate import Aggregate

A = TypeVar("A", bound="Aggregate")

NOW = 1_765_800_000_000_000
"""2025-12-15T12:00:00Z in microseconds."""

ANNA = Byline(at=NOW, by="anna", via="form")
STREAM = "01940000-0000-7000-8000-000000000001"


def told(event_type: type[Event], **fields: object) -> Event:
    """An event as Anna records it now."""
    given: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "anna", "via": "form"}
    given.update(fields)
    return event_type(**given)


def past(kind: type[A], *events: Event) -> A:
    """The aggregate after these events of one stream."""
    numbered = [
        msgspec.structs.replace(event, originator_id=STREAM, originator_version=number)
        for number, event in enumerate(events, 1)
    ]
    aggregate = kind.replay(numbered)
    assert aggregate is not None
    return aggregate


def decided(aggregate: Aggregate) -> list[Event]:
    """What has been decided since, without the number that it has in its stream."""
    return [
        msgspec.structs.replace(event, originator_id="", originator_version=0)
        for event in aggregate.collect_events()
    ]
