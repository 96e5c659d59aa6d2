from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def paper(sqlite_url: str) -> Iterator[Paper]:
    """The site over an invented record."""
    paper = Paper(sqlite_url)
    paper.print_first_edition()
    yield paper
    paper.services.close()
