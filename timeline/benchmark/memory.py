"""How much memory a process holds, where the system tells: on Linux."""

from __future__ import annotations

import re
from pathlib import Path

HELD, AT_MOST = "VmRSS", "VmHWM"
"""What a process holds now, and what it ever held at most, by the names of proc(5)."""

TOLD = re.compile(r"^(Vm\w+):\s+(\d+) kB$", re.MULTILINE)
PROCESSES = "/proc"


def is_told() -> bool:
    """Tell whether the system says what a process holds."""
    return _status("self").exists()


def memory(what: str = HELD, process: int | str = "self") -> int:
    """Return the bytes that a process holds; 0 where nobody tells."""
    if not is_told():
        return 0
    told = dict(TOLD.findall(_status(process).read_text()))
    return int(told[what]) * 1_024


def _status(process: int | str) -> Path:
    return Path(PROCESSES, str(process), "status")
