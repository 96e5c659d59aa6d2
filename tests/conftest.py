from __future__ import annotations

import gc
import os
import signal
from contextlib import ExitStack, closing, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect

from tests.support import chromium as browsers
from tests.support.contexts import Contexts, empty_site
from tests.support.made_once import COMPILED, SharedRules, share_compiled_statements
from tests.support.patience import wait_for_pages
from tests.support.postgres import (
    PostgresServer,
    cloned_database,
    drop_databases,
    fresh_database,
    running_postgres,
)
from tests.support.press import Press, running_press
from tests.support.scratch import write_into_memory
from tests.support.store_copies import copied, shared_folder, shared_original
from tests.support.tiers import ALL, FEW, FIRST_TIER, STORES, is_left_out, leave_out_all_but_few
from tests.support.web_server import served
from timeline.bootstrap import open_store
from timeline.desk.accounts import secrets as passwords
from timeline.interchange import import_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

    from tests.support.web_server import Serve

TESTS = Path(__file__).parent
FIXTURES = TESTS.parent / "fixtures"
FIRST_PART = TESTS / "fixtures" / "first_part.log.jsonl.gz"
GIVEN_SERVER = "STANDLINE_TEST_POSTGRES"
EXPECTED_ON_CONSOLE = "Failed to load resource"

Flask.url_map_class = SharedRules
Flask.jinja_options = {"bytecode_cache": COMPILED}
share_compiled_statements()
wait_for_pages()
write_into_memory()

# A run in the background may be told to ignore Ctrl-C; the commands it tests must not inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Where the room that reads files is out, nothing has to wait for it.
with suppress(ModuleNotFoundError):
    vars(import_module("timeline.capture.files.reading"))["PATIENCE"] = 120.0
expect.set_options(timeout=20_000)


def pytest_xdist_auto_num_workers() -> int:
    """Run one test more than there are processors: some wait for a browser, a server, a process."""
    return 1 + (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """Try as many examples of a property as this tier does.

    A busy machine is no reason to fail, and what fails there must fail here with the same examples.
    """
    every = int(os.environ.get("EXAMPLES", ALL))
    settings.register_profile(
        "standline",
        deadline=None,
        derandomize="CI" in os.environ,
        max_examples=FEW if FIRST_TIER in config.option.markexpr else every,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("standline")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave to the second tier what `tests/support/tiers.py` says."""
    if is_left_out(item, item.path.relative_to(TESTS).parts[0]):
        item.add_marker(pytest.mark.thorough)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave most cases of a test to the second tier where it says that few are enough."""
    leave_out_all_but_few(items)


def pytest_collection() -> None:
    """Collect no garbage while thousands of tests are made that all stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what is there before the first test, thousands of tests among it, to no collector.

    Little of it is garbage, which stays: to look for it takes every worker a second.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Collect what tests have left, and leave what stays to no collector.

    Pytest and Python collect several times more as they end, and would walk through all of it.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    COMPILED.share(shared_folder(tmp_path_factory) / "templates")


@pytest.fixture(scope="session", autouse=True)
def slow_hasher() -> Iterator[PasswordHasher]:
    """Hash passwords with the least work; what hashes them in a newsroom is returned."""
    of_newsrooms = passwords.HASHER
    with pytest.MonkeyPatch.context() as patch:
        least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "HASHER", least)
        yield of_newsrooms


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of the PostgreSQL server of this run: the one that is given, or our own."""
    if given := os.environ.get(GIVEN_SERVER):
        yield given
        drop_databases(given)
    else:
        with running_postgres(durable=False) as server:
            yield server.url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def opened_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a PostgreSQL store that was opened once and is empty, to be copied.

    Making its tables takes three times as much as copying them.
    """
    with fresh_database(postgres_server) as url:
        open_store(url).close()
        yield url


@pytest.fixture
def opened_postgres_url(opened_postgres: str) -> Iterator[str]:
    """The address of an empty PostgreSQL store in which every table is."""
    with cloned_database(opened_postgres) as url:
        yield url


@pytest.fixture(scope="session")
def opened_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a SQLite store that was opened once and is empty, to be copied."""
    url = f"sqlite:///{tmp_path_factory.mktemp('opened') / 'newsroom.db'}"
    open_store(url).close()
    return url


@pytest.fixture
def opened_sqlite_url(opened_sqlite: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty SQLite store in which every table is."""
    with copied(opened_sqlite, tmp_path) as url:
        yield url


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server that a test may kill and start again."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite store that is not there yet."""
    return f"sqlite:///{tmp_path / 'newsroom.db'}"


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty store in which every table is, of each kind in turn."""
    url: str = request.getfixturevalue(f"opened_{request.param}_url")
    return url


@pytest.fixture(params=STORES)
def new_store_url(request: pytest.FixtureRequest) -> str:
    """The address at which no store is yet, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def brought(*files: str | Path) -> Callable[[str], None]:
    """Return what fills a store with fixtures and closes it."""

    def fill(url: str) -> None:
        with closing(open_store(url)) as services:
            assert import_files(services, [FIXTURES / file for file in files]).clean
            services.models.catch_up()

    return fill


@pytest.fixture(scope="session")
def demo_original(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with the first part of the demo, closed, to be copied.

    The Berlin talks and the UN votes: small enough to be opened hundreds of times.
    """
    return shared_original(tmp_path_factory, "demo", brought(FIRST_PART))


@pytest.fixture(scope="session")
def whole_demo_original(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with all of the demo, closed, to be copied or read."""
    return shared_original(tmp_path_factory, "whole-demo", brought("demo.log.jsonl.gz"))


@pytest.fixture(scope="session")
def talks_original(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with the Berlin talks, closed, to be copied."""
    return shared_original(tmp_path_factory, "talks", brought("berlin-talks.jsonl"))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve applications until the test ends; each call returns an address."""
    with ExitStack() as stack:
        yield lambda application: stack.enter_context(served(application))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium that reaches this machine only."""
    with browsers.launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Iterator[Contexts]:
    """Contexts in which nothing is left of anybody."""
    with served(empty_site) as waiting_room:
        yield Contexts(chromium, waiting_room)


@pytest.fixture
def page(contexts: Contexts) -> Iterator[Page]:
    """A page in a browser that nobody has used; errors of its scripts and its policy fail."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_ON_CONSOLE):
            errors.append(message.text)

    with contexts.lent_page(locale="en-GB") as opened:
        opened.on("console", note)
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
    assert errors == []


@pytest.fixture(scope="session")
def _press() -> Iterator[Press]:
    with running_press() as press:
        yield press


@pytest.fixture
def press(_press: Press) -> Press:
    """A press that answers nothing yet."""
    _press.answers.clear()
    _press.asked.clear()
    return _press
