"""Faults on purpose: how many, and what they cost. `make test-faults` runs many, test-all few.

Every test counts what was acknowledged and what of that was lost; the counts stand at the end.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter

MANY = "STANDLINE_FAULTS" in os.environ
COUNTS = "counts"

# A disk that fails when it is told to is made of what Linux has.
collect_ignore = [] if sys.platform == "linux" else ["test_failing_disk.py", "test_power_cut.py"]


@pytest.fixture
def many() -> bool:
    """Whether to run the long form."""
    return MANY


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """What a test counts; nothing that was acknowledged may be lost."""
    counts = Tally()
    yield counts
    request.node.user_properties.append((COUNTS, counts.told()))
    assert counts.lost == 0
    assert counts.acknowledged or not counts.counts_appends


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    told = [
        (report.nodeid.rpartition("::")[2], value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, value in report.user_properties
        if name == COUNTS
    ]
    if told:
        terminalreporter.section("faults")
    for test, counts in told:
        terminalreporter.write_line(f"{test}: {counts}")
