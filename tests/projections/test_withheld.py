from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import event

from timeline.domain.naming import stable_id
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import crowds, paging, speaking
from timeline.projections.queries.lane_window import LaneWindow
from timeline.projections.queries.paging import Filter
from timeline.projections.queries.tracks import topic_tracks
from timeline.projections.queries.withheld import hide_withheld, withheld_entries

if TYPE_CHECKING:
    from tests.projections.record import Record

TOPIC = stable_id("topic", "eu-accession")
RUSSIA = stable_id("actor", "russia")


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
    with record.read() as conn:
        assert paging.count(conn, TOPIC, wanted) == 2
        for known_at in (None, shown):
            reader = hide_withheld(conn)
            assert paging.count(reader, TOPIC, wanted, TwoClocks(known_at=known_at)) == 1
            (entry,) = paging.page(reader, TOPIC, wanted, TwoClocks(known_at=known_at)).entries
            assert entry.number == shown


def test_a_withheld_entry_stands_nowhere_even_when_it_was_retracted_and_reinstated_before(
    record: Record, said: int
) -> None:
    rooms = record.newsroom.statements
    rooms.retract(record.anna(), said, "Wrong.")
    rooms.reinstate(record.anna(), said, "Right after all.")
    assert [moment.known for moment in moments(record, said)] == [1, 1, 1]
    withhold(record, said)
    assert moments(record, said) == [NOWHERE] * 4
    with record.read() as conn:
        assert speaking.span_of(conn, RUSSIA) is None


def test_a_reinstated_entry_stands_again_wherever_it_stood_before_it_was_withheld(
    record: Record, said: int
) -> None:
    rooms = record.newsroom.statements
    rooms.retract(record.anna(), said, "Wrong.")
    rooms.reinstate(record.anna(), said, "Right after all.")
    rooms.redact(record.anna(), said, "Art. 17 GDPR")
    stood = moments(record, said)
    assert [one.on_record for one in stood] == [1, 0, 1, 1]
    withhold(record, said)
    rooms.reinstate(record.anna(), said, "A public person.")
    assert moments(record, said) == [*stood, NOWHERE, stood[-1]]


class Found(NamedTuple):
    """What is found of a statement at one moment: in its lane, and of its actor."""

    known: int
    on_record: int
    in_track: tuple[bool, ...]
    latest: int
    instants: int
    in_window: int
    is_listed: bool


NOWHERE = Found(0, 0, (), 0, 0, 0, is_listed=False)


def moments(record: Record, number: int) -> list[Found]:
    """Return what is found of a statement at each moment since it was recorded."""
    found = []
    with record.read() as conn:
        for known_at in range(number, record.log.head() + 1):
            clocks = TwoClocks(known_at=known_at)
            total = speaking.totals(conn, RUSSIA, clocks).get(TOPIC)
            track = topic_tracks(conn, TOPIC, clocks).get(RUSSIA)
            one = Found(
                total.known if total else 0,
                total.on_record if total else 0,
                tuple(reading.retracted for reading in track.readings) if track else (),
                len(speaking.latest_statements(conn, RUSSIA, 9, clocks)),
                len(speaking.instants_of(conn, RUSSIA, clocks)),
                LaneWindow(conn, TOPIC, RUSSIA, clocks).words(9),
                RUSSIA in crowds.who_spoke(conn, TOPIC, clocks),
            )
            found.append(one)
    return found


def withhold(record: Record, number: int) -> None:
    """Retract a statement, its words withheld."""
    record.newsroom.statements.retract(record.anna(), number, "A private person.", withhold=True)
    record.models.catch_up()
