"""A site for readers alone, over a standby that follows the server which takes writes."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.postgres import running_postgres, standby_of
from tests.web.record.desk import Desk
from tests.web.site import plain
from tests.web.test_away import filled_in
from timeline.bootstrap import open_store

SOON = 10.0


@pytest.mark.thorough
def test_readers_of_a_standby_see_what_is_recorded_and_how_far_it_is() -> None:
    with (
        running_postgres() as primary,
        closing(open_store(primary.url)) as recording,
        standby_of(primary) as standby,
    ):
        Desk(recording).furnish()
        recording.models.catch_up()
        with closing(open_store(standby.url)) as reading:
            desk = Desk(reading)
            assert desk.get("/t/a-union").status_code == 200
            told = desk.get("/readyz").get_json()
            assert told["head"] == told["shown"] == recording.log.head()
            replayed = datetime.fromisoformat(told["standby"])
            assert abs(datetime.now(UTC) - replayed) < timedelta(minutes=1)
            assert "standby" not in Desk(recording).get("/readyz").get_json()
            with reading.log.following() as following:
                assert following.leads
            woken: list[bool] = []
            head = reading.log.head()
            waiting = threading.Thread(target=lambda: woken.append(reading.log.wait(head, SOON)))
            waiting.start()
            begun = time.monotonic()
            Desk(recording).say()
            waiting.join()
            assert woken == [True]
            assert time.monotonic() - begun < SOON
            answer = desk.post("/record", filled_in(Desk(recording)))
            assert answer.status_code == 503
            assert "Wants it now." in plain(answer.text)
