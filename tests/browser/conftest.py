"""Readers of the real demo: its record, served as a newsroom serves it, in a real browser."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.support.compiled_templates import COMPILED
from tests.support.web_server import served
from timeline.bootstrap import open_store
from timeline.cli import cli
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Unpack

    from playwright.sync_api import Browser

    from tests.browser.reader import Choices

FIXTURES = Path(__file__).parents[2] / "fixtures"

# How soon a page answers is measured elsewhere: a busy machine fails no test.
expect.set_options(timeout=20_000)


@contextmanager
def newsroom(folder: Path, *files: str) -> Iterator[str]:
    """Serve a store into which these files were brought, and yield the site's address."""
    store = f"sqlite:///{folder / 'newsroom.db'}"
    for file in files:
        answer = CliRunner().invoke(cli, ["import", str(FIXTURES / file), "--store", store])
        assert answer.exit_code == 0, answer.output
    services = open_store(store)
    try:
        with served(
            create_app(services, identify=everybody_is("editor"), compiled=COMPILED)
        ) as address:
            yield address
    finally:
        services.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo, which these tests only read."""
    with newsroom(tmp_path_factory.mktemp("demo"), "demo.log.jsonl") as address:
        yield address


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    """The address of a newsroom with the Berlin talks, in which a test may record."""
    with newsroom(tmp_path, "berlin-talks.jsonl") as address:
        yield address


@pytest.fixture
def reader(chromium: Browser, demo: str) -> Iterator[Callable[..., Reader]]:
    """Open a browser of its own for a reader of the demo, with a width, with or without script.

    Nobody may meet an error on the console, a report of the content policy, or a request that
    leaves the site.
    """
    with ExitStack() as stack:
        readers: list[Reader] = []

        def new(address: str = demo, **choices: Unpack[Choices]) -> Reader:
            made = stack.enter_context(Reader.opened(chromium, address, **choices))
            readers.append(made)
            return made

        yield new
        for one in readers:
            assert one.complaints == []
