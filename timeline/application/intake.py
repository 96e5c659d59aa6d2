"""The intake: rows of a file on their way into the record, a few thousand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.batch import Outcome, record_batch, sort_batch
from timeline.application.prepare import prepare
from timeline.domain.errors import StandlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.application.commands import Command
    from timeline.application.directory import Directory
    from timeline.domain.event import Byline, Event
    from timeline.stores.log import EventLog


class Intake:
    """Records batches of rows; what is refused never stops the rest.

    ``byline`` is asked once a batch. In a ``rehearsal`` everything is decided as it would be
    and nothing is appended.
    """

    def __init__(
        self,
        log: EventLog,
        directory: Directory,
        byline: Callable[[], Byline],
        *,
        rehearsal: bool = False,
    ) -> None:
        self._log = log
        self._directory = directory
        self._byline = byline
        self._rehearsal = rehearsal
        self._rehearsed: set[int] = set()

    def put(self, rows: Sequence[tuple[str, Command]]) -> list[Outcome]:
        """Record rows under their ids, in one transaction, and tell of each, in order."""
        self._directory.foresee(command.source for _, command in rows)
        byline = self._byline()
        outcomes: list[Outcome | None] = []
        prepared: list[list[Event]] = []
        for entry, command in rows:
            try:
                prepared.append(prepare(command, self._directory, byline, entry))
                outcomes.append(None)
            except StandlineError as error:
                outcomes.append(Outcome("refused", entry, None, error=error))
        decided = iter(self._record(prepared))
        return [outcome or next(decided) for outcome in outcomes]

    def _record(self, prepared: list[list[Event]]) -> list[Outcome]:
        new = set(self._directory.unsettled)
        if self._rehearsal:
            self._directory.settle(new)
            return [self._rehearse(outcome) for outcome in sort_batch(self._log, prepared)]
        outcomes = record_batch(self._log, prepared)
        self._directory.settle(self._log.first_events(new) if new else new)
        return outcomes

    def _rehearse(self, outcome: Outcome) -> Outcome:
        one = hash(outcome.id)
        known = outcome.kind == "fresh" and one in self._rehearsed
        self._rehearsed.add(one)
        return Outcome("known", outcome.id, None) if known else outcome
