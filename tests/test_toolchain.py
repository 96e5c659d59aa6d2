"""What is installed is what was chosen, and everything that is imported was chosen."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.tiers import FIRST_TIER, SECOND_TIER, WHERE_STORES_DIFFER, WRITTEN_ONCE

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CHOSEN = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]
EXTRAS = [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
LOCKS = {
    "requirements.lock": [*CHOSEN, *GROUPS["build"]],
    "requirements-dev.lock": [*CHOSEN, *GROUPS["build"], *GROUPS["dev"]],
}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
OURS = {"timeline", "web", "tests"}
ELSEWHERE = {"pyspark": ["pyspark-client"], "pysail": ["pysail"]}
"""What only `make test-spark` installs, by the name that is imported."""

each_lock = pytest.mark.parametrize("lock", LOCKS)


def pinned(lock: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Return the requirements of a lock and the words behind each, by name."""
    text = re.sub(r"#.*", "", (ROOT / lock).read_text()).replace("\\\n", " ")
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        stated, *rest = line.split(" --hash=")
        requirement = Requirement(stated.strip())
        hashes = [f"--hash={word.strip()}" for word in rest]
        found[canonicalize_name(requirement.name)] = (requirement, hashes)
    return found


def imported(folder: str) -> set[str]:
    """Return the top-level names that the modules of a package import."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - OURS - sys.stdlib_module_names


def distributions(names: set[str]) -> dict[str, set[str]]:
    known = ELSEWHERE | dict(packages_distributions())
    return {name: {canonicalize_name(found) for found in known.get(name, ())} for name in names}


def undeclared(names: set[str], requirements: list[str]) -> set[str]:
    declared = {canonicalize_name(Requirement(text).name) for text in requirements}
    return {
        name for name, distribution in distributions(names).items() if not distribution & declared
    }


@each_lock
def test_a_lock_pins_one_version_and_hashes_of_everything(lock: str) -> None:
    assert pinned(lock)
    for name, (requirement, hashes) in pinned(lock).items():
        (version,) = requirement.specifier
        assert version.operator == "==", name
        assert hashes, name
        assert all(HASH.fullmatch(word) for word in hashes), name


@each_lock
def test_a_lock_names_no_host_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    for word in ("://", "@", "--index", "--extra", "--find", "--trusted", "-i ", "-f "):
        assert word not in text


@each_lock
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    found = pinned(lock)
    for wanted in map(Requirement, LOCKS[lock]):
        (version,) = found[canonicalize_name(wanted.name)][0].specifier
        assert wanted.specifier.contains(version.version, prereleases=True), wanted


def test_tests_run_on_the_versions_that_newsrooms_run_on() -> None:
    locked, tested = map(pinned, LOCKS)
    assert locked.items() <= tested.items()


@pytest.mark.thorough
@pytest.mark.parametrize("folder", ["timeline", "web"])
def test_what_the_program_imports_is_a_dependency_by_name(folder: str) -> None:
    assert undeclared(imported(folder), [*CHOSEN, *EXTRAS]) == set()


@pytest.mark.thorough
def test_what_the_tests_import_is_a_dependency_by_name() -> None:
    assert undeclared(imported("tests"), [*CHOSEN, *GROUPS["dev"]]) == set()


def test_the_console_script_names_a_function_that_exists() -> None:
    module, _, name = PROJECT["project"]["scripts"]["standline"].partition(":")
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.thorough
def test_a_wheel_carries_what_the_program_reads(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    folders = [ROOT / "timeline", ROOT / "web" / "templates", ROOT / "web" / "static"]
    read = {path for folder in folders for path in folder.rglob("*.*") if path.is_file()}
    wanted = {str(path.relative_to(ROOT)) for path in read if path.suffix != ".pyc"}
    fixtures = [path for path in (ROOT / "fixtures").iterdir() if path.is_file()]
    wanted |= {f"timeline/fixtures/{path.name}" for path in fixtures if path.suffix != ".py"}
    assert wanted - carried == set()


class Machine:
    """Folders with Pythons of any name, and which of them ``make`` takes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: list[Path] = []

    def has(self, folder: str, name: str, *, works: bool = True, quick: bool = True) -> str:
        """Put a Python into a folder, the folder at the end of PATH, and return its path."""
        there = self._folder / folder
        if there not in self._path:
            there.mkdir()
            self._path.append(there)
        of_its_build = f'case "$2" in *CONFIG_ARGS*) exit {int(not quick)};; esac'
        last = f'exec "{sys.executable}" "$@"' if works else "exit 127"
        (there / name).write_text(f"#!/bin/sh\n{of_its_build}\n{last}\n")
        (there / name).chmod(0o755)
        return str(there / name)

    def taken(self) -> str:
        """Return the path of the Python that ``make`` takes."""
        made = [str(shutil.which("make")), "-s", "--eval", "which: ; $(info $(PYTHON))", "which"]
        path = {"PATH": ":".join(map(str, [*self._path, self._folder / "nothing here"]))}
        done = subprocess.run(made, cwd=ROOT, env=path, capture_output=True, check=True)
        return done.stdout.decode().strip()


@pytest.mark.thorough
def test_make_takes_the_newest_python_that_was_built_to_be_quick(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.taken() == ""
    slow = machine.has("shims", "python3", quick=False)
    machine.has("shims", "python3.13", works=False)
    assert machine.taken() == slow
    newer = machine.has("shims", "python3.12", quick=False)
    assert machine.taken() == newer
    quick = machine.has("the system", "python3")
    assert machine.taken() == quick
    newest = machine.has("the system", "python3.13")
    assert machine.taken() == newest


def test_the_second_run_of_what_every_change_must_pass_takes_what_the_first_left() -> None:
    asked = PROJECT["tool"]["pytest"]["ini_options"]["addopts"]
    assert asked[asked.index("-m") + 1] == FIRST_TIER == "not thorough"
    assert SECOND_TIER.split(" or ") == ["thorough", "hypothesis", "scaled"]
    *_, first, comment, second = (ROOT / ".ci" / "run").read_text().splitlines()
    assert (first, comment[0]) == ("make test", "#")
    assert second == f"EXAMPLES=20 make test-all ARGS='-m \"{SECOND_TIER}\"'"


def test_every_file_whose_sql_is_one_for_both_stores_is_there() -> None:
    rooms = [ROOT / "tests" / room for room in WHERE_STORES_DIFFER]
    assert {file.stem for room in rooms for file in room.glob("test_*.py")} >= WRITTEN_ONCE


def test_a_decision_says_its_context_and_its_consequences() -> None:
    assert DECISIONS
    for path in DECISIONS:
        sections = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert sections == ["Context", "Decision", "Consequences"], path.name
