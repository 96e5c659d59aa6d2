"""Something that is added to a copy of Standline: new files, and lines in those that are there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import msgspec

from tests.docs.pages import ROOT

COPIED = ("timeline", "web", "fixtures/events", "pyproject.toml")
TESTS = ("tests/__init__.py", "tests/stores/golden.py", "tests/stores/test_golden_events.py")


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """What is added, by path, as these rows of docs/extending.md say.

    ``lines`` holds beginnings of lines with what is put before them, ``words`` what is replaced
    and what by, ``files`` are new.
    """

    rows: tuple[str, ...]
    lines: dict[str, list[tuple[str, str]]] = {}
    words: dict[str, tuple[str, str]] = {}
    files: dict[str, str] = {}

    @property
    def paths(self) -> set[str]:
        """What it touches."""
        return {*self.lines, *self.words, *self.files}


class Copy:
    """A copy of Standline in a folder, with a Python that runs it and not the checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (*COPIED, *TESTS):
            _copy(ROOT / name, folder / name)
        (folder / "tests" / "stores" / "__init__.py").touch()

    def add(self, *additions: Addition) -> None:
        """Add something; what it names must be there once."""
        for addition in additions:
            self._add(addition)

    def _add(self, addition: Addition) -> None:
        for path, inserted in addition.lines.items():
            for before, text in inserted:
                self._insert(path, before, dedent(text).lstrip("\n"))
        for path, (old, new) in addition.words.items():
            self._replace(path, old, new)
        for path, text in addition.files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(dedent(text).lstrip("\n"), "utf-8")

    def _insert(self, path: str, before: str, text: str) -> None:
        """Put text before the only line that begins like this, indented as that is."""
        lines = (self.folder / path).read_text("utf-8").splitlines(keepends=True)
        (place,) = (n for n, line in enumerate(lines) if line.lstrip().startswith(before))
        indent = lines[place][: -len(lines[place].lstrip())]
        lines[place:place] = [indent + each for each in text.splitlines(keepends=True)]
        (self.folder / path).write_text("".join(lines), "utf-8")

    def _replace(self, path: str, old: str, new: str) -> None:
        """Put other words in place of those that stand there once."""
        text = (self.folder / path).read_text("utf-8")
        assert text.count(old) == 1, f"{old} in {path}"
        (self.folder / path).write_text(text.replace(old, new), "utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={"PYTHONPATH": str(self.folder), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
