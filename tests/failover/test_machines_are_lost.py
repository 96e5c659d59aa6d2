"""Machines of a cluster are lost, frozen and changed: nothing acknowledged is, and all go on."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from tests.failover.people import Listening
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.failover.newsroom import Newsroom
    from tests.faults.tally import Tally


def test_another_machine_takes_over_from_a_primary_whose_power_goes(
    newsroom: Newsroom, tally: Tally
) -> None:
    primary, since = newsroom.cluster.primary(), time.monotonic()
    assert primary
    primary.kill()
    newsroom.await_other_than(primary)
    newsroom.goes_on(since, tally)
    primary.start()
    newsroom.cluster.await_whole()


def test_a_primary_that_stops_answering_is_left_and_comes_back_without_a_word_of_its_own(
    newsroom: Newsroom, tally: Tally
) -> None:
    primary, since = newsroom.cluster.primary(), time.monotonic()
    assert primary
    primary.freeze()
    try:
        newsroom.await_other_than(primary)
        newsroom.goes_on(since, tally)
    finally:
        primary.thaw()
    newsroom.cluster.await_whole()
    newsroom.log.verify()


def test_a_primary_is_changed_by_its_operator(newsroom: Newsroom, tally: Tally) -> None:
    primary, since = newsroom.cluster.primary(), time.monotonic()
    assert primary
    newsroom.cluster.switch_over()
    newsroom.await_other_than(primary)
    newsroom.goes_on(since, tally)


def test_a_server_of_the_database_that_crashes_is_started_where_it_is(
    newsroom: Newsroom, tally: Tally
) -> None:
    primary, since = newsroom.cluster.primary(), time.monotonic()
    assert primary
    primary.kill_postgres()
    newsroom.goes_on(since, tally)


def test_without_etcd_recording_goes_on(newsroom: Newsroom, tally: Tally) -> None:
    for machine in newsroom.cluster.machines:
        machine.stop_etcd()
    time.sleep(40)  # twice as long as a primary may be without its lease
    newsroom.goes_on(time.monotonic(), tally)
    for machine in newsroom.cluster.machines:
        machine.start_etcd()
    newsroom.cluster.await_whole()


def test_the_other_server_of_the_site_keeps_pages_up_where_one_is_killed(
    newsroom: Newsroom, tally: Tally
) -> None:
    first, second = newsroom.sites
    newsroom.editor.stop()
    newsroom.reader.stop()
    with Listening(second.address, newsroom.log.head()) as told:
        first.process.send_signal(signal.SIGKILL)
        before = newsroom.log.head()
        wait_until(lambda: told.heard > before + 10)
    tally.acknowledged = len(newsroom.writer.told)
