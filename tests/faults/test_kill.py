"""Who appends is killed again and again, and so is the server: nothing acknowledged is lost."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from itertools import count
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from tests.stores.test_log_survives import acknowledged, appender
from timeline.domain.errors import StandlineError
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from tests.faults.tally import Tally
    from tests.support.postgres import PostgresServer

CHANCE = Random(20_251_215)  # noqa: S311 - any will do, the same each time
LONGEST = 0.15
"""Seconds that an appender lives after its first answer."""


@pytest.mark.parametrize("size", [1, 20])
def test_an_appender_is_killed_again_and_again(
    new_store_url: str, size: int, tally: Tally, *, many: bool
) -> None:
    url = StoreUrl.parse(new_store_url)
    with closing(EventLog.open(url)) as log:
        for round_ in range(90 if many else 2):
            before = log.head()
            process = appender(url, round_ * 1_000_000, size)
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(CHANCE.uniform(0, LONGEST))
            process.kill()
            told = acknowledged(iter([first, *process.stdout.readlines()]))
            process.communicate()
            there = {(row[0], row[1]) for row in log.rows(before)}
            tally.seen["kills"] += 1
            tally.acknowledged += len(told)
            tally.lost += len(told - there)
            assert len(there) % size == 0
        assert log.verify().size == log.count()


def test_a_server_is_killed_and_started_while_others_append(
    own_postgres: PostgresServer, tally: Tally, *, many: bool
) -> None:
    over, told, numbers = threading.Event(), list[int](), count()

    def append() -> None:
        while not over.is_set():
            try:
                told.extend(log.append([introduced(next(numbers))]))
            except StandlineError:
                tally.seen["appends refused"] += 1

    with closing(EventLog.open(StoreUrl.parse(own_postgres.url))) as log:
        writers = [threading.Thread(target=append) for _ in range(2)]
        for writer in writers:
            writer.start()
        try:
            for _ in range(40 if many else 2):
                reached = len(told)
                while len(told) < reached + 5:
                    time.sleep(0.01)
                own_postgres.kill()
                tally.seen["crashes of the server"] += 1
                own_postgres.start()
        finally:
            over.set()
            for writer in writers:
                writer.join()
        there = {row[0] for row in log.rows()}
        assert log.verify().size == len(there)
    tally.acknowledged = len(told)
    tally.lost = len(set(told) - there)
