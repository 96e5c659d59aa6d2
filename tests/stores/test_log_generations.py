"""Which generation of read models is live, and the locks of a switch."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from tests.support.loaded_processes import LoadedProcess
from timeline.domain.errors import Conflict
from timeline.stores.log import EventLog

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl

REBUILD = (
    "import sys, time; from timeline.stores.log import EventLog;"
    "from timeline.stores.store_url import StoreUrl;"
    "log = EventLog.open(StoreUrl.parse(sys.argv[1]));"
    "lock = log.rebuild_lock(); lock.__enter__(); print('held', flush=True); time.sleep(60)"
)


class TornError(Exception):
    """Something of ours that goes wrong half way, and no trouble of the store."""


def test_before_the_first_rebuild_no_generation_is_live(log: EventLog) -> None:
    assert log.live_generation() == 0


def test_a_switch_counts_when_the_write_lock_is_given_back(log: EventLog) -> None:
    with log.write_lock():
        log.set_live_generation(1)
        assert log.live_generation() == 0
    assert log.live_generation() == 1


def test_a_switch_that_fails_leaves_the_live_generation(log: EventLog) -> None:
    with pytest.raises(TornError), log.write_lock():
        _switch_and_fail(log)
    assert log.live_generation() == 0


def test_no_switch_without_the_write_lock(log: EventLog) -> None:
    with pytest.raises(AttributeError):
        log.set_live_generation(1)


def test_writers_wait_for_a_switch_while_readers_go_on(log: EventLog) -> None:
    log.append([introduced(0)])
    appended: list[int] = []
    writers = [
        threading.Thread(target=lambda n=n: appended.extend(log.append([introduced(n)])))
        for n in (1, 2, 3)
    ]
    with log.write_lock():
        for writer in writers:
            writer.start()
        time.sleep(0.3)
        assert (log.count(), appended) == (1, [])
        assert len(list(log.stream())) == 1
        log.set_live_generation(2)
    for writer in writers:
        writer.join()
    assert log.count() == 4
    assert log.live_generation() == 2


def test_only_one_rebuilds_and_the_other_is_told_who(log: EventLog, url: StoreUrl) -> None:
    other = EventLog.open(url)
    with log.rebuild_lock():
        with (
            pytest.raises(Conflict, match=r"process \d+ on .* rebuilds the read models"),
            other.rebuild_lock(patience=0.1),
        ):
            pass
        other.append([introduced(1)])
    with other.rebuild_lock(patience=0.1):
        pass
    other.close()


def test_the_rebuild_lock_is_given_back_after_a_failure(log: EventLog) -> None:
    with pytest.raises(TornError), log.rebuild_lock():
        raise TornError
    with log.rebuild_lock(patience=0.1):
        pass


@pytest.mark.thorough
def test_the_rebuild_lock_of_a_process_that_was_killed_is_free(
    log: EventLog, url: StoreUrl
) -> None:
    owner = LoadedProcess(REBUILD, url.text)
    assert owner.stdout.readline() == "held\n"
    with pytest.raises(Conflict, match=f"process {owner.pid} on"), log.rebuild_lock(patience=0.1):
        pass
    owner.kill()
    owner.communicate()
    with log.rebuild_lock(patience=5):
        pass


def _switch_and_fail(log: EventLog) -> None:
    log.set_live_generation(1)
    raise TornError
