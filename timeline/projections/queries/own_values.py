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
from timeline.projections.queries.codebooks import codebooks_asking, declared_variables
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, up_to

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
    """Return the statements of topics (ids) by their values of some variables, at a log position.

    ``None`` stands for all topics. Statements that are hidden now are among them.
    """
    said, table = schema.statements, schema.own_values
    query = (
        select(table.c.variable, table.c.value, table.c.number)
        .join(said, and_(said.c.number == table.c.number, said.c.known_from == table.c.known_from))
        .where(table.c.variable.in_([*variables]), *known(said.c, known_at))
    )
    if topics is not None:
        query = query.where(said.c.topic.in_([*topics]))
    by_value: defaultdict[Value, set[int]] = defaultdict(set)
    for variable, value, number in conn.execute(query) if variables else ():
        by_value[variable, value].add(number)
    return by_value


def numbers_having(
    wanted: Mapping[str, Collection[str]], numbers: Mapping[Value, set[int]]
) -> frozenset[int] | None:
    """Return the statements with any of the values of each variable; ``None`` for all of them."""
    by_variable = [
        set[int]().union(*(numbers.get((variable, value), ()) for value in values))
        for variable, values in wanted.items()
    ]
    return frozenset(set.intersection(*by_variable)) if by_variable else None


def declared_values(
    conn: Connection, chosen: Collection[str], of: str = OF_STATEMENTS
) -> dict[str, set[str]]:
    """Read values such as ``room:a line`` and return them by variable.

    Raises `NotFound` for a variable that no codebook ever declared, `Refused` for a bad value.
    """
    values = parse_variable_filter(chosen)
    known = (
        {variable.id for _, variable in declared_variables(conn) if variable.of == of}
        if values
        else set()
    )
    check_declared(values, known)
    return values


def statements_having(
    conn: Connection,
    topics: Collection[str] | None,
    chosen: Collection[str],
    known_at: int | None = None,
) -> frozenset[int] | None:
    """Return the statements of topics (ids, all for ``None``) with values such as ``room:a line``.

    Raises what `declared_values` does.
    """
    values = declared_values(conn, chosen)
    if not values:
        return None
    return numbers_having(values, numbers_by_value(conn, topics, values, known_at))


def actors_lacking(conn: Connection) -> dict[str, list[str]]:
    """Return by required attribute (an id) the slugs of the actors that lack it, in order.

    A codebook requires attributes of the actors with statements on its topic.
    """
    spoke, actor, stated = schema.positions.c, schema.actors.c, schema.actor_attributes.c
    lacking: defaultdict[str, set[str]] = defaultdict(set)
    for topic, book in codebooks_asking(conn, OF_ACTORS):
        attributes = book.variables_of(OF_ACTORS).values()
        for variable in (attribute for attribute in attributes if attribute.required):
            query = select(stated.actor, stated.value).where(stated.attribute == variable.id)
            now = {row.actor: row.value for row in conn.execute(query.order_by(stated.known_from))}
            lanes = select(actor.id, actor.slug).where(
                actor.id.in_(select(spoke.lane).where(spoke.topic == topic))
            )
            lacking[variable.id] |= {slug for id_, slug in conn.execute(lanes) if not now.get(id_)}
    return {id_: sorted(slugs) for id_, slugs in lacking.items() if slugs}


def actors_having(
    conn: Connection, chosen: Collection[str], known_at: int | None = None
) -> frozenset[str]:
    """Return the actors (ids) whose latest attributes have such values, as known then.

    Raises what `declared_values` does.
    """
    wanted, table = declared_values(conn, chosen, OF_ACTORS), schema.actor_attributes.c
    query = select(table.actor, table.attribute, table.value).where(
        table.attribute.in_([*wanted]), *up_to(table.known_from, known_at)
    )
    stated: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for actor, attribute, value in conn.execute(query.order_by(table.known_from)):
        stated[actor][attribute] = value
    return frozenset(actor for actor, values in stated.items() if has_values(values, wanted))
