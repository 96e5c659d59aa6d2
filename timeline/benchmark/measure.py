"""One measure: what something takes beside its floor; read models beside their log is one."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, Literal

import msgspec

from timeline.stores.sqlite_log import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from timeline.bootstrap import Services


class Effort(msgspec.Struct, frozen=True):
    """How much is done for a measure.

    Everything is done in so many ``rounds``, of which the quickest counts; of the pages that
    readers ask for in one, they ask for ``one_in`` so many.
    """

    rounds: int = 3
    one_in: int = 1


THOROUGH, QUICK = Effort(), Effort(rounds=1, one_in=4)


class Measure(msgspec.Struct, frozen=True):
    """What something takes beside its floor, both in one unit, and how many it was done to."""

    name: str
    floor_is: str
    number: int
    takes: float
    floor_takes: float
    unit: Literal["seconds", "bytes"] = "seconds"

    @property
    def ratio(self) -> float:
        """How many times its floor it takes."""
        return self.takes / self.floor_takes


def processor_seconds(do: Callable[..., object], *args: object) -> float:
    """Return the seconds of the processor that something takes, whatever else the machine does."""
    began = time.process_time()
    do(*args)
    return time.process_time() - began


def seconds(do: Callable[..., object], *args: object, **how: object) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    do(*args, **how)
    return time.perf_counter() - began


def size_of_read_models(name: str, services: Services) -> Measure:
    """Measure the live read models of a SQLite store; the number is that of its events."""
    url, log = services.url, services.log
    models = url.beside(f"read-{log.live_generation()}.db")
    sizes = _bytes_in(models), _bytes_in(url.log_path)
    return Measure(name, "the log", log.count(), *sizes, unit="bytes")


def _bytes_in(file: Path) -> int:
    """Return the bytes of the pages in use, whether they stand in the file or in its WAL."""
    with closing(connect(file)) as connection:
        page, pages, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_size", "page_count", "freelist_count")
        )
    return int(page * (pages - free))
