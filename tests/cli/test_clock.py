"""The clock: how far it is from the log's, and who saw that it is right."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.cli.terminal import done, refused
from tests.cli.test_doctoring import found_wrong

if TYPE_CHECKING:
    import pytest

YEARS = 3 * 365 * 86_400 * 1_000_000_000
OPEN = (
    *("record", "development", "--topic", "eu-accession", "--title", "A quiet signature"),
    *("--source-outlet", "Us", "--source-published-at", "2025-12-16"),
)


def test_a_clock_that_jumped_is_refused_and_the_right_one_is_confirmed(
    talks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time_ns()
    monkeypatch.setattr("time.time_ns", lambda: now + YEARS)
    told = refused(*OPEN, "--store", talks)
    assert "days ahead of the last entry of the log; set this machine's clock right" in told
    assert found_wrong(talks)[1] == "the clock is far ahead of the log, so nothing can be recorded"
    assert "confirmed    at 9" in done("clock", "--confirm", "--by", "ann", "--store", talks).out
    done(*OPEN, "--store", talks)
    monkeypatch.setattr("time.time_ns", lambda: now)
    assert "seconds behind the last entry of the log" in refused(*OPEN, "--store", talks)
    done("clock", "--confirm", "--store", talks)
    done(*OPEN, "--by", "ben", "--store", talks)
    assert done("log", "--store", talks).out.count("clock.confirmed") == 2


def test_without_more_it_only_tells(talks: str) -> None:
    before = done("log", "--store", talks).out
    out = done("clock", "--store", talks).out
    assert [line.split()[0] for line in out.splitlines()] == ["now", "last"]
    assert done("log", "--store", talks).out == before
