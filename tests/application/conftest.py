from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.application.newsdesk import Newsdesk
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def log(opened_sqlite_url: str) -> Iterator[EventLog]:
    opened = EventLog.open(StoreUrl.parse(opened_sqlite_url))
    yield opened
    opened.close()


@pytest.fixture
def desk(log: EventLog) -> Newsdesk:
    newsdesk = Newsdesk(log)
    newsdesk.talks()
    return newsdesk
