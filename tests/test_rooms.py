"""Rooms that register themselves: how they are found."""

from __future__ import annotations

import subprocess
import sys

LOOKED_AT = """
import sys
from timeline.rooms import COMMANDS, PAGES, entry_points_of

files = []
sys.addaudithook(lambda what, of: files.append(str(of[0])) if what == "open" else None)
for group in (COMMANDS, PAGES):
    assert entry_points_of(group)
    print(sum(one.endswith("entry_points.txt") for one in files))
"""


def test_what_is_installed_is_looked_through_once_for_all_groups_of_rooms() -> None:
    run = subprocess.run([sys.executable, "-c", LOOKED_AT], capture_output=True, check=True)
    first, all_told = map(int, run.stdout.split())
    assert 0 < first == all_told
