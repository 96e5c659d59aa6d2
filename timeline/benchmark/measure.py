"""A measure compared with its floor; one measure is read models compared with their log."""

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
    """The effort for each measure.

    Everything runs ``rounds`` times, and the fastest counts; readers request one of ``one_in``
    pages.
    """

    rounds: int = 3
    one_in: int = 1


THOROUGH, QUICK = Effort(), Effort(rounds=1, one_in=4)


class Measure(msgspec.Struct, frozen=True):
    """A cost and its floor in the same unit, and the number of items."""

    name: str
    floor_is: str
    number: int
    takes: float
    floor_takes: float
    unit: Literal["seconds", "bytes"] = "seconds"

    @property
    def ratio(self) -> float:
        """The cost as a multiple of the floor."""
        return self.takes / self.floor_takes


def processor_seconds(do: Callable[..., object], *args: object) -> float:
    """Return the processor seconds of a call, independent of other work on the machine."""
    began = time.process_time()
    do(*args)
    return time.process_time() - began


def seconds(do: Callable[..., object], *args: object, **how: object) -> float:
    """Return the seconds of a call."""
    began = time.perf_counter()
    do(*args, **how)
    return time.perf_counter() - began


def size_of_read_models(name: str, services: Services) -> Measure:
    """Measure the live read models of a SQLite store; its number of items is that of events."""
    url, log = services.url, services.log
    models = url.beside(f"read-{log.live_generation()}.db")
    sizes = _bytes_in(models), _bytes_in(url.log_path)
    return Measure(name, "the log", log.count(), *sizes, unit="bytes")


def _bytes_in(file: Path) -> int:
    """Return the bytes of the pages in use, in the file or in its WAL."""
    with closing(connect(file)) as connection:
        page, pages, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_size", "page_count", "freelist_count")
        )
    return int(page * (pages - free))
