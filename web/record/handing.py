"""What becomes of a form that is sent: recorded, or kept on the desk for a person or a moment."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

import msgspec

from timeline.desk.embargoes import EMBARGO_PASSED, Embargoed
from timeline.domain.errors import Refused
from timeline.releasing import entries_as_json
from web.record.drafts import SENT_BACK, forget, gist_of, kept_fields
from web.record.fields.written_moments import FIELD, moment_in_field
from web.record.forms.answers import attempt
from web.record.forms.signing import byline, byline_at, own_handle
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.application.changes import NewSignature
    from timeline.application.together import Numbered
    from timeline.desk.reviews import Handed
    from timeline.domain.errors import StandlineError
    from timeline.domain.event import Byline
    from web.record.forms.form_state import FormState


REVIEW = "review"
"""The room that keeps entries for a second person; where it is out, nobody records alone either."""

QUEUE = "/record/review"
"""Where what waits for a second person is listed."""

EMBARGOES = "/record/embargo"
"""Where what waits for its moment is listed."""

STATEMENT, DEVELOPMENT = "statement", "development"


class Entry(msgspec.Struct, frozen=True):
    """An entry as a form has it: what it is, and how it is recorded.

    It is not recorded ``until`` a moment, in microseconds UTC, 0 for none. It is ``several`` where
    words have several stances. ``signed`` says, by their ids, under what the changes are signed
    that they make; ``follow`` does what comes after they are on record, and gets their numbers.
    ``refuse`` notes on the ``sheet`` what a rule says no to.
    """

    kind: str
    sheet: FormState
    until: int
    several: Callable[[], list[Numbered]]
    signed: Callable[[], dict[str, NewSignature]]
    follow: Callable[[Byline, tuple[int, ...]], None]
    refuse: Callable[[StandlineError], None]


class Submission(msgspec.Struct, frozen=True):
    """What became of an entry: recorded under ``numbers``, or none where it waits.

    ``waits_at`` is the address of the list on which it does.
    """

    numbers: tuple[int, ...] = ()
    waits_at: str = ""

    @property
    def number(self) -> int:
        """The first number, or 0."""
        return next(iter(self.numbers), 0)


def settle(entry: Entry) -> Submission | None:
    """Record an entry, keep it until its moment, or hand it over where a second person must agree.

    Returns nothing where something is in the way; the sheet says what.
    """
    done = attempt(entry.sheet, lambda: _settled(entry), entry.refuse)
    if done:
        forget(entry.sheet.value("entry"))
    return done


def settle_agreed(entry: Entry, by: Byline) -> Submission | None:
    """Do so with an entry to which a second person agreed: ``by`` names both."""
    return attempt(
        entry.sheet,
        lambda: _kept(entry, by) if entry.until > by.at else _recorded([entry], by),
        entry.refuse,
    )


def waiting_from(document: str) -> Sequence[Handed | Embargoed]:
    """Return what is coded from a text and waits on the desk: for a person, or for its moment."""
    desk = services().desk
    return [*desk.reviews.waiting(document), *desk.embargoes.waiting(document)]


def embargo_on(document: str) -> str:
    """Return until when what is coded from a text waits, as a form has it; empty without embargo.

    What is coded next from it most likely waits as long, and would else be out before the rest.
    """
    entries = services().desk.embargoes.waiting(document)
    last = max((entry.due_at for entry in entries), default=0)
    return moment_in_field(last) if last > this_request().instant else ""


def settle_together(entries: Sequence[Entry]) -> Submission:
    """Do with several entries what is done with one: all that are recorded, in one append.

    Raises what the newsroom refuses, and nothing is done then; ``entry`` of the error says of
    which.
    """
    for entry in entries:
        _check_moment(entry)
    last = max((one.until for one in entries), default=0)
    several = [each for one in entries for each in one.several()]
    services().newsroom.together.rehearse(byline_at(last), several)
    if hand_over := _handing_over():
        done = [hand_over(one) for one in entries]
    else:
        at_once = [one for one in entries if not one.until]
        done = [_recorded(at_once, byline())] if at_once else []
        done += [_kept(one, byline()) for one in entries if one.until]
    for entry in entries:
        forget(entry.sheet.value("entry"))
    return Submission(done[0].numbers, done[-1].waits_at) if done else Submission()


def _settled(entry: Entry) -> Submission:
    _check_moment(entry)
    if hand_over := _handing_over():
        return hand_over(entry)
    return _kept(entry, byline()) if entry.until else _recorded([entry], byline())


def _handing_over() -> Callable[[Entry], Submission] | None:
    """Return what keeps an entry for a second person, where one is asked for and can agree."""
    return this_request().kept_by(REVIEW) if this_request().four_eyes else None


def _check_moment(entry: Entry) -> None:
    """Raise `Refused` for a moment that has passed."""
    if entry.until and entry.until <= this_request().instant:
        error = Refused(EMBARGO_PASSED, field=FIELD)
        error.entry = entry.sheet.value("entry")
        raise error


def _recorded(entries: Sequence[Entry], by: Byline) -> Submission:
    """Record entries in one append; raises what the newsroom refuses."""
    several = [entry.several() for entry in entries]
    signed = {key: value for entry in entries for key, value in entry.signed().items()}
    numbered = [*chain.from_iterable(several)]
    recorded = services().newsroom.together.record(by, numbered, signed)
    numbers = iter([one.position for one in recorded])
    for one, own in zip(entries, several, strict=True):
        one.follow(by, tuple(islice(numbers, len(own))))
    return Submission(tuple(one.position for one in recorded))


def _kept(entry: Entry, by: Byline) -> Submission:
    """Keep what could be recorded until its moment; raises what the newsroom refuses."""
    several, sheet = entry.several(), entry.sheet
    then = msgspec.structs.replace(by, at=entry.until)
    drafted = services().newsroom.together.rehearse(then, several)
    services().promises.check_second([event for row in drafted for event in row])
    sheet.values.pop(SENT_BACK, None)
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
    return Submission(waits_at=EMBARGOES)
