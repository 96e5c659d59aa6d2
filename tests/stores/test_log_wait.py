"""Waiting for what comes next."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from timeline.domain.errors import StandlineError
from timeline.stores.log import EventLog

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl


def test_what_is_there_already_is_not_waited_for(log: EventLog) -> None:
    log.append([introduced(1)])
    started = time.monotonic()
    assert log.wait(0, timeout=10)
    assert time.monotonic() - started < 1


def test_waiting_ends_when_the_time_is_up(log: EventLog) -> None:
    started = time.monotonic()
    assert not log.wait(0, timeout=0.2)
    assert 0.2 <= time.monotonic() - started < 2


def test_waiting_ends_soon_after_nobody_waits_any_more(log: EventLog) -> None:
    given_up = threading.Event()
    started = time.monotonic()
    threading.Timer(0.2, given_up.set).start()
    assert not log.wait(0, 60, given_up.is_set)
    assert 0.2 <= time.monotonic() - started < 5


def test_whoever_waits_on_a_log_that_is_closed_is_told_in_one_line(log: EventLog) -> None:
    log.close()
    with pytest.raises(StandlineError, match="the store cannot do it now"):
        log.wait(0, timeout=10)


def test_an_append_elsewhere_wakes_a_waiter_at_once(log: EventLog, url: StoreUrl) -> None:
    elsewhere = EventLog.open(url)
    woken: list[float] = []

    def watch() -> None:
        assert log.wait(0, timeout=20)
        woken.append(time.monotonic())

    watching = threading.Thread(target=watch)
    watching.start()
    time.sleep(0.3)
    elsewhere.append([introduced(1)])
    appended = time.monotonic()
    watching.join()
    assert woken[0] - appended < 0.5
    elsewhere.close()
