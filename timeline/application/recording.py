"""Run a command on the log: load one small stream, decide, append, return the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from timeline.application.batch import NO_NAMING_EVENTS, RECORDED_MEANWHILE, record_batch
from timeline.application.texts import text
from timeline.domain.actor import NO_SUCH_ACTOR, Actor, ActorIntroduced
from timeline.domain.aggregate import Aggregate
from timeline.domain.catalogue import OF_ROOMS
from timeline.domain.development import Development, DevelopmentRecorded
from timeline.domain.document import Document, DocumentFiled
from timeline.domain.errors import Conflict, NotFound
from timeline.domain.messages import Advice, Message, Word
from timeline.domain.statement import Statement, StatementRecorded
from timeline.domain.story import NO_SUCH_STORY, Story, StoryOpened
from timeline.domain.topic import NO_SUCH_TOPIC, Topic, TopicOpened
from timeline.domain.verdict import ChangeDeclined, ChangeSigned, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from timeline.application.batch import NamingEvent, Outcome
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Appendable, Recordable

NO_SUCH_STREAM = Message("no_such_stream", "there is no %(noun)s %(name)s")
LOOK_UP_AGAIN = Advice("look it up again")
RECORDED_DIFFERENTLY = Message(
    "recorded_differently",
    "it is on record, but differs in: %(fields)s",
    fix="correct the one on record instead",
)
VERSION_TO_COME = Message(
    "version_to_come",
    "version %(version)s of it does not exist yet",
    fix="look at it as it is now and try again",
)

A = TypeVar("A", bound=Aggregate)
R = TypeVar("R", Topic, Actor, Document, Statement, Development, Verdict)

FIRST: dict[type[Aggregate], type[Event] | tuple[type[Event], ...]] = {
    Story: StoryOpened,
    Topic: TopicOpened,
    Actor: ActorIntroduced,
    Document: DocumentFiled,
    Statement: StatementRecorded,
    Development: DevelopmentRecorded,
    Verdict: (ChangeSigned, ChangeDeclined),
}

for _noun in OF_ROOMS.values():
    FIRST[_noun.AGGREGATE] = _noun.FIRST

UNKNOWN: dict[type[Aggregate], Message] = {
    Story: NO_SUCH_STORY,
    Topic: NO_SUCH_TOPIC,
    Actor: NO_SUCH_ACTOR,
}


class Recorded(msgspec.Struct, frozen=True):
    """The result of a command.

    ``id`` and ``version`` are those of the stream. ``position`` is the log position up to which a
    reader must catch up to see it; for a new entry it is its number (if posted twice, that of the
    original). ``fresh`` is false if it was on record already.
    """

    position: int
    id: str
    version: int
    fresh: bool


class StreamWriter:
    """Appends the events that aggregates decide, and reports conflicts."""

    def __init__(self, log: Recordable) -> None:
        self.log = log

    def load(self, kind: type[A], stream: str) -> A:
        """Return the aggregate of a stream; raises `NotFound` if it is of another kind."""
        events = self.log.stream_of(stream)
        aggregate = kind.replay(events) if events and isinstance(events[0], FIRST[kind]) else None
        if aggregate is None:
            raise unknown_stream(kind, stream)
        return aggregate

    def open(self, events: Sequence[Event], log: Appendable | None = None) -> Recorded:
        """Append the first event of a stream, after the events of new nouns.

        If repeated, return the original; raises `Conflict`, with the differing fields, if the id
        belongs to something else.
        """
        return self.open_together([events], log)[0]

    def open_together(
        self,
        rows: Sequence[Sequence[Event]],
        log: Appendable | None = None,
        named: Mapping[str, NamingEvent] = NO_NAMING_EVENTS,
    ) -> list[Recorded]:
        """Append the first events of several streams in one transaction, all of them or none.

        ``log`` is the log with streams read ahead. ``named`` has, by the id of a stream, an event
        that names it by its number in the same transaction.
        Raises `Conflict` if an id belongs to something else; its ``entry`` says which.
        """
        outcomes = record_batch(log or self.log, rows, whole=True, named=named)
        return [_recorded(outcome) for outcome in outcomes]

    def open_once(self, new: Aggregate) -> Recorded:
        """Append the first event of a stream, unless the stream exists."""
        outcome = record_batch(self.log, [new.collect_events()])[0]
        return Recorded(outcome.position or 0, new.id, new.version, outcome.kind == "fresh")

    def redact(self, kind: type[R], stream: str, byline: Byline, basis: str) -> Recorded:
        """Record an erasure that the law demands, and erase all content of a stream.

        Then erase traces on the disk, and what an earlier, interrupted erasure left.
        """

        def decide(r: R) -> None:
            r.redact(byline, tuple(self.log.with_content(stream)), text(basis, "basis"))

        recorded = self.revise(kind, stream, byline, decide)
        positions = {
            position
            for event in self.log.stream_of(stream)
            for position in getattr(event, "positions", ())
        }
        self.log.erase(positions.intersection(self.log.with_content(stream)))
        return recorded

    def revise(
        self,
        kind: type[A],
        stream: str,
        byline: Byline,
        decide: Callable[[A], object],
        *,
        new: Sequence[Event] = (),
    ) -> Recorded:
        """Load a stream, let it decide, and append the result after the events of new nouns.

        A repeated key appends nothing. Raises `Conflict`, with what was recorded since, if the
        stream is not at the version that the byline has ``seen`` or moves on while we decide.
        """
        aggregate = self.load(kind, stream)
        return self.revise_loaded([aggregate], byline, decide, [byline.seen], new=new)[0]

    def revise_loaded(
        self,
        aggregates: Sequence[A],
        byline: Byline,
        decide: Callable[[A], object],
        expected_versions: Sequence[int | None],
        *,
        new: Sequence[Event] = (),
    ) -> list[Recorded]:
        """Let several streams decide, and append all results in one transaction, or none."""
        seen = {aggregate.id: aggregate.version for aggregate in aggregates}
        decided: list[Event] = []
        for aggregate, expected in zip(aggregates, expected_versions, strict=True):
            if byline.key is None or byline.key not in aggregate.keys:
                self._check_version(aggregate, expected)
                decide(aggregate)
                decided.extend(aggregate.collect_events())
        if not decided:
            head = self.log.head()
            return [Recorded(head, a.id, a.version, fresh=False) for a in aggregates]
        position = self._append([*new, *decided], seen)
        changed = {event.originator_id for event in decided}
        return [Recorded(position, a.id, a.version, a.id in changed) for a in aggregates]

    def _append(self, events: Sequence[Event], seen: dict[str, int]) -> int:
        try:
            return self.log.append(events)[-1]
        except Conflict:
            for stream, version in seen.items():
                self._raise_if_newer(stream, version)
            raise

    def _check_version(self, aggregate: Aggregate, expected: int | None) -> None:
        if expected is not None and expected != aggregate.version:
            self._raise_if_newer(aggregate.id, expected)
            raise Conflict(VERSION_TO_COME, version=expected)

    def _raise_if_newer(self, stream: str, version: int) -> None:
        events = self.log.stream_of(stream)
        since = tuple(event for event in events if event.originator_version > version)
        if since:
            summary = ", ".join(f"{event.TOPIC} by {event.recorded_by}" for event in since)
            raise Conflict(RECORDED_MEANWHILE, events=summary, since=since)


def _recorded(outcome: Outcome) -> Recorded:
    if outcome.position is None or outcome.kind == "conflict":
        differs = outcome.differs
        error = Conflict(RECORDED_DIFFERENTLY, field=differs[0], fields=", ".join(differs))
        error.entry = outcome.id
        raise error
    return Recorded(outcome.position, outcome.id, 1, outcome.kind == "fresh")


def unknown_stream(kind: type[Aggregate], stream: str) -> NotFound:
    """Return the error for a stream that is missing or of another kind."""
    message, noun = UNKNOWN.get(kind, NO_SUCH_STREAM), Word(kind.__name__.lower())
    return NotFound(message, fix=LOOK_UP_AGAIN, noun=noun, name=stream)
