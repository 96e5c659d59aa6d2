"""Finds statements and actors by the values of the variables that codebooks declare."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, select

from timeline.domain.variables import (
    OF_ACTORS,
    OF_STATEMENTS,
    check_declared,
    has_values,
    parse_variable_filter,
)
from timeline.projections.queries.codebooks import codebooks_asking, declared
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Value = tuple[str, str]
"""The id of a variable, and one of its values."""


def numbers_by_value(
    conn: Connection,
    topics: Collection[str] | None,
    variables: Collection[str],
    known_at: int | None = None,
) -> dict[Value, set[int]]:
    """Return the statements of topics (ids) by what they said of some variables, as known then.

    Without ``topics`` they are those of all. What is hidden by now is among them.
    """
    said, table = schema.statements, schema.own_values
    query = (
        select(table.c.variable, table.c.value, table.c.number)
        .join(said, and_(said.c.number == table.c.number, said.c.known_from == table.c.known_from))
        .where(table.c.variable.in_([*variables]), *known(said.c, known_at))
    )
    if topics is not None:
        query = query.where(said.c.topic.in_([*topics]))
    found: defaultdict[Value, set[int]] = defaultdict(set)
    for variable, value, number in conn.execute(query) if variables else ():
        found[variable, value].add(number)
    return found


def having(
    asked: Mapping[str, Collection[str]], numbers: Mapping[Value, set[int]]
) -> frozenset[int] | None:
    """Return the statements with any of the values of each variable; ``None`` for all of them."""
    found = [
        set[int]().union(*(numbers.get((variable, value), ()) for value in values))
        for variable, values in asked.items()
    ]
    return frozenset(set.intersection(*found)) if found else None


def values_declared(
    conn: Connection, chosen: Collection[str], of: str = OF_STATEMENTS
) -> dict[str, set[str]]:
    """Return values such as ``room:a line`` by their variables, which some codebook declared.

    Raises `NotFound` for a variable that none ever did, and `Refused` for what names no value.
    """
    asked = parse_variable_filter(chosen)
    known = {variable.id for _, variable in declared(conn) if variable.of == of} if asked else set()
    check_declared(asked, known)
    return asked


def statements_having(
    conn: Connection,
    topics: Collection[str] | None,
    chosen: Collection[str],
    known_at: int | None = None,
) -> frozenset[int] | None:
    """Return the statements of topics (ids, all for ``None``) with values such as ``room:a line``.

    Raises what `values_declared` does.
    """
    asked = values_declared(conn, chosen)
    return having(asked, numbers_by_value(conn, topics, asked, known_at)) if asked else None


def actors_lacking(conn: Connection) -> dict[str, list[str]]:
    """Return whom required attributes were not said of, by the attribute's id: slugs in order.

    They are asked for of actors with statements on the topic whose codebook requires them.
    """
    spoke, actor, said = schema.positions.c, schema.actors.c, schema.actor_attributes.c
    found: defaultdict[str, set[str]] = defaultdict(set)
    for topic, book in codebooks_asking(conn, OF_ACTORS):
        for variable in filter(lambda asked: asked.required, book.variables_of(OF_ACTORS).values()):
            query = select(said.actor, said.value).where(said.attribute == variable.id)
            now = {row.actor: row.value for row in conn.execute(query.order_by(said.known_from))}
            lanes = select(actor.id, actor.slug).where(
                actor.id.in_(select(spoke.lane).where(spoke.topic == topic))
            )
            found[variable.id] |= {slug for id_, slug in conn.execute(lanes) if not now.get(id_)}
    return {id_: sorted(slugs) for id_, slugs in found.items() if slugs}


def actors_having(
    conn: Connection, chosen: Collection[str], known_at: int | None = None
) -> frozenset[str]:
    """Return the actors (ids) of whom such values of attributes were said last, as known then.

    Raises what `values_declared` does.
    """
    asked, table = values_declared(conn, chosen, OF_ACTORS), schema.actor_attributes.c
    query = select(table.actor, table.attribute, table.value).where(table.attribute.in_([*asked]))
    if known_at is not None:
        query = query.where(table.known_from <= known_at)
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for actor, attribute, value in conn.execute(query.order_by(table.known_from)):
        said[actor][attribute] = value
    return frozenset(actor for actor, values in said.items() if has_values(values, asked))
