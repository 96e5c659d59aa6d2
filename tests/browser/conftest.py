"""Readers of the real demo: its record, served as a newsroom serves it, in a real browser."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.reader import Reader
from tests.support.store_copies import copied
from tests.support.web_server import served
from timeline.bootstrap import open_store
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Unpack

    from tests.browser.reader import Choices, NewReader
    from tests.support.contexts import Contexts


@contextmanager
def newsroom(original: str, folder: Path) -> Iterator[str]:
    """Serve a copy of a store, and yield the site's address."""
    with copied(original, folder) as store, closing(open_store(store)) as services:
        editors = everybody_is("editor")
        with served(create_app(services, identify=editors)) as address:
            yield address


@pytest.fixture(scope="session")
def demo(demo_original: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo, which these tests only read."""
    with newsroom(demo_original, tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture(scope="session")
def whole(whole_demo_original: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of all of the demo, which tests only read."""
    with newsroom(whole_demo_original, tmp_path_factory.mktemp("whole")) as address:
        yield address


@pytest.fixture
def desk(talks_original: str, tmp_path: Path) -> Iterator[str]:
    """The address of a newsroom with the Berlin talks, in which a test may record."""
    with newsroom(talks_original, tmp_path) as address:
        yield address


@pytest.fixture
def reader(contexts: Contexts, demo: str) -> Iterator[NewReader]:
    """Open a browser of its own for a reader of the demo, with a width, with or without script.

    Nobody may meet an error on the console, a report of the content policy, or a request that
    leaves the site.
    """
    with ExitStack() as stack:
        readers: list[Reader] = []

        def new(address: str = demo, **choices: Unpack[Choices]) -> Reader:
            made = stack.enter_context(Reader.opened(contexts, address, **choices))
            readers.append(made)
            return made

        yield new
        for one in readers:
            assert one.complaints == []
