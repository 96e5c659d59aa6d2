"""Backup and restore on the command line, and what a doctor says of backups."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import REFUSED, TALKS, answered, done, one_line, refused, standline
from tests.cli.test_doctoring import found_wrong
from tests.projections.test_origin import lose_events_from
from timeline.cli import examinations

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def doctor(store: str, *arguments: str) -> tuple[str, str]:
    """Return what a doctor says of backups, and what is wrong."""
    answer = standline("doctor", "--store", store, *arguments)
    (line,) = [line for line in answer.out.splitlines() if line.startswith("backup")]
    return line, answer.err


def test_a_record_goes_into_a_file_and_comes_back(talks: str, folder: Path, tmp_path: Path) -> None:
    site = ("--site", "https://desk.example")
    done("user", "add", "mira", "--name", "Mira", *site, "--store", talks)
    told = done("backup", str(folder), "--store", talks).out.splitlines()
    assert told[0] == "backed up    91 events  up to 91"
    assert told[2] == "desk         people 1"
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere' / 'record.db'}"
    (tmp_path / "elsewhere").mkdir()
    again = done("restore", str(only(folder)), "--store", elsewhere).out.splitlines()
    assert again[:3] == [told[0].replace("backed up", "restored "), *told[1:3]]
    assert again[3].startswith("key          none at ")
    assert answered("positions", "--store", elsewhere) == answered("positions", "--store", talks)
    assert "mira" in done("user", "list", "--store", elsewhere).out
    assert told[2] in standline("doctor", "--store", elsewhere).out.splitlines()


def test_a_checkpoint_and_a_key_that_were_kept_hold_after_a_restore(
    sqlite_talks: str, folder: Path, tmp_path: Path
) -> None:
    kept, proof = tmp_path / "kept.checkpoint", tmp_path / "proof"
    standline("checkpoint", "--store", sqlite_talks, "-o", str(kept))
    done("prove", "30", "--store", sqlite_talks, "-o", str(proof))
    done("backup", str(folder), "--store", sqlite_talks)
    (tmp_path / "new").mkdir()
    (tmp_path / "newsroom.key").rename(tmp_path / "new" / "newsroom.key")
    again = f"sqlite:///{tmp_path / 'new' / 'newsroom.db'}"
    assert "key " not in done("restore", str(only(folder)), "--store", again).out
    assert (
        "holds    the checkpoint of 91 events"
        in done("verify", "--checkpoint", str(kept), "--store", again).out
    )
    assert done("prove", "30", "--store", again).out == proof.read_text()


def test_only_so_many_backups_are_kept(sqlite_talks: str, folder: Path) -> None:
    older = [f"newsroom-2025010{day}T000000Z.standline.zip" for day in range(1, 5)]
    for name in (*older, "another-20250101T000000Z.standline.zip"):
        (folder / name).write_text("a backup")
    told = done("backup", str(folder), "--keep", "3", "--store", sqlite_talks).out
    assert told.count("removed ") == 2
    names = sorted(file.name for file in folder.iterdir())
    assert names[:3] == ["another-20250101T000000Z.standline.zip", *older[2:]]
    assert len(names) == 4
    file = str(folder / "one.zip")
    assert "--keep needs a folder" in standline("backup", file, "--keep", "1").err


def test_a_name_without_an_ending_is_a_folder_that_is_made(
    sqlite_talks: str, tmp_path: Path
) -> None:
    told = done("backup", str(tmp_path / "bk"), "--store", sqlite_talks).out
    assert only(tmp_path / "bk").name.endswith(".standline.zip")
    assert told.splitlines()[-1].endswith(" kB")
    done("backup", str(tmp_path / "one.zip"), "--store", sqlite_talks)
    assert (tmp_path / "one.zip").is_file()


def test_the_backup_just_made_is_kept_though_a_clock_ahead_named_others(
    sqlite_talks: str, folder: Path
) -> None:
    ahead = folder / "newsroom-20991231T000000Z.standline.zip"
    ahead.write_text("a backup")
    told = done("backup", str(folder), "--keep", "1", "--store", sqlite_talks).out
    assert f"removed      {ahead}" in told.splitlines()
    assert str(only(folder)) in told


def test_a_doctor_tells_of_the_last_backup(talks: str, folder: Path) -> None:
    assert "none was made of this store" in doctor(talks)[0]
    done("backup", str(folder), "--store", talks)
    assert doctor(talks) == (
        "backup       made 0 hours ago  up to 91, 0 positions behind the log",
        "",
    )


def test_a_doctor_looks_into_the_newest_backup(
    talks: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, wrong = doctor(talks, "--backups", str(folder))
    assert "there is none of this store in " in line
    assert "there is no backup" in wrong
    monkeypatch.setenv("STANDLINE_BACKUPS", str(folder))
    done("backup", "--store", talks)
    line, wrong = doctor(talks)
    assert line.startswith(f"backup       {only(folder).name}  made 0 hours ago  up to 91")
    assert (line.endswith("  whole"), wrong) == (True, "")
    monkeypatch.setattr(examinations, "TOO_OLD", -1)
    assert "the newest backup is older than" in doctor(talks)[1]


def test_a_doctor_finds_a_damaged_backup_and_one_of_another_log(
    sqlite_talks: str, folder: Path, tmp_path: Path
) -> None:
    done("backup", str(folder), "--store", sqlite_talks)
    other = f"sqlite:///{tmp_path / 'other' / 'newsroom.db'}"
    (tmp_path / "other").mkdir()
    done("import", *TALKS, "--store", other)
    line, wrong = doctor(other, "--backups", str(folder))
    assert line.endswith("  it is of another log")
    assert "the newest backup is of another log" in wrong
    only(folder).write_bytes(only(folder).read_bytes()[:-400])
    line, wrong = doctor(sqlite_talks, "--backups", str(folder))
    assert "is damaged" in line or "no backup" in line
    assert "the backup cannot be looked at" in wrong


def test_a_log_that_lacks_what_was_read_from_it_is_not_backed_up(
    sqlite_talks: str, folder: Path
) -> None:
    lose_events_from(sqlite_talks, 80)
    line = one_line(standline("backup", str(folder), "--store", sqlite_talks), REFUSED)
    assert line.startswith("this log ends at event 79, and what pages read was made from another")
    assert list(folder.iterdir()) == []


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
