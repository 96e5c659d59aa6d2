"""Readers who hear of news through nginx, as docs/proxies/nginx.conf sets it up."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.live.listening import Listener
from tests.support.live_site import live_site
from tests.support.nginx import NAME, in_front_of
from timeline.cli.site_server import trusting
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.nginx import Front
    from tests.web.record.desk import Desk


@contextmanager
def behind_nginx(desk: Desk, folder: Path) -> Iterator[Front]:
    with (
        live_site(
            desk.services,
            settings=trusting("127.0.0.1"),
            identify=everybody_reads,
            hosts=[NAME],
        ) as site,
        in_front_of(site.address, folder) as front,
    ):
        yield front


@pytest.fixture
def listen(desk: Desk, tmp_path: Path) -> Iterator[Callable[[str], Listener]]:
    """Open a connection that comes by nginx and TLS."""
    with ExitStack() as stack:
        front = stack.enter_context(behind_nginx(desk, tmp_path))
        trusts = ssl.create_default_context(cafile=front.certificate)

        def opened(path: str) -> Listener:
            plain = socket.create_connection(("127.0.0.1", front.https), timeout=20)
            secure = trusts.wrap_socket(plain, server_hostname=NAME)
            return stack.enter_context(Listener(f"https://{NAME}", path, secure))

        yield opened


def test_news_come_through_nginx_as_they_are_recorded(
    desk: Desk, listen: Callable[[str], Listener]
) -> None:
    reader = listen(f"/live/t/a-union?since={desk.head()}")
    assert reader.status == 200
    assert "Content-Type: text/event-stream; charset=utf-8" in reader.head
    assert any(line.startswith("Strict-Transport-Security:") for line in reader.head)
    assert reader.news() == []
    for day in (1, 2, 3):
        before = time.monotonic()
        number = desk.say(said_at=f"2025-12-0{day}")
        assert reader.next().data == str(number)
        assert time.monotonic() - before < 1


def test_readers_do_not_use_up_the_connections_that_pages_have(
    desk: Desk, listen: Callable[[str], Listener]
) -> None:
    many = [listen(f"/live/home?since={desk.head()}") for _ in range(60)]
    assert {one.status for one in many} == {200}
    assert listen("/t/a-union").status == 200
