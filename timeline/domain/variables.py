"""Variables of a codebook: further values of statements, and attributes of actors."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from timeline.domain.errors import NotFound, Refused
from timeline.domain.event import Content
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import is_slug
from timeline.domain.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

OF_STATEMENTS, OF_ACTORS = "statement", "actor"
TEXT, CHOICE, NUMBER, YES_NO = "text", "choice", "number", "yes/no"
KINDS = (TEXT, CHOICE, NUMBER, YES_NO)
YES, NO = "yes", "no"

VARIABLES, ATTRIBUTES = "variables.", "attributes."
"""Prefixes of a variable's id in rows, forms and corrections."""

MINUS = "\N{MINUS SIGN}"
_NUMBER = re.compile(r"[+\-\N{MINUS SIGN}]?[0-9]{1,20}(\.[0-9]{1,20})?")
_SAID = {YES: YES, "true": YES, "1": YES, NO: NO, "false": NO, "0": NO}

VARIABLE_ID_UNFIT = Message(
    "variable_id_unfit",
    "%(id)s cannot name a variable",
    fix="use lower-case letters, digits and hyphens",
)
VARIABLE_TWICE = Message(
    "variable_twice", "the codebook declares %(id)s twice", fix="give one of them another id"
)
UNKNOWN_KIND_OF_VARIABLE = Message(
    "unknown_kind_of_variable",
    "%(id)s is of kind %(given)s, which there is not",
    fix="use one of: %(choices)s",
)
CHOICES_UNFIT = Message(
    "choices_unfit",
    "the choices of %(id)s cannot be chosen from",
    fix="give a choice two words or more, each once, and other kinds none",
)
VARIABLE_CHANGES = Message(
    "variable_changes",
    "%(id)s was declared as %(kind)s of %(of)s before",
    fix="declare another id",
)
ATTRIBUTE_DIFFERS = Message(
    "attribute_differs",
    "the codebook of topic %(topic)s declares the attribute %(id)s as %(kind)s",
    fix="declare it in the same kind, or under another id",
)
NO_SUCH_VARIABLE = Message(
    "no_such_variable",
    "no codebook in force declares %(id)s here",
    fix="declare it in the codebook first, or leave it out",
)
NO_SUCH_CHOICE = Message(
    "no_such_choice", "%(value)s is not among the choices", fix="use one of: %(choices)s"
)
NOT_A_DECIMAL = Message(
    "not_a_decimal", "%(value)s is not a number", fix="write it like 12 or -3.5"
)
NEITHER_YES_NOR_NO = Message(
    "neither_yes_nor_no", "%(value)s is neither yes nor no", fix="say yes or no"
)
VALUE_NOT_NAMED = Message(
    "value_not_named",
    "%(given)s does not say which value of which variable",
    fix="write it like room:a line",
)
UNKNOWN_VARIABLE = Message("unknown_variable", "no codebook declares %(id)s here")
VARIABLE_MISSING = Message(
    "variable_missing", "the codebook asks for %(label)s", fix="give it a value"
)


class Variable(Content, frozen=True):
    """A variable: the ``kind`` of its values, and our texts for its label and choices.

    ``id`` is unique in a codebook. The id of an attribute means the same in all codebooks.
    """

    id: str
    kind: str
    is_attribute: bool = False
    label: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def of(self) -> str:
        """Whether it belongs to statements or to actors."""
        return OF_ACTORS if self.is_attribute else OF_STATEMENTS

    @property
    def called(self) -> str:
        """Its name for readers."""
        return self.label or self.id

    @property
    def field(self) -> str:
        """Its name in rows, forms and corrections."""
        return (ATTRIBUTES if self.is_attribute else VARIABLES) + self.id


def parse_variable_filter(chosen: Iterable[str]) -> dict[str, set[str]]:
    """Read values to filter by, each written as ``room:a line``; return them by variable.

    Raises `Refused` for any other form.
    """
    values: dict[str, set[str]] = {}
    for text in chosen:
        variable, _, value = text.partition(":")
        if not (variable and value):
            raise Refused(VALUE_NOT_NAMED, field="variable", given=InQuotes(text))
        values.setdefault(variable, set()).add(value)
    return values


def check_declared(ids: Iterable[str], declared: Collection[str]) -> None:
    """Raise `NotFound`, with similar names, for the first id that no codebook declares."""
    for id_ in ids:
        if id_ not in declared:
            meant = tuple(nearest(id_, declared))
            raise NotFound(UNKNOWN_VARIABLE, field="variable", id=InQuotes(id_), nearest=meant)


def has_values(given: Mapping[str, str], wanted: Mapping[str, set[str]]) -> bool:
    """Tell whether values match: for every variable one of the wanted values."""
    return all(given.get(variable, "") in values for variable, values in wanted.items())


def check_variables(variables: Iterable[Variable]) -> None:
    """Raise `Refused` for the first invalid variable."""
    seen: set[str] = set()
    for variable in variables:
        id_ = InQuotes(variable.id)
        if not is_slug(variable.id):
            raise Refused(VARIABLE_ID_UNFIT, field="codebook", id=id_)
        if variable.id in seen:
            raise Refused(VARIABLE_TWICE, field="codebook", id=id_)
        if variable.kind not in KINDS:
            raise Refused(
                UNKNOWN_KIND_OF_VARIABLE,
                field="codebook",
                id=id_,
                given=InQuotes(variable.kind),
                choices=", ".join(KINDS),
            )
        if not _has_fit_choices(variable):
            raise Refused(CHOICES_UNFIT, field="codebook", id=id_)
        seen.add(variable.id)


def _has_fit_choices(variable: Variable) -> bool:
    if variable.kind != CHOICE:
        return not variable.choices
    distinct = {choice.casefold() for choice in variable.choices}
    return (
        len(variable.choices) > 1
        and len(distinct) == len(variable.choices)
        and all(variable.choices)
    )


def check_unchanged(before: Iterable[Variable], after: Iterable[Variable]) -> None:
    """Raise `Refused` if a variable changes its kind, and values on record their meaning."""
    by_id = {variable.id: variable for variable in before}
    for new in after:
        old = by_id.get(new.id, new)
        if (old.kind, old.of) != (new.kind, new.of):
            raise Refused(
                VARIABLE_CHANGES, field="codebook", id=InQuotes(new.id), kind=old.kind, of=old.of
            )


def canonical(variable: Variable, written: str) -> str:
    """Return a value in its stored form; raises `Refused` if it is not of the variable's kind.

    A number has no redundant digits; a choice is in the codebook's own words.
    """
    value = written.strip()
    if variable.kind == NUMBER:
        return _number(variable, value)
    if variable.kind == YES_NO:
        said = _SAID.get(value.casefold())
        if said is None:
            raise Refused(NEITHER_YES_NOR_NO, field=variable.field, value=InQuotes(value))
        return said
    if variable.kind == CHOICE:
        chosen = [choice for choice in variable.choices if choice.casefold() == value.casefold()]
        if not chosen:
            choices = ", ".join(variable.choices)
            raise Refused(
                NO_SUCH_CHOICE, field=variable.field, value=InQuotes(value), choices=choices
            )
        return chosen[0]
    return value


def _number(variable: Variable, value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise Refused(NOT_A_DECIMAL, field=variable.field, value=InQuotes(value))
    number = f"{Decimal(value.replace(MINUS, '-')):f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if number == "-0" else number


def checked_values(
    declared: Mapping[str, Variable], given: Mapping[str, str], prefix: str, *, whole: bool
) -> dict[str, str]:
    """Return values in their stored form, in order of ids, without blanks.

    Raises `Refused` for an undeclared id, for a value that is not of its kind and, if the record is
    ``whole``, for a missing required value.
    """
    made: dict[str, str] = {}
    for id_ in sorted(given):
        if id_ not in declared:
            raise Refused(NO_SUCH_VARIABLE, field=prefix + id_, id=InQuotes(id_))
        if given[id_].strip():
            made[id_] = canonical(declared[id_], given[id_])
    missing = next(
        (
            variable
            for variable in declared.values()
            if variable.required and variable.id not in made
        ),
        None,
    )
    if whole and missing:
        raise Refused(VARIABLE_MISSING, field=missing.field, label=InQuotes(missing.called))
    return made
