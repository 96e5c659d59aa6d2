"""Kinds, days and months of changes in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, and_, case, cast, func, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from timeline.domain.instants import DAY, day_number
from timeline.domain.position.change import HIDDEN_KINDS
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

DEVELOPMENT = "development"
CHANGED = ("reversal", "terms", "opens", "settles", "succession", "withdrawn", "vote")
KINDS = (*CHANGED, "mixed", "first", DEVELOPMENT)
MOVED = frozenset(CHANGED)
"""Kinds of changes between positions; differing votes of one day are none."""

REPLY_RETRACTED = "reply_retracted"
"""The kind of an amendment that takes a reply back; its ``old`` is the position of the reply."""


def is_visible(columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return the clause for changes that readers see: no first words and no steps."""
    return columns.kind.not_in(HIDDEN_KINDS)


def _mixed(columns: Any) -> Any:  # noqa: ANN401 - SQL
    return and_(
        columns.kind == "vote",
        or_(
            func.coalesce(columns.from_stance, 0) == schema.MIXED,
            func.coalesce(columns.to_stance, 0) == schema.MIXED,
        ),
    )


def kind_column() -> Any:  # noqa: ANN401 - SQL
    """Return the kind of each change, ``mixed`` where answers of one day differ."""
    columns = schema.changes.c
    return case((_mixed(columns), "mixed"), else_=columns.kind)


def of_kinds(kinds: frozenset[str], columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return the clause for changes of these kinds; ``columns`` are those of `changes`."""
    mixed = _mixed(columns)
    plain = and_(columns.kind.in_([*kinds - {"mixed", DEVELOPMENT}]), ~mixed)
    return or_(plain, mixed) if "mixed" in kinds else plain


def utc_day(instant: Any) -> Any:  # noqa: ANN401 - SQL
    """Return the UTC day of an instant in seconds, counted from 1970-01-01."""
    # Before 1970 a remainder is negative.
    return (instant - (instant % DAY + DAY) % DAY) / literal(DAY, schema.WIDE)


def words_or_lane(columns: Any) -> Any:  # noqa: ANN401 - SQL
    """Return a key of changes on a topic: the words that make them, else the lane."""
    return case((columns.after == "[]", cast(columns.lane, Text)), else_=columns.after)


COUNTED = range(day_number(1, 1, 1), day_number(10_000, 1, 1))
"""Days whose months are counted: those of the years 1 to 9999, which every database can number."""


class month_of(FunctionElement[int]):  # noqa: N801 - it is read like a function of SQL
    """The month of a UTC day of `COUNTED`: twelve times its year, and 0 for January."""

    type = Integer()
    inherit_cache = True


@compiles(month_of, "sqlite")
def _in_sqlite(element: month_of, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    # SQLite reads a number as a Julian day; 1 January 1970 begins in the middle of 2440587.
    day = f"2440588 + {_day(element, compiler, how)}"
    return f"(strftime('%Y', {day}) * 12 + strftime('%m', {day}) - 1)"


@compiles(month_of, "postgresql")
def _in_postgres(element: month_of, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    day = f"(DATE '1970-01-01' + CAST({_day(element, compiler, how)} AS INTEGER))"
    year, month = f"EXTRACT(YEAR FROM {day})", f"EXTRACT(MONTH FROM {day})"
    return f"CAST({year} * 12 + {month} - 1 AS INTEGER)"


def _day(element: month_of, compiler: SQLCompiler, how: dict[str, Any]) -> str:
    return str(compiler.process(element.clauses, **how))
