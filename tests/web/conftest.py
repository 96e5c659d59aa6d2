from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.paper import Paper
from tests.web.site import Site
from timeline.bootstrap import Services, open_store
from timeline.interchange import import_files

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO_LOG = Path(__file__).parents[2] / "fixtures" / "demo.log.jsonl"


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """A paper whose store is closed again, to be copied."""
    paper = Paper(f"sqlite:///{tmp_path_factory.mktemp('printed') / 'paper.db'}")
    paper.print_first_edition()
    paper.services.models.catch_up()
    paper.services.close()
    return paper


@pytest.fixture
def paper(printed: Paper, tmp_path: Path) -> Iterator[Paper]:
    """The site over an invented record, which the test may go on with."""
    folder = tmp_path / "paper"
    shutil.copytree(printed.services.url.log_path.parent, folder)
    paper = Paper(f"sqlite:///{folder / 'paper.db'}")
    paper.go_on_from(printed)
    yield paper
    paper.services.close()


@pytest.fixture
def any_paper(store_url: str) -> Iterator[Paper]:
    """The site over an invented record in either kind of store."""
    paper = Paper(store_url)
    paper.print_first_edition()
    yield paper
    paper.services.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store, closed, to be copied."""
    folder = tmp_path_factory.mktemp("demo")
    services = open_store(f"sqlite:///{folder / 'demo.db'}")
    import_files(services, [DEMO_LOG])
    services.models.catch_up()
    services.close()
    return folder


@pytest.fixture(scope="session")
def demo_record(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The demo's record, to be read only."""
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("read") / "demo")
    services = open_store(f"sqlite:///{folder / 'demo.db'}")
    yield services
    services.close()


@pytest.fixture
def demo(demo_record: Services) -> Site:
    """A reader of the demo who has not been there before."""
    return Site(demo_record)


@pytest.fixture
def own_demo(demo_folder: Path, tmp_path: Path) -> Iterator[Site]:
    """A demo of one's own, on which more may be recorded."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_folder, folder)
    services = open_store(f"sqlite:///{folder / 'demo.db'}")
    yield Site(services)
    services.close()
