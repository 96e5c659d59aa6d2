"""The same suite over both stores: a SQLite file and a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def url(new_store_url: str) -> StoreUrl:
    """Return the address of an empty store, of each kind in turn."""
    return StoreUrl.parse(new_store_url)


@pytest.fixture
def log(url: StoreUrl) -> Iterator[EventLog]:
    """Return the open log of an empty store."""
    opened = EventLog.open(url)
    yield opened
    opened.close()
