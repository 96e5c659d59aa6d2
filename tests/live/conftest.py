from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.live_site import LiveSite, live_site
from tests.web.record.desk import Desk, furnished

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An editor at a store with some nouns."""
    yield from furnished(sqlite_url)


@pytest.fixture
def any_desk(store_url: str) -> Iterator[Desk]:
    """The same in either kind of store."""
    yield from furnished(store_url)


@pytest.fixture
def site(desk: Desk) -> Iterator[LiveSite]:
    """The site of that store, as it is served."""
    with live_site(desk.services) as site:
        yield site
