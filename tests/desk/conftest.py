"""The same suite over both stores: a SQLite file and a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.desk.desk import Desk
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def url(new_store_url: str) -> StoreUrl:
    """Return the address of an empty store, of each kind in turn."""
    return StoreUrl.parse(new_store_url)


@pytest.fixture
def desk(url: StoreUrl) -> Iterator[Desk]:
    """Return the desk of an empty store."""
    opened = Desk(url)
    yield opened
    opened.close()
