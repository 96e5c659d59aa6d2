"""A made-up record to measure with: states that vote on a few questions, day after day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.actor import Actor
from timeline.domain.document import Document, Imprint
from timeline.domain.event import Byline, stamp
from timeline.domain.instants import iso
from timeline.domain.naming import hashed_id
from timeline.domain.statement import StatementRecorded, Words, record_statement
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.domain.event import Event

TOPICS, ACTORS = 4, 50
FIRST_DAY = 7_305
"""1990-01-01, in days since 1970."""

RECORDED = 1_735_689_600_000_000
"""2025-01-01T00:00:00Z in microseconds."""

STANCES = (2, 2, 2, 0, -2)


def made_up_statement(
    topic: Topic,
    actor: Actor,
    byline: Byline,
    stream: str,
    **more: Any,  # noqa: ANN401 - as the event takes
) -> Event:
    """Return the event that records an actor's own statement on a topic."""
    event = StatementRecorded(
        **stamp(byline, stream),
        topic=topic.id,
        wording=topic.wording,
        speaker=actor.id,
        **more,
    )
    return record_statement(event, topic.scale, actor.kind)


class MadeUpRecord:
    """Makes events in the order of the log; ``topics`` and ``actors`` are ids."""

    def __init__(self) -> None:
        self._made = 0
        self._topics = [
            Topic.open(self._byline(), f"question-{n}", f"Should it be {n}?", "vote")
            for n in range(TOPICS)
        ]
        self._actors = [
            Actor.introduce(self._byline(), f"state-{n}", "state", f"State {n}")
            for n in range(ACTORS)
        ]
        self.topics = [topic.id for topic in self._topics]
        self.actors = [actor.id for actor in self._actors]

    def nouns(self) -> list[Event]:
        """Return the events that open the topics and introduce the actors."""
        events = [event for topic in self._topics for event in topic.collect_events()]
        return events + [event for actor in self._actors for event in actor.collect_events()]

    def events(self) -> Iterator[Event]:
        """Yield endless roll calls: a source, and the vote of each state on each question."""
        day = FIRST_DAY
        while True:
            said_at = iso(day * 86_400)[:10]
            outlet = Imprint(outlet="Assembly", title=f"Roll calls of {said_at}")
            source = Document.file(self._byline(), outlet, said_at, "en")
            yield from source.collect_events()
            for topic in self._topics:
                for actor in self._actors:
                    yield self._vote(topic, actor, source.id, said_at, day)
            day += 1

    def _vote(self, topic: Topic, actor: Actor, document: str, said_at: str, day: int) -> Event:
        return made_up_statement(
            topic,
            actor,
            self._byline(),
            hashed_id(day, str(self._made).encode()),
            said_at=said_at,
            document=document,
            attribution="voted",
            content=Words(paraphrase=f"{actor.name} votes on the question {topic.slug}."),
            stance=STANCES[(self._made * 7_919) % len(STANCES)],
        )

    def _byline(self) -> Byline:
        self._made += 1
        return Byline(RECORDED + self._made * 1_000, "bench", "import:bench")
