"""Turn rows that differ from the entry of their key into corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from timeline.application.batch import persistently
from timeline.application.texts import text
from timeline.domain.development import Development, DevelopmentRecorded
from timeline.domain.errors import StandlineError
from timeline.domain.statement import Statement, StatementRecorded
from timeline.domain.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from timeline.application.batch import Outcome
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Recordable

GIVEN_SINCE = frozenset(("mandate_reason", "passage"))
"""Fields that an entry may get after its row was recorded; a row never changes them."""

WHOSE = frozenset(("topic", "topics", "speaker", "said_at", "happened_at"))
"""Fields that make an entry another one if they differ."""

KINDS: dict[type[Event], type[Statement | Development]] = {
    StatementRecorded: Statement,
    DevelopmentRecorded: Development,
}


class RecodedField(NamedTuple):
    """A field in which a row differs from the record, with both stored values."""

    field: str
    old: Any
    new: Any


class Recodings:
    """Corrects entries from rows that differ, if a reason is given, and returns the outcomes.

    What an editor has corrected since stays: a row corrects only fields that changed in the row
    since it was recorded. If only the line number names the row (``counted`` ids), it never
    corrects the fields in `WHOSE`.
    """

    def __init__(
        self,
        log: Recordable,
        byline: Callable[[], Byline],
        reason: str | None,
        counted: Collection[str] = (),
    ) -> None:
        self.brought: list[Event] = []
        self._log = log
        self._byline = byline
        self._reason = reason
        self._counted = counted

    def put(self, rows: Sequence[tuple[list[Event], Outcome]]) -> list[Outcome]:
        """Settle conflicts; ``rows`` has the prepared events of each row with its outcome.

        A row that agrees with the current record is known.
        """
        return persistently(lambda: self._settle(rows))

    def _settle(self, rows: Sequence[tuple[list[Event], Outcome]]) -> list[Outcome]:
        streams_needed = {event.originator_id for events, _ in rows for event in events}
        streams = self._log.streams_of(streams_needed)
        byline = self._byline()
        new: list[Event] = []
        outcomes = []
        for events, outcome in rows:
            result, corrections = self._one(events, outcome, streams.get(outcome.id, []), byline)
            outcomes.append(result)
            if corrections:
                missing = [*_missing(events, outcome.id, streams)]
                for event in (*missing, *corrections):
                    streams.setdefault(event.originator_id, []).append(event)
                new += [*missing, *corrections]
        self._log.append(new)
        self.brought = [event for event in new if event.originator_version == 1]
        return outcomes

    def _one(
        self, events: list[Event], outcome: Outcome, history: list[Event], byline: Byline
    ) -> tuple[Outcome, Sequence[Event]]:
        entry = next(event for event in events if event.originator_id == outcome.id)
        kind = KINDS.get(type(entry))
        if kind is None or not history or not isinstance(history[0], type(entry)):
            return outcome, ()
        recoded = _recoded(kind, history, entry)
        if not recoded:
            return msgspec.structs.replace(outcome, kind="known", differs=()), ()
        if self._reason is None:
            return outcome, ()
        if outcome.id in self._counted and any(change.field in WHOSE for change in recoded):
            return outcome, ()
        aggregate: Any = kind.replay(history)
        try:
            why = text(self._reason, "reason")
            aggregate.correct(byline, {change.field: change.new for change in recoded}, why)
        except StandlineError as error:
            return msgspec.structs.replace(outcome, kind="refused", error=error), ()
        corrected = msgspec.structs.replace(outcome, kind="corrected", recoded=tuple(recoded))
        return corrected, aggregate.collect_events()


def _recoded(
    kind: type[Statement | Development], history: list[Event], entry: Event
) -> list[RecodedField]:
    """Return the fields in which a row differs from its first record and from the current one."""
    original, now, row = (kind.replay(some) for some in (history[:1], history, [entry]))
    if original is None or now is None or row is None:
        return []
    fields = [name for name in (*kind.CODED, *kind.WORDS) if name not in GIVEN_SINCE]
    values = row.fields
    fields += sorted(name for name in values if name.startswith(VARIABLES))
    return [
        RecodedField(name, now.fields.get(name, ""), values[name])
        for name in fields
        if values[name] not in (original.fields.get(name), now.fields.get(name))
    ]


def _missing(
    events: Iterable[Event], entry: str, streams: dict[str, list[Event]]
) -> Iterator[Event]:
    """Yield the events that a row needs and that are not on record: nouns, sources, wordings."""
    for event in events:
        recorded = streams.get(event.originator_id, ())
        if event.originator_id != entry and event.originator_version > len(recorded):
            yield event
