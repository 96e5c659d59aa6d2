"""The filters of a story, with how many changes each choice would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.spelling import romanise
from timeline.projections.tables.kinds import DEVELOPMENT, KINDS
from web.lanes.filters import Option
from web.wording.kinds import kinds_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web.story.reading import StoryReading

ACTORS = 40
"""The most actors to choose from, those that changed most often."""

QUESTIONS = 40
"""The most questions to choose from unless all are asked for, by number of changes."""


class Chosen(msgspec.Struct, frozen=True):
    """A filter that is set, and the address without it."""

    label: str
    href: str


class StoryFilters(msgspec.Struct, frozen=True):
    """The boxes of each filter, the filters that are set, and whether anything can be new.

    ``more_topics`` questions have no box.
    """

    topics: list[Option]
    more_topics: int
    actors: list[Option]
    kinds: list[Option]
    chosen: list[Chosen]
    can_be_new: bool


def story_filters(reading: StoryReading) -> StoryFilters:
    """Return the boxes, counted with the other filters applied."""
    address = reading.address
    every_kind = msgspec.structs.replace(address, kind=KINDS)
    by_kind = reading.passing(every_kind)
    topics = _topics(reading)
    actors = _actors(reading)
    kinds = _kinds(reading, by_kind.counts("kind"), by_kind.developments_in_all())
    chosen = [
        Chosen(
            choice.label, address.url(reading.story.slug, **_without(reading, name, choice.value))
        )
        for name, choices in (("topic", topics), ("actor", actors), ("kind", kinds))
        for choice in choices
        if choice.chosen
    ]
    can_be_new = reading.new_after is not None or address.only == "new"
    more = len(reading.topics) - len(topics)
    return StoryFilters(topics, more, actors, kinds, chosen, can_be_new)


def _topics(reading: StoryReading) -> list[Option]:
    changes = reading.passing(msgspec.structs.replace(reading.address, topic=()))
    counts = changes.counts("topic")
    for topic, count in changes.developments_by_topic().items():
        counts[topic] = counts.get(topic, 0) + count
    chosen = reading.address.topic
    ordered = sorted(reading.topics, key=lambda topic: -counts.get(topic.id, 0))
    named = ordered if reading.address.questions else ordered[:QUESTIONS]
    shown = {topic.id for topic in named} | {topic.id for topic in ordered if topic.slug in chosen}
    return [
        Option(topic.slug, topic.label, counts.get(topic.id, 0), chosen=topic.slug in chosen)
        for topic in ordered
        if topic.id in shown
    ]


def _actors(reading: StoryReading) -> list[Option]:
    changes = reading.passing(msgspec.structs.replace(reading.address, actor=()))
    counts = changes.counts("lane")
    chosen = [actor.id for actor in reading.actors]
    shown = list(dict.fromkeys([*chosen, *list(counts)[:ACTORS]]))
    reading.names.actors(set(shown))
    boxes = [
        Option(
            reading.actor(actor).slug,
            reading.actor(actor).name,
            counts.get(actor, 0),
            chosen=actor in chosen,
        )
        for actor in shown
    ]
    return sorted(boxes, key=lambda choice: romanise(choice.label))


def _kinds(reading: StoryReading, kind_counts: Mapping[str, int], happened: int) -> list[Option]:
    counts = {**kind_counts, DEVELOPMENT: happened}
    chosen = reading.address.kind
    return [
        Option(kind, kinds_word(kind), counts.get(kind, 0), chosen=kind in chosen) for kind in KINDS
    ]


def _without(reading: StoryReading, name: str, value: str) -> dict[str, object]:
    values: tuple[str, ...] = getattr(reading.address, name)
    return {name: tuple(other for other in values if other != value), "part": ""}
