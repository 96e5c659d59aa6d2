"""Rules that every append must keep: a second person, and a chance to reply before publication.

Everything that records passes here: the site, programs and the command line. Any event type that
is not listed as one person's to record needs a second person.
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
        # A name or a question says nothing of anybody until a reviewed entry uses it.
        "story.opened",
        "topic.opened",
        "actor.introduced",
        # Others check an entry by its source and text.
        "document.filed",
        "document.snapshot_taken",
        # A second reading is by two people already, and moves no position.
        "statement.coded",
        "statement.quote_read",
        "statement.quote_unread",
        # Nobody may decide on a change whose ends they recorded: the decider is a second person.
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
"""The event types that one person may record alone."""

REVIEWED = "review:"
"""The prefix of ``via`` in reviewed events; the reviewer's handle follows."""

IMPORTED = "import:"


class SecondPersonNeeded(Refused):
    """A second person has to agree."""


class Promises:
    """Checks events against these rules before they are recorded."""

    def __init__(self, asks_four_eyes: Callable[[], bool], desk: Desk) -> None:
        self._asks_four_eyes, self._desk = asks_four_eyes, desk

    def check(self, events: Sequence[Event]) -> None:
        """Raise `SecondPersonNeeded`, or `Refused`.

        `Refused` is raised while somebody may still reply, and for a blind reading of a quote by
        somebody who saw how it is coded.
        """
        self.check_second(events)
        self._check_replies(events)
        self._check_blindness(events)

    def check_second(self, events: Sequence[Event]) -> None:
        """Raise `SecondPersonNeeded` if one person decided alone."""
        if self.need_a_second(events):
            raise SecondPersonNeeded(NEEDS_A_SECOND)

    def need_a_second(self, events: Sequence[Event]) -> bool:
        """Tell whether the store demands a second person and an event has none."""
        alone = (event for event in events if event.TOPIC not in ALONE and not is_reviewed(event))
        return any(alone) and self._asks_four_eyes()

    def _check_replies(self, events: Sequence[Event]) -> None:
        new = {
            event.originator_id: event.recorded_at
            for event in events
            if isinstance(event, StatementRecorded | DevelopmentRecorded)
            # Nobody could ask about an entry that did not begin as a form.
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
            # A reading from a file was done elsewhere.
            if not isinstance(event, StatementQuoteRead) or event.via.startswith(IMPORTED):
                continue
            if self._desk.is_there() and event.originator_id in self._desk.shown_ends.seen_by(
                event.reader
            ):
                raise Refused(SEEN_IN_A_CHANGE, field="number", reader=event.reader)


def is_reviewed(event: Event) -> bool:
    """Tell whether a person other than the author agreed to an event."""
    handle = event.via.removeprefix(REVIEWED)
    return handle not in ("", event.via, event.recorded_by)
