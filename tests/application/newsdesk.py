"""A newsroom for tests: a clock that ticks, a register that reads the log, and short words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.commands import RecordDevelopment, RecordStatement, Source
from timeline.application.newsroom import Newsroom
from timeline.domain.actor import (
    ActorAliasAdded,
    ActorIntroduced,
    ActorMerged,
    ActorMergeUndone,
    ActorRenamed,
)
from timeline.domain.spelling import name_key
from timeline.domain.statement import Statement, StatementRecorded
from timeline.domain.story import StoryOpened
from timeline.domain.topic import Topic, TopicOpened
from timeline.domain.variables import OF_ACTORS
from timeline.domain.verdict import ChangeDeclined, ChangeReopened, ChangeSigned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline, Event
    from timeline.domain.variables import Variable
    from timeline.stores.log import EventLog

START = 1_765_800_000_000_000
"""2025-12-15T12:00:00Z in microseconds."""

OPENED: dict[str, type[TopicOpened | ActorIntroduced | StoryOpened]] = {
    "topic": TopicOpened,
    "actor": ActorIntroduced,
    "story": StoryOpened,
}

ARTICLE = Source(
    outlet="Der Standard",
    title="Gespräche in Berlin",
    url="https://example.org/berlin",
    published_at="2025-12-15",
    lang="de",
)


class LogRegister:
    """Knows every name by reading the whole log: slow, and never behind."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def slugs(self, noun: str) -> Iterable[str]:
        """Return the slugs of all of a noun."""
        kind = OPENED[noun]
        return [event.slug for _, event in self._log.stream() if isinstance(event, kind)]

    def actors_named(self, key: str) -> Iterable[str]:
        """Return the slugs of the actors with such a name."""
        slugs: dict[str, str] = {}
        bearers = set()
        for _, event in self._log.stream():
            name = ""
            match event:
                case ActorIntroduced(content=content) if content:
                    slugs[event.originator_id], name = event.slug, content.name
                case ActorRenamed(content=content) if content:
                    name = content.name
                case ActorAliasAdded(content=content) if content:
                    name = content.alias
            if name and name_key(name) == key:
                bearers.add(slugs[event.originator_id])
        return bearers

    def conditions(self, topic: str) -> Iterable[tuple[str, str]]:
        """Return the words of the conditions on a topic, each with the id of its statement."""
        said = [
            event.originator_id
            for _, event in self._log.stream()
            if isinstance(event, StatementRecorded)
        ]
        for statement in filter(None, (self._log.load(Statement, one) for one in said)):
            if statement.fields["topic"] == topic and statement.fields["condition"]:
                yield statement.fields["condition"], statement.id

    def signed_ends(self, topic: str) -> Iterable[str]:
        """Return the ids of the statements at the later ends of changes whose verdict is signed."""
        said: dict[str, Event] = {}
        for _, event in self._log.stream():
            if isinstance(event, ChangeSigned | ChangeDeclined | ChangeReopened):
                said[event.originator_id] = event
        for signed in said.values():
            if isinstance(signed, ChangeSigned) and signed.topic == topic:
                ends = map(self._log.event, signed.after)
                yield from (end.originator_id for end in ends if end)

    def attributes(self) -> Iterable[tuple[str, Variable]]:
        """Return what the codebooks in force ask of actors."""
        opened = [event for _, event in self._log.stream() if isinstance(event, TopicOpened)]
        for topic in filter(None, (self._log.load(Topic, one.originator_id) for one in opened)):
            asked = topic.codebook.variables_of(OF_ACTORS) if topic.codebook else {}
            yield from ((topic.slug, variable) for variable in asked.values())

    def merged_into(self, actor: str) -> Iterable[str]:
        """Return the ids of the actors that end in this one."""
        into: dict[str, str] = {}
        for _, event in self._log.stream():
            match event:
                case ActorMerged():
                    into[event.originator_id] = event.into
                case ActorMergeUndone():
                    del into[event.originator_id]
        ends = {actor}
        while more := {one for one, other in into.items() if other in ends} - ends:
            ends |= more
        return ends - {actor}


class Newsdesk:
    """The newsroom with Anna at the desk: each command is a second after the last."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.register = LogRegister(log)
        self.newsroom = Newsroom(log, self.clock, self.register)
        self._now = START

    def clock(self) -> int:
        """Return the next second, in microseconds UTC."""
        self._now += 1_000_000
        return self._now

    def anna(self, key: str | None = None, seen: int | None = None) -> Byline:
        """Return a byline of now: under a key, from a version, if these are given."""
        return self.newsroom.byline("anna", "form", key, seen)

    def talks(self) -> None:
        """Put on record what the tests speak of."""
        rooms = self.newsroom
        rooms.stories.open(self.anna(), "Berlin talks")
        for slug, question, scale in (
            ("eu-accession", "Should Ukraine join the EU?", "position"),
            ("nato-membership", "Should Ukraine join NATO?", "position"),
            ("deal-by-christmas", "Will there be a deal by Christmas?", "expectation"),
        ):
            rooms.topics.open(self.anna(), question, scale, slug=slug, story="berlin-talks")
        for name, kind in (
            ("Russia", "state"),
            ("Ukraine", "state"),
            ("Dmitry Peskov", "person"),
            ("European leaders", "collective"),
            ("US government circles", "unnamed"),
        ):
            rooms.actors.introduce(self.anna(), name, kind)

    def say(self, entry: str | None = None, **changes: object) -> Recorded:
        """Record that Russia accepts EU accession, or something else."""
        return self.newsroom.statements.record(self.anna(), statement(**changes), entry)

    def happen(self, **changes: object) -> Recorded:
        """Record an attack of the night, or something else."""
        return self.newsroom.developments.record(self.anna(), development(**changes))

    def types(self, after: int = 0) -> list[str]:
        """Return the types of the events after a position."""
        return [event.TOPIC for _, event in self.log.stream(after)]


def statement(**changes: object) -> RecordStatement:
    """What Russia is reported to have said, with these changes."""
    fields: dict[str, Any] = {
        "topic": "eu-accession",
        "actor": "russia",
        "stance": "accepts",
        "paraphrase": "Ukraine may join the EU.",
        "said_at": "2025-12-14",
        "source": ARTICLE,
    }
    fields.update(changes)
    return RecordStatement(**fields)


def development(**changes: object) -> RecordDevelopment:
    """What happened in the night, with these changes."""
    fields: dict[str, Any] = {
        "title": "Attack on Odesa",
        "topics": ("eu-accession",),
        "according_to": "ukraine",
        "status": "claimed",
        "happened_at": "2025-12-14",
        "source": ARTICLE,
    }
    fields.update(changes)
    return RecordDevelopment(**fields)
