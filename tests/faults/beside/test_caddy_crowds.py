"""The crowds of tests/attacks/test_crowds.py before the documented Caddy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.attacks import crowds
from tests.attacks.test_crowds import MANY
from tests.faults.beside.test_caddy import in_front_of
from tests.support.nginx import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.crowds import Door


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with crowds.site_behind(in_front_of, tmp_path, NAME) as door:
        yield door


def test_connections_that_are_held_stop_nobody(door: Door) -> None:
    crowds.answered(door, MANY.seconds, crowds.held_connections(door, MANY.held))


def test_a_crowd_that_asks_for_what_is_costly_stops_nobody(door: Door) -> None:
    crowds.answered(door, MANY.seconds, crowds.at_once(MANY.costly, crowds.costly, door))


def test_what_nobody_takes_in_is_not_spooled_and_stops_nobody(door: Door) -> None:
    crowds.answered(door, MANY.seconds, crowds.at_once(MANY.posts, crowds.large_post, door))
