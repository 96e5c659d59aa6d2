"""A disk that is full, broken or read-only: answers come at once, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.faulty_disk import run_on_it

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.tally import Tally

NEVER = ("slower than 2 s", "forms not kept", "in several lines", "recorded though refused")


def on_a_failing_disk(tally: Tally, *arguments: object) -> None:
    told = run_on_it("tests.faults.failing_disk", *arguments)
    tally.acknowledged += told["acknowledged"]
    tally.lost += told["lost"]
    tally.seen.update(told["seen"])
    for never in (*NEVER, "files changed", "files left"):
        assert tally.seen.pop(never, 0) == 0, never


@pytest.mark.parametrize("how", ["full", "broken"])
def test_an_append_on_a_failing_disk_is_there_or_refused_at_once(
    how: str, tmp_path: Path, tally: Tally, *, many: bool
) -> None:
    for number in range(10 if many else 1):
        (tmp_path / str(number)).mkdir()
        on_a_failing_disk(tally, "appends", tmp_path / str(number), how, 1 if many else 3)
    assert tally.seen["faults"]


@pytest.mark.parametrize("how", ["full", "broken"])
def test_a_form_on_a_failing_disk_is_recorded_or_kept(
    how: str, tmp_path: Path, tally: Tally, *, many: bool
) -> None:
    on_a_failing_disk(tally, "forms", tmp_path, how, 1 if many else 40)
    assert tally.seen["answers 503"]


def test_a_store_on_a_read_only_file_system_is_read_and_nothing_there_changes(
    tmp_path: Path, tally: Tally
) -> None:
    on_a_failing_disk(tally, "read-only", tmp_path)
    assert tally.seen == {"pages 200": 6, "forms 503": 1}


def test_a_backup_on_a_disk_that_cannot_be_read_is_told_and_leaves_no_store(
    tmp_path: Path, tally: Tally
) -> None:
    on_a_failing_disk(tally, "restores", tmp_path)
    assert set(tally.seen) == {"backup_not_readable"}
    assert tally.seen["backup_not_readable"] > 3
