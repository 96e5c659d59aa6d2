"""The state of a form ("sheet"): the values typed, the errors, and suggestions."""

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
"""The target of a form that opens inside another; its buttons count only if they are pressed."""

SEVERAL = ("distinct",)
"""Fields to which a button adds a value instead of replacing it."""


class Offer(msgspec.Struct, frozen=True):
    """A suggestion; ``use`` is a field, "=" and the value.

    ``answers`` is true if it answers a question of the form instead of replacing the value.
    """

    label: str
    use: str
    answers: bool = False


class Problem(msgspec.Struct, frozen=True):
    """An error of a field, as a sentence; ``missing`` if the field is only empty.

    ``href`` leads to something on record that may be what was meant.
    """

    field: str
    text: str
    offers: tuple[Offer, ...] = ()
    missing: bool = False
    href: str = ""


class PossibleDuplicate(msgspec.Struct, frozen=True):
    """A question whether something repeats what a form would record.

    ``href`` with ``label`` leads to it; ``answer`` is the value of ``distinct`` that says no.
    """

    question: str
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
    """The state of a form.

    ``order`` has the fields in the order of the form, and errors come in that order. ``focus``
    names the field to go on with. A ``quiet`` sheet hides what is only missing, because nobody has
    asked to record yet. ``doubts`` are warnings that block nothing. ``conflict`` says that
    something was recorded in between, ``later`` has those events and ``since`` describes them.
    ``standing`` may be the same as this entry, on record or on the desk. ``away`` says that the
    store is unavailable. ``prefix`` keeps the ids of several forms on a page apart.
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
        """Return the value of a field, the first of several."""
        values = self.values.get(name)
        return values[0] if values else default

    def ident(self, name: str) -> str:
        """Return the id of a field on the page."""
        return self.prefix + name.replace(".", "-")

    def number(self, name: str) -> int | None:
        """Return the value of a field as a number, if it is one."""
        return whole_number(self.value(name))

    def all(self, name: str) -> list[str]:
        """Return all values of a field."""
        return self.values.get(name, [])

    def put(self, name: str, value: str) -> None:
        """Set the value of a field."""
        self.values[name] = [value]

    def fill(self, values: Mapping[str, str | None]) -> None:
        """Set the values of fields that the form lacks."""
        for name, value in values.items():
            self.values.setdefault(name, [value or ""])

    def refuse(self, error: StandlineError, called: Mapping[str, str] | None = None) -> None:
        """Note the error of a rule; ``called`` maps fields that have another name in this form."""
        field = (called or {}).get(error.field, error.field)
        offers = tuple(Offer(name, f"{field}={name}") for name in nearest(error))
        self.note_problem(Problem(field, as_sentences(error), offers))

    def ask_back(self, duplicate: PossibleDuplicate) -> None:
        """Ask whether something is the same; nothing is recorded before somebody answers."""
        self.standing, self.conflict = duplicate, duplicate.question

    def note_problem(self, problem: Problem) -> None:
        """Note an error; only the first of each field counts."""
        self.problems.setdefault(problem.field, problem)

    @property
    def shown_problems(self) -> dict[str, Problem]:
        """The errors that the form shows, in the order of its fields; a quiet form hides gaps."""
        rank = {name: at for at, name in enumerate(self.order)}
        ordered = sorted(self.problems.items(), key=lambda item: rank.get(item[0], len(rank)))
        return {name: problem for name, problem in ordered if not (self.quiet and problem.missing)}

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
    """Read a form as it was sent, with line breaks as in the record.

    It is quiet if a button only asked to fill in a value.
    """
    sheet = FormState({name: [_lines(text) for text in form.getlist(name)] for name in form})
    field, is_taken, value = sheet.value("use").partition("=")
    # While somebody types, htmx also sends the button that has the focus.
    if is_taken and (not wants_fragment() or wanted_part() == IN_PLACE):
        values = sheet.all(field) if field in SEVERAL else []
        sheet.values[field] = [*values, value]
        sheet.focus = field
        sheet.quiet = True
    return sheet


def as_sentences(error: StandlineError) -> str:
    """Return an error as sentences, without its fix if the form offers suggestions instead."""
    message, fix = errors.describe(error)
    parts = filter(None, (message, "" if nearest(error) else fix))
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)


def nearest(error: StandlineError) -> tuple[str, ...]:
    """Return the names that an error suggests."""
    return error.nearest if isinstance(error, NotFound) else ()


def conflict_sentence(error: Conflict) -> str:
    """Return the sentence for a conflict."""
    if error.since:
        return gettext("Somebody recorded something here while you were typing.")
    return as_sentences(error)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
