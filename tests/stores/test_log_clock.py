"""The log's clock: what was known at a time, and clocks that run behind."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import NOON, SECOND, introduced
from timeline.bootstrap import open_store
from timeline.domain.clock import ClockConfirmed
from timeline.domain.errors import Refused
from timeline.projections.queries.log import known_at
from timeline.stores.clock import DAY, LEAP, rises
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from pathlib import Path


def test_known_at_a_time_is_the_last_position_by_then(log: EventLog) -> None:
    positions = [log.append([introduced(n, NOON + n * SECOND)])[0] for n in range(5)]
    assert log.position_at(NOON - 1) == 0
    assert log.position_at(NOON) == positions[0]
    assert log.position_at(NOON + SECOND + 1) == positions[1]
    assert log.position_at(NOON + 99 * SECOND) == positions[4]


def test_what_a_stumbling_clock_recorded_is_known_when_the_latest_before_it_is(
    log: EventLog,
) -> None:
    ahead, behind, later = (
        log.append([introduced(number, NOON + seconds * SECOND)])[0]
        for number, seconds in enumerate((30, 10, 40))
    )
    assert log.position_at(NOON + 20 * SECOND) == 0
    assert log.position_at(NOON + 30 * SECOND) == behind > ahead
    assert log.position_at(NOON + 40 * SECOND) == later


def test_the_greatest_recorded_at_is_kept_even_if_a_later_event_has_an_earlier_one(
    log: EventLog,
) -> None:
    log.append([introduced(1, NOON + 30 * SECOND), introduced(2, NOON)])
    assert log.last() == (log.head(), NOON + 30 * SECOND)


def test_a_clock_more_than_a_minute_behind_the_log_is_refused(log: EventLog) -> None:
    log.append([introduced(1, NOON)])
    log.append([introduced(2, NOON - 60 * SECOND)])
    with pytest.raises(Refused, match="the clock is 61 seconds behind") as refused:
        log.append([introduced(3, NOON - 61 * SECOND)])
    assert refused.value.field == "recorded_at"
    assert log.count() == 2


def test_a_clock_far_behind_within_one_batch_is_refused_as_well(log: EventLog) -> None:
    with pytest.raises(Refused):
        log.append([introduced(1, NOON), introduced(2, NOON - 120 * SECOND)])
    assert log.head() == 0


def test_a_batch_of_one_instant_rises_once() -> None:
    stamps = [(at, False) for at in (5, 5, 5, 7, 6)]
    assert rises(0, stamps).found == [(0, 5), (3, 7)]


NOW = time.time_ns() // 1_000
YEARS = 5 * 365 * DAY


def confirmed(at: int, version: int = 1) -> ClockConfirmed:
    return ClockConfirmed(
        originator_id="clock",
        originator_version=version,
        recorded_at=at,
        recorded_by="ann",
        via="api",
        reached=0,
    )


def test_a_clock_that_jumps_years_ahead_is_refused_before_it_blocks_what_comes_later(
    log: EventLog,
) -> None:
    log.append([introduced(1, NOW)])
    with pytest.raises(Refused, match=r"the clock is 182\d days ahead") as refused:
        log.append([introduced(2, NOW + YEARS)])
    assert "`standline clock --confirm`" in str(refused.value)
    assert log.append([introduced(2, NOW + LEAP), introduced(3, NOW + LEAP)])


def test_so_it_is_in_an_empty_store(log: EventLog) -> None:
    with pytest.raises(Refused, match="days ahead"):
        log.append([introduced(1, NOW + YEARS)])
    assert log.append([introduced(1, NOON)])


def test_a_clock_that_is_right_is_confirmed_and_goes_on(log: EventLog) -> None:
    log.append([introduced(1, NOW)])
    log.append([confirmed(NOW + YEARS)])
    log.append([introduced(2, NOW + YEARS + 1)])
    assert log.last() == (3, NOW + YEARS + 1)
    assert [log.position_at(NOW + one) for one in (0, YEARS - 1, YEARS, YEARS + 1)] == [1, 1, 2, 3]


def test_a_clock_that_was_wrong_once_blocks_nothing_when_the_right_one_is_confirmed(
    log: EventLog,
) -> None:
    log.append([introduced(1, NOW)])
    log.append([confirmed(NOW + YEARS), introduced(2, NOW + YEARS)])
    with pytest.raises(Refused, match="seconds behind"):
        log.append([introduced(3, NOW + 2)])
    (right,) = log.append([confirmed(NOW + 2, version=2)])
    (later,) = log.append([introduced(3, NOW + 4)])
    assert log.last() == (later, NOW + 4)
    known = [log.position_at(NOW + one) for one in (0, 1, 2, 3, 4)]
    assert known == [1, 1, right, right, later]


def test_a_restored_log_keeps_what_was_confirmed(log: EventLog, tmp_path: Path) -> None:
    log.append([introduced(1, NOW)])
    log.append([confirmed(NOW + YEARS), introduced(2, NOW + YEARS)])
    log.append([confirmed(NOW + 2, version=2), introduced(3, NOW + 4)])
    other = StoreUrl.parse(f"sqlite:///{tmp_path / 'other.db'}")
    with closing(EventLog.open(other)) as restored:
        restored.restore(log.stored())
        for at in (0, 1, 2, 3, 4, YEARS):
            assert restored.position_at(NOW + at) == log.position_at(NOW + at)
        assert restored.last() == log.last()


def test_a_log_that_was_restored_years_later_goes_on(log: EventLog, tmp_path: Path) -> None:
    log.append([introduced(1, NOON - YEARS)])
    other = StoreUrl.parse(f"sqlite:///{tmp_path / 'other.db'}")
    with closing(EventLog.open(other)) as restored:
        restored.restore(log.stored())
        assert restored.append([introduced(2, NOW)]) == [2]


@pytest.mark.thorough
def test_pages_know_what_the_log_knows_when_a_clock_was_put_right(store_url: str) -> None:
    with closing(open_store(store_url)) as services:
        record = services.log
        record.append([introduced(1, NOW)])
        record.append([confirmed(NOW + YEARS), introduced(2, NOW + YEARS)])
        services.models.catch_up()
        record.append([confirmed(NOW + 2, version=2), introduced(3, NOW + 4)])
        for again in (services.models.catch_up, services.models.rebuild):
            again()
            with services.models.engine().connect() as conn:
                for at in (0, 1, 2, 3, 4, YEARS):
                    assert known_at(conn, NOW + at) == record.position_at(NOW + at)
