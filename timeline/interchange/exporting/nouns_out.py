"""Lines of nouns in an export, for what entries do not contain: stories, aliases, mandates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timeline.domain.development import Development
from timeline.interchange.exporting.rows_out import (
    actor_row,
    document_row,
    story_row,
    topic_line,
    translations_out,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.domain.actor import Actor
    from timeline.domain.entry import Entry
    from timeline.domain.story import Story
    from timeline.domain.topic import Topic
    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.exporting.standing import CurrentEntry, Record, Selection


def noun_rows(record: Record, selection: Selection) -> Iterator[Row]:
    """Yield the lines that an import needs before the entries, each after those it depends on."""
    nouns = _NounLines(record, selection)
    stories, topics = nouns.stories(), nouns.topics()
    yield from (story_row(record, story) | translations_out(story) for story in stories)
    actors = nouns.actors(stories)
    yield from (actor_row(record, actor) | translations_out(actor) for actor in actors)
    yield from (topic_line(record, topic) | translations_out(topic) for topic in topics)
    if selection.is_everything:
        documents = map(document_row, map(record.document, record.unnamed))
        yield from (row for row in documents if len(row) > 1)


class NounsBefore:
    """Yields lines of nouns before the entries that need them, each once.

    Together they are the lines of nouns that an export of these entries has.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._told: set[str] = set()

    def rows(self, standing: CurrentEntry) -> Iterator[Row]:
        """Yield the lines that an import needs before this entry and does not have yet."""
        mentions = _named_by(standing.entry)
        for stream in (mentions.topic, *mentions.borne_on):
            topic = self._record.topics.get(stream or "")
            if topic is not None:
                yield from self._story(self._record.stories.get(topic.story or ""))
                if topic.id in mentions.borne_on or _has_a_line(topic):
                    yield from self._actors(_watched_for(topic))
                    yield from self._topic(topic)
        yield from self._actors(mentions.mentioned)
        speaker = self._record.actors.get(mentions.speaker or "")
        if speaker is not None and _has_more(speaker):
            yield from self._actors([speaker.id])

    def _story(self, story: Story | None) -> Iterator[Row]:
        if story is not None and self._is_new(story.id):
            yield story_row(self._record, story) | translations_out(story)
            yield from self._actors(actor for side in story.sides for actor in side)

    def _topic(self, topic: Topic) -> Iterator[Row]:
        if self._is_new(topic.id):
            yield topic_line(self._record, topic) | translations_out(topic)

    def _actors(self, ids: Iterable[str | None]) -> Iterator[Row]:
        for actor in _after_their_own(self._record, ids):
            if self._is_new(actor.id):
                yield actor_row(self._record, actor) | translations_out(actor)

    def _is_new(self, stream: str) -> bool:
        is_new = stream not in self._told
        self._told.add(stream)
        return is_new


class _Mentions(NamedTuple):
    """The nouns that an entry names, by id: with all their fields, or by slug only."""

    topic: str | None
    speaker: str | None
    borne_on: tuple[str | None, ...]
    mentioned: tuple[str | None, ...]


def _named_by(entry: Entry) -> _Mentions:
    fields = entry.fields
    if isinstance(entry, Development):
        return _Mentions(None, None, tuple(fields["topics"]), (fields["according_to"],))
    condition, whom = fields["condition_topic"], fields["on_behalf_of"]
    return _Mentions(fields["topic"], fields["speaker"], (condition,), (whom,))


class _NounLines:
    """The nouns of the selected entries that need a line of their own."""

    def __init__(self, record: Record, selection: Selection) -> None:
        self._record = record
        self._everything = selection.is_everything
        self._topics: set[str | None] = set()
        self._speakers: set[str | None] = set()
        self._mentioned: set[str | None] = set()
        self._borne_on: set[str | None] = set()
        for standing in record.entries(selection):
            mentions = _named_by(standing.entry)
            self._topics.add(mentions.topic)
            self._speakers.add(mentions.speaker)
            self._mentioned.update(mentions.mentioned)
            self._borne_on.update(mentions.borne_on)

    def stories(self) -> list[Story]:
        record = self._record
        ids = {
            topic.story
            for topic in record.topics.values()
            if topic.id in self._topics or topic.id in self._borne_on
        }
        return [story for story in record.stories.values() if self._everything or story.id in ids]

    def topics(self) -> list[Topic]:
        return [
            topic
            for topic in self._record.topics.values()
            if topic.id in self._borne_on
            or (self._everything and topic.id not in self._topics)
            or (_has_a_line(topic) and topic.id in self._topics)
        ]

    def actors(self, stories: Iterable[Story]) -> list[Actor]:
        record = self._record
        on_sides = {actor for story in stories for side in story.sides for actor in side}
        watched_for = {actor for topic in self.topics() for actor in _watched_for(topic)}
        by_slug = on_sides | watched_for | self._mentioned
        return _after_their_own(
            record,
            (
                actor.id
                for actor in record.actors.values()
                if actor.id in by_slug
                or (self._everything and actor.id not in self._speakers)
                or (actor.id in self._speakers and _has_more(actor))
            ),
        )


def _after_their_own(record: Record, ids: Iterable[str | None]) -> list[Actor]:
    """Return actors, each after those it speaks for; a circle of mandates is cut."""
    ordered: dict[str, Actor] = {}

    def put(stream: str | None, above: tuple[str | None, ...] = ()) -> None:
        actor = record.actors.get(stream or "")
        if actor is None or stream in ordered or stream in above:
            return
        for mandate in actor.mandates.values():
            put(mandate.on_behalf_of, (*above, stream))
        ordered[actor.id] = actor

    for stream in ids:
        put(stream)
    return list(ordered.values())


def _has_a_line(topic: Topic) -> bool:
    """Tell whether a topic has more than the rows of its statements contain."""
    said = topic.codebooks, topic.watches, topic.natures, topic.ledes, topic.translations
    return any(said) or len(topic.wordings) > 1


def _watched_for(topic: Topic) -> list[str]:
    """Return the ids of the actors that somebody watched."""
    return [watch.actor for watch in topic.watches.values() if watch.actor]


def _has_more(actor: Actor) -> bool:
    """Tell whether an actor has more than the rows of its statements contain."""
    more = actor.aliases or actor.mandates or actor.translations or actor.attributes
    return bool(more)
