"""A made-up newsroom's record: half are votes on one question, many are by one person."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from timeline.benchmark.made_up import made_up_statement
from timeline.domain.actor import Actor
from timeline.domain.document import Document, Imprint
from timeline.domain.event import Byline
from timeline.domain.instants import iso
from timeline.domain.naming import hashed_id
from timeline.domain.quote import Quote
from timeline.domain.statement import Words
from timeline.domain.story import Story
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.domain.event import Event

FIRST_DAY, DAYS = 10_957, 9_000
"""2000-01-01 in days since 1970, and the number of days that a record of any size covers."""

RECORDED = 1_735_689_600_000_000
"""2025-01-01T00:00:00Z in microseconds."""

NOW = RECORDED + 31 * 86_400_000_000
"""The time at which pages show the record, in microseconds: shortly after the last words."""

STORIES, ACTORS, FEWEST = 4, 60, 12
A_TOPIC_EACH = 1_000
"""Statements for each further question."""

DEEP, SMALL, VOICE = "deep", "small", "voice"
"""The slugs of the question with half the record, of a question with few statements, and of the
person who speaks most. Only a question with votes grows so large."""

FEW = 30
"""Statements on the small question, in a record of any size."""

IN_A_SOURCE, TOGETHER = 20, 2
"""Statements in a source, and those of them in one utterance."""

STEADY = 40
"""Average number of statements on a lane between changes."""

STANCES = (-2, -1, 1, 2)
VOTES = (-2, 0, 2)


class Newsroom:
    """Makes the events of a record of a given size, in the order of the log.

    All sizes cover the same years, so that pages look alike at every size.
    """

    def __init__(self, statements: int) -> None:
        self._statements = statements
        self._made = 0
        self._chance = random.Random(1)  # noqa: S311 # nosec B311 - the same record in every run
        self._held: dict[tuple[str, str], int] = {}
        self._stories = [
            Story.open(self._byline(), f"story-{n}", f"Story {n}") for n in range(STORIES)
        ]
        slugs = [
            DEEP,
            SMALL,
            *(f"question-{n}" for n in range(FEWEST + statements // A_TOPIC_EACH)),
        ]
        self._topics = [
            Topic.open(
                self._byline(),
                slug,
                f"Should {slug} be done?",
                "vote" if slug == DEEP else "position",
                story=self._stories[n % STORIES].id,
            )
            for n, slug in enumerate(slugs)
        ]
        names = [VOICE, *(f"actor-{n}" for n in range(ACTORS))]
        self._actors = [
            Actor.introduce(self._byline(), name, "person", name.title()) for name in names
        ]

    def events(self) -> Iterator[Event]:
        """Yield the whole record: nouns first, then sources with their statements."""
        for noun in (*self._stories, *self._topics, *self._actors):
            yield from noun.collect_events()
        for begin in range(0, self._statements, IN_A_SOURCE):
            yield from self.source(begin)

    def source(self, begin: int) -> Iterator[Event]:
        """Yield one source and its statements; ``begin`` statements came before."""
        said_at = iso((FIRST_DAY + begin * DAYS // self._statements) * 86_400)[:10]
        outlet = Imprint(outlet="Daily", title=f"Page {begin} of {said_at}")
        source = Document.file(self._byline(), outlet, said_at, "en")
        yield from source.collect_events()
        for number in range(begin, min(begin + IN_A_SOURCE, self._statements)):
            yield self._statement(number, source.id, said_at)

    def words(self, day: int, *, together: bool = False) -> list[Event]:
        """Return one more source of a day, with words on the deep question by the main speaker.

        ``together`` marks one of several statements in an utterance.
        """
        said_at = iso(day * 86_400)[:10]
        outlet = Imprint(outlet="Daily", title=f"Extra {self._made}")
        source = Document.file(self._byline(), outlet, said_at, "en")
        deep, utterance = self._topics[0], "first" if together else None
        spoken = self._words(
            deep, self._actors[0], source.id, said_at, self._stance(deep), utterance
        )
        return [*source.collect_events(), spoken]

    def _statement(self, number: int, document: str, said_at: str) -> Event:
        topic, actor = self._topic(number), self._actor(number)
        stance = self._held.get((topic.id, actor.id))
        if stance is None or self._chance.randrange(STEADY) == 0:
            stance = self._held[topic.id, actor.id] = self._stance(topic)
        utterance = "first" if number % IN_A_SOURCE < TOGETHER else None
        return self._words(topic, actor, document, said_at, stance, utterance)

    def _words(
        self,
        topic: Topic,
        actor: Actor,
        document: str,
        said_at: str,
        stance: int,
        utterance: str | None,
    ) -> Event:
        return made_up_statement(
            topic,
            actor,
            self._byline(),
            hashed_id(self._made, document.encode()),
            said_at=said_at,
            document=document,
            attribution="quoted",
            content=Words(
                paraphrase=f"{actor.name} says that {topic.slug} is to be thought of so.",
                quote=Quote(f"{topic.slug} is to be thought of so", "en"),
            ),
            stance=stance,
            utterance=utterance,
        )

    def _stance(self, topic: Topic) -> int:
        return self._chance.choice(VOTES if topic.scale == "vote" else STANCES)

    def _topic(self, number: int) -> Topic:
        if number % max(self._statements // FEW, 1) == 1:
            return self._topics[1]
        if number % 2 == 0:
            return self._topics[0]
        return self._topics[2 + self._chance.randrange(len(self._topics) - 2)]

    def _actor(self, number: int) -> Actor:
        speaks = number % IN_A_SOURCE == 0 or self._chance.randrange(20) == 0
        return self._actors[0 if speaks else 1 + self._chance.randrange(ACTORS)]

    def _byline(self) -> Byline:
        self._made += 1
        return Byline(RECORDED + self._made * 1_000, "bench", "import:bench")
