"""Readers who hear of news through nginx, as docs/proxies/nginx.conf sets it up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.live.behind import live_site_behind
from tests.support.nginx import in_front_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.live.behind import Listen
    from tests.web.record.desk import Desk


@pytest.fixture
def listen(desk: Desk, tmp_path: Path) -> Iterator[Listen]:
    """Open a connection that comes by nginx and TLS."""
    with live_site_behind(in_front_of, desk.services, tmp_path) as listen:
        yield listen


def test_news_come_through_nginx_as_they_are_recorded(desk: Desk, listen: Listen) -> None:
    reader = listen(f"/live/t/a-union?since={desk.head()}")
    assert reader.status == 200
    assert "Content-Type: text/event-stream; charset=utf-8" in reader.head
    assert any(line.startswith("Strict-Transport-Security:") for line in reader.head)
    assert reader.news() == []
    took = []
    for day in (1, 2, 3):
        before = time.monotonic()
        number = desk.say(said_at=f"2025-12-0{day}")
        assert reader.next().data == str(number)
        took.append(time.monotonic() - before)
    assert min(took) < 1  # a busy machine may hold any one of them up


def test_readers_do_not_use_up_the_connections_that_pages_have(desk: Desk, listen: Listen) -> None:
    many = [listen(f"/live/home?since={desk.head()}") for _ in range(60)]
    assert {listener.status for listener in many} == {200}
    assert listen("/t/a-union").status == 200
