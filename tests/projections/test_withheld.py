from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from timeline.domain.naming import stable_id
from timeline.projections.queries import paging
from timeline.projections.queries.paging import Filter
from timeline.projections.queries.withheld import hiding_withheld, withheld_entries

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


@pytest.mark.parametrize("wanted", [Filter(), Filter(stances=frozenset({2}))])
def test_who_only_reads_counts_the_entries_that_they_are_shown(
    record: Record, said: int, wanted: Filter
) -> None:
    shown = record.say(stance="supports", said_at="2025-12-02").position
    withhold(record, said)
    topic = stable_id("topic", "eu-accession")
    with record.read() as conn:
        assert paging.count(conn, topic, wanted) == 2
        for known_at in (None, shown):
            reader = hiding_withheld(conn)
            assert paging.count(reader, topic, wanted, known_at=known_at) == 1
            (entry,) = paging.page(reader, topic, wanted, known_at=known_at).entries
            assert entry.number == shown


def withhold(record: Record, number: int) -> None:
    """Retract a statement, its words withheld."""
    record.newsroom.statements.retract(record.anna(), number, "A private person.", withhold=True)
    record.models.catch_up()
