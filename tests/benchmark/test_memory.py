"""What a process holds is told as the system tells it."""

from __future__ import annotations

import sys

import pytest

from timeline.benchmark.beside import apart
from timeline.benchmark.memory import AT_MOST, is_told, memory

MUCH = 80_000_000

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells of it")


def held_in_turn() -> list[int]:
    """Return what this process holds before, with and after a piece of memory, and at most."""
    before = memory()
    piece = bytearray(MUCH)
    during = memory()
    del piece
    return [before, during, memory(), memory(AT_MOST)]


def test_what_is_given_back_is_held_no_more_but_was_at_most() -> None:
    before, during, after, at_most = apart(held_in_turn)
    assert during - before == pytest.approx(MUCH, rel=0.2)
    assert during - after == pytest.approx(MUCH, rel=0.2)
    assert at_most > during - MUCH / 10


def test_nothing_is_told_where_the_system_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.benchmark.memory.PROCESSES", "/nowhere")
    assert not is_told()
    assert memory() == 0
