"""Own variables for pages and forms, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.codebook import Codebook, with_texts
from timeline.domain.variables import (
    CHOICE,
    NO,
    NUMBER,
    OF_ACTORS,
    OF_STATEMENTS,
    TEXT,
    YES,
    YES_NO,
    Variable,
)
from timeline.projections.queries.codebooks import codebooks_asking, latest_codebook
from timeline.projections.queries.translations import translations
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection


class VariableView(msgspec.Struct, frozen=True):
    """A variable; ``choices`` are its values with their words, empty for texts and numbers.

    ``field`` is its name in forms, ``declared`` its declaration in the codebook.
    """

    id: str
    field: str
    of: str
    kind: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    declared: Variable = Variable(id="", kind=TEXT)

    def words(self, value: str) -> str:
        """Return a value in words."""
        return dict(self.choices).get(value, value)


class ValueView(msgspec.Struct, frozen=True):
    """The values of a variable; ``label`` is its id if no codebook declares it now."""

    id: str
    label: str
    words: str


def variables_now(conn: Connection, topic: str, of: str = OF_STATEMENTS) -> list[VariableView]:
    """Return the current variables of a topic (an id), of statements or of actors."""
    version = latest_codebook(conn, topic)
    if version is None or version.codebook is None:
        return []
    texts = translations(conn, [topic]).get(topic, {})
    return [variable for variable in view_variables(version.codebook, texts) if variable.of == of]


def asked_now(
    conn: Connection, of: str, topics: Collection[str] | None = None
) -> list[VariableView]:
    """Return the current variables of topics (ids, ``None`` for all), of statements or of actors.

    Variables of the same id in two topics are joined, with the choices of both.
    """
    books = codebooks_asking(conn, of, topics)
    texts = translations(conn, [topic for topic, _ in books])
    variables: dict[str, VariableView] = {}
    for topic, book in books:
        for variable in view_variables(book, texts.get(topic, {})):
            if variable.of == of:
                known = variables.setdefault(variable.id, variable)
                choices = tuple((dict(known.choices) | dict(variable.choices)).items())
                variables[variable.id] = msgspec.structs.replace(known, choices=choices)
    return [*variables.values()]


def attributes_now(conn: Connection) -> list[VariableView]:
    """Return the current variables of actors."""
    return asked_now(conn, OF_ACTORS)


def view_variables(codebook: Codebook, texts: Mapping[str, str]) -> list[VariableView]:
    """Return the variables of a codebook; ``texts`` are translations by the original."""
    later = with_texts(codebook, texts).variables
    return [_view(*both) for both in zip(codebook.variables, later, strict=True)]


def _view(variable: Variable, worded: Variable) -> VariableView:
    choices = (
        tuple(zip(variable.choices, worded.choices, strict=True)) if variable.kind == CHOICE else ()
    )
    if variable.kind == YES_NO:
        choices = ((YES, gettext("yes")), (NO, gettext("no")))
    return VariableView(
        variable.id,
        variable.field,
        variable.of,
        variable.kind,
        worded.called,
        choices,
        variable.required,
        variable,
    )


def shown_values(values: Mapping[str, str], variables: list[VariableView]) -> tuple[ValueView, ...]:
    """Return the values on record, in the order of the codebook, others last."""
    known = {variable.id: variable for variable in variables}
    ids = [*filter(values.__contains__, known), *(value for value in values if value not in known)]
    return tuple(
        ValueView(id_, known[id_].label, known[id_].words(values[id_]))
        if id_ in known
        else ValueView(id_, id_, values[id_])
        for id_ in ids
    )


def kind_word(kind: str) -> str:
    """Return a kind of variable in words."""
    return kind_words()[kind]


def kind_words() -> dict[str, str]:
    """Return the kinds of variables in words, in the order in which forms offer them."""
    return {
        TEXT: gettext("text"),
        CHOICE: gettext("choice"),
        NUMBER: gettext("number"),
        YES_NO: gettext("yes or no"),
    }
