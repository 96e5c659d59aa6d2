"""The unit for systemd that docs/serving.md hands out: its command serves, and systemd reads it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_serving import serving
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

UNIT = ROOT / "docs" / "systemd" / "standline.service"
PROGRAM = "/usr/local/bin/standline"
ANALYSE = shutil.which("systemd-analyze")


def setting(name: str) -> str:
    """Return what a line of the unit says."""
    (found,) = [
        line for line in UNIT.read_text("utf-8").splitlines() if line.startswith(f"{name}=")
    ]
    return found.partition("=")[2]


def test_the_command_of_the_unit_serves_behind_the_proxy(sqlite_talks: str) -> None:
    program, *command = shlex.split(setting("ExecStart"))
    assert program == PROGRAM
    with serving(*command, "--port", "0", "--store", sqlite_talks) as server:
        assert "serving  https://record.example.org/" in server.printed


def test_the_unit_may_write_where_its_store_lies_and_nowhere_else() -> None:
    name, _, store = setting("Environment").partition("=")
    assert name == "STANDLINE_STORE"
    assert store.startswith(f"sqlite:///{setting('ReadWritePaths')}/")
    assert setting("ProtectSystem") == "strict"


@pytest.mark.skipif(ANALYSE is None, reason="only systemd knows its own settings")
def test_systemd_knows_every_setting_of_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    # The program is not installed where the tests run.
    unit.write_text(UNIT.read_text("utf-8").replace(PROGRAM, sys.executable), "utf-8")
    process = subprocess.run(
        [str(ANALYSE), "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (process.returncode, process.stderr) == (0, "")
