"""Own variables: what a codebook asks of statements beside the stance, and of actors."""

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
"""What stands before the id of a variable where rows, forms and corrections name it."""

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
    """What a codebook asks: the ``kind`` of its value, in words of ours the label and choices.

    ``id`` is unique in a codebook. That of an attribute names the same one in all codebooks.
    """

    id: str
    kind: str
    is_attribute: bool = False
    label: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def of(self) -> str:
        """Of what it is: statements, or actors."""
        return OF_ACTORS if self.is_attribute else OF_STATEMENTS

    @property
    def called(self) -> str:
        """What people read in place of its id."""
        return self.label or self.id

    @property
    def field(self) -> str:
        """Its name in rows, forms and corrections."""
        return (ATTRIBUTES if self.is_attribute else VARIABLES) + self.id


def parse_variable_filter(chosen: Iterable[str]) -> dict[str, set[str]]:
    """Return the values that are asked for, each written as ``room:a line``, by their variables.

    Raises `Refused` for what is not written so.
    """
    values: dict[str, set[str]] = {}
    for text in chosen:
        variable, _, value = text.partition(":")
        if not (variable and value):
            raise Refused(VALUE_NOT_NAMED, field="variable", given=InQuotes(text))
        values.setdefault(variable, set()).add(value)
    return values


def check_declared(ids: Iterable[str], declared: Collection[str]) -> None:
    """Raise `NotFound`, with the nearest names, for the first id that no codebook declares."""
    for id_ in ids:
        if id_ not in declared:
            meant = tuple(nearest(id_, declared))
            raise NotFound(UNKNOWN_VARIABLE, field="variable", id=InQuotes(id_), nearest=meant)


def has_values(given: Mapping[str, str], wanted: Mapping[str, set[str]]) -> bool:
    """Tell whether values have any of those that are asked for, of every variable."""
    return all(given.get(variable, "") in values for variable, values in wanted.items())


def check_variables(variables: Iterable[Variable]) -> None:
    """Raise `Refused` for the first that no value could be kept of."""
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
    """Raise `Refused` where values on record would come to mean something of another kind."""
    by_id = {variable.id: variable for variable in before}
    for new in after:
        old = by_id.get(new.id, new)
        if (old.kind, old.of) != (new.kind, new.of):
            raise Refused(
                VARIABLE_CHANGES, field="codebook", id=InQuotes(new.id), kind=old.kind, of=old.of
            )


def canonical(variable: Variable, written: str) -> str:
    """Return a value as the record keeps it; raises `Refused` for what is not of its kind.

    A number has no digit that says nothing, a choice is in the codebook's own words.
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
    """Return values as the record keeps them, in the order of their ids, blanks left out.

    Raises `Refused` for an id that is not declared, for what is not of its kind and, of a
    ``whole`` record, for what the codebook asks for and nobody gave.
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
