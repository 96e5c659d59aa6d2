from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import TALKS, VOTES, done
from tests.support.postgres import cloned_database, fresh_database
from tests.support.store_copies import copied, shared_original
from tests.support.tiers import STORES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store with both fixtures, for tests that only ask."""
    original = shared_original(tmp_path_factory, "record", filled)
    with copied(original, tmp_path_factory.mktemp("record")) as url:
        yield url


def filled(url: str) -> None:
    done("import", *TALKS, "--store", url)
    done("import", *VOTES, "--store", url)


@pytest.fixture(scope="session")
def postgres_talks_original(postgres_server: str) -> Iterator[str]:
    """The address of a PostgreSQL store with the Berlin talks, to be copied."""
    with fresh_database(postgres_server) as url:
        done("import", *TALKS, "--store", url)
        yield url


@pytest.fixture(params=STORES)
def talks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a store of each kind with the Berlin talks, for tests that write."""
    sqlite = request.param == "sqlite"
    original = request.getfixturevalue("talks_original" if sqlite else "postgres_talks_original")
    with copied(original, tmp_path) as url:
        yield url


@pytest.fixture
def sqlite_talks(talks_original: str, tmp_path: Path) -> Iterator[str]:
    """The address of a SQLite store with the Berlin talks."""
    with copied(talks_original, tmp_path) as url:
        yield url


@pytest.fixture
def postgres_talks(postgres_talks_original: str) -> Iterator[str]:
    """The address of a PostgreSQL store with the Berlin talks."""
    with cloned_database(postgres_talks_original) as url:
        yield url


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STANDLINE_STORE", "STANDLINE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
