from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.record.desk import Desk, furnished

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An editor at a store with some nouns."""
    yield from furnished(sqlite_url)
