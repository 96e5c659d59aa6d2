"""Many who write and follow at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from tests.support.tiers import scaled
from timeline.domain.errors import Conflict
from timeline.stores.log import EventLog

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl

WRITERS, ENOUGH = 3, 1_500


@pytest.mark.thorough
@pytest.mark.scaled
def test_a_follower_passes_over_nothing_that_others_append(log: EventLog, url: StoreUrl) -> None:
    command = [sys.executable, "-m", "tests.stores.appending", url.text]
    writers = [
        subprocess.Popen([*command, str(n * 1_000_000), str(1 + 3 * n)], stdout=subprocess.DEVNULL)
        for n in range(WRITERS)
    ]
    followed: list[tuple[int, str]] = []
    while len(followed) < scaled(ENOUGH):
        reached = followed[-1][0] if followed else 0
        log.wait(reached, timeout=0.1)
        followed += [(position, event.originator_id) for position, event in log.stream(reached)]
    for writer in writers:
        writer.kill()
        writer.communicate()
    followed += [(at, event.originator_id) for at, event in log.stream(followed[-1][0])]
    assert followed == [(position, event.originator_id) for position, event in log.stream()]


def test_two_who_bring_the_same_events_record_them_once(log: EventLog, url: StoreUrl) -> None:
    other = EventLog.open(url)
    answers: list[str] = []

    def bring(into: EventLog) -> None:
        for number in range(100):
            try:
                into.append([introduced(number)])
                answers.append("fresh")
            except Conflict:
                answers.append("known")

    together = [threading.Thread(target=bring, args=(each,)) for each in (log, other)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert sorted(answers) == ["fresh"] * 100 + ["known"] * 100
    assert log.count() == 100
    other.close()


def test_many_threads_read_and_write_one_log(log: EventLog) -> None:
    failures: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for number in range(20):
                event = introduced(worker * 1_000 + number)
                (position,) = log.append([event])
                assert log.event(position) == event
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert log.count() == 240
