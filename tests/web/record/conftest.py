from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.support.store_copies import copied
from tests.web.record.desk import Desk
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.contexts import Contexts


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the store of a desk that is closed again, to be copied."""
    url = f"sqlite:///{tmp_path_factory.mktemp('furnished') / 'newsroom.db'}"
    with closing(open_store(url)) as services:
        Desk(services).furnish()
        services.models.catch_up()
        services.desk.require_empty()  # which makes its tables
    return url


@pytest.fixture
def without_script(contexts: Contexts) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    with contexts.lent_page(java_script_enabled=False) as page:
        yield page


@pytest.fixture
def desk(furnished: str, tmp_path: Path) -> Iterator[Desk]:
    with copied(furnished, tmp_path) as url, closing(open_store(url)) as services:
        yield Desk(services)
