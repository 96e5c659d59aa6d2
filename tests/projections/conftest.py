from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.projections.record import Record
from tests.support.postgres import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


@pytest.fixture
def record(store_url: str) -> Iterator[Record]:
    """An empty record, of each kind of store in turn."""
    with Record.opened(store_url) as opened:
        yield opened


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def fresh_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[str]]:
    """Make one empty store after the other, for examples that each need their own."""
    if request.param == "postgres":
        server: str = request.getfixturevalue("postgres_server")
        return lambda: fresh_database(server)

    @contextmanager
    def fresh_file() -> Iterator[str]:
        yield f"sqlite:///{tmp_path_factory.mktemp('store') / 'newsroom.db'}"

    return fresh_file
