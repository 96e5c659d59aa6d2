"""Crowds that mean no good, and what everybody else is answered meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.conftest import FIRST_PART
from timeline.bootstrap import open_store
from timeline.interchange import import_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.synchronize import Event

    from tests.support.front_door import InFrontOf

PAGES = ("/", "/t/cuba-embargo", "/healthz", "/actors", "/a/brazil")
COSTLY = ("/search?q={}", "/t/cuba-embargo.png?from={}", "/compare?actor=brazil&as_of={}-06")
LARGE = 6_800_000
PATIENCE = 60
BEHIND = 40
"""Costly answers for whose work 99 of 100 readers wait at most, however many ask at once."""

READER, ATTACKER = "127.0.0.2", "127.0.0.3"
"""The addresses from which they come, which a proxy tells apart."""


class Door(NamedTuple):
    """Where a site answers, by TLS where there is a proxy, and the process that serves it."""

    port: int
    pid: int
    name: str = ""
    certificate: str = ""

    def connect(self, source: str = ATTACKER, *, secure: bool = True) -> socket.socket:
        """Open a connection from an address of this machine."""
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE, (source, 0))
        if not self.certificate or not secure:
            return plain
        return _trusting(self.certificate).wrap_socket(plain, server_hostname=self.name)

    def ask(
        self, path: str, source: str = READER, method: str = "GET", body: bytes | None = None
    ) -> int:
        """Return the status of an answer, once it is there; 0 where the connection breaks."""
        host = self.name or f"127.0.0.1:{self.port}"
        connection = HTTPConnection(host, timeout=PATIENCE)
        try:
            connection.sock = self.connect(source)
            connection.request(method, path, body, {"Host": host})
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status


class Waited(NamedTuple):
    """What readers waited for their pages, and how many of them came.

    ``seconds`` are those of a clock on the wall, ``work`` those of a processor that the server took
    while they waited: what it did before them, however busy the machine was with something else.
    """

    seconds: list[float]
    work: list[float]
    came: int

    def __str__(self) -> str:
        times = [of_a_hundred(one, some) for some in self[:2] for one in (50, 99)]
        told = "half in {:.3f} s, 99 % in {:.3f} s, behind {:.3f} and {:.3f} s of work"
        return f"{self.came} of {len(self.seconds)} pages, {told.format(*times)}"


def of_a_hundred(number: int, values: list[float]) -> float:
    """Return the value of the one of a hundred, from the least on, who is so many-th."""
    return sorted(values)[min(number * len(values) // 100, len(values) - 1)]


@contextmanager
def site(folder: Path, *options: str) -> Iterator[Door]:
    """Serve the first part of the demo, as a newsroom does."""
    url = f"sqlite:///{folder / 'site.db'}"
    services = open_store(url)
    import_files(services, [FIRST_PART])
    services.models.catch_up()
    services.close()
    command = [sys.executable, "-m", "timeline", "serve", "--store", url, "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            told = next(line for line in server.stdout if line.startswith("serving"))
            yield Door(int(told.rstrip().rstrip("/").rpartition(":")[2]), server.pid)
        finally:
            server.terminate()


@contextmanager
def site_behind(in_front_of: InFrontOf, folder: Path, name: str) -> Iterator[Door]:
    """The same behind a proxy."""
    options = ("--name", name, "--trusted-proxy", "127.0.0.1")
    with (
        site(folder, *options) as door,
        in_front_of(f"http://127.0.0.1:{door.port}", folder) as front,
    ):
        yield Door(front.https, door.pid, name, str(front.certificate))


@cache
def _trusting(certificate: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def waited(door: Door, seconds: float) -> Waited:
    """Open pages one after the other for so long, and each once at least."""
    for page in PAGES:
        door.ask(page)
    found = Waited([], [], 0)
    until = time.monotonic() + seconds
    while time.monotonic() < until or len(found.seconds) < len(PAGES):
        time.sleep(0.05)  # as often as nginx lets one reader ask
        begun, before = time.monotonic(), worked(door.pid)
        came = door.ask(PAGES[len(found.seconds) % len(PAGES)]) == 200
        found.seconds.append(time.monotonic() - begun)
        found.work.append(worked(door.pid) - before)
        found = found._replace(came=found.came + came)
    return found


def answered(
    door: Door, seconds: float, crowd: AbstractContextManager[None], behind: float = BEHIND
) -> None:
    """See that readers get what they ask for while a crowd is there, and wait for little of it.

    What they wait for is counted in costly answers, as they are on this machine, now: seconds would
    tell how busy it is with something else.
    """
    floor = costs(door)
    with crowd:
        found = waited(door, seconds)
        lies_about = spooled(door.pid)
    most = of_a_hundred(99, found.work) / floor
    print(f"\n{found}: that of {most:.1f} costly answers of {floor:.3f} s")  # noqa: T201 - what it is run for
    assert found.came == len(found.seconds)
    assert most <= behind
    assert lies_about < LARGE


def costs(door: Door) -> float:
    """Return the seconds of a processor that the server takes for a costly answer, if left alone.

    They are asked for other years than those of the crowd.
    """
    paths = [path.format(year) for year in (2020, 2021) for path in COSTLY]
    for path in paths[: len(COSTLY)]:
        door.ask(path)
    before = worked(door.pid)
    for path in paths[len(COSTLY) :]:
        time.sleep(0.05)
        assert door.ask(path) == 200, path
    return (worked(door.pid) - before) / (len(paths) - len(COSTLY))


def worked(pid: int) -> float:
    """Return the seconds of a processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def held_connections(door: Door, count: int) -> Iterator[None]:
    """Hold connections that have begun to ask, and open each anew that is closed."""
    with ExitStack() as stack:
        for _ in range(count):
            with suppress(OSError):
                connection = stack.enter_context(door.connect(secure=False))
                connection.sendall(b"\x16\x03" if door.certificate else b"GET / HT")
        yield


@contextmanager
def at_once(count: int, do: Callable[[Door, int], int], door: Door) -> Iterator[None]:
    """Do something again and again, so many times at once, for the length of a block.

    It is done in a process of its own that stands back: its own work is not what is measured.
    """
    spawning = multiprocessing.get_context("spawn")
    begun, ending = spawning.Event(), spawning.Event()
    crowd = spawning.Process(target=_crowd, args=(count, do, door, begun, ending))
    crowd.start()
    try:
        assert begun.wait(PATIENCE)
        yield
    finally:
        ending.set()
        crowd.join()
    assert crowd.exitcode == 0


def _crowd(
    count: int, do: Callable[[Door, int], int], door: Door, begun: Event, ending: Event
) -> None:
    """Begin together, and note when the first of all is answered."""
    os.nice(15)
    together = threading.Barrier(count)
    answers: Counter[int] = Counter()

    def again(number: int) -> None:
        together.wait()
        while not ending.is_set():
            answers[do(door, number)] += 1
            begun.set()
            number += count

    with ThreadPoolExecutor(count) as pool:
        for each in [pool.submit(again, number) for number in range(count)]:
            each.result()
    print(f"\n{count} at once were answered {dict(answers)}")  # noqa: T201 - what it is run for


def costly(door: Door, number: int) -> int:
    """Ask for what is costly, for something else each time."""
    path = COSTLY[number % len(COSTLY)].format(1950 + number // len(COSTLY) % 70)
    return door.ask(path, ATTACKER)


def large_post(door: Door, _: int) -> int:
    """Send much to where nobody takes anything in."""
    return door.ask("/nowhere", ATTACKER, "POST", bytes(LARGE))


def spooled(pid: int) -> int:
    """Return the bytes in files without a name that a process has open."""
    found = 0
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if each.readlink().name.endswith("(deleted)"):
                found += each.stat().st_size
    return found
