"""What the first tier of tests leaves to the second, in one place.

`make test` runs the first tier, for whoever waits for it: all tests but those that are `thorough`.
`make test-all` runs both. A file, a test or a parameter gets that mark where it stands; or here,
for its room, for what its parameter is called, or for the many cases of a test of which `few` are
enough.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from _pytest.mark import ParameterSet

T = TypeVar("T")

FIRST_TIER = "not thorough"
"""What the first tier says of marks, by `addopts` in pyproject.toml."""

SECOND_TIER = "thorough or hypothesis or scaled"
"""What is left then, as `.ci/run` says it: what tries fewer examples is tried again, with more."""

FEW, ALL = 10, 50
"""Examples of a property that says nothing of their number, in the first tier and in the second.

In the second there are as many as the variable EXAMPLES says, where there is one.
"""

STORES = ("sqlite", "postgres")
WIDTHS = (1440, 1024, 390)

IN_A_BROWSER = {
    "width": WIDTHS[0],
    "theme": "light",
    "language": "en-GB",
    "script": True,
}
"""What the first tier takes in a browser of a parameter of that name, whatever else there is.

It opens a browser in `tests/browser`, and in other rooms for what is marked as a ``journey``.
"""

ATTACKS_AND_FAULTS = ("attacks", "faults")
"""Rooms that the first tier leaves out."""

WHERE_STORES_DIFFER = ("stores", "projections", "desk", "live")
"""Rooms whose SQL or locks are another on PostgreSQL: there the first tier tries it, too.

Of a test with further parameters it takes them on SQLite alone.
"""

WRITTEN_ONCE = {
    *("test_developments", "test_edition2", "test_lanes", "test_matrix", "test_moves"),
    *("test_by_key", "test_nouns", "test_origin", "test_projector", "test_queries"),
    *("test_quote_readings", "test_random_histories", "test_search", "test_speaking"),
    *("test_statements", "test_tail", "test_utterances", "test_verdicts"),
    *("test_accounts", "test_drafts", "test_inbox", "test_second_factors"),
    *("test_second_readings", "test_texts"),
}
"""Files of such rooms whose SQL is one for both: the first tier tries it on SQLite.

Whether both give the same of one history is in `tests/projections/test_generations.py`, of one
search in `test_search_alike.py`.
"""

OWN_SERVER = "own_postgres"
"""A server that a test kills and starts again: it takes seconds, and few changes can break it."""

WHOLE_DEMO = "whole_demo_original"
"""A store that takes seconds to fill, for tests of what the demo says, which few changes alter."""

A_SERVER = {"postgres_server", OWN_SERVER}
"""Fixtures by which a test reaches PostgreSQL."""


def thorough(*values: T) -> list[ParameterSet]:
    """Return parameters of which the first tier takes none."""
    return [pytest.param(value, marks=pytest.mark.thorough) for value in values]


def leave_out_all_but_few(items: Iterable[pytest.Item]) -> None:
    """Let the first tier take as many cases of a test as its mark ``few`` says, evenly spread."""
    cases = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        if item.get_closest_marker("few") and not item.get_closest_marker("thorough"):
            cases[item.nodeid.partition("[")[0]].append(item)
    for each in cases.values():
        mark = each[0].get_closest_marker("few")
        assert mark
        step = -(-len(each) // mark.args[0])
        for at, item in enumerate(each):
            if at % step:
                item.add_marker(pytest.mark.thorough)


def scaled(number: int) -> int:
    """Return how many of so many examples of a property this tier tries: the first a fifth."""
    return max(1, number * settings().max_examples // ALL)


def some_of(values: Sequence[T], number: int) -> Sequence[T]:
    """Return so many of the values in the first tier, evenly spread, and all of them in the second.

    A test that asks this for its examples bears the mark ``scaled``.
    """
    is_first = settings().max_examples <= FEW
    return values[:: max(1, len(values) // number)] if is_first else values


def is_left_out(item: pytest.Item, room: str) -> bool:
    """Tell whether the first tier leaves a test of a room out that does not say so itself."""
    fixtures = set(getattr(item, "fixturenames", ()))
    params = item.callspec.params if hasattr(item, "callspec") else {}
    if room in ATTACKS_AND_FAULTS or fixtures & {OWN_SERVER, WHOLE_DEMO}:
        return True
    if "postgres" in params.values() or fixtures & A_SERVER:
        is_elsewhere = room not in WHERE_STORES_DIFFER or item.path.stem in WRITTEN_ONCE
        return is_elsewhere or len(params) > 1
    if "chromium" not in fixtures:
        return False
    in_its_room = room == "browser" or item.get_closest_marker("journey")
    return not in_its_room or any(
        params.get(name, first) != first for name, first in IN_A_BROWSER.items()
    )
