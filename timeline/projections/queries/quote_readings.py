"""How quotes were read blindly, and which of them somebody has still to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Text, and_, cast, exists, func, literal, or_, select

from timeline.domain.position.edition2.words import READINGS, sign
from timeline.domain.quote import may_carry
from timeline.domain.statement import Words
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import MOST_GIVEN, Given, Query, prepared

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

    ``read`` counts quotes with two readings, ``alike`` those where both say the same of whether
    the quote alone answers the question, ``carried`` those where both say that it does, and
    ``same_side`` those of these where both name the same side of the question.
    """

    read: int
    alike: int
    carried: int
    same_side: int


class QuoteToRead(msgspec.Struct, frozen=True):
    """What a blind reader gets: the number of the statement, its topic by id, and the quote."""

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

    Who had signed or declined a change with these words at an end read them no more blindly: theirs
    are left out.
    ``but_for`` is the handle of who looks: of a quote that they have not read they get nothing.
    """
    wanted = [*set(numbers)]
    found: dict[int, list[QuoteReading]] = {}
    for row in conn.execute(*_readings(numbers=wanted, known_at=known_at)) if wanted else ():
        number, position, reader, carries, direction = row
        reading = QuoteReading(number, position, reader, carries == 1, direction)
        found.setdefault(number, []).append(reading)
    if but_for is None:
        return found
    return {number: some for number, some in found.items() if but_for in (r.reader for r in some)}


def carry_nothing(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> set[int]:
    """Return those of some statements whose quote two blind readers do not both find to carry."""
    wanted = [*numbers]
    if not wanted:
        return set()
    asked = wanted if len(wanted) <= MOST_GIVEN else None
    return {*conn.execute(*_uncarried(numbers=asked, known_at=known_at)).scalars()} & {*wanted}


def quote_agreement(conn: Connection, topic: str, known_at: int | None = None) -> QuoteAgreement:
    """Return how far blind readings of the quotes on a topic (an id) agree."""
    numbers = conn.execute(*_read_on(topic=topic, known_at=known_at)).scalars()
    found = quote_readings(conn, numbers, known_at).values()
    both = [(some[0], some[1]) for some in found if len(some) >= READINGS]
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
    """Return quotes that need a reading by somebody, by number; of some ``numbers`` alone.

    These are own words with a direction, long enough to carry it, that have too few readings, none
    of them theirs; they recorded, corrected and coded none of them, decided on no change that they
    are an end of, and are none of the statements (ids) that are left out by ``but``.
    """
    quotes: list[QuoteToRead] = []
    among, after = None if numbers is None else [*numbers], 0
    while len(quotes) < limit:
        asked = {"reader": reader, "topic": topic, "numbers": among, "after": after, "limit": limit}
        rows = conn.execute(*_unread(**asked)).all()
        for row in rows:
            quote = _words(row.words).quote
            if quote and may_carry(quote.exact) and row.stream not in but:
                quotes.append(QuoteToRead(row.number, row.topic, quote.exact, quote.lang))
        if len(rows) < limit:
            break
        after = rows[-1].number
    return quotes[:limit]


@prepared
def _read_on(*, topic: Given, known_at: Given | None) -> Query:
    """Select the numbers of the statements on a topic whose quotes somebody read blindly."""
    read, said = schema.quote_readings.c, schema.statements.c
    query: Query = select(said.number).where(
        said.topic == topic,
        said.retracted == 0,
        said.withheld == 0,
        *known(said, known_at),
        said.number.in_(select(read.number)),
    )
    return query.order_by(said.number)


@prepared
def _uncarried(*, numbers: Given | None, known_at: Given | None) -> Query:
    table = schema.quote_readings.c
    query: Query = select(table.number).where(*_blind(known_at))
    if numbers is not None:
        query = query.where(table.number.in_(numbers))
    several = func.count() >= READINGS
    return query.group_by(table.number).having(several, func.min(table.carries) == 0)


def _blind(known_at: Given | None) -> list[Any]:
    """Return the clauses that a reading meets which stands, or stood then, and was blind."""
    table = schema.quote_readings.c
    blind = ~_judged(table.number, table.reader, table.position)
    if known_at is None:
        return [blind, table.known_until.is_(None)]
    later = or_(table.known_until.is_(None), table.known_until > known_at)
    return [blind, table.position <= known_at, later]


@prepared
def _readings(*, numbers: Given, known_at: Given | None) -> Query:
    table = schema.quote_readings.c
    query: Query = select(
        table.number, table.position, table.reader, table.carries, table.direction
    )
    return query.where(table.number.in_(numbers), *_blind(known_at)).order_by(table.position)


@prepared
def _unread(
    *, reader: Given, topic: Given | None, numbers: Given | None, after: Given, limit: Given
) -> Query:
    said, table, mended = schema.statements.c, schema.quote_readings.c, schema.amendments.c
    blind = ~_judged(table.number, table.reader, table.position)
    here = and_(table.number == said.number, table.known_until.is_(None), blind)
    read = select(func.count()).where(here).scalar_subquery()
    query: Query = select(said.number, said.stream, said.topic, said.words).where(
        *known(said, None),
        said.retracted == 0,
        said.withheld == 0,
        said.rank == 0,
        said.stance.is_not(None),
        said.recorded_by.is_distinct_from(reader),
        said.words.contains('"quote":'),
        said.number > after,
        read < READINGS,
        ~exists(select(table.number).where(here, table.reader == reader)),
        ~_judged(said.number, reader),
        ~exists(
            select(schema.codings.c.number).where(
                schema.codings.c.number == said.number, schema.codings.c.coder == reader
            )
        ),
        ~exists(
            select(mended.number).where(
                mended.number == said.number,
                mended.recorded_by == reader,
                mended.field.is_not(None),
            )
        ),
    )
    if topic is not None:
        query = query.where(said.topic == topic)
    if numbers is not None:
        query = query.where(said.number.in_(numbers))
    return query.order_by(said.number).limit(limit)


def _judged(number: Any, handle: Any, before: Any = None) -> Any:  # noqa: ANN401 - SQL
    """Return the clause that somebody decided on a change with a statement at an end.

    That is ``before`` a log position, or at any time.
    """
    said = schema.verdicts.c
    wanted = literal(",") + cast(number, Text) + literal(",")
    ends = (_listed(end).contains(wanted) for end in (said.before, said.after))
    clauses = [said.recorded_by == handle, or_(*ends)]
    if before is not None:
        clauses.append(said.position < before)
    return exists(select(said.position).where(*clauses))


def _listed(end: Any) -> Any:  # noqa: ANN401 - SQL
    """Return a JSON array of numbers with a comma on either side of each."""
    return func.replace(func.replace(end, "[", ","), "]", ",")
