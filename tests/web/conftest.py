from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.postgres import fresh_database
from tests.support.store_copies import copied
from tests.support.tiers import STORES
from tests.web.paper import Paper
from tests.web.site import Site
from tests.web.still_clock import StillClock
from timeline.bootstrap import Services, open_store
from timeline.rooms import PAGES, entry_points_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = 120.0


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """Wait for what is counted, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        if "analyse" in entry_points_of(PAGES):
            patch.setattr("web.analyse.page.PAGE_PATIENCE", LONG)
            patch.setattr("web.analyse.FILE_PATIENCE", LONG)
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StillClock:
    """The clock by which pages are fresh."""
    found = StillClock()
    monkeypatch.setattr("web.shell.page_cache.time.monotonic", found)
    return found


@pytest.fixture(scope="session")
def sqlite_printed(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """A paper in a SQLite file that is closed again, to be copied."""
    return printed(f"sqlite:///{tmp_path_factory.mktemp('printed') / 'paper.db'}")


@pytest.fixture(scope="session")
def postgres_printed(postgres_server: str) -> Iterator[Paper]:
    """A paper in a PostgreSQL database that is closed again, to be copied."""
    with fresh_database(postgres_server) as url:
        yield printed(url)


def printed(url: str) -> Paper:
    """Fill a store with the first edition and close it."""
    paper = Paper(url)
    paper.print_first_edition()
    paper.services.models.catch_up()
    paper.services.close()
    return paper


@contextmanager
def going_on(earlier: Paper, folder: Path) -> Iterator[Paper]:
    """Open the site over a copy of a paper's store."""
    with copied(earlier.services.url.text, folder / "paper") as url:
        paper = Paper(url)
        paper.go_on_from(earlier)
        yield paper
        paper.services.close()


@pytest.fixture
def paper(sqlite_printed: Paper, tmp_path: Path) -> Iterator[Paper]:
    """The site over an invented record, which the test may go on with."""
    with going_on(sqlite_printed, tmp_path) as paper:
        yield paper


@pytest.fixture(params=STORES)
def any_paper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paper]:
    """The site over an invented record in either kind of store."""
    with going_on(request.getfixturevalue(f"{request.param}_printed"), tmp_path) as paper:
        yield paper


@pytest.fixture(scope="session")
def demo_record(demo_original: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The demo's record, to be read only."""
    folder = tmp_path_factory.mktemp("read")
    with copied(demo_original, folder) as url, closing(open_store(url)) as services:
        yield services


@pytest.fixture
def demo(demo_record: Services) -> Site:
    """A reader of the demo who has not been there before."""
    return Site(demo_record)


@pytest.fixture
def own_demo(demo_original: str, tmp_path: Path) -> Iterator[Site]:
    """A demo of one's own, on which more may be recorded."""
    folder = tmp_path / "demo"
    with copied(demo_original, folder) as url, closing(open_store(url)) as services:
        yield Site(services)
