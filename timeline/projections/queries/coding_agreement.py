"""How far two second coders of a topic's statements agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.projections.queries.attached import coding
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.attached import Coding

CODERS = 2
"""The first so many second coders of a statement are compared."""


class CodingAgreement(msgspec.Struct, frozen=True):
    """How often the first two coders of a statement agree, in statements of one topic.

    ``coded`` counts statements that two people coded again, ``same_question`` those that both put
    under the same question. Of these, ``same_direction`` counts those where both see the same step,
    or none; ``asked_condition`` those where both were asked for a condition, and ``same_condition``
    those where both gave the same answer.
    """

    coded: int
    same_question: int
    same_direction: int
    asked_condition: int
    same_condition: int


def coding_agreement(conn: Connection, topic: str, known_at: int | None = None) -> CodingAgreement:
    """Count how often coders agree on the statements of a topic (an id).

    Readings that an editor decided on are left out.
    """
    both = _pairs(conn, topic, known_at)
    same = [(first, second) for first, second in both if first.topic == second.topic]
    with_condition = [
        (first, second)
        for first, second in same
        if None not in (first.has_condition, second.has_condition)
    ]
    return CodingAgreement(
        coded=len(both),
        same_question=len(same),
        same_direction=sum(_step(first) == _step(second) for first, second in same),
        asked_condition=len(with_condition),
        same_condition=sum(
            first.has_condition == second.has_condition for first, second in with_condition
        ),
    )


def _step(coding: Coding) -> tuple[int | None, int]:
    """Return the coded step with the version of its scale, since versions differ in steps."""
    return coding.stance, 0 if coding.stance is None else coding.scale_version


def _pairs(conn: Connection, topic: str, known_at: int | None) -> list[tuple[Coding, Coding]]:
    """Return for each statement the last readings of its first two coders."""
    by_number: dict[int, dict[str, Coding]] = {}
    for row in conn.execute(*_codings(topic=topic, known_at=known_at)):
        reading = coding(row)
        by_number.setdefault(reading.number, {})[reading.coder] = reading
    several = ([*by_coder.values()] for by_coder in by_number.values())
    return [(codings[0], codings[1]) for codings in several if len(codings) >= CODERS]


@prepared
def _codings(*, topic: Param, known_at: Param | None) -> Query:
    """Select the second codings of statements on a topic, in the order of the log."""
    statements, table = schema.statements.c, schema.codings.c
    query: Query = (
        select(schema.codings)
        .join(schema.statements, statements.number == table.number)
        .where(
            statements.topic == topic,
            statements.retracted == 0,
            statements.withheld == 0,
            *known(statements, known_at),
            table.decision == "",
            *up_to(table.position, known_at),
        )
    )
    return query.order_by(table.position)
