"""A query that is put together once answers as one that is put together for each question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, insert, select

from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
from timeline.projections.tables import rows, schema
from timeline.projections.tables.prepared import Param, Query, prepared
from timeline.projections.writing.statements import reading_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

NUMBERS = Table("numbers", MetaData(), Column("n", Integer))
MADE: list[tuple[bool, ...]] = []


@prepared
def between(*, low: Param | None, high: Param | None, among: Param | None, odd: bool) -> Query:
    """Select the numbers that are asked for."""
    MADE.append((low is None, high is None, among is None, odd))
    query: Query = select(NUMBERS.c.n).order_by(NUMBERS.c.n)
    if low is not None:
        query = query.where(NUMBERS.c.n >= low)
    if high is not None:
        query = query.where(NUMBERS.c.n <= high)
    if among is not None:
        query = query.where(NUMBERS.c.n.in_(among))
    return query.where(NUMBERS.c.n % 2 == 1) if odd else query


def ask(conn: Connection, **asked: int | list[int] | bool | None) -> list[int]:
    """Return the numbers from 0 to 9 that are asked for."""
    everything = {"low": None, "high": None, "among": None, "odd": False}
    return list(conn.execute(*between(**everything | asked)).scalars())


def test_each_form_is_made_once_and_asked_with_any_values() -> None:
    engine = create_engine("sqlite://")
    NUMBERS.metadata.create_all(engine)
    MADE.clear()
    with engine.connect() as conn:
        conn.execute(insert(NUMBERS), [{"n": n} for n in range(10)])
        assert ask(conn, low=3, high=5) == [3, 4, 5]
        assert ask(conn, low=0, high=1) == [0, 1]
        assert ask(conn, low=8) == [8, 9]
        assert ask(conn, low=0) == [*range(10)]
        assert ask(conn, among=[1, 2, 30]) == [1, 2]
        assert ask(conn, among=[7]) == [7]
        assert ask(conn, among=[]) == []
        assert ask(conn, low=6, odd=True) == [7, 9]
        assert ask(conn) == [*range(10)]
    engine.dispose()
    assert MADE == [
        (False, False, True, False),
        (False, True, True, False),
        (True, True, False, False),
        (False, True, True, True),
        (True, True, True, False),
    ]


def test_a_table_and_a_column_are_forms_and_no_values() -> None:
    asked: list[str] = []

    @prepared
    def largest(*, column: Column[int]) -> Query:
        asked.append(column.name)
        return select(func.max(column))

    first, second = Column("n", Integer), Column("m", Integer)
    Table("pairs", MetaData(), first, second)
    queries = [largest(column=column) for column in (first, second, first)]
    assert [str(query) for query, _ in queries] == [
        "SELECT max(pairs.n) AS max_1 \nFROM pairs",
        "SELECT max(pairs.m) AS max_1 \nFROM pairs",
        "SELECT max(pairs.n) AS max_1 \nFROM pairs",
    ]
    assert (asked, [values for _, values in queries]) == (["n", "m"], [{}, {}, {}])


def test_a_parameter_is_not_the_value_that_came_first() -> None:
    _, values = between(low=1, high=None, among=[2], odd=False)
    assert values == {"low": 1, "among": [2]}
    query, _ = between(low=5, high=None, among=[2], odd=False)
    assert ":low" in str(query.compile())


OTHERWISE = {
    "has_time": "timed",
    "retraction": "retracted",
    "withholding": "withheld",
    "dissents": "dissent",
    "encoded_words": "words",
    "encoded_terms": "terms",
    "encoded_topics": "topics",
}
"""Fields of entries that are called otherwise than their column, since pages read them decoded."""


def columns_of(entry: type[StatementEntry | DevelopmentEntry]) -> list[str]:
    """Return the columns that an entry names; what only pages know of it has a default."""
    in_row = (name for name in entry._fields if name not in entry._field_defaults)
    return [OTHERWISE.get(name, name) for name in in_row]


FIELDS = {
    schema.statements: columns_of(StatementEntry),
    schema.developments: columns_of(DevelopmentEntry),
    schema.bearings: [*rows.BearingRow._fields],
    schema.sources: [*rows.SourceRow._fields],
    schema.positions: [*rows.PositionRow._fields],
    schema.changes: [*rows.ChangeRow._fields],
    schema.log_index: [*rows.LogRow._fields],
    schema.search: [*rows.SearchRow._fields],
}


@pytest.mark.parametrize("table", FIELDS, ids=lambda table: str(table.name))
def test_the_fields_of_a_row_are_the_columns_of_its_table_in_their_order(table: Table) -> None:
    assert FIELDS[table] == [column.name for column in table.columns]


def test_every_type_of_row_is_compared_with_its_table() -> None:
    types = {kind._fields for name, kind in vars(rows).items() if name.endswith("Row")}
    assert types <= {tuple(fields) for fields in FIELDS.values()}


def test_a_reading_has_what_its_statement_has_under_the_same_names() -> None:
    fields = {name: place for place, name in enumerate(StatementEntry._fields, 10)}
    said = StatementEntry(**fields)  # type: ignore[arg-type]
    columns = [column.name for column in schema.readings.columns]
    reading = dict(zip(columns, reading_of(said, "an actor"), strict=True))
    own = {OTHERWISE.get(name, name): value for name, value in fields.items()}
    assert {name: own[name] for name in columns if name in own} == {
        name: value for name, value in reading.items() if name in own
    }
    assert {*columns} - own.keys() == {"actor", "day", "joint"}
