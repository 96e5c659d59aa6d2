"""Rows are written and read by the place of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
from timeline.projections.tables import rows, schema
from timeline.projections.writing.statements import reading_of

if TYPE_CHECKING:
    from sqlalchemy import Table

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
