"""Record many new entries at once; each is recorded once, however often it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from timeline.domain.errors import Conflict, StandlineError
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded, Words, condition_of
from timeline.domain.topic import TopicOpened, TopicReworded
from timeline.domain.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from timeline.domain.event import Event
    from timeline.stores.recordable import Appendable, Numbered

RECORDED_MEANWHILE = Message(
    "recorded_meanwhile", "meanwhile: %(events)s", fix="look at it as it is now and try again"
)

T = TypeVar("T")

NamingEvent = Callable[[int], "Event"]
"""Returns an event that names an entry by its number."""

NO_NAMING_EVENTS: Mapping[str, NamingEvent] = {}

Kind = Literal["fresh", "known", "conflict", "corrected", "redacted", "refused"]

CIRCUMSTANCES = frozenset(
    ("originator_id", "originator_version", "recorded_at", "recorded_by", "via", "key")
)
"""Fields that may differ between two records of the same: who recorded it, and when."""

NATIVE = {
    "wording": "topic_question",
    "speaker": "actor",
    "document": "source",
    "condition": "condition.text",
    "condition_topic": "condition.topic",
    "condition_actor": "condition.actor",
    "condition_id": "condition.same_as",
    "scale_version": "stance",
    "quote": "quote.text",
    "passage": "passage.text",
}
"""The interchange's names of fields that have another name in events."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of the row with an ``id``.

    ``fresh``: it is now on record at ``position``; ``known``: it was there already; ``conflict``:
    the id belongs to something else, ``differs`` names the fields; ``redacted``: its words were
    erased by law and stay so; ``refused``: ``error`` says by which rule; ``corrected``: the row
    changed the fields in ``recoded``, each with its old and new value. ``added`` has the types of
    the events that were appended after the first one.
    """

    kind: Kind
    id: str
    position: int | None
    differs: tuple[str, ...] = ()
    error: StandlineError | None = None
    added: tuple[str, ...] = ()
    recoded: tuple[tuple[str, Any, Any], ...] = ()


PATIENCE = 20
"""How often to try if others write to the same entries meanwhile."""


def persistently(attempt: Callable[[], T], look_again: Callable[[], object] | None = None) -> T:
    """Return what an attempt gives, made again if others record the same meanwhile.

    ``look_again`` is called before each further one. Raises the `Conflict` of the last.
    """
    for _ in range(PATIENCE - 1):
        try:
            return attempt()
        except Conflict:
            if look_again:
                look_again()
    return attempt()


def record_batch(
    log: Appendable,
    rows: Sequence[Sequence[Event]],
    *,
    asked: Collection[str] = (),
    whole: bool = False,
    named: Mapping[str, NamingEvent] = NO_NAMING_EVENTS,
) -> list[Outcome]:
    """Append the rows that are not on record, in one transaction, and return all outcomes.

    A row is the first event of a new stream, after the events of what is new to it (first events,
    new wordings of topics) and before what follows in that stream; all that is appended once, and
    only with a row that needs it. Where another process records the same rows at the same time, we
    look again and append the rest. ``asked`` has the ids of those rows that say which wording of
    their topic they answer. ``whole`` rows are appended all or, where one is in conflict, none: the
    outcomes of only those that are in the way are returned then. What is ``named`` under the id of
    a row names it by its number, and is appended in the same transaction. Raises `Conflict` where
    another process worded a topic otherwise: the rows have to be prepared anew.
    """
    while True:
        batch = _Batch(log, rows, asked)
        if whole and (in_the_way := batch.conflicts()):
            return in_the_way
        try:
            positions = log.append(batch.events, batch.numbered(named))
        except Conflict:
            ids = [event.originator_id for event in batch.events]
            if not log.first_events(ids):
                raise
        else:
            return batch.outcomes(positions)


def in_conflict(
    log: Appendable, rows: Sequence[Sequence[Event]], *, asked: Collection[str]
) -> dict[str, Outcome]:
    """Return, by id, the outcomes of rows whose ids belong to something else."""
    return {outcome.id: outcome for outcome in _Batch(log, rows, asked).conflicts()}


class _Batch:
    """Sorts rows into those to append and those that are on record."""

    def __init__(
        self, log: Appendable, rows: Sequence[Sequence[Event]], asked: Collection[str]
    ) -> None:
        self.events: list[Event] = []
        self._asked = asked
        self._known = log.first_events({event.originator_id for row in rows for event in row})
        self._later = _later_events(log, rows)
        self._index: dict[str, int] = {}
        self._placed: set[int] = set()
        self._rows: list[tuple[Kind, str, tuple[str, ...]]] = []
        for row in rows:
            self._take(row)

    def _take(self, row: Sequence[Event]) -> None:
        stream = row[-1].originator_id
        first = self._first(stream)
        if first is not None:
            entry = next(event for event in row if event.originator_id == stream)
            kind, differs = _compare(first, entry, asked=stream in self._asked)
        else:
            # Most rows of a file need what an earlier one brought: it is the very same event.
            missing = [event for event in row if id(event) not in self._placed]
            differs = self._rescaled(missing) if len(missing) > 1 else ()
            kind = "conflict" if differs else "fresh"
            if not differs:
                self._append_new(missing, stream)
        self._rows.append((kind, stream, differs))

    def _append_new(self, row: Sequence[Event], stream: str) -> None:
        for event in row:
            if event.originator_id == stream or self._is_new(event):
                self._append(event)

    def _append(self, event: Event) -> None:
        self._index.setdefault(event.originator_id, len(self.events))
        self._placed.add(id(event))
        if event.originator_version > 1:
            self._later[event.originator_id, event.originator_version] = event
        self.events.append(event)

    def _is_new(self, event: Event) -> bool:
        """Tell whether an event that a row needs is not on record yet; raises `Conflict`."""
        first = event.originator_version == 1
        place = event.originator_id, event.originator_version
        recorded = self._first(event.originator_id) if first else self._later.get(place)
        if recorded is not None and not _same_words(recorded, event):
            raise Conflict(RECORDED_MEANWHILE, field="topic_question", events=recorded.TOPIC)
        return recorded is None

    def numbered(self, named: Mapping[str, NamingEvent]) -> list[Numbered]:
        """Return the events that name new rows by their numbers."""
        return [
            _naming(make, self._index[stream])
            for stream, make in named.items()
            if stream in self._index
        ]

    def conflicts(self) -> list[Outcome]:
        """Return the outcomes of rows whose ids belong to something else."""
        return [
            Outcome(kind, stream, None, differs)
            for kind, stream, differs in self._rows
            if kind == "conflict"
        ]

    def outcomes(self, positions: Sequence[int]) -> list[Outcome]:
        return [
            Outcome(kind, stream, self._position(stream, positions), differs)
            for kind, stream, differs in self._rows
        ]

    def _position(self, stream: str, positions: Sequence[int]) -> int | None:
        if stream in self._index:
            return positions[self._index[stream]]
        return self._known[stream][0] if stream in self._known else None

    def _first(self, stream: str) -> Event | None:
        if stream in self._index:
            return self.events[self._index[stream]]
        return self._known[stream][1] if stream in self._known else None

    def _rescaled(self, row: Sequence[Event]) -> tuple[str, ...]:
        """Return ``scale`` if somebody just opened the topic on another scale."""
        opened = [(new, self._first(new.originator_id)) for new in row if type(new) is TopicOpened]
        others = [
            new for new, first in opened if type(first) is TopicOpened and first.scale != new.scale
        ]
        return ("scale",) * len(others)


def _naming(make: NamingEvent, index: int) -> Numbered:
    return lambda positions: make(positions[index])


def _later_events(log: Appendable, rows: Sequence[Sequence[Event]]) -> dict[tuple[str, int], Event]:
    """Return the events of topics that rows reword, by id and version."""
    bringing = (row for row in rows if len(row) > 1)
    reworded = {
        event.originator_id for row in bringing for event in row if type(event) is TopicReworded
    }
    if not reworded:
        return {}
    streams = log.streams_of(reworded)
    events = chain.from_iterable(streams.values())
    return {(event.originator_id, event.originator_version): event for event in events}


def _same_words(recorded: Event, event: Event) -> bool:
    """Tell whether two events word a topic alike, or the recorded one was erased by law."""
    if not isinstance(event, TopicOpened | TopicReworded):
        return True
    words = recorded.content if isinstance(recorded, TopicOpened | TopicReworded) else ()
    return words is None or words == event.content


def _compare(first: Event, again: Event, *, asked: bool) -> tuple[Kind, tuple[str, ...]]:
    differs = differing(first, again)
    if not asked:
        # The row answers the current wording, which may have changed.
        differs = tuple(name for name in differs if name != NATIVE["wording"])
    if differs == ("content",):
        return "redacted", ()
    return ("conflict" if differs else "known"), differs


def differing(first: Event, again: Event) -> tuple[str, ...]:
    """Return the names of the fields in which two first events differ."""
    if type(first) is not type(again):
        return ("kind",)
    names: list[str] = []
    for name in again.__struct_fields__:
        if name == "condition_id" and _same_condition(first, again):
            continue
        if name not in CIRCUMSTANCES and getattr(first, name) != getattr(again, name):
            names += _of_content(first, again) if name == "content" else [name]
    return tuple(NATIVE.get(name, name) for name in names)


def _same_condition(first: Event, again: Event) -> bool:
    """Tell whether two first events have the same condition; either may lack its identity.

    The recorded one may be older than such identities; the row may give only the words.
    """
    conditions = {
        condition_of(event) for event in (first, again) if isinstance(event, StatementRecorded)
    }
    is_erased = isinstance(first, StatementRecorded) and first.content is None
    return is_erased or len(conditions) == 1 or again.originator_id in conditions


def _of_content(first: Event, again: Event) -> list[str]:
    old, new = getattr(first, "content", None), getattr(again, "content", None)
    if old is None or new is None:
        return ["content"]
    names = [name for name in new.__struct_fields__ if getattr(old, name) != getattr(new, name)]
    if not (isinstance(old, Words) and isinstance(new, Words)) or "variables" not in names:
        return names
    before, after = old.variables, new.variables
    ids = sorted(id_ for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_))
    return [*(name for name in names if name != "variables"), *(VARIABLES + id_ for id_ in ids)]
