"""How far two coders agree who each coded the statements of a topic again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from timeline.projections.queries.attached import coding
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.attached import Coding

CODERS = 2
"""Those of a statement who are compared: the first that coded it again."""


class CodingAgreement(msgspec.Struct, frozen=True):
    """How often the first two coders of a statement agree, in statements of one topic.

    ``coded`` counts statements that two coded again, ``same_question`` those of which both say that
    the words answer the same one. Of these ``same_direction`` counts those where both see the same
    step, or none, and ``same_condition`` those of ``asked_condition`` where both say the same of
    whether there is a condition.
    """

    coded: int
    same_question: int
    same_direction: int
    asked_condition: int
    same_condition: int


def coding_agreement(conn: Connection, topic: str, known_at: int | None = None) -> CodingAgreement:
    """Return how far coders agree on the statements of a topic (an id).

    What an editor decided between is left out: only readings that differ are decided between.
    """
    both = _pairs(conn, topic, known_at)
    same = [(one, other) for one, other in both if one.topic == other.topic]
    asked = [
        (one, other) for one, other in same if None not in (one.has_condition, other.has_condition)
    ]
    return CodingAgreement(
        coded=len(both),
        same_question=len(same),
        same_direction=sum(_step(one) == _step(other) for one, other in same),
        asked_condition=len(asked),
        same_condition=sum(one.has_condition == other.has_condition for one, other in asked),
    )


def _step(coding: Coding) -> tuple[int | None, int]:
    """Return the step that a coder saw; two versions of a scale may call one by two words."""
    return coding.stance, 0 if coding.stance is None else coding.scale_version


def _pairs(conn: Connection, topic: str, known_at: int | None) -> list[tuple[Coding, Coding]]:
    """Return the last reading of each of the first two coders, by statement."""
    found: dict[int, dict[str, Coding]] = {}
    for row in conn.execute(*_codings(topic=topic, known_at=known_at)):
        one = coding(row)
        found.setdefault(one.number, {})[one.coder] = one
    several = ([*by_coder.values()] for by_coder in found.values())
    return [(some[0], some[1]) for some in several if len(some) >= CODERS]


@prepared
def _codings(*, topic: Given, known_at: Given | None) -> Query:
    """Select the readings of the statements on a topic, in the order of the log."""
    said, table = schema.statements.c, schema.codings.c
    query: Query = (
        select(schema.codings)
        .join(schema.statements, said.number == table.number)
        .where(
            said.topic == topic,
            said.retracted == 0,
            said.withheld == 0,
            *known(said, known_at),
            table.decision == "",
        )
    )
    if known_at is not None:
        query = query.where(table.position <= known_at)
    return query.order_by(table.position)
