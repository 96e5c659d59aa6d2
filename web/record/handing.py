"""What happens to a form that is sent: recorded, handed to a second person, or embargoed."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

import msgspec

from timeline.desk.embargoes import EMBARGO_PASSED, Embargo
from timeline.domain.errors import Refused
from timeline.releasing import entries_as_json
from web.record.drafts import SENT_BACK, forget, gist_of, kept_fields
from web.record.fields.dates import FIELD, moment_in_field
from web.record.forms.answers import attempt
from web.record.forms.signing import byline, byline_at, own_handle
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.application.changes import NewSignature
    from timeline.application.joint_recording import EntryCommand
    from timeline.desk.reviews import Review
    from timeline.domain.errors import StandlineError
    from timeline.domain.event import Byline
    from web.record.forms.form_state import FormState


REVIEW = "review"
"""The room that keeps entries for a second person; without it nobody can record under that rule."""

QUEUE = "/record/review"
"""The list of entries that wait for a second person."""

EMBARGOES = "/record/embargo"
"""The list of embargoed entries."""

STATEMENT, DEVELOPMENT = "statement", "development"


class Entry(msgspec.Struct, frozen=True):
    """An entry as a form has it: what it is, and how to record it.

    ``until`` is the end of its embargo in microseconds UTC, 0 for none. ``several`` returns the
    commands: more than one if the words have several stances. ``signed`` returns the signatures
    for the changes that they make, by entry id. ``follow`` runs once they are on record, with
    their numbers. ``refuse`` notes on the ``sheet`` which rule an error names.
    """

    kind: str
    sheet: FormState
    until: int
    several: Callable[[], list[EntryCommand]]
    signed: Callable[[], dict[str, NewSignature]]
    follow: Callable[[Byline, tuple[int, ...]], None]
    refuse: Callable[[StandlineError], None]


class Submission(msgspec.Struct, frozen=True):
    """What became of an entry: recorded under ``numbers``, or waiting on the desk.

    ``waits_at`` is the address of the list on which it waits.
    """

    numbers: tuple[int, ...] = ()
    waits_at: str = ""

    @property
    def number(self) -> int:
        """The first number, or 0."""
        return next(iter(self.numbers), 0)


def settle(entry: Entry) -> Submission | None:
    """Record an entry, embargo it, or hand it over if a second person must agree.

    Returns nothing if something is wrong; the sheet says what.
    """
    submission = attempt(entry.sheet, lambda: _submit(entry), entry.refuse)
    if submission:
        forget(entry.sheet.value("entry"))
    return submission


def settle_agreed(entry: Entry, by: Byline) -> Submission | None:
    """Record or embargo an entry to which a second person agreed: ``by`` names both."""
    return attempt(
        entry.sheet,
        lambda: _keep_until_due(entry, by) if entry.until > by.at else _record([entry], by),
        entry.refuse,
    )


def waiting_from(document: str) -> Sequence[Review | Embargo]:
    """Return the entries from a text that wait on the desk: for a person, or for a moment."""
    desk = services().desk
    return [*desk.reviews.waiting(document), *desk.embargoes.waiting(document)]


def embargo_on(document: str) -> str:
    """Return the end of the embargo on a text's entries, as a form has it; empty for none.

    The next entry from the same text most likely waits as long; else it would be out before them.
    """
    entries = services().desk.embargoes.waiting(document)
    last = max((entry.due_at for entry in entries), default=0)
    return moment_in_field(last) if last > this_request().instant else ""


def settle_together(entries: Sequence[Entry]) -> Submission:
    """Settle several entries at once: those that are recorded come in one append.

    Raises what the newsroom refuses, and nothing is done then; the error's ``entry`` says which.
    """
    for entry in entries:
        _check_moment(entry)
    last = max((entry.until for entry in entries), default=0)
    several = [numbered for entry in entries for numbered in entry.several()]
    services().newsroom.together.rehearse(byline_at(last), several)
    if hand_over := _hand_over_function():
        results = [hand_over(entry) for entry in entries]
    else:
        at_once = [entry for entry in entries if not entry.until]
        results = [_record(at_once, byline())] if at_once else []
        results += [_keep_until_due(entry, byline()) for entry in entries if entry.until]
    for entry in entries:
        forget(entry.sheet.value("entry"))
    return Submission(results[0].numbers, results[-1].waits_at) if results else Submission()


def _submit(entry: Entry) -> Submission:
    _check_moment(entry)
    if hand_over := _hand_over_function():
        return hand_over(entry)
    return _keep_until_due(entry, byline()) if entry.until else _record([entry], byline())


def _hand_over_function() -> Callable[[Entry], Submission] | None:
    """Return the function that hands an entry to a second person, if the desk demands one."""
    return this_request().kept_by(REVIEW) if this_request().four_eyes else None


def _check_moment(entry: Entry) -> None:
    """Raise `Refused` for a moment that has passed."""
    if entry.until and entry.until <= this_request().instant:
        error = Refused(EMBARGO_PASSED, field=FIELD)
        error.entry = entry.sheet.value("entry")
        raise error


def _record(entries: Sequence[Entry], by: Byline) -> Submission:
    """Record entries in one append; raises what the newsroom refuses."""
    by_entry = [entry.several() for entry in entries]
    signed = {key: value for entry in entries for key, value in entry.signed().items()}
    numbered = [*chain.from_iterable(by_entry)]
    recorded = services().newsroom.together.record(by, numbered, signed)
    numbers = iter([event.position for event in recorded])
    for entry, own in zip(entries, by_entry, strict=True):
        entry.follow(by, tuple(islice(numbers, len(own))))
    return Submission(tuple(event.position for event in recorded))


def _keep_until_due(entry: Entry, by: Byline) -> Submission:
    """Embargo an entry that could be recorded now; raises what the newsroom refuses."""
    numbered, sheet = entry.several(), entry.sheet
    at_due = msgspec.structs.replace(by, at=entry.until)
    rehearsed = services().newsroom.together.rehearse(at_due, numbered)
    services().promises.check_second([event for row in rehearsed for event in row])
    sheet.values.pop(SENT_BACK, None)
    document = sheet.value("document")
    embargoed = Embargo(
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
        command=entries_as_json(numbered),
        text="" if document else sheet.value("text"),
        looked_up_to=services().log.head(),
    )
    services().desk.embargoes.keep(embargoed)
    return Submission(waits_at=EMBARGOES)
