"""Crowds without a proxy and behind the documented nginx: readers are answered meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.attacks import crowds
from tests.support.nginx import NAME, in_front_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.crowds import Door, Waited


class Size(NamedTuple):
    """How large crowds are, how long they stay, and what readers may wait; 0 is not looked at."""

    held: int
    costly: int
    posts: int
    seconds: float
    within: float


FEW, MANY = Size(300, 30, 6, 3, 0), Size(2_300, 500, 60, 20, 10)


@pytest.fixture
def size(many: bool) -> Size:  # noqa: FBT001
    return MANY if many else FEW


@pytest.fixture(params=["alone", "behind nginx"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    if request.param == "alone":
        with crowds.site(tmp_path) as door:
            yield door
    else:
        with crowds.site_behind(in_front_of, tmp_path, NAME) as door:
            yield door


def answered(found: Waited, size: Size) -> None:
    """See that readers got what they asked for, in time."""
    print(f"\n{found}")  # noqa: T201 - what it is run for
    assert found.came == len(found.seconds)
    assert not size.within or found.of_a_hundred(99) <= size.within


def test_connections_that_are_held_stop_nobody(door: Door, size: Size) -> None:
    with crowds.held_connections(door, size.held):
        answered(crowds.waited(door, size.seconds), size)


def test_a_crowd_that_asks_for_what_is_costly_stops_nobody(door: Door, size: Size) -> None:
    with crowds.at_once(size.costly, crowds.costly, door):
        answered(crowds.waited(door, size.seconds), size)


def test_what_nobody_takes_in_is_not_spooled_and_stops_nobody(door: Door, size: Size) -> None:
    with crowds.at_once(size.posts, crowds.large_post, door):
        answered(crowds.waited(door, size.seconds), size)
        assert crowds.spooled(door.pid) < crowds.LARGE
