"""Crowds without a proxy and behind the documented nginx: readers are answered meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.attacks import crowds
from tests.support.nginx import NAME, in_front_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.attacks.crowds import Door


class Size(NamedTuple):
    """How large crowds are, and how many seconds they stay."""

    held: int
    costly: int
    posts: int
    seconds: float


FEW, MANY = Size(300, 30, 6, 3), Size(2_300, 500, 60, 20)
BEHIND = 40
"""Costly answers whose work 99 of 100 readers wait for at most, however many ask at once."""


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


def answered(door: Door, size: Size, crowd: AbstractContextManager[None]) -> None:
    """See that readers get what they ask for while a crowd is there, behind little work of it.

    Work is counted in answers that are costly, as they are on this machine, now.
    """
    floor = crowds.costs(door)
    with crowd:
        found = crowds.waited(door, size.seconds)
        spooled = crowds.spooled(door.pid)
    behind = crowds.of_a_hundred(99, found.work) / floor
    print(f"\n{found}: that of {behind:.1f} costly answers of {floor:.3f} s")  # noqa: T201 - what it is run for
    assert found.came == len(found.seconds)
    assert behind <= BEHIND
    assert spooled < crowds.LARGE


def test_connections_that_are_held_stop_nobody(door: Door, size: Size) -> None:
    answered(door, size, crowds.held_connections(door, size.held))


def test_a_crowd_that_asks_for_what_is_costly_stops_nobody(door: Door, size: Size) -> None:
    answered(door, size, crowds.at_once(size.costly, crowds.costly, door))


def test_what_nobody_takes_in_is_not_spooled_and_stops_nobody(door: Door, size: Size) -> None:
    answered(door, size, crowds.at_once(size.posts, crowds.large_post, door))
