"""Four eyes: a decision about the record waits on the desk until a second person agrees.

New entries wait as the forms of their authors (`timeline.desk.reviews`), all other changes as the
events that they would append.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.newsroom import Newsroom
from timeline.desk.drafts import Gist
from timeline.desk.promises import REVIEWED
from timeline.desk.reviews import CHANGE, Review
from timeline.domain.catalogue import EVENT_TYPES
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.statement import StatementRecorded
from timeline.stores.log_beside import PendingLog

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from timeline.bootstrap import Services
    from timeline.desk.promises import Promises
    from timeline.domain.event import Event
    from timeline.stores.log import EventLog
    from timeline.stores.recordable import Numbered
    from timeline.stores.rows import StoredRow

MUCH_AT_ONCE = Message(
    "much_at_once",
    "this changes %(count)s things at once, and nobody could look over more than %(most)s",
    fix="do it in parts",
)
MOST = 200

StoredEvent = tuple[str, str, int, dict[str, Any]]
"""An event in JSON: its type, its stream, its version there, and its fields."""

_read = msgspec.json.Decoder(list[StoredEvent]).decode


class WaitingLog(PendingLog):
    """The log while a form is processed: events that need a second person are held back.

    Reads see both, so that later parts of the form are decided after them. An event that was held
    back has position 0.
    """

    def __init__(self, log: EventLog, promises: Promises) -> None:
        super().__init__(log)
        self._promises = promises
        self.waiting: list[Event] = []

    def append(self, events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]:
        """Append events or hold them back; refuse an entry without a second person."""
        if not self.waiting and not self._promises.need_a_second(events):
            return self._log.append(events, numbered)
        if any(isinstance(event, StatementRecorded | DevelopmentRecorded) for event in events):
            return self._log.append(events, numbered)
        self.waiting.extend(events)
        return [0] * len(events)

    def streams_of(
        self, streams: Collection[str], upto: int | None = None
    ) -> dict[str, list[Event]]:
        """Return the events of streams that exist, those on record first."""
        histories = super().streams_of(streams, upto)
        for event in self.waiting:
            if event.originator_id in streams:
                histories.setdefault(event.originator_id, []).append(event)
        return histories

    def erase(self, positions: Collection[int]) -> None:
        """Erase what a redaction on record names; an erasure needs only one person."""
        self._log.erase(positions)

    def restore(self, rows: Iterable[StoredRow]) -> None:
        """Restore a log; raises `Refused` as the log would."""
        self._log.restore(rows)


def services_for_review(services: Services) -> tuple[Services, WaitingLog]:
    """Return services whose newsroom holds back what needs a second person, and their log."""
    log = WaitingLog(services.log, services.promises)
    newsroom = Newsroom(log, services.clock, services.register, services.log.asks_four_eyes)
    return msgspec.structs.replace(services, newsroom=newsroom), log


def hand_over(services: Services, entry: str, events: Sequence[Event]) -> None:
    """Put one person's decision on the desk to wait; raises `Refused` for too many events."""
    if len(events) > MOST:
        raise Refused(MUCH_AT_ONCE, count=len(events), most=MOST)
    rows = [_stored(event) for event in events]
    handed = Review(
        id=entry,
        kind=CHANGE,
        author=events[0].recorded_by,
        handed_at=events[0].recorded_at,
        document="",
        gist=Gist(actor="", topic="", words=""),
        # An erasure finds it here by its words.
        fields={"words": [*_words(rows)]},
        command=msgspec.json.encode(rows).decode(),
    )
    services.desk.reviews.hand_over(handed)


def events_in(handed: Review) -> list[Event]:
    """Return the events that would be recorded."""
    events = []
    for topic, stream, version, fields in _read(handed.command):
        event = msgspec.convert(fields, EVENT_TYPES[topic])
        place = {"originator_id": stream, "originator_version": version}
        events.append(msgspec.structs.replace(event, **place))
    return events


def record_agreed(services: Services, handed: Review, second: str) -> int:
    """Record a waiting decision under the names of both people; return the log position.

    Raises `Conflict` if its subject changed meanwhile, and `SecondPersonNeeded` if both people are
    the same.
    """
    signed = {"recorded_at": services.clock(), "via": f"{REVIEWED}{second}"}
    events = [msgspec.structs.replace(event, **signed) for event in events_in(handed)]
    return services.log.append(events)[-1]


def _stored(event: Event) -> StoredEvent:
    fields = msgspec.to_builtins(event)
    stream, version = fields.pop("originator_id"), fields.pop("originator_version")
    return event.TOPIC, stream, version, fields


def _words(item: object) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict | list | tuple):
        for value in item.values() if isinstance(item, dict) else item:
            yield from _words(value)
