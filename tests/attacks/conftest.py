from __future__ import annotations

import os

import pytest

from tests.web.conftest import paper, sqlite_printed

__all__ = ["many", "paper", "sqlite_printed"]

MANY = "STANDLINE_ATTACKS"


@pytest.fixture(scope="session")
def many() -> bool:
    """Whether this is `make test-attacks`, which takes its time."""
    return bool(os.environ.get(MANY))
