"""A store that nobody may write to is verified, exported and asked, and stays as it is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.stores.newsroom import introduced
from timeline.bootstrap import microseconds
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.thorough

STANDINGS = "rest on a standing that nobody recorded"
"""A note on answers by the words of roles alone."""


@pytest.fixture
def medium(sqlite_talks: str, tmp_path: Path) -> Iterator[Path]:
    """A folder with the Berlin talks, as they are before somebody takes the rights away."""
    folder = tmp_path / "medium"
    folder.mkdir()
    for file in StoreUrl.parse(sqlite_talks).log_path.parent.glob("*.*"):
        shutil.copy(file, folder)
    yield folder
    folder.chmod(0o755)


def log_in(folder: Path) -> Path:
    (log,) = (path for path in folder.glob("*.db") if path.name.count(".") == 1)
    return log


def store_in(folder: Path) -> str:
    return f"sqlite:///{log_in(folder)}"


def there(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_store_without_rights_to_write_is_read_and_left_as_it_is(
    medium: Path, tmp_path: Path
) -> None:
    take_writes_from(medium)
    before = there(medium)
    full = tmp_path / "full.jsonl"
    for command, said in (
        (("verify",), "unchanged: 91 events"),
        (("export", "--format", "log", "-o", full), ""),
        (("export",), '"kind":"statement"'),
        (("log",), "statement.recorded"),
        (("positions",), "us-framework"),
    ):
        done = run_by_rights(*command, "--store", store_in(medium))
        told = [line for line in done.stderr.splitlines() if STANDINGS not in line]
        assert (done.returncode, told) == (0, []), command
        assert said in done.stdout.replace('": "', '":"')
    assert len(full.read_text("utf-8").splitlines()) == 91
    refused = run_by_rights(
        *("retract", 90, "--reason", "Not ours.", "--by", "ann", "--store", store_in(medium)),
    )
    assert refused.returncode == 1
    assert "attempt to write a readonly database" in refused.stderr
    assert there(medium) == before


def test_where_what_pages_read_is_missing_it_is_said_what_works_all_the_same(medium: Path) -> None:
    for file in medium.glob("*.read-*"):
        file.unlink()
    take_writes_from(medium)
    asked = run_by_rights("positions", "--store", store_in(medium))
    assert asked.returncode == 1
    assert "what pages read is missing" in asked.stderr
    assert asked.stderr.count("\n") == 1
    assert run_by_rights("verify", "--store", store_in(medium)).returncode == 0


def test_what_somebody_else_appends_meanwhile_is_read_too(medium: Path) -> None:
    with closing(EventLog.open(StoreUrl.parse(store_in(medium)))) as record:
        record.append([introduced(1, at=microseconds())])
        take_writes_from(medium)
        verified = run_by_rights("verify", "--store", store_in(medium))
        assert "unchanged: 92 events" in verified.stdout
        asked = run_by_rights("positions", "--store", store_in(medium))
        assert "1 event is not shown" in asked.stderr
        assert asked.returncode == 0


WITHOUT_OVERRIDES = """
import ctypes, os, sys
DROP, OVERRIDES = 24, (1, 2)
for override in OVERRIDES:
    ctypes.CDLL(None).prctl(DROP, override, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Linux lets an administrator read and write whatever the rights say, unless that is dropped."""


def run_by_rights(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command of ours as somebody whom the rights of files bind."""
    ours = [sys.executable, "-m", "timeline", *map(str, arguments)]
    command = [sys.executable, "-c", WITHOUT_OVERRIDES, *ours]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def take_writes_from(folder: Path) -> None:
    """Let nobody write to a folder or a file in it."""
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
