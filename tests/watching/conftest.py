from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.watching.press import Press, running_press

if TYPE_CHECKING:
    from collections.abc import Iterator


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
