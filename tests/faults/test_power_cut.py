"""The power goes at any moment: what was acknowledged is there, and nothing needs repair."""

from __future__ import annotations

import shutil
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

from tests.desk.test_drafts import draft
from tests.faults.power_cut import Moment, left_by_a_cut, moments, written
from tests.stores.newsroom import introduced
from tests.support.faulty_disk import recorded, run_on_it
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.tally import Tally

APPENDS = 120
"""Enough for SQLite to bring its write-ahead log into the database on the way."""


def test_after_a_power_cut_everything_acknowledged_is_there(
    tmp_path: Path, tally: Tally, *, many: bool
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    before = begun(folder)
    run_on_it("tests.faults.failing_disk", "power", folder, tmp_path / "recording", APPENDS)
    calls = recorded(tmp_path / "recording")
    assert {call.what for call in calls} >= set("wst!u")
    chance = Random(20_251_215)  # noqa: S311 - any will do, the same each time
    every = list(moments(calls))
    for moment in chance.sample(every, 1_000 if many else 25):
        files = left_by_a_cut(before, calls[: moment.calls], chance)
        path = tmp_path / "found"
        written(files, path, folder)
        goes_on(f"sqlite:///{path / 'newsroom.db'}", moment, tally)
        shutil.rmtree(path)


def begun(folder: Path) -> dict[str, bytes]:
    """Make a store and close it; return its files by their paths."""
    with closing(open_store(f"sqlite:///{folder / 'newsroom.db'}")) as services:
        services.log.append([introduced(0)])
        services.models.catch_up()
        services.desk.drafts.save("anna", draft(1, at=0))
    return {str(file): file.read_bytes() for file in folder.iterdir()}


def goes_on(address: str, moment: Moment, tally: Tally) -> None:
    """Open what is left, look for what was acknowledged, and record something more."""
    tally.seen["cuts"] += 1
    with closing(open_store(address, create=False)) as services:
        head = services.log.verify().position
        kept = services.desk.drafts.find("anna", draft(1).id).saved_at
        tally.acknowledged += moment.acknowledged
        tally.lost += max(0, moment.acknowledged - head)
        # Each draft was acknowledged before the event after it, which stands one position further.
        tally.lost += kept < moment.acknowledged - 1
        services.models.catch_up()
        assert services.models.shown() == head
        assert services.log.append([introduced(9_999)]) > [head]
