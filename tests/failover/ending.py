"""Ends all that runs in a folder, and removes it, once its input ends: even if tests are killed."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress

import psutil


def processes_in(folder: object) -> list[psutil.Process]:
    """Return the processes that run in a folder, or were told of a place in it."""
    found = []
    for process in psutil.process_iter(["pid", "cwd", "cmdline"]):
        named = process.info["cwd"] or "", *(process.info["cmdline"] or ())
        if any(str(folder) in part for part in named) and process.pid != psutil.Process().pid:
            found.append(process)
    return found


def end(folder: str) -> None:
    """Kill what runs in a folder until nothing does any more, and remove it."""
    while processes := processes_in(folder):
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=5)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.read()
    end(sys.argv[1])
