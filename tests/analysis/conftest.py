from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.projections.conftest import (
    examples,
    fresh_store,
    record,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "archives",
    "examples",
    "fresh_store",
    "record",
]


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Name one folder after the other that is not there yet, each for an example."""
    numbers = count()
    root = tmp_path_factory.mktemp("archives")
    return lambda: root / str(next(numbers))
