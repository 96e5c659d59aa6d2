from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.interchange.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(opened_sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """An empty newsroom in a SQLite file, and a folder for files."""
    with Desk.opened(opened_sqlite_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def any_desk(store_url: str, tmp_path: Path) -> Iterator[Desk]:
    """An empty newsroom on each kind of store, and a folder for files."""
    with Desk.opened(store_url, tmp_path) as opened:
        yield opened
