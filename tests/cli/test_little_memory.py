"""Threads of a server share what memory is free, and give it back."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.thorough

FROM_MANY_THREADS = """
import ctypes, sys, threading
from timeline.cli.process import limit_memory
if sys.argv[1] == "little":
    limit_memory()
waiting = threading.Barrier(9)
def take():
    taken = [bytes(50_000) for _ in range(20)]
    waiting.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for one in threads:
    one.start()
waiting.wait()
for one in threads:
    one.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


def arenas(how: str) -> int:
    """Return from how many places eight threads took their memory."""
    command = [sys.executable, "-c", FROM_MANY_THREADS, how]
    process = subprocess.run(command, capture_output=True, check=True, text=True)
    return process.stdout.count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc has places to share")
def test_threads_of_a_server_take_memory_from_two_places() -> None:
    assert arenas("little") <= 2 < arenas("usual")


HOLED = """
import sys, time
from timeline.cli import process
from timeline.cli.process import releasing_memory, limit_memory
def held():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1])
limit_memory()
process.EVERY, process.BUSY = 0.01, -1.0
pieces = [bytearray(50_000) for _ in range(1_000)]
last = pieces[-1]
full = held()
del pieces
if sys.argv[1] == "giving":
    with releasing_memory():
        until = time.monotonic() + 20
        while held() > full - 30_000 and time.monotonic() < until:
            time.sleep(0.01)
print(full - held())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be told")
def test_what_lies_free_before_a_piece_in_use_is_given_back() -> None:
    given, kept = (
        int(
            subprocess.run(
                [sys.executable, "-c", HOLED, how], capture_output=True, check=True
            ).stdout
        )
        for how in ("giving", "keeping")
    )
    assert given > 30_000 > kept
