"""A sheet: what somebody typed into a form, what is wrong with it, and what may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Conflict, NotFound
from timeline.domain.event import Event
from timeline.domain.text import whole_number
from web.i18n.translate import gettext
from web.shell import errors
from web.shell.rendering import wanted_part, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

    from timeline.domain.errors import StandlineError

FINE, REFUSED, CONFLICT = 200, 422, 409
IN_PLACE = "new-form"
"""The id of where a form is opened within another: its buttons are pressed, not merely focused."""

SEVERAL = ("distinct",)
"""Fields to which a button adds a value instead of replacing what stands there."""


class Offer(msgspec.Struct, frozen=True):
    """A value that may be meant; ``use`` is a field, "=" and the value.

    ``answers`` is true of what answers a question of the form, and is no other value for the field.
    """

    label: str
    use: str
    answers: bool = False


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a field, in a sentence; ``missing`` if it is only empty as yet.

    ``href`` leads to what is on record and may be meant.
    """

    field: str
    text: str
    offers: tuple[Offer, ...] = ()
    missing: bool = False
    href: str = ""


class PossibleDuplicate(msgspec.Struct, frozen=True):
    """What may be the same as what a form records, in a sentence.

    ``href`` leads to it by its ``label``; ``answer`` is what ``distinct`` holds if it is another.
    """

    told: str
    href: str
    label: str
    answer: str


class Since(msgspec.Struct, frozen=True):
    """Something that was recorded while somebody was typing."""

    title: str
    detail: str
    by: str
    when: str


class FormState(msgspec.Struct):
    """A form as typed.

    ``order`` has the fields as the form asks for them, and problems are told in that order.
    ``focus`` names the field at which the reader goes on; while nobody asked to record, the
    sheet is ``quiet`` about what is only missing. ``doubts`` stand in the way of nothing.
    ``conflict`` says that something was recorded in between, ``later`` has those events and
    ``since`` tells of them; ``standing`` is what may be on record, or wait on the desk, already.
    ``away`` says that the store took nothing in. ``prefix`` keeps the ids
    of several forms on a page apart.
    """

    values: dict[str, list[str]]
    problems: dict[str, Problem] = msgspec.field(default_factory=dict)
    order: tuple[str, ...] = ()
    doubts: dict[str, Problem] = msgspec.field(default_factory=dict)
    notes: dict[str, str] = msgspec.field(default_factory=dict)
    conflict: str = ""
    away: str = ""
    later: tuple[Event, ...] = ()
    since: list[Since] = msgspec.field(default_factory=list)
    standing: PossibleDuplicate | None = None
    focus: str = ""
    quiet: bool = False
    prefix: str = ""

    def value(self, name: str, default: str = "") -> str:
        """Return what stands in a field."""
        found = self.values.get(name)
        return found[0] if found else default

    def ident(self, name: str) -> str:
        """Return the name of a field as ids on the page have it."""
        return self.prefix + name.replace(".", "-")

    def number(self, name: str) -> int | None:
        """Return a number that the form carries, if it does."""
        return whole_number(self.value(name))

    def all(self, name: str) -> list[str]:
        """Return everything chosen in a field."""
        return self.values.get(name, [])

    def put(self, name: str, value: str) -> None:
        """Write into a field."""
        self.values[name] = [value]

    def fill(self, values: Mapping[str, str | None]) -> None:
        """Write into all fields that are not there yet."""
        for name, value in values.items():
            self.values.setdefault(name, [value or ""])

    def refuse(self, error: StandlineError, called: Mapping[str, str] | None = None) -> None:
        """Note what a rule said no to; ``called`` has the fields that this form calls otherwise."""
        field = (called or {}).get(error.field, error.field)
        offers = tuple(Offer(name, f"{field}={name}") for name in nearest(error))
        self.note_problem(Problem(field, as_sentences(error), offers))

    def ask_back(self, standing: PossibleDuplicate) -> None:
        """Note what may be the same; nothing is recorded until somebody says that it is not."""
        self.standing, self.conflict = standing, standing.told

    def note_problem(self, problem: Problem) -> None:
        """Note a problem, the first of each field."""
        self.problems.setdefault(problem.field, problem)

    @property
    def shown_problems(self) -> dict[str, Problem]:
        """The problems that the form shows, in the order of its fields; a quiet one hides gaps."""
        place = {name: at for at, name in enumerate(self.order)}
        found = sorted(self.problems.items(), key=lambda item: place.get(item[0], len(place)))
        return {name: problem for name, problem in found if not (self.quiet and problem.missing)}

    @property
    def status(self) -> int:
        """The HTTP status that the form is shown with."""
        if self.quiet:
            return FINE
        if self.away:
            return errors.UNAVAILABLE
        if self.conflict:
            return CONFLICT
        return REFUSED if self.problems else FINE


def sheet_of(form: MultiDict[str, str]) -> FormState:
    """Read a form as it was sent, its line breaks as the record has them.

    It is quiet where a button only asked to have a value filled in.
    """
    sheet = FormState({name: [_lines(one) for one in form.getlist(name)] for name in form})
    field, is_taken, value = sheet.value("use").partition("=")
    # htmx also sends the button that merely has the focus while somebody types.
    if is_taken and (not wants_fragment() or wanted_part() == IN_PLACE):
        kept = sheet.all(field) if field in SEVERAL else []
        sheet.values[field] = [*kept, value]
        sheet.focus = field
        sheet.quiet = True
    return sheet


def as_sentences(error: StandlineError) -> str:
    """Return an error as sentences; the names that may be meant are offered beside it."""
    message, fix = errors.describe(error)
    parts = filter(None, (message, "" if nearest(error) else fix))
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)


def nearest(error: StandlineError) -> tuple[str, ...]:
    """Return the names that may be meant."""
    return error.nearest if isinstance(error, NotFound) else ()


def conflict_sentence(error: Conflict) -> str:
    """Return in a sentence what stands in the way of a command."""
    if error.since:
        return gettext("Somebody recorded something here while you were typing.")
    return as_sentences(error)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
