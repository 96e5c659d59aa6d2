"""The last acknowledged position of a SQLite log, kept in a file beside it to notice a lost end.

The log and what was read from it may both lose their write-ahead logs and still agree with each
other. This file is written after each append and knows better. It needs no fsync: the events are on
the disk before it says so, and one that says less does no harm.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING
from zlib import crc32

from timeline.stores.rows import LogPlace

if TYPE_CHECKING:
    from pathlib import Path

OWNER_ALONE = 0o600
ENDING = ".head"


def remember(log: Path, place: LogPlace) -> None:
    """Note a place; where that fails an older one stays, since the append is done all the same."""
    told = f"{place.position:020} {place.chain.hex()}"
    line = f"{told} {crc32(told.encode()):08x}\n".encode()
    with suppress(OSError):
        held = os.open(log.with_suffix(ENDING), os.O_WRONLY | os.O_CREAT, OWNER_ALONE)
        try:
            os.pwrite(held, line, 0)
        finally:
            os.close(held)


def remembered(log: Path) -> LogPlace | None:
    """Return the place that was noted last; ``None`` where there is none that can be read."""
    try:
        told, _, check = log.with_suffix(ENDING).read_text("ascii").rstrip("\n").rpartition(" ")
        if f"{crc32(told.encode()):08x}" != check:
            return None
        position, _, chain = told.partition(" ")
        return LogPlace(int(position), bytes.fromhex(chain))
    except (OSError, ValueError):
        return None
