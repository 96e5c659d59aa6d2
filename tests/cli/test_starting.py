"""How little is loaded before a command answers: counted in modules, the same on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.thorough

HEAVY = {"sqlalchemy", "eventsourcing", "psycopg", "babel", "flask", "marshmallow", "edtf"}
"""Packages that take long to load, and that no answer without a store needs."""

LOADED = """
import sys
from timeline.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.stderr.write("\\n".join(sorted(sys.modules)))
"""


def loaded_by(*words: str, **more: str) -> set[str]:
    """Return the modules that are loaded once a command has run in a process of its own."""
    asked = [sys.executable, "-c", LOADED, *words]
    ran = subprocess.run(asked, capture_output=True, text=True, env=os.environ | more, check=True)
    return set(ran.stderr.splitlines())


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("scales",), ("nothing",)])
def test_what_asks_no_store_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    loaded = loaded_by(*words)
    assert not HEAVY & loaded
    assert len(loaded) < 350


def test_the_name_of_a_command_is_completed_without_loading_any() -> None:
    asked = {
        "_STANDLINE_COMPLETE": "bash_complete",
        "COMP_WORDS": "standline sc",
        "COMP_CWORD": "1",
    }
    assert not HEAVY & loaded_by(**asked)


def test_a_question_loads_neither_the_site_nor_the_readers_of_files(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'newsroom.db'}"
    loaded_by("init", "--store", store)
    loaded = loaded_by("positions", "--store", store)
    assert not {"flask", "web", "marshmallow", "timeline.interchange.importing.files"} & loaded
