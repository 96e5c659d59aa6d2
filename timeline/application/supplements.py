"""Turn the additions of rows into events of entries, recorded or new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.additions import add_passage, add_sources, add_translations
from timeline.application.batch import Outcome
from timeline.domain.development import Development, DevelopmentRecorded
from timeline.domain.document import DocumentFiled
from timeline.domain.errors import Conflict, NotFound, StandlineError
from timeline.domain.event import Redacted
from timeline.domain.messages import Message
from timeline.domain.statement import Statement, StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.application.additions import Additions
    from timeline.application.directory import Directory
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Recordable

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

PATIENCE = 20
"""How often to try if others write to the same entries meanwhile."""


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
        for tries_left in reversed(range(PATIENCE)):
            self._streams = self._log.streams_of({entry for entry, _ in rows})
            firsts = self._log.first_events(self._streams)
            self._new.clear()
            byline = self._byline()
            outcomes = [self._one(entry, additions, firsts, byline) for entry, additions in rows]
            try:
                self._log.append(self._new)
            except Conflict:
                if not tries_left:
                    raise
                self._directory.settle(())
            else:
                break
        self.filed = [event for event in self._new if isinstance(event, DocumentFiled)]
        self._directory.settle({event.originator_id for event in self.filed})
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
