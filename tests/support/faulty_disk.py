"""A disk that fails when it is told to: faulty_disk.c, put before the C library of a process.

It needs Linux and a C compiler. A test runs a module of its own on it, which tells in JSON what it
saw; in that process a `Disk` says when and how to fail.
"""

from __future__ import annotations

import ctypes
import functools
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from enum import IntFlag
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).with_suffix(".c")
NO_COMPILER = "no C compiler: install gcc or clang, or name it by CC"
NEVER = -1
HEAD = struct.Struct("=ci")
MEASURES = struct.Struct("=qq")


class Calls(IntFlag):
    """What a program asks of a disk."""

    WRITES = 1
    SYNCS = 2
    READS = 4
    OPENS = 8


@functools.cache
def library() -> Path:
    """Return the compiled library; raises `FileNotFoundError` where there is no compiler."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise FileNotFoundError(NO_COMPILER)
    made = Path(tempfile.mkdtemp(prefix="standline-disk-")) / "faulty_disk.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return made


def run_on_it(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module in a process on a faulty disk, and return what it printed."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    surroundings = os.environ | {"LD_PRELOAD": str(library())}
    done = subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0, f"{module} ended with {done.returncode}"
    told: dict[str, Any] = msgspec.json.decode(done.stdout)
    return told


class Disk:
    """The disk below this process, which was started by `run_on_it`.

    It concerns files whose path holds ``part_of_path``.
    """

    def __init__(self, part_of_path: str) -> None:
        self._disk = ctypes.CDLL(None)
        self._disk.disk_calls.restype = ctypes.c_long
        self._disk.disk_watch(part_of_path.encode())

    @contextmanager
    def failing(
        self, calls: Calls, error: int, *, after: int = 0, lasting: bool = True
    ) -> Iterator[None]:
        """Fail such calls after so many that succeed, all of them or with ``lasting`` off one."""
        self._disk.disk_fail(int(calls), ctypes.c_long(after), error, int(lasting))
        try:
            yield
        finally:
            self._disk.disk_fail(0, ctypes.c_long(NEVER), 0, 0)

    @property
    def calls(self) -> int:
        """How many calls there were that might have failed since it was told to."""
        return int(self._disk.disk_calls())

    def record(self, path: Path) -> None:
        """Record from now on what is written."""
        self._disk.disk_record(str(path).encode())

    def mark(self, number: int) -> None:
        """Put a number between what was written before and after."""
        self._disk.disk_mark(ctypes.c_long(number))


class Call(NamedTuple):
    """What was written: ``w`` bytes, ``t`` a new length, ``s`` all to the disk, ``u`` gone; ``!``.

    A mark has its number as ``offset``.
    """

    what: str
    path: str
    offset: int
    content: bytes


def recorded(path: Path) -> list[Call]:
    """Return what a disk has recorded."""
    calls, recording = [], path.read_bytes()
    at = 0
    while at < len(recording):
        what, length = HEAD.unpack_from(recording, at)
        at += HEAD.size
        name = recording[at : at + length].decode()
        at += length
        offset, size = MEASURES.unpack_from(recording, at)
        at += MEASURES.size
        calls.append(Call(what.decode(), name, offset, recording[at : at + size]))
        at += size
    return calls
