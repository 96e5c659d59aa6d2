from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from timeline.projections.queries.withheld import withheld_entries

if TYPE_CHECKING:
    from tests.projections.record import Record


@pytest.fixture
def said(record: Record) -> int:
    """The number of a statement on record."""
    record.talks()
    number: int = record.say(stance="supports", said_at="2025-12-01").position
    return number


def test_what_is_withheld_is_looked_up_once_in_a_transaction(record: Record, said: int) -> None:
    asked: list[str] = []
    withhold(record, said)
    with record.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *of: asked.append(of[2]))
        found = [{*withheld_entries(conn)} for _ in range(3)]
    assert found == [{said}] * 3
    assert len([one for one in asked if "withheld" in one]) == 2  # statements, and developments


def test_the_next_transaction_of_a_connection_sees_what_was_withheld_meanwhile(
    record: Record, said: int
) -> None:
    with record.read() as conn:
        assert {*withheld_entries(conn)} == set()
        conn.rollback()
        withhold(record, said)
        assert {*withheld_entries(conn)} == {said}


def withhold(record: Record, number: int) -> None:
    """Retract a statement, its words withheld."""
    record.newsroom.statements.retract(record.anna(), number, "A private person.", withhold=True)
    record.models.catch_up()
