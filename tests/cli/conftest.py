from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import TALKS, VOTES, done
from tests.support.postgres import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def record(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a store of each kind with both fixtures, for tests that only ask."""
    if request.param == "sqlite":
        yield filled(f"sqlite:///{tmp_path_factory.mktemp('record') / 'newsroom.db'}")
    else:
        with fresh_database(request.getfixturevalue("postgres_server")) as url:
            yield filled(url)


def filled(url: str) -> str:
    done("import", *TALKS, "--store", url)
    done("import", *VOTES, "--store", url)
    return url


@pytest.fixture
def talks(store_url: str) -> str:
    """The address of a store of each kind with the Berlin talks, for tests that write."""
    done("import", *TALKS, "--store", store_url)
    return store_url


@pytest.fixture
def sqlite_talks(sqlite_url: str) -> str:
    """The address of a SQLite store with the Berlin talks."""
    done("import", *TALKS, "--store", sqlite_url)
    return sqlite_url


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STANDLINE_STORE", "STANDLINE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
