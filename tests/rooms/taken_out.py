"""A copy of Standline from which a room is taken out: its files, its tests and its entry points."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COPIED = ("timeline", "web", "tests", "fixtures", "pyproject.toml")
ENTRY = re.compile(r'^[\w-]+ = "([\w.]+):\w+"\n', re.MULTILINE)
SERVING = re.compile(r"serving {2}(http://\S+)")
PATIENCE = 300.0

IMPORT_ALL = """
import importlib, pkgutil
for top in ("timeline", "web"):
    package = importlib.import_module(top)
    for each in pkgutil.walk_packages(package.__path__, f"{top}."):
        importlib.import_module(each.name)
"""


class WithoutRoom:
    """The copy, in a folder, with a Python that runs it and not the checkout."""

    def __init__(self, folder: Path, paths: Iterable[str]) -> None:
        self.folder = folder
        self._env = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"}
        for name in COPIED:
            _copy(ROOT / name, folder / name)
        for path in paths:
            _remove(folder / path)
        self._register_what_is_left()

    def _register_what_is_left(self) -> None:
        project = self.folder / "pyproject.toml"

        def kept(line: re.Match[str]) -> str:
            module = self.folder / line[1].replace(".", "/")
            # A folder may be left of a module that was one, with what was compiled of it.
            files = module / "__init__.py", module.with_suffix(".py")
            return line[0] if any(map(Path.exists, files)) else ""

        project.write_text(ENTRY.sub(kept, project.read_text("utf-8")), "utf-8")

    def run(self, *words: str) -> str:
        """Run Python in the copy and return what it printed; fails with what went wrong."""
        ran = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=self._env,
            text=True,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        assert ran.returncode == 0, ran.stdout[-3_000:] + ran.stderr[-3_000:]
        return ran.stdout

    @contextmanager
    def served(self, store: str) -> Iterator[str]:
        """Serve the site over a store; yields the address."""
        words = ("-m", "timeline", "serve", "--port", "0", "--store", store)
        with subprocess.Popen(
            [sys.executable, *words],
            cwd=self.folder,
            env=self._env,
            text=True,
            stdout=subprocess.PIPE,
        ) as server:
            try:
                assert server.stdout
                match = next(filter(None, map(SERVING.search, server.stdout)))
                yield match[1].rstrip("/")
            finally:
                server.terminate()


def read(address: str) -> str:
    """Return a page; raises for any other answer than 200."""
    with urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - our own server
        page: str = answer.read().decode()
        return page


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _remove(path: Path) -> None:
    """Remove a file or a folder; what is not there is a mistake in the table of rooms."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
