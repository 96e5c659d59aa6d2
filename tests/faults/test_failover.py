"""The server is lost for good and its standby takes over: nothing acknowledged is lost."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg

from tests.stores.newsroom import introduced
from tests.stores.test_log_survives import acknowledged, appender
from tests.support.postgres import running_postgres, standby_of
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from tests.faults.tally import Tally
    from tests.support.postgres import PostgresServer


def test_a_standby_that_takes_over_has_all_that_was_acknowledged(
    tally: Tally, *, many: bool
) -> None:
    for _ in range(12 if many else 1):
        with running_postgres() as primary, standby_of(primary) as standby:
            fails_over(primary, standby, tally)


def fails_over(primary: PostgresServer, standby: PostgresServer, tally: Tally) -> None:
    hosts = f"{primary.home},{standby.home}"
    either = f"postgresql://postgres@/postgres?host={hosts}&target_session_attrs=read-write"
    with closing(EventLog.open(StoreUrl.parse(either))) as log:
        log.append([introduced(1)])
        process = appender(StoreUrl.parse(either), 1_000, 3)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(0.4)
        primary.kill()
        process.kill()
        told = acknowledged(iter([first, *process.stdout.readlines()]))
        process.communicate()
        # Until another takes over the standby is read.
        assert log.head() > 1
        with psycopg.connect(standby.url, autocommit=True) as operator:
            operator.execute("SELECT pg_promote(true, 60)")
        # Who had the log open goes on with the new primary.
        assert log.append([introduced(2)]) > [log.count() - 1]
        there = {(row[0], row[1]) for row in log.rows()}
        assert log.verify().size == len(there)
    tally.seen["failovers"] += 1
    tally.acknowledged += len(told)
    tally.lost += len(told - there)
