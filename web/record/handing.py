"""What becomes of a form that is sent: recorded, or kept on the desk for a person or a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.desk.embargoes import EMBARGO_PASSED, Embargoed
from timeline.desk.reviews import Handed
from timeline.domain.errors import Refused
from timeline.releasing import entries_as_json
from web.record.drafts import forget, gist_of, kept_fields
from web.record.fields.moment import FIELD
from web.record.forms.answers import attempt
from web.record.forms.signing import byline, byline_at, own_handle
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.application.together import Numbered
    from timeline.domain.errors import StandlineError
    from timeline.domain.event import Byline
    from web.record.forms.sheet import Sheet


QUEUE = "/record/review"
"""Where what waits for a second person is listed."""

EMBARGOES = "/record/embargo"
"""Where what waits for its moment is listed."""

STATEMENT, DEVELOPMENT = "statement", "development"


class Entry(msgspec.Struct, frozen=True):
    """An entry as a form has it: what it is, and how it is recorded.

    It is not recorded ``until`` a moment, in microseconds UTC, 0 for none. ``record`` returns its
    numbers, several where words have several stances. ``refuse`` notes on the ``sheet`` what a rule
    says no to.
    """

    kind: str
    sheet: Sheet
    until: int
    several: Callable[[], list[Numbered]]
    record: Callable[[], tuple[int, ...]]
    refuse: Callable[[StandlineError], None]


class Settled(msgspec.Struct, frozen=True):
    """What became of an entry: recorded under ``numbers``, or none where it waits.

    ``waits_at`` is the address of the list on which it does.
    """

    numbers: tuple[int, ...] = ()
    waits_at: str = ""

    @property
    def number(self) -> int:
        """The first number, or 0."""
        return next(iter(self.numbers), 0)


def settle(entry: Entry) -> Settled | None:
    """Record an entry, keep it until its moment, or hand it over where a second person must agree.

    Returns nothing where something is in the way; the sheet says what.
    """
    done = attempt(entry.sheet, lambda: _settled(entry), entry.refuse)
    if done:
        forget(entry.sheet.value("entry"))
    return done


def settle_agreed(entry: Entry, by: Byline) -> Settled | None:
    """Do so with an entry to which a second person agreed: ``by`` names both."""
    return attempt(
        entry.sheet,
        lambda: _kept(entry, by) if entry.until > by.at else Settled(entry.record()),
        entry.refuse,
    )


def waiting_from(document: str) -> Sequence[Handed | Embargoed]:
    """Return what is coded from a text and waits on the desk: for a person, or for its moment."""
    desk = services().desk
    return [*desk.reviews.waiting(document), *desk.embargoes.waiting(document)]


def _settled(entry: Entry) -> Settled:
    if entry.until and entry.until <= this_request().instant:
        raise Refused(EMBARGO_PASSED, field=FIELD)
    if this_request().four_eyes:
        return _handed_over(entry)
    return _kept(entry, byline()) if entry.until else Settled(entry.record())


def _handed_over(entry: Entry) -> Settled:
    """Keep what could be recorded for somebody else; raises what the newsroom refuses."""
    services().newsroom.together.rehearse(byline_at(entry.until), entry.several())
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
    return Settled(waits_at=QUEUE)


def _kept(entry: Entry, by: Byline) -> Settled:
    """Keep what could be recorded until its moment; raises what the newsroom refuses."""
    several, sheet = entry.several(), entry.sheet
    services().newsroom.together.rehearse(byline_at(entry.until), several)
    document = sheet.value("document")
    embargoed = Embargoed(
        id=sheet.value("entry"),
        kind=entry.kind,
        author=by.by,
        via=by.via,
        due_at=entry.until,
        set_by=own_handle(),
        set_at=this_request().instant,
        document=document,
        gist=gist_of(sheet),
        fields=kept_fields(sheet),
        command=entries_as_json(several),
        text="" if document else sheet.value("text"),
        looked_up_to=services().log.head(),
    )
    services().desk.embargoes.keep(embargoed)
    return Settled(waits_at=EMBARGOES)
