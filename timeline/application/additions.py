"""What a row of a file adds to its entry: a passage, translations, further sources.

These may come long after the row. What was recorded once is not recorded again, even if an editor
removed or changed it since: importing a file twice undoes nobody's work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.batch import Outcome, persistently
from timeline.application.commands import Excerpt, Source
from timeline.application.corrections import check_source
from timeline.application.prepare import passage_of
from timeline.application.texts import text, translated
from timeline.domain.development import Development, DevelopmentRecorded
from timeline.domain.document import DocumentFiled
from timeline.domain.entry import Seconded
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.event import Redacted
from timeline.domain.messages import Message
from timeline.domain.statement import Statement, StatementPassageAdded, StatementRecorded
from timeline.domain.translation import Translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from timeline.application.directory import Directory
    from timeline.domain.event import Byline, Event
    from timeline.domain.translation import Translatable
    from timeline.stores.recordable import Recordable


class FurtherSource(msgspec.Struct, frozen=True):
    """Another source of the same words, and how it gives them.

    Without an attribution it has that of the entry, but not "quoted".
    """

    source: Source
    attribution: str | None = None
    reported_via: str | None = None


class Additions(msgspec.Struct, frozen=True):
    """The additions of a row.

    ``passage`` is that of a statement. ``translations`` are by language and field, as
    `Translatable.texts` names them; ``originals`` has the row's own values of these fields. A
    translation is left out if the record has another original by now.
    """

    translations: dict[str, dict[str, str]] = {}
    originals: dict[str, str] = {}
    sources: tuple[FurtherSource, ...] = ()
    passage: Excerpt | None = None

    def __bool__(self) -> bool:
        """Tell whether there is anything to add."""
        return bool(self.translations or self.sources or self.passage)


NOTHING = Additions()


def add_passage(
    entry: Statement | Development,
    history: Iterable[Event],
    byline: Byline,
    additions: Additions,
) -> None:
    """Record the passage of a statement, unless it was recorded before; raises `Refused`."""
    passage = passage_of(additions.passage) if additions.passage else None
    if passage and isinstance(entry, Statement) and passage.exact not in _passages(history):
        entry.add_passage(byline, passage)


def add_translations(
    translatable: Translatable, history: Iterable[Event], byline: Byline, additions: Additions
) -> None:
    """Record translations that are new; raises `Refused` for a field that has no words."""
    recorded = set(_translations(history))
    texts, originals = translatable.texts(), translated(additions.originals)
    for lang, words in additions.translations.items():
        where = f"translations.{lang}"
        try:
            new_words = {
                field: word
                for field, word in translated(words).items()
                if originals.get(field, texts.get(field)) == texts.get(field)
                and (lang, texts.get(field) or field.partition(":")[2], word) not in recorded
            }
            if new_words:
                translatable.translate(byline, lang, new_words)
        except Refused as error:
            raise Refused.again(error, field=where) from None


def add_sources(
    entry: Statement | Development,
    history: Iterable[Event],
    byline: Byline,
    additions: Additions,
    directory: Directory,
) -> list[str]:
    """Add further sources, and return the ids of their documents; raises `Refused`."""
    recorded = {event.document for event in history if isinstance(event, Seconded)}
    documents = []
    for further in additions.sources:
        try:
            document = directory.document(byline, further.source)
            if document.id not in recorded:
                check_source(entry, entry.fields, document.published)
                entry.second(byline, document.id, *_attributed(further, entry))
        except Refused as error:
            raise Refused.again(error, field="further_sources") from None
        documents.append(document.id)
    return documents


def _attributed(further: FurtherSource, entry: Statement | Development) -> tuple[str, str]:
    via = text(further.reported_via, "reported_via")
    if further.attribution or via:
        return further.attribution or "second_hand", via
    attribution = entry.fields.get("attribution", "reported")
    passed_on = entry.fields.get("reported_via") or ""
    return ("reported", "") if attribution == "quoted" else (attribution, passed_on)


def _passages(history: Iterable[Event]) -> Iterator[str]:
    """Yield every passage that was ever recorded, even if it was corrected since."""
    for event in history:
        if isinstance(event, StatementRecorded | StatementPassageAdded):
            passage = event.content.passage if event.content else None
            if passage:
                yield passage.exact


def _translations(history: Iterable[Event]) -> Iterator[tuple[str, str, str]]:
    for event in history:
        if isinstance(event, Translated) and event.content:
            for original, word in event.content.words.items():
                yield event.lang, original, word


NO_ENTRY_OF_KEY = Message(
    "no_entry_of_key",
    "no entry on record has this key",
    fix="import the line that records it first",
)
NOT_THE_KEY_OF_AN_ENTRY = Message(
    "not_the_key_of_an_entry",
    "what this key belongs to is no statement and no development",
    fix="give the key of an entry",
)


def added_to_new(
    row: list[Event], additions: Additions, directory: Directory, byline: Byline
) -> list[Event]:
    """Return the events of a new entry with its row's additions; raises `Refused`."""
    new, first = row[:-1], row[-1]
    later, documents = _added([first], additions, directory, byline)
    new_ids = {event.originator_id for event in new}
    filed = [
        directory.unsettled[document] for document in documents if document in directory.unsettled
    ]
    return [*new, *(event for event in filed if event.originator_id not in new_ids), first, *later]


class Supplements:
    """Adds to entries on record; each row adds all or nothing.

    ``filed`` holds the documents that were filed for it.
    """

    def __init__(self, log: Recordable, directory: Directory, byline: Callable[[], Byline]) -> None:
        self.filed: list[Event] = []
        self._log = log
        self._directory = directory
        self._byline = byline
        self._streams: dict[str, list[Event]] = {}
        self._new: list[Event] = []

    def put(self, rows: Sequence[tuple[str, Additions]]) -> list[Outcome]:
        """Add in one transaction, and return the outcome of each row.

        If somebody else adds to the same entries at the same time, try again.
        """
        outcomes = persistently(lambda: self._add(rows), lambda: self._directory.settle(()))
        self.filed = [event for event in self._new if isinstance(event, DocumentFiled)]
        self._directory.settle({event.originator_id for event in self.filed})
        return outcomes

    def _add(self, rows: Sequence[tuple[str, Additions]]) -> list[Outcome]:
        self._streams = self._log.streams_of({entry for entry, _ in rows})
        firsts = self._log.first_events(self._streams)
        self._new.clear()
        byline = self._byline()
        outcomes = [self._one(entry, additions, firsts, byline) for entry, additions in rows]
        self._log.append(self._new)
        return outcomes

    def _one(
        self,
        entry: str,
        additions: Additions,
        firsts: dict[str, tuple[int, Event]],
        byline: Byline,
    ) -> Outcome:
        history = self._streams.get(entry)
        if history is None:
            error = NotFound(NO_ENTRY_OF_KEY, field="key")
            return Outcome("refused", entry, None, error=error)
        try:
            later, documents = _added(history, additions, self._directory, byline)
        except StandlineError as error:
            return Outcome("refused", entry, None, error=error)
        unsettled = self._directory.unsettled
        appended = {event.originator_id for event in self._new}
        needed = [
            document for document in documents if document in unsettled and document not in appended
        ]
        self._new += [*(unsettled[id_] for id_ in needed), *later]
        history += later
        erased = any(isinstance(event, Redacted) for event in history)
        position = firsts[entry][0] if entry in firsts else None
        added = tuple(event.TOPIC for event in later)
        return Outcome("redacted" if erased else "known", entry, position, added=added)


def _added(
    history: list[Event], additions: Additions, directory: Directory, byline: Byline
) -> tuple[list[Event], list[str]]:
    """Return the new events of an entry, and the documents that they need."""
    entry = _entry(history)
    if entry.redacted:
        return [], []
    documents = add_sources(entry, history, byline, additions, directory)
    add_passage(entry, history, byline, additions)
    add_translations(entry, history, byline, additions)
    return [*entry.collect_events()], documents


def _entry(history: list[Event]) -> Statement | Development:
    entry: Statement | Development | None = None
    if isinstance(history[0], StatementRecorded):
        entry = Statement.replay(history)
    elif isinstance(history[0], DevelopmentRecorded):
        entry = Development.replay(history)
    if entry is None:
        raise NotFound(NOT_THE_KEY_OF_AN_ENTRY, field="key")
    return entry
