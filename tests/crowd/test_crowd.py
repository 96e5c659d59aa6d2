"""Ten thousand readers hear of news by nchan, and pages stay as quick as without them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import psutil
import pytest

from tests.crowd.nchan import Nchan, nchan_in_front_of
from tests.live.conftest import furnished
from tests.live.listening import Listener
from tests.support.front_door import Reader
from tests.support.live_site import live_site
from tests.support.nginx import NAME, free_port
from timeline.cli.site_server import trusting
from timeline.live.publishing import Publisher
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.record.desk import Desk

MANY = 10_000
WITHIN = 5.0
"""Seconds within which everybody hears of a statement; two cores serve, record and listen."""

PAGES = 300
TOPIC = "/live/t/a-union"
KNOWN = "__Host-theme=dark"
"""What a reader sends who was here before, and for whom nginx keeps no page."""


class House(NamedTuple):
    """An editor at a site, and what stands in front of it."""

    desk: Desk
    nchan: Nchan


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """A site that tells nchan."""
    tell = free_port()
    publisher = Publisher(f"http://127.0.0.1:{tell}/tell/")
    for desk in furnished(sqlite_url):
        how: dict[str, Any] = {"identify": everybody_reads, "hosts": [NAME]}
        how |= {"settings": trusting("127.0.0.1"), "publisher": publisher}
        with (
            live_site(desk.services, **how) as site,
            nchan_in_front_of(site.address, tell, tmp_path) as nchan,
        ):
            yield House(desk, nchan)


@contextmanager
def crowd(nchan: Nchan, count: int) -> Iterator[subprocess.Popen[str]]:
    """Open so many connections in a process of its own."""
    command = [sys.executable, "-m", "tests.crowd.readers", str(nchan.plain), str(count), TOPIC]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert line_of(process) == ["open"]
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def listener(house: House, **headers: str) -> Listener:
    return Listener(f"http://{NAME}", TOPIC, connected(house), **headers)


def test_ten_thousand_hear_of_news_and_pages_stay_quick(house: House) -> None:
    alone, kept_alone = seconds_a_page(house, Cookie=KNOWN), seconds_a_page(house)
    with crowd(house.nchan, MANY) as process:
        took = [heard_by_all(house, process, day) for day in range(1, 6)]
        beside, kept_beside = seconds_a_page(house, Cookie=KNOWN), seconds_a_page(house)
        memory = memory_of(house.nchan.pid)
    print(  # noqa: T201 - what it is run for
        f"\n{MANY:,} readers: the last heard after {median(took):.2f} s (median of {len(took)}),"
        f" {max(took):.2f} s at most; a page takes {beside * 1000:.1f} ms beside them,"
        f" {alone * 1000:.1f} ms without, {beside / alone:.2f} times; one that nginx keeps"
        f" {kept_beside * 1000:.1f} and {kept_alone * 1000:.1f} ms; nginx has {memory / 1e6:.0f} MB"
    )
    assert max(took) < WITHIN


def heard_by_all(house: House, process: subprocess.Popen[str], day: int) -> float:
    """Record a statement and return the seconds until the last of the crowd heard of it."""
    began = time.time()
    number = house.desk.say(said_at=f"2025-12-{day:02}", paraphrase=f"Says so for day {day}.")
    position, instant = line_of(process)
    while position != str(number):  # they hear first of what was recorded before they came
        assert position not in {"lost", "refused"}
        position, instant = line_of(process)
    return float(instant) - began


def seconds_a_page(house: House, **headers: Any) -> float:  # noqa: ANN401 - text
    """Return the median of what a page takes, while a statement is recorded for every hundred."""
    reader, took = Reader(house.nchan.front), []
    for number in range(PAGES):
        if number % 100 == 0:
            house.desk.say(said_at="2025-11-01", paraphrase=f"Says {time.time()}.")
        time.sleep(0.06)  # as often as nginx lets one reader ask
        began = time.perf_counter()
        answer, _ = reader.ask("GET", "/t/a-union", **headers)
        took.append(time.perf_counter() - began)
        assert answer.status == 200
    return median(took)


def memory_of(pid: int) -> int:
    """Return the bytes that nginx has for itself: what its processes share is counted once."""
    master = psutil.Process(pid)
    workers = master.children(recursive=True)
    own = sum(one.memory_full_info().uss for one in [master, *workers])
    return own + max(one.memory_info().shared for one in workers)


def test_a_reader_who_comes_back_hears_what_was_missed(house: House) -> None:
    with listener(house) as reader:
        assert reader.status == 200
        first = house.desk.say()
        heard = reader.next()
        assert heard.data == str(first)
    missed = [house.desk.say(said_at=f"2025-12-0{day}", paraphrase=f"Day {day}.") for day in (2, 3)]
    retracted = missed[0]
    house.desk.services.newsroom.statements.retract(house.desk.byline(), retracted, "A mistake.")
    told: dict[str, list[str]] = {"message": [], "amended": []}
    with listener(house, Last_Event_ID=heard.id) as reader:
        while not told["amended"]:
            event = reader.next()
            told[event.name] += event.data.split()
    assert told == {"message": [*map(str, missed)], "amended": [str(house.desk.head())]}


def test_a_page_that_was_opened_before_hears_of_all_that_came_since(house: House) -> None:
    number = house.desk.say()
    path = f"{TOPIC}?since={number - 1}"
    with Listener(f"http://{NAME}", path, connected(house)) as reader:
        assert reader.next().data == str(number)


def connected(house: House) -> socket.socket:
    return socket.create_connection(("127.0.0.1", house.nchan.plain), timeout=20)
