"""The filters of a story: what can be chosen, and how many changes each choice would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries.happenings import busiest
from timeline.projections.tables.kinds import DEVELOPMENT, KINDS
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.projections.queries.happenings import Tally
    from web.story.reading import StoryReading

ACTORS = 40
"""Actors to choose from, those that changed most often."""


class Choice(msgspec.Struct, frozen=True):
    """One box of a filter; ``count`` respects the other filters."""

    value: str
    label: str
    count: int
    chosen: bool


class Chosen(msgspec.Struct, frozen=True):
    """A filter that is set, and the address without it."""

    label: str
    href: str


class StoryFilters(msgspec.Struct, frozen=True):
    """The boxes of each filter, what is chosen of all of them, and whether anything can be new."""

    topics: list[Choice]
    actors: list[Choice]
    kinds: list[Choice]
    chosen: list[Chosen]
    can_be_new: bool


def story_filters(reading: StoryReading) -> StoryFilters:
    """Return what can be chosen, each counted as the other filters let through."""
    address = reading.address
    every_kind = msgspec.structs.replace(address, kind=KINDS)
    by_kind = reading.passing(every_kind)
    topics = _topics(reading)
    actors = _actors(reading)
    kinds = _kinds(reading, by_kind.tally(), by_kind.developments_in_all())
    chosen = [
        Chosen(one.label, address.url(reading.story.slug, **_without(reading, name, one.value)))
        for name, found in (("topic", topics), ("actor", actors), ("kind", kinds))
        for one in found
        if one.chosen
    ]
    can_be_new = reading.new_after is not None or address.only == "new"
    return StoryFilters(topics, actors, kinds, chosen, can_be_new)


def _topics(reading: StoryReading) -> list[Choice]:
    found = reading.passing(msgspec.structs.replace(reading.address, topic=()))
    counts = _counts(found.tally(), "topic")
    for topic, count in found.developments_by_topic().items():
        counts[topic] = counts.get(topic, 0) + count
    chosen = reading.address.topic
    choices = [
        Choice(one.slug, one.label, counts.get(one.id, 0), one.slug in chosen)
        for one in reading.topics
    ]
    return sorted(choices, key=lambda one: -one.count)


def _actors(reading: StoryReading) -> list[Choice]:
    found = reading.passing(msgspec.structs.replace(reading.address, actor=()))
    counts = _counts(found.tally(), "lane")
    chosen = [one.id for one in reading.actors]
    shown = list(dict.fromkeys([*chosen, *list(counts)[:ACTORS]]))
    reading.names.actors(set(shown))
    return [
        Choice(reading.actor(one).slug, reading.actor(one).name, counts.get(one, 0), one in chosen)
        for one in shown
    ]


def _kinds(reading: StoryReading, tallies: Iterable[Tally], happened: int) -> list[Choice]:
    counts = _counts(tallies, "kind") | {DEVELOPMENT: happened}
    words = {
        "reversal": gettext("reversals"),
        "shift": gettext("shifts"),
        "reported": gettext("second-hand changes"),
        "mixed": gettext("differing answers"),
        "first": gettext("first words"),
        DEVELOPMENT: gettext("developments"),
    }
    chosen = reading.address.kind
    return [Choice(kind, words[kind], counts.get(kind, 0), kind in chosen) for kind in KINDS]


def _counts(tallies: Iterable[Tally], name: str) -> dict[str, int]:
    return dict(busiest(tallies, name))


def _without(reading: StoryReading, name: str, value: str) -> dict[str, object]:
    held: tuple[str, ...] = getattr(reading.address, name)
    return {name: tuple(one for one in held if one != value), "part": 1}
