"""The lines of an export that no entry can say: stories, silent topics, other names, mandates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.development import Development
from timeline.interchange.exporting.additions_out import translations_out
from timeline.interchange.exporting.rows_out import actor_row, story_row, topic_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.domain.actor import Actor
    from timeline.domain.story import Story
    from timeline.domain.topic import Topic
    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.exporting.standing import Record, Selection


def noun_rows(record: Record, selection: Selection) -> Iterator[Row]:
    """Yield the lines that an import needs before the entries, each after what it builds on."""
    told = _Told(record, selection)
    stories, topics = told.stories(), told.topics()
    yield from (story_row(record, story) | translations_out(story) for story in stories)
    actors = told.actors(stories)
    yield from (actor_row(record, actor) | translations_out(actor) for actor in actors)
    yield from (topic_line(record, topic) | translations_out(topic) for topic in topics)


class _Told:
    """What the selected entries say of nouns, and what only a line of its own can say."""

    def __init__(self, record: Record, selection: Selection) -> None:
        self._record = record
        self._everything = selection.is_everything
        self._topics: set[str | None] = set()
        self._speakers: set[str | None] = set()
        self._mentioned: set[str | None] = set()
        self._borne_on: set[str | None] = set()
        for standing in record.entries(selection):
            fields = standing.entry.fields
            if isinstance(standing.entry, Development):
                self._borne_on.update(fields["topics"])
                self._mentioned.add(fields["according_to"])
            else:
                self._topics.add(fields["topic"])
                self._speakers.add(fields["speaker"])
                self._mentioned.add(fields["on_behalf_of"])
                self._borne_on.add(fields["condition_topic"])

    def stories(self) -> list[Story]:
        record = self._record
        named = {
            topic.story
            for topic in record.topics.values()
            if topic.id in self._topics or topic.id in self._borne_on
        }
        return [one for one in record.stories.values() if self._everything or one.id in named]

    def topics(self) -> list[Topic]:
        return [
            one
            for one in self._record.topics.values()
            if one.id in self._borne_on
            or (self._everything and one.id not in self._topics)
            or (_is_worded_twice(one) and one.id in self._topics)
        ]

    def actors(self, stories: Iterable[Story]) -> list[Actor]:
        on_sides = {actor for story in stories for side in story.sides for actor in side}
        by_slug = on_sides | self._mentioned
        ordered: dict[str, Actor] = {}
        for one in self._record.actors.values():
            speaks = one.id in self._speakers
            silent = self._everything and not speaks
            if one.id in by_slug or silent or (speaks and _has_more(one)):
                self._put(one, ordered)
        return list(ordered.values())

    def _put(self, actor: Actor, ordered: dict[str, Actor], above: tuple[str, ...] = ()) -> None:
        """Place an actor after those for whom it speaks; a circle of mandates is cut."""
        if actor.id in ordered or actor.id in above:
            return
        for held in actor.mandates.values():
            whom = self._record.actors.get(held.on_behalf_of)
            if whom is not None:
                self._put(whom, ordered, (*above, actor.id))
        ordered[actor.id] = actor


def _is_worded_twice(topic: Topic) -> bool:
    """Tell whether there is more to say of a topic than a statement on it can."""
    return bool(topic.translations) or len(topic.wordings) > 1


def _has_more(actor: Actor) -> bool:
    """Tell whether there is something to say of an actor that its statements do not."""
    return bool(actor.aliases or actor.mandates or actor.translations)
