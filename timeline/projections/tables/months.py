"""The month of a day in the SQL of each database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from timeline.domain.instants import day_number

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

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
