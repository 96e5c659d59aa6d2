"""Handing an entry over: kept on the desk until a second person agrees, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.desk.reviews import Handed
from web.record.drafts import forget, gist_of, kept_fields
from web.record.forms.answers import attempt
from web.record.forms.signing import own_handle
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.application.recording import Recorded
    from timeline.domain.errors import StandlineError
    from web.record.forms.sheet import Sheet


QUEUE = "/record/review"
"""Where what waits is listed."""

STATEMENT, DEVELOPMENT = "statement", "development"


class Entry(msgspec.Struct, frozen=True):
    """An entry as a form has it: how it is recorded, and tried without being recorded.

    ``refuse`` notes on the ``sheet`` what a rule says no to.
    """

    kind: str
    sheet: Sheet
    record: Callable[[], Recorded]
    rehearse: Callable[[], object]
    refuse: Callable[[StandlineError], None]


class Settled(msgspec.Struct, frozen=True):
    """What became of an entry: recorded under a ``number``, or 0 where it waits to be agreed to."""

    number: int


def settle(entry: Entry) -> Settled | None:
    """Record an entry, or hand it over where a second person has to agree.

    Returns nothing where something is in the way; the sheet says what.
    """
    done = attempt(
        entry.sheet,
        lambda: _handed_over(entry) if this_request().four_eyes else _recorded(entry),
        entry.refuse,
    )
    if done:
        forget(entry.sheet.value("entry"))
    return done


def _recorded(entry: Entry) -> Settled:
    return Settled(entry.record().position)


def _handed_over(entry: Entry) -> Settled:
    """Keep what could be recorded for somebody else; raises what the newsroom refuses."""
    entry.rehearse()
    sheet = entry.sheet
    handed = Handed(
        id=sheet.value("entry"),
        kind=entry.kind,
        author=own_handle(),
        handed_at=this_request().instant,
        document=sheet.value("document"),
        gist=gist_of(sheet),
        fields=kept_fields(sheet),
    )
    services().desk.reviews.hand_over(handed)
    return Settled(0)
