"""What a newsroom promised, held where the log takes something in: two people, and a reply first.

Everything that records comes by here, from the site, from a program and from the command line.
What is not named as something that one person may do alone needs a second one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.development import DevelopmentRecorded
from timeline.domain.errors import Refused
from timeline.domain.instants import iso_us
from timeline.domain.messages import Message
from timeline.domain.statement import StatementQuoteRead, StatementRecorded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.desk.desk import Desk
    from timeline.domain.event import Event

NEEDS_A_SECOND = Message(
    "needs_a_second",
    "here a second person agrees to what is recorded",
    fix="do it on the site, where it waits for them",
)
REPLY_AWAITED = Message(
    "reply_awaited",
    "%(whom)s was asked for a reply to this, and has until %(until)s",
    fix="note at /record/replies what came of it, or wait until then",
)

SEEN_IN_A_CHANGE = Message(
    "seen_in_a_change",
    "%(reader)s was shown a change with these words, or how they are coded",
    fix="let somebody else read the quote",
)

ALONE = frozenset(
    (
        # A name or a question says nothing of anybody until an entry that is agreed to names it.
        "story.opened",
        "topic.opened",
        "actor.introduced",
        # A source and its text are what others check an entry by.
        "document.filed",
        "document.snapshot_taken",
        # A second reading is by two people already, and moves no position.
        "statement.coded",
        "statement.quote_read",
        "statement.quote_unread",
        # Whoever recorded or corrected an end of a change is refused it: the second person decides.
        "change.signed",
        "change.declined",
        "change.reopened",
        # The law does not wait.
        "change.redacted",
        "topic.redacted",
        "actor.redacted",
        "document.redacted",
        "statement.redacted",
        "development.redacted",
        # About the machine, not about the world.
        "clock.confirmed",
        "ledger.key_rotated",
    )
)
"""What one person does alone while a second one agrees to all else, by type of event."""

REVIEWED = "review:"
"""How an event says by which way it came that a second person agreed to, before their handle."""

IMPORTED = "import:"


class SecondPersonNeeded(Refused):
    """One person decided alone what needs a second one."""


class Promises:
    """Says what stands in the way of recording something, as the desk has it."""

    def __init__(self, asks_four_eyes: Callable[[], bool], desk: Desk) -> None:
        self._asks_four_eyes, self._desk = asks_four_eyes, desk

    def check(self, events: Sequence[Event]) -> None:
        """Raise `SecondPersonNeeded`, or `Refused`.

        That is while somebody who was asked may still reply, and for the quote that is read by
        somebody who saw how it is coded.
        """
        self.check_second(events)
        self._check_replies(events)
        self._check_blindness(events)

    def check_second(self, events: Sequence[Event]) -> None:
        """Raise `SecondPersonNeeded` where one person decided alone."""
        if self.need_a_second(events):
            raise SecondPersonNeeded(NEEDS_A_SECOND)

    def need_a_second(self, events: Sequence[Event]) -> bool:
        """Tell whether the store asks for a second person, and one of these has none."""
        alone = (event for event in events if event.TOPIC not in ALONE and not is_reviewed(event))
        return any(alone) and self._asks_four_eyes()

    def _check_replies(self, events: Sequence[Event]) -> None:
        new = {
            event.originator_id: event.recorded_at
            for event in events
            if isinstance(event, StatementRecorded | DevelopmentRecorded)
            # Nobody could ask about an entry that no form began.
            and not event.via.startswith(IMPORTED)
        }
        if not new or not self._desk.is_there():
            return
        for inquiry in self._desk.inquiries.open_about(list(new)):
            if new[inquiry.entry] < inquiry.deadline:
                error = Refused(
                    REPLY_AWAITED,
                    field="entry",
                    whom=inquiry.whom,
                    until=iso_us(inquiry.deadline),
                )
                error.entry = inquiry.entry
                raise error

    def _check_blindness(self, events: Sequence[Event]) -> None:
        for event in events:
            # What a file tells was read elsewhere.
            if not isinstance(event, StatementQuoteRead) or event.via.startswith(IMPORTED):
                continue
            if self._desk.is_there() and event.originator_id in self._desk.shown_ends.seen_by(
                event.reader
            ):
                raise Refused(SEEN_IN_A_CHANGE, field="number", reader=event.reader)


def is_reviewed(event: Event) -> bool:
    """Tell whether a second person agreed to an event, and not the one who wrote it."""
    handle = event.via.removeprefix(REVIEWED)
    return handle not in ("", event.via, event.recorded_by)
