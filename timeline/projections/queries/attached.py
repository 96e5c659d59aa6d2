"""The sources, links, replies, amendments and codings of entries.

Of a withheld entry, reasons are the only free text that is returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Text, cast, exists, or_, select

from timeline.domain.fields import on_record
from timeline.projections.queries.withheld import withheld_entries
from timeline.projections.tables import schema
from timeline.projections.tables.kinds import REPLY_RETRACTED
from timeline.projections.tables.lanes import known, up_to
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Source(msgspec.Struct, frozen=True):
    """One source of an entry; ``document`` is an id, it was added at ``known_from``."""

    number: int
    document: str
    attribution: str
    reported_via: str
    known_from: int


class Link(msgspec.Struct, frozen=True):
    """A connection from one entry to another, both by number."""

    number: int
    kind: str
    target: int
    note: str
    known_from: int
    known_until: int | None


class Reply(msgspec.Struct, frozen=True):
    """The actor's own answer to a record."""

    number: int
    position: int
    replied_at: str
    text: str
    lang: str


class Amendment(msgspec.Struct, frozen=True):
    """A correction, a retraction or a reinstatement; ``old`` and ``new`` as they were recorded."""

    position: int
    number: int
    kind: str
    field: str | None
    old: Any
    new: Any
    reason: str
    material: bool
    recorded_at: int
    recorded_by: str


class Coding(msgspec.Struct, frozen=True):
    """A second coder's reading of a statement.

    ``decision`` is what an editor (``recorded_by``) made of it: ``kept``, ``corrected`` or empty.
    ``topic`` is the id of the question asked, ``has_condition`` whether the coder saw a condition;
    ``None`` where nobody asked that.
    """

    number: int
    position: int
    stance: int | None
    no_position_reason: str | None
    note: str
    coder: str
    decision: str
    recorded_by: str
    scale_version: int
    topic: str
    has_condition: bool | None


def sources(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> dict[int, list[Source]]:
    """Return the sources of entries by number, first source first."""
    hidden = withheld_entries(conn)
    by_number: dict[int, list[Source]] = {}
    for row in conn.execute(*_sources(numbers=[*numbers], known_at=known_at)).all():
        source = Source(*row)
        by_number.setdefault(source.number, []).append(
            replace(source, reported_via="") if source.number in hidden else source
        )
    return by_number


@prepared
def _sources(*, numbers: Param, known_at: Param | None) -> Query:
    table = schema.sources
    query = select(
        table.c.number, table.c.document, table.c.attribution, table.c.reported_via, table.c.added
    )
    here = table.c.number.in_(numbers), *known(table.c, known_at)
    return query.where(*here).order_by(table.c.added)


def links(conn: Connection, numbers: Iterable[int], known_at: int | None = None) -> list[Link]:
    """Return the links from or to these entries, oldest first."""
    table, here = schema.links, list(numbers)
    either = or_(table.c.number.in_(here), table.c.target.in_(here))
    query = select(table).where(either, *known(table.c, known_at)).order_by(table.c.known_from)
    hidden = withheld_entries(conn)
    result = [Link(*row) for row in conn.execute(query)]
    return [
        replace(link, note="") if link.number in hidden or link.target in hidden else link
        for link in result
    ]


def replies(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> dict[int, list[Reply]]:
    """Return the replies to entries that were not taken back, by number, oldest first."""
    rows = conn.execute(*_replies(numbers=[*numbers], known_at=known_at)).all()
    hidden = withheld_entries(conn) if rows else {}
    by_number: dict[int, list[Reply]] = {}
    for row in rows:
        by_number.setdefault(row.number, []).append(reply(row, hidden))
    return by_number


@prepared
def _replies(*, numbers: Param, known_at: Param | None) -> Query:
    table = schema.replies
    here = table.c.number.in_(numbers), stands(known_at), *up_to(table.c.position, known_at)
    return select(table).where(*here).order_by(table.c.position)


def stands(known_at: Param | int | None = None) -> ColumnElement[bool]:
    """Return the clause that leaves out replies that were taken back."""
    removals, replied = schema.amendments.c, schema.replies.c
    same = removals.number == replied.number, removals.old == cast(replied.position, Text)
    known = up_to(removals.position, known_at)
    return ~exists().where(removals.kind == REPLY_RETRACTED, *same, *known)


def amendments(
    conn: Connection,
    numbers: Iterable[int] | None = None,
    *,
    known_at: int | None = None,
    since: int | None = None,
    limit: int | None = None,
) -> list[Amendment]:
    """Return corrections, retractions and reinstatements, latest first.

    ``since`` is in microseconds; without ``numbers`` they are those of the whole record.
    """
    here = None if numbers is None else [*numbers]
    query, values = _amendments(numbers=here, known_at=known_at, since=since)
    rows = conn.execute(query if limit is None else query.limit(limit), values)
    hidden = withheld_entries(conn)
    return [amendment(row, hidden) for row in rows]


@prepared
def _amendments(*, numbers: Param | None, known_at: Param | None, since: Param | None) -> Query:
    table = schema.amendments
    query = select(table).where(*up_to(table.c.position, known_at))
    query = query.order_by(table.c.position.desc())
    if numbers is not None:
        query = query.where(table.c.number.in_(numbers))
    if since is not None:
        query = query.where(table.c.recorded_at >= since)
    return query


def codings(conn: Connection, number: int, known_at: int | None = None) -> list[Coding]:
    """Return the second codings of a statement, oldest first."""
    table = schema.codings
    query = select(table).where(table.c.number == number, *up_to(table.c.position, known_at))
    query = query.order_by(table.c.position)
    result = [coding(row) for row in conn.execute(query)]
    hidden = number in withheld_entries(conn)
    return [replace(reading, note="") for reading in result] if hidden else result


def coding(row: Any) -> Coding:  # noqa: ANN401 - a database row
    """Read a row of the codings."""
    result = Coding(*row)
    has_condition = result.has_condition
    return result if has_condition is None else replace(result, has_condition=bool(has_condition))


def reply(row: Any, hidden: Collection[int]) -> Reply:  # noqa: ANN401 - a database row
    """Read a row of the replies; ``hidden`` are the withheld entries."""
    result = Reply(*row)
    return replace(result, text="", lang="") if result.number in hidden else result


def amendment(row: Any, hidden: Collection[int]) -> Amendment:  # noqa: ANN401 - a database row
    """Read a row of the amendments; ``hidden`` are the withheld entries."""
    fields = dict(row._mapping)
    field = on_record(row.field or "")
    shown = row.number not in hidden or field is None or not field.is_content
    for value in ("old", "new"):
        encoded = fields[value] if shown else None
        fields[value] = msgspec.json.decode(encoded) if encoded else None
    fields["material"] = bool(fields["material"])
    return Amendment(**fields)


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
