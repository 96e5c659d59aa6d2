"""The record at a log position: nouns and entries with corrections applied."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from timeline.domain.actor import Actor
from timeline.domain.dates import counting_instant, parse_date
from timeline.domain.development import Development, DevelopmentRecorded
from timeline.domain.document import Document, DocumentFiled
from timeline.domain.entry import (
    Corrected,
    Linked,
    Reinstated,
    Retracted,
    Seconded,
    Unlinked,
    strongest,
)
from timeline.domain.statement import (
    Statement,
    StatementCorrected,
    StatementQuoteRead,
    StatementRecorded,
)
from timeline.domain.story import Story
from timeline.domain.topic import Topic, TopicLedeSet
from timeline.domain.translation import Translated
from timeline.domain.variables import ATTRIBUTES, VARIABLES
from timeline.domain.verdict import (
    ChangeDeclined,
    ChangeRedacted,
    ChangeReopened,
    ChangeSigned,
    ends_of,
)
from timeline.interchange.native.rows_in import OWN_ID, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from timeline.domain.aggregate import Aggregate
    from timeline.domain.event import Event
    from timeline.domain.verdict import Ends
    from timeline.stores.log import EventLog

KEPT_DOCUMENTS = 20_000
_NOUNS: dict[str, type[Aggregate]] = {"story": Story, "topic": Topic, "actor": Actor}


class CurrentEntry(msgspec.Struct, frozen=True):
    """The current state of an entry: its first event, corrections and further sources."""

    first: StatementRecorded | DevelopmentRecorded
    entry: Statement | Development
    seconded: tuple[Seconded, ...]


class CitedSource(NamedTuple):
    """A source of an entry: its attribution, and who says so if it is second-hand."""

    document: Document
    attribution: str
    via: str


class JudgedChange(NamedTuple):
    """A change, the ids of the statements at its ends, and the valid verdicts on it."""

    ends: Ends
    before: tuple[str, ...]
    after: tuple[str, ...]
    said: list[Any]


class Selection(msgspec.Struct, frozen=True):
    """A choice of entries: on a topic, by or for one of these actors (ids), said by an instant."""

    topic: str | None = None
    actors: frozenset[str] = frozenset()
    as_of: int | None = None

    @property
    def is_everything(self) -> bool:
        """Whether it selects all entries."""
        return self.topic is None and not self.actors and self.as_of is None


class Record:
    """The record as known at a log position: nouns in memory, entries as a stream.

    One pass over the log collects nouns and all events after a first record; `entries` is a
    second pass. Memory grows with what is collected, not with the number of statements.
    """

    def __init__(self, log: EventLog, upto: int) -> None:
        self._log = log
        self._upto = upto
        self._later: defaultdict[str, list[Event]] = defaultdict(list)
        self._filed: OrderedDict[str, Document] = OrderedDict()
        self.stories: dict[str, Story] = {}
        self.topics: dict[str, Topic] = {}
        self.actors: dict[str, Actor] = {}
        self.languages: set[str] = set()
        self.own_columns: set[str] = set()
        """The columns of variables and attributes that have values."""
        self.ledes: dict[str, TopicLedeSet] = {}
        """The latest lede of each topic, by its id."""
        self.unnamed: dict[str, None] = {}
        """The ids of documents that no entry names, in the order of the log."""
        self._links: list[tuple[str, Linked]] = []
        self._amended: dict[str, int] = {}
        """The log position at which an entry was last amended, by its id."""
        self._said_of_changes: defaultdict[str, list[tuple[int, Event]]] = defaultdict(list)
        self._worded: dict[tuple[str, str], str] = {}
        self._gather()

    def _gather(self) -> None:
        nouns: defaultdict[str, list[Event]] = defaultdict(list)
        for position, event in self._log.stream(upto=self._upto):
            noun = event.TOPIC.partition(".")[0]
            if isinstance(event, Translated):
                self.languages.add(event.lang)
            if isinstance(event, Linked):
                self._links.append((event.originator_id, event))
            if isinstance(event, TopicLedeSet):
                self.ledes[event.originator_id] = event
            self._note_variables(event)
            self._note_document(event)
            self._note_judgment(position, event)
            if noun in _NOUNS:
                nouns[event.originator_id].append(event)
            elif event.originator_version > 1:
                self._later[event.originator_id].append(event)
        self._replay(nouns)

    def _replay(self, nouns: Mapping[str, list[Event]]) -> None:
        """Replay stories, topics and actors, given the events of each stream."""
        for stream, events in nouns.items():
            aggregate = _NOUNS[events[0].TOPIC.partition(".")[0]].replay(events)
            match aggregate:
                case Story():
                    self.stories[stream] = aggregate
                case Topic():
                    self.topics[stream] = aggregate
                case Actor():
                    self.actors[stream] = aggregate
                    self.own_columns |= {ATTRIBUTES + name for name in aggregate.attributes}

    def _note_variables(self, event: Event) -> None:
        if isinstance(event, StatementRecorded) and event.content:
            self.own_columns |= {VARIABLES + name for name in event.content.variables}
        elif isinstance(event, StatementCorrected) and event.field.startswith(VARIABLES):
            self.own_columns.add(event.field)

    def _note_document(self, event: Event) -> None:
        """Track which documents are filed, and which of them no entry names."""
        if isinstance(event, DocumentFiled):
            self.unnamed[event.originator_id] = None
        elif isinstance(event, StatementRecorded | DevelopmentRecorded | Seconded):
            self.unnamed.pop(event.document, None)
        elif isinstance(event, Corrected) and event.field == "document":
            self.unnamed.pop(str(event.new), None)

    def _note_judgment(self, position: int, event: Event) -> None:
        """Collect verdicts on changes, and amendments of entries, which void verdicts."""
        if isinstance(event, Corrected | Retracted | Reinstated):
            self._amended[event.originator_id] = position
        elif event.TOPIC.startswith("change."):
            self._said_of_changes[event.originator_id].append((position, event))

    def key_of(self, stream: str) -> str:
        """Return the name of an entry in files: the key of its row, or else its id."""
        first = self._log.first_events([stream]).get(stream)
        return (key_of(first[1]) if first else None) or OWN_ID + stream

    def words_a_condition_first(self, standing: CurrentEntry) -> bool:
        """Tell whether no earlier row has a condition on the same topic in the same words.

        An import takes equal words in later rows for the same condition, unless they name another.
        """
        fields = standing.entry.fields
        said = fields["topic"], fields["condition"]
        return not said[1] or self._worded.setdefault(said, standing.entry.id) == standing.entry.id

    def entries(self, selection: Selection) -> Iterator[CurrentEntry]:
        """Yield the selected entries that are not retracted, in the order of the log."""
        for _, event in self._log.stream(upto=self._upto):
            if isinstance(event, DocumentFiled):
                self._file(event)
            elif isinstance(event, StatementRecorded | DevelopmentRecorded):
                standing = self._standing(event)
                if not standing.entry.retracted and self._selects(selection, standing):
                    yield standing

    def links(self) -> Iterator[tuple[str, Linked]]:
        """Yield the valid links, each with its entry, in the order of the log.

        Links of retracted entries are included.
        """
        for stream, link in self._links:
            gone = max(
                (
                    event.originator_version
                    for event in self._later[stream]
                    if isinstance(event, Unlinked)
                    and (event.kind, event.target) == (link.kind, link.target)
                ),
                default=0,
            )
            if link.originator_version > gone:
                yield stream, link

    def quote_readings(self, standing: CurrentEntry) -> list[StatementQuoteRead]:
        """Return the blind readings of a statement's current quote, one for each reader."""
        readers = getattr(standing.entry, "quote_readers", ())
        read = self._later.get(standing.first.originator_id, ())
        last = {event.reader: event for event in read if isinstance(event, StatementQuoteRead)}
        return [event for event in last.values() if event.reader in readers and event.content]

    def verdicts(self) -> Iterator[JudgedChange]:
        """Yield the changes with valid verdicts, the most recently judged change last.

        A correction at either end voids earlier verdicts; an erasure removes all.
        """
        said = self._said_of_changes.values()
        for history in sorted(said, key=lambda events: events[-1][0]):
            first = history[0][1]
            if not isinstance(first, ChangeSigned | ChangeDeclined):
                continue
            ends = ends_of(first)
            before, after = (tuple(map(self._stream_at, end)) for end in (ends.before, ends.after))
            erased = [position for position, event in history if isinstance(event, ChangeRedacted)]
            amended = max(self._amended.get(stream, 0) for stream in (*before, *after))
            amended = max(amended, *erased, 0)
            valid = [event for position, event in history if position > amended]
            # A verdict that a correction voided needs no reopening.
            while valid and isinstance(valid[0], ChangeReopened):
                del valid[0]
            if valid:
                yield JudgedChange(ends, before, after, valid)

    def _stream_at(self, number: int) -> str:
        event = self._log.event(number)
        return event.originator_id if event else ""

    def corrections(self, standing: CurrentEntry) -> list[Corrected]:
        """Return the corrections of an entry, in the order of the log."""
        later = self._later.get(standing.first.originator_id, ())
        return [event for event in later if isinstance(event, Corrected)]

    def lane(self, actor: str) -> frozenset[str]:
        """Return the ids of an actor and of all actors merged into it."""
        into = {same.id: same.merged_into for same in self.actors.values() if same.merged_into}
        lane, size = {actor}, 0
        while len(lane) > size:
            size = len(lane)
            lane |= {absorbed for absorbed, target in into.items() if target in lane}
        return frozenset(lane)

    def document(self, stream: str) -> Document:
        """Return the current state of a document; an empty one if it is not in this log."""
        if stream not in self._filed:
            if (first := self._log.first_events([stream]).get(stream)) is None:
                return Document()
            self._file(first[1])
        return self._filed[stream]

    def _file(self, event: Event) -> None:
        stream = event.originator_id
        filed = Document.replay([event, *self._later.get(stream, ())])
        if filed is not None:
            self._filed[stream] = filed
        if len(self._filed) > KEPT_DOCUMENTS:
            self._filed.popitem(last=False)

    def _standing(self, event: StatementRecorded | DevelopmentRecorded) -> CurrentEntry:
        kind = Statement if isinstance(event, StatementRecorded) else Development
        later = self._later.get(event.originator_id, ())
        entry: Any = kind.replay([event, *later])
        return CurrentEntry(
            event, entry, tuple(addition for addition in later if isinstance(addition, Seconded))
        )

    def _selects(self, selection: Selection, standing: CurrentEntry) -> bool:
        if selection.is_everything:
            return True
        fields = standing.entry.fields
        if selection.topic and selection.topic not in (
            fields.get("topic"),
            *fields.get("topics", ()),
        ):
            return False
        told_of = {fields.get(name) for name in ("speaker", "on_behalf_of", "according_to")}
        if selection.actors and not selection.actors & told_of:
            return False
        return selection.as_of is None or self.counts_from(standing) <= selection.as_of

    def counts_from(self, standing: CurrentEntry) -> int:
        """Return the instant from which an entry counts."""
        if isinstance(standing.first, DevelopmentRecorded):
            return parse_date(standing.entry.fields["happened_at"], "happened_at").latest
        said = parse_date(standing.entry.fields["said_at"])
        dates = [self.document(source).fields["published_at"] for source in standing.entry.sources]
        published = [parse_date(date) for date in dates if date]
        first = min(published, key=lambda date: date.latest, default=None)
        return counting_instant(said, first, standing.first.recorded_at)

    def source(self, standing: CurrentEntry) -> CitedSource:
        """Return the strongest source."""
        return self.sources(standing)[0]

    def sources(self, standing: CurrentEntry) -> list[CitedSource]:
        """Return the sources of an entry, the strongest first, the others in their order."""
        fields = standing.entry.fields
        cited = {
            fields["document"]: (
                fields.get("attribution", ""),
                fields.get("reported_via") or "",
            )
        }
        for event in standing.seconded:
            if event.document in standing.entry.sources:
                via = event.content.reported_via if event.content else ""
                cited.setdefault(event.document, (event.attribution, via))
        best = fields["document"]
        for document, (attribution, _) in cited.items():
            own = cited[best][0]
            if own and strongest([own, attribution]) != own:
                best = document
        order = [best, *(document for document in cited if document != best)]
        return [CitedSource(self.document(document), *cited[document]) for document in order]
