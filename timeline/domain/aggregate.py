"""A small stream of events that decides what may be added to it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast

from timeline.domain.errors import Refused
from timeline.domain.event import stamp
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import SLUG_LENGTH, is_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from timeline.domain.event import Byline, Event, Redacted

NOT_A_SLUG = Message(
    "not_a_slug",
    "%(slug)s cannot be used as an address",
    fix="use lower-case letters, digits and hyphens, %(limit)s characters at most",
)
NOTHING_TO_ERASE = Message(
    "nothing_to_erase", "nothing is left that could be erased", fix="nothing has to be done"
)
REASON_MISSING = Message("reason_missing", "a reason is missing", fix="say in a sentence why")

D = TypeVar("D", bound="Callable[..., None]")


class Aggregate:
    """Base of story, topic, actor, document, statement and development.

    Public methods decide: they check the rules and record events. ``_apply`` assigns and
    nothing else; it never refuses, since what is in the log has happened.
    """

    def __init__(self) -> None:
        self.id = ""
        self.version = 0
        self.first_recorded_at = 0
        self.keys: set[str] = set()
        self._pending: list[Event] = []

    @classmethod
    def replay(cls, events: Iterable[Event]) -> Self | None:
        """Rebuild an aggregate from all events of its stream; ``None`` if there are none."""
        aggregate = cls()
        for event in events:
            aggregate._take(event)
        return aggregate if aggregate.version else None

    def collect_events(self) -> Sequence[Event]:
        """Return the events decided since the last call, oldest first."""
        pending, self._pending = self._pending, []
        return pending

    def _record(self, event_type: type[Event], byline: Byline, **fields: object) -> None:
        values: dict[str, Any] = fields | stamp(byline, self.id, self.version + 1)
        event = event_type(**values)
        self._take(event)
        self._pending.append(event)

    def _take(self, event: Event) -> None:
        if not self.version:
            self.first_recorded_at = event.recorded_at
        self.id = event.originator_id
        self.version = event.originator_version
        if event.key:
            self.keys.add(event.key)
        self._apply(event)

    def _apply(self, event: Event) -> None:
        raise NotImplementedError


def command(decide: D) -> D:
    """Make a deciding method do nothing for a key that was recorded before."""

    @functools.wraps(decide)
    def once(self: Aggregate, byline: Byline, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        if byline.key is None or byline.key not in self.keys:
            decide(self, byline, *args, **kwargs)

    return cast("D", once)


class Redactable(Aggregate):
    """Base of aggregates whose content can be erased by law."""

    REDACTED: ClassVar[type[Redacted]]

    @command
    def redact(self, byline: Byline, positions: tuple[int, ...], basis: str) -> None:
        """Record that the content at these log positions was erased; raises `Refused` for none."""
        if not positions:
            raise Refused(NOTHING_TO_ERASE)
        why, codes = required_reason(basis), self._codes_in_words()
        self._record(self.REDACTED, byline, positions=positions, basis=why, **codes)

    def _codes_in_words(self) -> dict[str, str]:
        """Return codes that only the words state, to be kept when these are erased."""
        return {}


def check_slug(slug: str) -> None:
    """Raise `Refused` unless it is lower-case ASCII letters and digits with hyphens."""
    if not is_slug(slug):
        raise Refused(NOT_A_SLUG, field="slug", slug=InQuotes(slug), limit=SLUG_LENGTH)


def required_reason(reason: str) -> str:
    """Return the reason, stripped; raises `Refused` if it is empty."""
    if not reason.strip():
        raise Refused(REASON_MISSING, field="reason")
    return reason.strip()
