"""Every event type there is, by its stable name."""

from __future__ import annotations

from timeline.domain import (
    actor,
    clock,
    development,
    document,
    signing,
    statement,
    story,
    topic,
    verdict,
)
from timeline.domain.event import Event
from timeline.rooms import noun_parts

_NOUNS = (story, topic, actor, document, statement, development, clock, signing, verdict)
OF_ROOMS = noun_parts("events")
"""Modules of nouns that rooms bring."""

EVENT_TYPES: dict[str, type[Event]] = {
    member.TOPIC: member
    for noun in (*_NOUNS, *OF_ROOMS.values())
    for member in vars(noun).values()
    if isinstance(member, type) and issubclass(member, Event) and member.TOPIC
}
