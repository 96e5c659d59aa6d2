"""Stores that are filled once in a run and copied for each test that goes on with them."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.postgres import cloned_database
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest


@contextmanager
def copied(original: str, folder: Path) -> Iterator[str]:
    """Yield the address of a copy of a store that nobody has open; files go into the folder."""
    url = StoreUrl.parse(original)
    if url.is_sqlite:
        shutil.copytree(url.log_path.parent, folder, dirs_exist_ok=True)
        yield f"sqlite:///{folder / url.log_path.name}"
    else:
        with cloned_database(original) as clone:
            yield clone


def shared_folder(temporary: pytest.TempPathFactory) -> Path:
    """Return the temporary folder that all processes of a run know."""
    own = temporary.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def shared_original(
    temporary: pytest.TempPathFactory, name: str, fill: Callable[[str], None]
) -> str:
    """Return the address of a SQLite store that one process fills for all of a run.

    Whoever asks first fills it, and others wait meanwhile.
    """
    folder = shared_folder(temporary)
    kept, being_made = folder / name, folder / f"{name}-being-made"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            being_made.mkdir()
            fill(f"sqlite:///{being_made / 'newsroom.db'}")
            being_made.rename(kept)
    return f"sqlite:///{kept / 'newsroom.db'}"
