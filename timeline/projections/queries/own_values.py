"""Which statements have which values of what their codebook asks beside the stance."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, select

from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known

if TYPE_CHECKING:
    from collections.abc import Collection

Value = tuple[str, str]
"""The id of a variable, and one of its values."""


def numbers_by_value(
    conn: Connection, topic: str, variables: Collection[str], known_at: int | None = None
) -> dict[Value, set[int]]:
    """Return the statements of a topic (an id) by what they said of some variables, as known then.

    What is hidden by now is among them.
    """
    said, table = schema.statements, schema.own_values
    query = (
        select(table.c.variable, table.c.value, table.c.number)
        .join(said, and_(said.c.number == table.c.number, said.c.known_from == table.c.known_from))
        .where(said.c.topic == topic, table.c.variable.in_([*variables]))
        .where(*known(said.c, known_at))
    )
    found: defaultdict[Value, set[int]] = defaultdict(set)
    for variable, value, number in conn.execute(query) if variables else ():
        found[variable, value].add(number)
    return found
