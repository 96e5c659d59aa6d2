"""Commands that the rights of files hold for, whoever runs the tests."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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
