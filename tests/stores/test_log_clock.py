"""The log's clock: what was known at a time, and clocks that run behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import NOON, SECOND, introduced
from timeline.domain.errors import Refused
from timeline.stores.clock import rises

if TYPE_CHECKING:
    from timeline.stores.log import EventLog


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
    assert rises(0, [5, 5, 5, 7, 6]) == [(0, 5), (3, 7)]
