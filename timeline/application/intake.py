"""The intake: rows of a file on their way into the record, a few thousand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.batch import Outcome, record_batch
from timeline.application.commands import RecordStatement
from timeline.application.prepare import prepare
from timeline.domain.errors import Refused, StandlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.application.commands import Command
    from timeline.application.directory import Directory
    from timeline.domain.event import Byline, Event
    from timeline.stores.log import EventLog

AS_STATED = "as stated in the imported file"
"""Why a speaker of an import stands for another, where no mandate is on record."""


_BY_WHAT_FOLLOWED = ("topic", "said_at", "happened_at")
"""Where a row may be refused that was taken before: topics are closed, sources redated."""


class Intake:
    """Records batches of rows; what is refused never stops the rest.

    ``byline`` is asked once a batch; ``brought`` holds the events of stories, topics, actors and
    documents that came with the rows, by id, until somebody counts and clears it.
    """

    def __init__(self, log: EventLog, directory: Directory, byline: Callable[[], Byline]) -> None:
        self.brought: dict[str, Event] = {}
        self._log = log
        self._directory = directory
        self._byline = byline

    def put(self, rows: Sequence[tuple[str, Command]]) -> list[Outcome]:
        """Record rows under their ids, in one transaction, and tell of each, in order."""
        self._directory.foresee(command.source for _, command in rows)
        byline = self._byline()
        outcomes: list[Outcome | None] = []
        prepared: list[list[Event]] = []
        for entry, command in rows:
            new_before = len(self._directory.unsettled)
            try:
                prepared.append(self._prepared(entry, command, byline))
                outcomes.append(None)
            except StandlineError as error:
                self._directory.take_back(new_before, command)
                outcomes.append(Outcome("refused", entry, None, error=error))
        decided = iter(self._record(prepared))
        return [outcome or next(decided) for outcome in outcomes]

    def _prepared(self, entry: str, command: Command, byline: Byline) -> list[Event]:
        try:
            return prepare(command, self._directory, byline, entry)
        except Refused as error:
            if error.field in _BY_WHAT_FOLLOWED and self._log.first_events([entry]):
                return prepare(command, self._directory, byline, entry, again=True)
            if not isinstance(command, RecordStatement) or command.mandate_reason:
                raise
            if error.field != "on_behalf_of":
                raise
            told = msgspec.structs.replace(command, mandate_reason=AS_STATED)
            return prepare(told, self._directory, byline, entry)

    def _record(self, prepared: list[list[Event]]) -> list[Outcome]:
        new = set(self._directory.unsettled)
        outcomes = [_mandated(each) for each in record_batch(self._log, prepared)]
        self._directory.settle(self._log.first_events(new) if new else new)
        for row, outcome in zip(prepared, outcomes, strict=True):
            if outcome.kind == "fresh":
                self.brought |= {event.originator_id: event for event in row[:-1]}
        return outcomes


def _mandated(outcome: Outcome) -> Outcome:
    """Take a row as known whose speaker got the mandate only after it was recorded."""
    if outcome.kind == "conflict" and outcome.differs == ("mandate_reason",):
        return Outcome("known", outcome.id, outcome.position)
    return outcome
