"""Second factors on the command line: who has one, and how a lost one is taken off."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import answered, done, refused, standline
from tests.support.authenticator import shown_code
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Return the address of a newsroom in which Mira has a second factor and Bo has none."""
    url = f"sqlite:///{tmp_path / 'newsroom.db'}"
    site = ("--site", "https://desk.example", "--store", url)
    done("init", "--store", url)
    for handle in ("mira", "bo"):
        done("user", "add", handle, "--name", handle.title(), *site)
    with closing(open_store(url)) as services:
        services.desk.people.set_password("mira", "four plain little words")
        now, factors = services.clock(), services.desk.second_factors
        key = factors.offer("mira", "here", now)
        factors.turn_on("mira", "here", shown_code(key, now), now)
    return url


def test_a_lost_second_factor_is_taken_off_and_told(store: str) -> None:
    where = ("--store", store)
    people = answered("user", "list", *where)
    assert [(person["handle"], person["has_second_factor"]) for person in people] == [
        ("bo", False),
        ("mira", True),
    ]
    assert "password and code" in done("user", "list", *where).out
    answer = standline("user", "reset-code", "mira", *where)
    assert answer.status == 0
    assert answer.err.rstrip().endswith("Z second factor taken off: handle=mira by=command line")
    assert "password and code" not in done("user", "list", *where).out
    for handle, why in (
        ("mira", "'mira' has no second factor"),
        ("bo", "'bo' has no second factor"),
        ("kim", "nobody at this desk is called 'kim'"),
    ):
        assert why in refused("user", "reset-code", handle, *where)


def test_a_role_that_there_is_not_needs_no_second_factor(store: str) -> None:
    told = refused("serve", "--second-factor-from", "boss", "--store", store)
    assert "--second-factor-from: 'boss' is not a role" in told
