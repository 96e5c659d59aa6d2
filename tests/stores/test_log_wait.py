"""Waiting for what comes next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from timeline.domain.errors import StandlineError
from timeline.stores.log import EventLog

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl


def test_what_is_there_already_is_not_waited_for(log: EventLog) -> None:
    log.append([introduced(1)])
    assert log.wait(0, timeout=0)


def test_waiting_ends_when_the_time_is_up(log: EventLog) -> None:
    assert not log.wait(0, timeout=0.2)


def test_waiting_ends_once_nobody_waits_any_more(log: EventLog) -> None:
    answers = [True, False]
    assert not log.wait(0, 600, answers.pop)
    assert answers == []


def test_whoever_waits_on_a_log_that_is_closed_is_told_in_one_line(log: EventLog) -> None:
    log.close()
    with pytest.raises(StandlineError, match="the store cannot do it now"):
        log.wait(0, timeout=10)


def test_an_append_elsewhere_wakes_a_waiter(log: EventLog, url: StoreUrl) -> None:
    elsewhere = EventLog.open(url)
    waits = threading.Event()
    woken: list[bool] = []

    def still_wanted() -> bool:
        waits.set()
        return False

    watching = threading.Thread(target=lambda: woken.append(log.wait(0, 600, still_wanted)))
    watching.start()
    waits.wait()
    elsewhere.append([introduced(1)])
    watching.join()
    assert woken == [True]
    elsewhere.close()
