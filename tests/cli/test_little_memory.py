"""Threads of a server share what memory is free, and give it back."""

from __future__ import annotations

import subprocess
import sys

import pytest

FROM_MANY_THREADS = """
import ctypes, sys, threading
from timeline.cli.little_memory import keep_little
if sys.argv[1] == "little":
    keep_little()
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
    told = subprocess.run(command, capture_output=True, check=True, text=True)
    return told.stdout.count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc has places to share")
def test_threads_of_a_server_take_memory_from_two_places() -> None:
    assert arenas("little") <= 2 < arenas("usual")
