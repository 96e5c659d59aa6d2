"""The values of own variables on their way into the record, checked against the codebook."""

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


class Asking(Protocol):
    """Whoever knows what the codebooks in force ask of actors."""

    def attributes(self) -> Iterable[tuple[str, Variable]]:
        """Return each attribute with the slug of the topic whose codebook declares it."""


def statement_values(topic: Topic, command: RecordStatement, *, again: bool) -> dict[str, str]:
    """Return the values of a statement's own variables, by their ids.

    A new one has all that the codebook in force asks for. One that is on record, here (``again``)
    or elsewhere, says what any version of the codebook asked. Raises `Refused`.
    """
    given = command.variables or {}
    stated = {name: text(value, "variables") for name, value in given.items()}
    if not (again or command.first_recorded_at):
        return checked_values(declared(topic), stated, VARIABLES, whole=True)
    earlier = {name: value for name, value in sorted(stated.items()) if value}
    known = bool(command.first_recorded_at)
    return {name: _as_it_was(topic, name, value, known=known) for name, value in earlier.items()}


def corrected_value(topic: Topic, name: str, written: str) -> str:
    """Return what a correction writes into a field such as ``variables.salience``.

    Raises `Refused` for what the codebook in force does not declare, or declares otherwise.
    """
    if not written:
        return ""
    id_ = name.removeprefix(VARIABLES)
    return checked_values(declared(topic), {id_: written}, VARIABLES, whole=False)[id_]


def undeclared(topic: Topic, names: Iterable[str]) -> list[str]:
    """Return which of these fields are variables that no version of the codebook declares."""
    asked = {
        VARIABLES + id_
        for codebook in topic.codebooks.values()
        for id_ in codebook.variables_of(OF_STATEMENTS)
    }
    return [name for name in names if name.startswith(VARIABLES) and name not in asked]


def declared(topic: Topic) -> dict[str, Variable]:
    """Return the variables of statements in the codebook in force, by their ids."""
    return topic.codebook.variables_of(OF_STATEMENTS) if topic.codebook else {}


def actor_values(register: Asking, given: Mapping[str, str]) -> dict[str, str]:
    """Return the values of an actor's attributes, by their ids; an empty value removes one.

    Raises `Refused` for what no codebook in force declares, or declares otherwise.
    """
    asked = {variable.id: variable for _, variable in register.attributes()}
    stated = {name: text(value, "attributes") for name, value in given.items()}
    kept = checked_values(asked, stated, ATTRIBUTES, whole=False)
    return dict.fromkeys(sorted(stated), "") | kept


def check_attributes(register: Asking, topic: Topic, codebook: Codebook) -> None:
    """Raise `Refused` for an attribute that the codebook of another topic has in another kind."""
    declared = codebook.variables_of(OF_ACTORS)
    for slug, other in register.attributes() if declared else ():
        variable = declared.get(other.id, other)
        if slug != topic.slug and variable.kind != other.kind:
            raise Refused(
                ATTRIBUTE_DIFFERS,
                field="codebook",
                topic=InQuotes(slug),
                id=InQuotes(other.id),
                kind=other.kind,
            )


def _as_it_was(topic: Topic, name: str, value: str, *, known: bool) -> str:
    """Return a value by the latest version of the codebook that can have it.

    One of a statement that came under this question later belongs to no version.
    """
    versions = [topic.codebooks[number] for number in sorted(topic.codebooks, reverse=True)]
    asked = [book.variables_of(OF_STATEMENTS) for book in versions]
    asked = [some for some in asked if name in some]
    if not asked and known:
        return value
    for some in asked[:-1]:
        try:
            return canonical(some[name], value)
        except Refused:
            continue
    return checked_values(asked[-1] if asked else {}, {name: value}, VARIABLES, whole=False)[name]
