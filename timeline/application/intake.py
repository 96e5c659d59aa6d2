"""The intake: record rows of a file, a few thousand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from timeline.application.additions import NOTHING, Additions, Supplements, added_to_new
from timeline.application.batch import Outcome, in_conflict, persistently, record_batch
from timeline.application.commands import RecordStatement
from timeline.application.prepare import prepare
from timeline.application.recodings import Recodings
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from timeline.application.commands import Command, Source
    from timeline.application.directory import Directory
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Recordable

AS_STATED = "as stated in the imported file"
"""The mandate reason of an imported speaker without a mandate on record."""


_ADDED_SINCE = frozenset(("mandate_reason", "passage.text"))
_BY_WHAT_FOLLOWED = ("topic", "said_at", "happened_at", VARIABLES)
"""Fields for which a recorded row may be refused today.

Somebody may have closed the topic since, redated the source, or written another codebook.
"""


class IntakeRow(NamedTuple):
    """One row: the id of its entry, its command, and its additions.

    Without a command it only adds to an entry on record.
    """

    entry: str
    command: Command | None
    additions: Additions = NOTHING


class Intake:
    """Records batches of rows; a refused row never stops the others.

    ``byline`` is called once a batch; ``brought`` has the events of stories, topics, actors and
    documents that came with the rows, by id and version, until somebody counts and clears it.
    With ``recode``, a reason, a row that differs from the entry of its key corrects it.
    """

    def __init__(
        self,
        log: Recordable,
        directory: Directory,
        byline: Callable[[], Byline],
        recode: str | None = None,
    ) -> None:
        self.brought: dict[tuple[str, int], Event] = {}
        self._log = log
        self._directory = directory
        self._byline = byline
        self._recode = recode

    def put(
        self, rows: Sequence[IntakeRow], whole: Sequence[range] = (), counted: Collection[str] = ()
    ) -> list[Outcome]:
        """Record rows under their ids, and return their outcomes in order.

        New entries are recorded in one transaction, additions to known ones in another. Rows in
        one of the ranges ``whole`` are recorded all or none. ``counted`` has the ids that are made
        of a line number: who, what and when of their entries is never corrected, because another
        row may have that line now.
        """
        return self._with_supplements(rows, self._record_rows(rows, whole, counted))

    def _record_rows(
        self, rows: Sequence[IntakeRow], whole: Sequence[range], counted: Collection[str]
    ) -> list[Outcome]:
        """Record new rows; prepare them again if others reworded the same topics meanwhile."""

        def record() -> list[Outcome]:
            prepared, outcomes = self._prepare(rows)
            if whole:
                prepared = self._only_whole(rows, whole, prepared, outcomes)
            return self._record(rows, prepared, outcomes, counted)

        return persistently(record, lambda: self._directory.settle(()))

    def _prepare(self, rows: Sequence[IntakeRow]) -> tuple[list[list[Event]], list[Outcome | None]]:
        """Return the events of the rows, and the outcomes of rows without events."""
        self._directory.foresee(_sources(rows))
        byline = self._byline()
        outcomes: list[Outcome | None] = []
        prepared: list[list[Event]] = []
        for row in rows:
            if row.command is None:
                outcomes.append(Outcome("known", row.entry, None))
                continue
            before = self._directory.new()
            try:
                prepared.append(self._prepare_row(row, byline))
                outcomes.append(None)
            except StandlineError as error:
                self._directory.take_back(before, row.command)
                outcomes.append(Outcome("refused", row.entry, None, error=error))
        return prepared, outcomes

    def _only_whole(
        self,
        rows: Sequence[IntakeRow],
        whole: Sequence[range],
        prepared: list[list[Event]],
        outcomes: list[Outcome | None],
    ) -> list[list[Event]]:
        """Give all rows of a range the outcome of the one that is refused or in conflict."""
        ready = [place for place, outcome in enumerate(outcomes) if outcome is None]
        events = dict(zip(ready, prepared, strict=True))
        conflicts = self._conflicts(rows, prepared)
        for places in whole:
            settled = (outcomes[at] or conflicts.get(rows[at].entry) for at in places)
            failed = next(
                (outcome for outcome in settled if outcome and outcome.kind != "known"), None
            )
            if failed is None:
                continue
            for at in places:
                if at in events and rows[at].entry not in conflicts:
                    del events[at]
                    outcomes[at] = msgspec.structs.replace(failed, id=rows[at].entry)
        return [events[at] for at in sorted(events)]

    def _conflicts(
        self, rows: Sequence[IntakeRow], prepared: list[list[Event]]
    ) -> dict[str, Outcome]:
        """Return, by id, the rows that will stay in conflict; with a reason they are corrected."""
        if self._recode is not None:
            return {}
        outcomes = in_conflict(self._log, prepared, asked=_asked(rows))
        return {
            id_: outcome for id_, outcome in outcomes.items() if _known(outcome).kind == "conflict"
        }

    def _prepare_row(self, row: IntakeRow, byline: Byline) -> list[Event]:
        events = self._prepare_first(row, byline)
        if row.additions:
            events = added_to_new(events, row.additions, self._directory, byline)
        return events

    def _prepare_first(self, row: IntakeRow, byline: Byline) -> list[Event]:
        entry, command, _ = row
        assert command is not None  # noqa: S101 - `put` handles rows without one
        try:
            return prepare(command, self._directory, byline, entry)
        except Refused as error:
            if error.field.startswith(_BY_WHAT_FOLLOWED) and self._log.first_events([entry]):
                return prepare(command, self._directory, byline, entry, again=True)
            if not isinstance(command, RecordStatement) or command.mandate_reason:
                raise
            if error.field != "on_behalf_of":
                raise
            with_reason = msgspec.structs.replace(command, mandate_reason=AS_STATED)
            return prepare(with_reason, self._directory, byline, entry)

    def _record(
        self,
        rows: Sequence[IntakeRow],
        prepared: list[list[Event]],
        outcomes: list[Outcome | None],
        counted: Collection[str],
    ) -> list[Outcome]:
        new = set(self._directory.unsettled)
        recorded = record_batch(self._log, prepared, asked=_asked(rows))
        self._directory.settle(self._log.first_events(new) if new else new)
        results = iter(
            self._recode_rows(prepared, list(map(self._final_outcome, prepared, recorded)), counted)
        )
        return [outcome or next(results) for outcome in outcomes]

    def _recode_rows(
        self, prepared: list[list[Event]], outcomes: list[Outcome], counted: Collection[str]
    ) -> list[Outcome]:
        """Correct the entries of rows whose key belongs to other words, if we may."""
        places = [place for place, outcome in enumerate(outcomes) if outcome.kind == "conflict"]
        if places:
            recodings = Recodings(self._log, self._byline, self._recode, counted)
            settled = recodings.put([(prepared[place], outcomes[place]) for place in places])
            self._bring(recodings.brought)
            for place, outcome in zip(places, settled, strict=True):
                outcomes[place] = outcome
        return outcomes

    def _final_outcome(self, row: list[Event], outcome: Outcome) -> Outcome:
        if outcome.kind != "fresh":
            return _known(outcome)
        if len(row) == 1:
            return outcome
        self._bring(event for event in row if event.originator_id != outcome.id)
        if row[-1].originator_version == 1:
            return outcome
        own = [event for event in row if event.originator_id == outcome.id]
        return msgspec.structs.replace(outcome, added=tuple(event.TOPIC for event in own[1:]))

    def _with_supplements(
        self, rows: Sequence[IntakeRow], outcomes: list[Outcome]
    ) -> list[Outcome]:
        """Record the additions of known rows, and return the outcomes with those."""
        added = {
            place: (row.entry, row.additions)
            for place, row in enumerate(rows)
            if row.additions and outcomes[place].kind == "known"
        }
        if not added:
            return outcomes
        supplements = Supplements(self._log, self._directory, self._byline)
        for place, outcome in zip(added, supplements.put([*added.values()]), strict=True):
            outcomes[place] = outcome
        self._bring(supplements.filed)
        return outcomes

    def _bring(self, events: Iterable[Event]) -> None:
        for event in events:
            self.brought[event.originator_id, event.originator_version] = event


def _sources(rows: Sequence[IntakeRow]) -> Iterator[Source]:
    for row in rows:
        if row.command:
            yield row.command.source
        yield from (further.source for further in row.additions.sources)


def _asked(rows: Sequence[IntakeRow]) -> set[str]:
    return {row.entry for row in rows if row.command and row.command.topic_question}


def _known(outcome: Outcome) -> Outcome:
    """Take a row as known if it differs only in what may have been added since.

    Its speaker got a mandate, or the passage was copied from its source; whether that passage is
    the same shows when it is added.
    """
    if outcome.kind == "conflict" and _ADDED_SINCE.issuperset(outcome.differs):
        return Outcome("known", outcome.id, outcome.position)
    return outcome
