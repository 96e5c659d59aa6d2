from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.record.desk import Desk
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    services = open_store(sqlite_url)
    opened = Desk(services)
    opened.furnish()
    yield opened
    services.close()
