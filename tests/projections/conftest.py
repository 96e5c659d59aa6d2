from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.projections.record import Record
from tests.support.store_copies import copied
from tests.support.tiers import STORES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


@pytest.fixture(params=STORES)
def record(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Record]:
    """An empty record, of each kind of store in turn."""
    original = request.getfixturevalue(f"opened_{request.param}")
    with copied(original, tmp_path) as url, Record.opened(url) as opened:
        yield opened


@pytest.fixture
def desk(record: Record) -> Record:
    """The talks, before anybody spoke."""
    record.talks()
    return record


@pytest.fixture(scope="session", params=STORES)
def fresh_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[str]]:
    """Make one empty store after the other, for examples that each need their own."""
    original: str = request.getfixturevalue(f"opened_{request.param}")
    return lambda: copied(original, tmp_path_factory.mktemp("store"))


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> Callable[[settings], settings]:
    """Take all examples on SQLite, and a third of them on PostgreSQL, where each takes five times.

    What follows from a history is worked out by the same code in both. What only one of them is
    asked, how it is written to and read, is in every history.
    """
    on_sqlite = request.node.callspec.params["fresh_store"] == "sqlite"
    return lambda of: of if on_sqlite else settings(of, max_examples=-(-of.max_examples // 3))
