"""Blind readings of quotes, and the quotes that still need one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Text, and_, cast, exists, func, literal, or_, select

from timeline.domain.position.edition2.words import READINGS, sign
from timeline.domain.quote import may_carry
from timeline.domain.statement import Words
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import equal, known
from timeline.projections.tables.prepared import MOST_VALUES, Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

_words = msgspec.json.Decoder(Words).decode


class QuoteReading(msgspec.Struct, frozen=True):
    """How ``reader`` read a quote at a log position: −2 … +2, or ``None`` for no direction."""

    number: int
    position: int
    reader: str
    carries: bool
    direction: int | None


class QuoteAgreement(msgspec.Struct, frozen=True):
    """How often the first two blind readings of a quote agree, in quotes of one topic.

    ``read`` counts quotes with two readings, ``alike`` those where both agree whether the quote
    alone answers the question, ``carried`` those where both say that it does, and ``same_side``
    those of the carried where both name the same side of the question.
    """

    read: int
    alike: int
    carried: int
    same_side: int


class QuoteToRead(msgspec.Struct, frozen=True):
    """What a blind reader sees: the number of the statement, its topic (an id) and the quote."""

    number: int
    topic: str
    quote: str
    lang: str


def quote_readings(
    conn: Connection,
    numbers: Iterable[int],
    known_at: int | None = None,
    *,
    but_for: str | None = None,
) -> dict[int, list[QuoteReading]]:
    """Return the readings of the quotes as they now are, by number, oldest first.

    A reader who had signed or declined a change that ends in these words was not blind: their
    readings are left out. ``but_for`` is the handle of a viewer, who gets nothing of a quote that
    they have not read.
    """
    wanted = [*set(numbers)]
    readings: dict[int, list[QuoteReading]] = {}
    rows = conn.execute(*_readings(numbers=wanted, known_at=known_at)) if wanted else ()
    for row in rows:
        number, position, reader, carries, direction = row
        reading = QuoteReading(number, position, reader, carries == 1, direction)
        readings.setdefault(number, []).append(reading)
    if but_for is None:
        return readings
    return {key: its for key, its in readings.items() if but_for in (r.reader for r in its)}


def quotes_not_carrying(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> set[int]:
    """Return the statements whose quote had two blind readings, not all of them that it carries."""
    wanted = [*numbers]
    if not wanted:
        return set()
    to_select = wanted if len(wanted) <= MOST_VALUES else None
    numbers = conn.execute(*_not_carrying(numbers=to_select, known_at=known_at)).scalars()
    return {*numbers} & {*wanted}


def quote_agreement(conn: Connection, topic: str, known_at: int | None = None) -> QuoteAgreement:
    """Count how often blind readings of the quotes on a topic (an id) agree."""
    numbers = conn.execute(*_read_on(topic=topic, known_at=known_at)).scalars()
    by_number = quote_readings(conn, numbers, known_at).values()
    both = [(its[0], its[1]) for its in by_number if len(its) >= READINGS]
    carried = [(reading, other) for reading, other in both if reading.carries and other.carries]
    return QuoteAgreement(
        read=len(both),
        alike=sum(reading.carries == other.carries for reading, other in both),
        carried=len(carried),
        same_side=sum(
            reading.direction is not None
            and other.direction is not None
            and sign(reading.direction) == sign(other.direction)
            for reading, other in carried
        ),
    )


def quotes_to_read(
    conn: Connection,
    reader: str,
    *,
    topic: str | None = None,
    numbers: Iterable[int] | None = None,
    but: Collection[str] = (),
    limit: int,
) -> list[QuoteToRead]:
    """Return quotes that a reader (a handle) should read, by number; only ``numbers`` if given.

    They are own words with a direction, long enough to carry it, with too few readings. The reader
    has not read, recorded, corrected or coded them, nor decided on a change that ends in them. The
    statements (ids) in ``but`` are left out.
    """
    quotes: list[QuoteToRead] = []
    among, after = None if numbers is None else [*numbers], 0
    while len(quotes) < limit:
        params = {
            "reader": reader,
            "topic": topic,
            "numbers": among,
            "after": after,
            "limit": limit,
        }
        rows = conn.execute(*_unread(**params)).all()
        for row in rows:
            quote = _words(row.words).quote
            if quote and may_carry(quote.exact) and row.stream not in but:
                quotes.append(QuoteToRead(row.number, row.topic, quote.exact, quote.lang))
        if len(rows) < limit:
            break
        after = rows[-1].number
    return quotes[:limit]


@prepared
def _read_on(*, topic: Param, known_at: Param | None) -> Query:
    """Select the numbers of the statements on a topic whose quotes somebody read blindly."""
    readings, statements = schema.quote_readings.c, schema.statements.c
    query: Query = select(statements.number).where(
        statements.topic == topic,
        statements.retracted == 0,
        statements.withheld == 0,
        *known(statements, known_at),
        statements.number.in_(select(readings.number)),
    )
    return query.order_by(statements.number)


@prepared
def _not_carrying(*, numbers: Param | None, known_at: Param | None) -> Query:
    table = schema.quote_readings.c
    query: Query = select(table.number).where(*_blind(known_at))
    if numbers is not None:
        query = query.where(table.number.in_(numbers))
    several = func.count() >= READINGS
    return query.group_by(table.number).having(several, func.min(table.carries) == 0)


def _blind(known_at: Param | None) -> list[Any]:
    """Return the clauses for a blind reading that stands, or stood at the log position."""
    table = schema.quote_readings.c
    blind = ~_judged(table.number, table.reader, table.position)
    return [blind, *known(table, known_at, "position")]


@prepared
def _readings(*, numbers: Param, known_at: Param | None) -> Query:
    table = schema.quote_readings.c
    query: Query = select(
        table.number, table.position, table.reader, table.carries, table.direction
    )
    return query.where(table.number.in_(numbers), *_blind(known_at)).order_by(table.position)


@prepared
def _unread(
    *, reader: Param, topic: Param | None, numbers: Param | None, after: Param, limit: Param
) -> Query:
    statements, table, amendments = (
        schema.statements.c,
        schema.quote_readings.c,
        schema.amendments.c,
    )
    blind = ~_judged(table.number, table.reader, table.position)
    here = and_(table.number == statements.number, table.known_until.is_(None), blind)
    read = select(func.count()).where(here).scalar_subquery()
    query: Query = select(
        statements.number, statements.stream, statements.topic, statements.words
    ).where(
        *known(statements, None),
        statements.retracted == 0,
        statements.withheld == 0,
        statements.rank == 0,
        statements.stance.is_not(None),
        statements.recorded_by.is_distinct_from(reader),
        statements.words.contains('"quote":'),
        statements.number > after,
        read < READINGS,
        ~exists(select(table.number).where(here, table.reader == reader)),
        ~_judged(statements.number, reader),
        ~exists(
            select(schema.codings.c.number).where(
                schema.codings.c.number == statements.number, schema.codings.c.coder == reader
            )
        ),
        ~exists(
            select(amendments.number).where(
                amendments.number == statements.number,
                amendments.recorded_by == reader,
                amendments.field.is_not(None),
            )
        ),
    )
    query = query.where(*equal(statements.topic, topic))
    if numbers is not None:
        query = query.where(statements.number.in_(numbers))
    return query.order_by(statements.number).limit(limit)


def _judged(number: Any, handle: Any, before: Any = None) -> Any:  # noqa: ANN401 - SQL
    """Return the clause that somebody decided on a change that ends in a statement.

    With ``before`` they did so before that log position.
    """
    verdicts = schema.verdicts.c
    listed_number = literal(",") + cast(number, Text) + literal(",")
    ends = (_listed(end).contains(listed_number) for end in (verdicts.before, verdicts.after))
    clauses = [verdicts.recorded_by == handle, or_(*ends)]
    if before is not None:
        clauses.append(verdicts.position < before)
    return exists(select(verdicts.position).where(*clauses))


def _listed(end: Any) -> Any:  # noqa: ANN401 - SQL
    """Return a JSON array of numbers with a comma before and after each."""
    return func.replace(func.replace(end, "[", ","), "]", ",")
