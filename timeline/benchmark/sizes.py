"""What read models take on the disk, beside the log that they are made from."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from timeline.benchmark.measure import Measure
from timeline.stores.sqlite_log import connect

if TYPE_CHECKING:
    from pathlib import Path

    from timeline.bootstrap import Services


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
