"""Crowds without a proxy and behind the documented nginx: readers are answered meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.attacks import crowds
from tests.support.nginx import NAME, in_front_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.crowds import Door


class Size(NamedTuple):
    """How large crowds are, and how many seconds they stay."""

    held: int
    costly: int
    posts: int
    seconds: float


FEW, MANY = Size(300, 30, 6, 3), Size(2_300, 500, 60, 20)


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


def test_connections_that_are_held_stop_nobody(door: Door, size: Size) -> None:
    crowds.answered(door, size.seconds, crowds.held_connections(door, size.held))


def test_a_crowd_that_asks_for_what_is_costly_stops_nobody(door: Door, size: Size) -> None:
    crowds.answered(door, size.seconds, crowds.at_once(size.costly, crowds.costly, door))


def test_what_nobody_takes_in_is_not_spooled_and_stops_nobody(door: Door, size: Size) -> None:
    crowds.answered(door, size.seconds, crowds.at_once(size.posts, crowds.large_post, door))
