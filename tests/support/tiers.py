"""What the first tier of tests leaves to the second, in one place.

`make test` runs the first tier, whoever thinks waits for it: all tests but those that are marked
`thorough`. `make test-all` runs both. A test, a file or a parameter belongs to the second tier by
that mark; PostgreSQL outside ``WHERE_STORES_DIFFER`` has it without being marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _pytest.mark import ParameterSet

T = TypeVar("T")

FIRST_TIER = "not thorough"
"""What the first tier says of marks, by `addopts` in pyproject.toml."""

STORES = ("sqlite", "postgres")
WIDTHS = (1440, 1024, 390)
LANGUAGES = ("en-GB", "de-DE")

ATTACKS_AND_FAULTS = ("attacks", "faults")
"""Rooms that the first tier leaves out."""

WHERE_STORES_DIFFER = ("stores", "projections", "desk", "live")
"""Rooms whose SQL or locks are another on PostgreSQL: there the first tier tries it, too."""

A_SERVER = {"postgres_server", "own_postgres"}
"""Fixtures by which a test reaches PostgreSQL."""


def thorough(*values: T) -> list[ParameterSet]:
    """Return parameters of which the first tier takes none."""
    return [pytest.param(value, marks=pytest.mark.thorough) for value in values]


def first_of(values: Iterable[T]) -> list[T | ParameterSet]:
    """Return parameters of which the first tier takes the first."""
    first, *others = values
    return [first, *thorough(*others)]


def scaled(number: int) -> int:
    """Return how many of so many examples of a property this tier tries: the first a tenth."""
    return max(1, number * settings().max_examples // 100)


def is_left_out(item: pytest.Item, room: str) -> bool:
    """Tell whether the first tier leaves a test out for its room, or for PostgreSQL in its room."""
    return room in ATTACKS_AND_FAULTS or (room not in WHERE_STORES_DIFFER and _needs_a_server(item))


def _needs_a_server(item: pytest.Item) -> bool:
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return "postgres" in values or not A_SERVER.isdisjoint(getattr(item, "fixturenames", ()))
