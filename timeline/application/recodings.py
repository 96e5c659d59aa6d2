"""Rows that say something else than before under a key that is on record, as corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from timeline.application.supplements import PATIENCE
from timeline.application.texts import text
from timeline.domain.development import Development, DevelopmentRecorded
from timeline.domain.errors import Conflict, StandlineError
from timeline.domain.statement import Statement, StatementRecorded
from timeline.domain.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from timeline.application.batch import Outcome
    from timeline.domain.event import Byline, Event
    from timeline.stores.recordable import Recordable

GIVEN_SINCE = frozenset(("mandate_reason", "passage"))
"""Fields that an entry may have got after a row recorded it: no row says them otherwise."""

WHOSE = frozenset(("topic", "topics", "speaker", "said_at", "happened_at"))
"""Fields in which an entry is another one, and not the same mended."""

KINDS: dict[type[Event], type[Statement | Development]] = {
    StatementRecorded: Statement,
    DevelopmentRecorded: Development,
}


class Recoded(NamedTuple):
    """A field that a row says otherwise than the record, with both values as they are kept."""

    field: str
    old: Any
    new: Any


class Recodings:
    """Corrects what rows say otherwise, where a reason is given, and tells of each row.

    What an editor has corrected since stays: a row corrects only what it says otherwise than it
    did when it was recorded. Where the line alone names the row (``counted`` ids), it corrects no
    entry that is another one (`WHOSE`).
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
        """Settle conflicts; ``rows`` holds the events that each row came to, the entry among them.

        A row that says what the record says by now is known.
        """
        left = PATIENCE
        while True:
            try:
                return self._settle(rows)
            except Conflict:
                left -= 1
                if not left:
                    raise

    def _settle(self, rows: Sequence[tuple[list[Event], Outcome]]) -> list[Outcome]:
        named = {event.originator_id for events, _ in rows for event in events}
        streams = self._log.streams_of(named)
        byline = self._byline()
        new: list[Event] = []
        outcomes = []
        for events, outcome in rows:
            told, decided = self._one(events, outcome, streams.get(outcome.id, []), byline)
            outcomes.append(told)
            if decided:
                missing = [*_missing(events, outcome.id, streams)]
                for event in (*missing, *decided):
                    streams.setdefault(event.originator_id, []).append(event)
                new += [*missing, *decided]
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
        if outcome.id in self._counted and any(one.field in WHOSE for one in recoded):
            return outcome, ()
        found: Any = kind.replay(history)
        try:
            why = text(self._reason, "reason")
            found.correct(byline, {one.field: one.new for one in recoded}, why)
        except StandlineError as error:
            return msgspec.structs.replace(outcome, kind="refused", error=error), ()
        corrected = msgspec.structs.replace(outcome, kind="corrected", recoded=tuple(recoded))
        return corrected, found.collect_events()


def _recoded(
    kind: type[Statement | Development], history: list[Event], entry: Event
) -> list[Recoded]:
    """Return what a row says otherwise than when it was recorded, and than the record does."""
    at_first, now, row = (kind.replay(some) for some in (history[:1], history, [entry]))
    if at_first is None or now is None or row is None:
        return []
    fields = [name for name in (*kind.CODED, *kind.WORDS) if name not in GIVEN_SINCE]
    said = row.fields
    fields += sorted(name for name in said if name.startswith(VARIABLES))
    return [
        Recoded(name, now.fields.get(name, ""), said[name])
        for name in fields
        if said[name] not in (at_first.fields.get(name), now.fields.get(name))
    ]


def _missing(
    events: Iterable[Event], entry: str, streams: dict[str, list[Event]]
) -> Iterator[Event]:
    """Yield what is new to a row and not on record: nouns, sources, wordings of its topic."""
    for event in events:
        known = streams.get(event.originator_id, ())
        if event.originator_id != entry and event.originator_version > len(known):
            yield event
