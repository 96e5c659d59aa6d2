"""The last acknowledged position of a SQLite log, in a file beside it, to notice a lost end.

The log and the read models may both lose their write-ahead logs and still agree with each other.
This file is written after each append. It needs no fsync: the events are on the disk before, and an
older position does no harm.
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
    """Store a place; if that fails, the older one stays, since the append is done."""
    text = f"{place.position:020} {place.chain.hex()}"
    line = f"{text} {crc32(text.encode()):08x}\n".encode()
    with suppress(OSError):
        descriptor = os.open(log.with_suffix(ENDING), os.O_WRONLY | os.O_CREAT, OWNER_ALONE)
        try:
            os.pwrite(descriptor, line, 0)
        finally:
            os.close(descriptor)


def remembered(log: Path) -> LogPlace | None:
    """Return the stored place; ``None`` if there is no readable one."""
    try:
        text, _, check = log.with_suffix(ENDING).read_text("ascii").rstrip("\n").rpartition(" ")
        if f"{crc32(text.encode()):08x}" != check:
            return None
        position, _, chain = text.partition(" ")
        return LogPlace(int(position), bytes.fromhex(chain))
    except (OSError, ValueError):
        return None
