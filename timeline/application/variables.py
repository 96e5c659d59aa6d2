"""Check the values of variables and attributes against the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from timeline.application.texts import text
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes
from timeline.domain.variables import (
    ATTRIBUTE_DIFFERS,
    ATTRIBUTES,
    OF_ACTORS,
    OF_STATEMENTS,
    VARIABLES,
    canonical,
    checked_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timeline.application.commands import RecordStatement
    from timeline.domain.codebook import Codebook
    from timeline.domain.topic import Topic
    from timeline.domain.variables import Variable


class AttributeRegister(Protocol):
    """Knows the actor attributes of the current codebooks."""

    def attributes(self) -> Iterable[tuple[str, Variable]]:
        """Return each attribute with the slug of the topic whose codebook declares it."""


def statement_values(topic: Topic, command: RecordStatement, *, again: bool) -> dict[str, str]:
    """Return the values of a statement's variables, by their ids.

    A new statement needs all that the current codebook requires. One that is on record, here
    (``again``) or elsewhere, may fit any version of the codebook. Raises `Refused`.
    """
    raw = command.variables or {}
    values = {name: text(value, "variables") for name, value in raw.items()}
    if not (again or command.first_recorded_at):
        return checked_values(declared(topic), values, VARIABLES, whole=True)
    earlier = {name: value for name, value in sorted(values.items()) if value}
    recorded = bool(command.first_recorded_at)
    return {
        name: _as_it_was(topic, name, value, recorded=recorded) for name, value in earlier.items()
    }


def corrected_value(topic: Topic, name: str, value: str) -> str:
    """Return the checked value of a correction to a field such as ``variables.salience``.

    Raises `Refused` if the current codebook does not declare it, or declares it differently.
    """
    if not value:
        return ""
    id_ = name.removeprefix(VARIABLES)
    return checked_values(declared(topic), {id_: value}, VARIABLES, whole=False)[id_]


def undeclared(topic: Topic, names: Iterable[str]) -> list[str]:
    """Return the fields that are variables which no version of the codebook declares."""
    declared_fields = {
        VARIABLES + id_
        for codebook in topic.codebooks.values()
        for id_ in codebook.variables_of(OF_STATEMENTS)
    }
    return [name for name in names if name.startswith(VARIABLES) and name not in declared_fields]


def declared(topic: Topic) -> dict[str, Variable]:
    """Return the statement variables of the current codebook, by their ids."""
    return topic.codebook.variables_of(OF_STATEMENTS) if topic.codebook else {}


def actor_values(register: AttributeRegister, raw: Mapping[str, str]) -> dict[str, str]:
    """Return the values of an actor's attributes, by their ids; an empty value removes one.

    Raises `Refused` if no current codebook declares it, or if one declares it differently.
    """
    by_id = {variable.id: variable for _, variable in register.attributes()}
    values = {name: text(value, "attributes") for name, value in raw.items()}
    checked = checked_values(by_id, values, ATTRIBUTES, whole=False)
    return dict.fromkeys(sorted(values), "") | checked


def check_attributes(register: AttributeRegister, topic: Topic, codebook: Codebook) -> None:
    """Raise `Refused` for an attribute that another topic's codebook declares with another kind."""
    own = codebook.variables_of(OF_ACTORS)
    for slug, other in register.attributes() if own else ():
        variable = own.get(other.id, other)
        if slug != topic.slug and variable.kind != other.kind:
            raise Refused(
                ATTRIBUTE_DIFFERS,
                field="codebook",
                topic=InQuotes(slug),
                id=InQuotes(other.id),
                kind=other.kind,
            )


def _as_it_was(topic: Topic, name: str, value: str, *, recorded: bool) -> str:
    """Return a value checked by the latest version of the codebook that allows it.

    A statement that came to this topic later may have a value of no version.
    """
    versions = [topic.codebooks[number] for number in sorted(topic.codebooks, reverse=True)]
    books = [book.variables_of(OF_STATEMENTS) for book in versions]
    books = [variables for variables in books if name in variables]
    if not books and recorded:
        return value
    for variables in books[:-1]:
        try:
            return canonical(variables[name], value)
        except Refused:
            continue
    return checked_values(books[-1] if books else {}, {name: value}, VARIABLES, whole=False)[name]
