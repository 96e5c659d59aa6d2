"""Plant faults into copies of the tree, and tell how many of them the first tier of tests finds.

`python -m tests.support.planted_faults --faults 60` plants them at random, the same ones for the
same seed: an operator, a comparison or a constant that is another one, or a line that is gone. For
each it runs the first tier of its room's tests, those first that speak of what has the fault, and
where that finds nothing what the second tier adds. What neither finds is left out of the figure: it
may change nothing that anybody could see. A test that finds a fault must pass without it, else all
ends.
"""

from __future__ import annotations

import ast
import os
import random
import re
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from tests.support.tiers import FIRST_TIER, SECOND_TIER

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ROOMS = {
    "timeline/domain": "tests/domain",
    "timeline/projections": "tests/projections",
    "timeline/application": "tests/application",
    "timeline/interchange": "tests/interchange",
    "web/record": "tests/web/record",
}
"""Where faults are planted, and where the tests of it are."""

OTHER: dict[type[ast.AST], ast.cmpop | ast.operator | ast.boolop] = {
    ast.Lt: ast.LtE(),
    ast.LtE: ast.Lt(),
    ast.Gt: ast.GtE(),
    ast.GtE: ast.Gt(),
    ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(),
    ast.In: ast.NotIn(),
    ast.NotIn: ast.In(),
    ast.Is: ast.IsNot(),
    ast.IsNot: ast.Is(),
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.Mult: ast.FloorDiv(),
    ast.FloorDiv: ast.Mult(),
    ast.Div: ast.Mult(),
    ast.Mod: ast.Add(),
    ast.BitOr: ast.BitAnd(),
    ast.BitAnd: ast.BitOr(),
    ast.And: ast.Or(),
    ast.Or: ast.And(),
}
LINE = ast.Expr | ast.Assign | ast.AugAssign | ast.Raise | ast.Return | ast.Delete
TYPES_ONLY = {"annotation", "returns", "type_params", "bound"}
"""Parts of the syntax that say of what type something is."""

SECONDS = 3_600
"""After which tests that do not end have found the fault."""

FAILED = re.compile(r"^(?:FAILED|ERROR) ([\w/.:]+)", re.MULTILINE)
"""Tests that failed, whatever their parameters."""

SOUND, SOME_FAILED, UNREADABLE, NOT_BEGUN, NO_TESTS = 0, 1, 2, 4, 5
"""What pytest's status says; it does not begin where what all tests need cannot be imported."""


@dataclass(frozen=True)
class Fault:
    """Another text for a part of a file, from one byte of it to another."""

    path: Path
    function: str
    kind: str
    start: int
    end: int
    text: str

    def planted(self) -> bytes:
        """Return the file with the fault."""
        sound = (ROOT / self.path).read_bytes()
        return sound[: self.start] + self.text.encode() + sound[self.end :]

    def told(self) -> str:
        """Say where it is, and what stands there instead of what."""
        sound = (ROOT / self.path).read_bytes()
        line = sound[: self.start].count(b"\n") + 1
        was = " ".join(sound[self.start : self.end].decode().split())
        return f"{self.path}:{line} {was} -> {self.text}"


def faults_of(path: Path) -> Iterator[Fault]:
    """Yield every fault that can be planted into a file."""
    source = (ROOT / path).read_bytes()
    starts = [0, *(at + 1 for at, byte in enumerate(source) if byte == ord("\n"))]
    for node, function, kind, text in _changes(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        yield Fault(path, function, kind, start, end, text)


def _changes(
    node: ast.AST, function: str = ""
) -> Iterator[tuple[ast.expr | ast.stmt, str, str, str]]:
    """Yield parts of a syntax tree, the function around, the kind of fault and the text instead.

    What stands outside functions and has an operator is often a type: no operator there is changed.
    """
    if isinstance(node, ast.JoinedStr | ast.pattern) or _is_for_types(node):
        return
    if isinstance(node, ast.expr):
        for kind, text in _others(node, inside=bool(function)):
            yield node, function, kind, text
    if function and isinstance(node, LINE) and not _is_docstring(node):
        yield node, function, "line", "pass"
    if isinstance(node, ast.FunctionDef):
        function = node.name
    for name, value in ast.iter_fields(node):
        if name in TYPES_ONLY:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_docstring(child):
                yield from _changes(child, function)


def _others(node: ast.expr, *, inside: bool) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Compare(left, [op], comparators) if type(op) in OTHER:
            other = ast.Compare(left, [OTHER[type(op)]], comparators)  # type: ignore[list-item]
            yield "comparison", f"({ast.unparse(other)})"
        case ast.BinOp(left, op, right) if inside and type(op) in OTHER and not _is_type(right):
            other_sum = ast.BinOp(left, OTHER[type(op)], right)  # type: ignore[arg-type]
            yield "operator", f"({ast.unparse(other_sum)})"
        case ast.BoolOp(op, values):
            other_choice = ast.BoolOp(OTHER[type(op)], values)  # type: ignore[arg-type]
            yield "operator", f"({ast.unparse(other_choice)})"
        case ast.UnaryOp(ast.Not(), operand):
            yield "operator", f"({ast.unparse(operand)})"
        case ast.Constant(bool() as value):
            yield "constant", str(not value)
        case ast.Constant(int() as value):
            yield "constant", str(value + 1)
        case ast.Constant(str() as value):
            yield "constant", repr(value + "x")


def _is_type(node: ast.expr) -> bool:
    """Tell whether it is a class by its name, as in a union of types."""
    name = (
        ast.unparse(node).rpartition(".")[2] if isinstance(node, ast.Name | ast.Attribute) else ""
    )
    return name[:1].isupper() and not name.isupper()


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def chosen(number: int, seed: int) -> list[Fault]:
    """Return so many faults, as many of each room, and of each kind about as many."""
    dice = random.Random(seed)  # noqa: S311 - to be repeated
    taken = []
    for room in ROOMS:
        files = [path.relative_to(ROOT) for path in sorted((ROOT / room).rglob("*.py"))]
        by_kind: dict[str, list[Fault]] = {}
        for fault in (fault for path in files for fault in faults_of(path)):
            by_kind.setdefault(fault.kind, []).append(fault)
        for place in range(number // len(ROOMS)):
            kind = sorted(by_kind)[place % len(by_kind)]
            taken.append(dice.choice(by_kind[kind]))
    dice.shuffle(taken)
    return taken


class Copy:
    """A copy of the tree, in which one file at a time has a fault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._moments = count(int(time.time()) + 1)
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)

    @contextmanager
    def having(self, fault: Fault) -> Iterator[None]:
        """Plant a fault, and take it out again."""
        path = self._folder / fault.path
        sound = path.read_bytes()
        self._write(path, fault.planted())
        try:
            yield
        finally:
            self._write(path, sound)

    def _write(self, path: Path, text: bytes) -> None:
        path.write_bytes(text)
        moment = next(self._moments)  # or Python takes what it compiled of the text before
        os.utime(path, (moment, moment))

    def failures(self, marks: str, *paths: str) -> list[str]:
        """Return the tests that fail, up to the first."""
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-m", marks, *paths]
        # What is random is the same for every fault, and no example that failed is tried again.
        env = {**os.environ, "PYTHONPATH": str(self._folder), "CI": "1"}
        try:
            ended = subprocess.run(
                command,
                check=False,
                cwd=self._folder,
                env=env,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            return ["that ends"]
        if ended.returncode in {SOUND, NO_TESTS}:
            return []
        if ended.returncode not in {SOME_FAILED, UNREADABLE, NOT_BEGUN}:
            sys.exit(f"{' '.join(command)}\n{ended.stdout}\n{ended.stderr}")
        return FAILED.findall(ended.stdout) or ["that can be read"]

    def files(self, fault: Fault, tests: str) -> list[str]:
        """Return the files of tests, first those called like the module or naming its part."""
        called = re.compile(rf"test_{fault.path.stem.strip('_')}\w*\.py")
        named = re.compile(rf"\b{fault.function or fault.path.stem}\b")

        def place(path: Path) -> tuple[bool, bool, Path]:
            is_called_so = called.fullmatch(path.name) is not None
            return not is_called_so, not named.search(path.read_text("utf-8")), path

        paths = (self._folder / tests).rglob("test_*.py")
        return [str(path.relative_to(self._folder)) for path in sorted(paths, key=place)]


class Outcome(msgspec.Struct):
    """Which tier finds a fault, ``first``, ``second`` or ``neither``, by which test."""

    fault: str
    kind: str
    found_by: str
    test: str = ""


def outcome(copy: Copy, fault: Fault) -> Outcome:
    """Plant a fault and look for it."""
    tests = next(tests for room, tests in ROOMS.items() if f"{room}/" in str(fault.path))
    files = copy.files(fault, tests)
    for tier, marks in (("first", FIRST_TIER), ("second", SECOND_TIER)):
        with copy.having(fault):
            failed = copy.failures(marks, *files)
        if failed:
            if "::" in failed[0] and copy.failures("", failed[0]):
                sys.exit(f"{failed[0]} fails without any fault")
            return Outcome(fault.told(), fault.kind, tier, failed[0])
    return Outcome(fault.told(), fault.kind, "neither")


def figure(outcomes: list[Outcome]) -> str:
    """Say of how many faults that are found at all the first tier finds how many."""
    by = [each.found_by for each in outcomes]
    first, whole = by.count("first"), by.count("first") + by.count("second")
    share = f": {100 * first / whole:.1f} of 100" if whole else ""
    return f"of {len(by)} faults all tests find {whole}, the first tier {first}{share}"


def main() -> None:
    """Plant faults, and print each with who finds it, and the figure."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=60)
    parser.add_argument("--seed", type=int, default=24)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "planted_faults.jsonl")
    given = parser.parse_args()
    given.keep.parent.mkdir(parents=True, exist_ok=True)
    given.keep.touch()
    with TemporaryDirectory() as root, given.keep.open("rb+") as kept:
        outcomes = msgspec.json.Decoder(Outcome).decode_lines(kept.read())
        known = {each.fault for each in outcomes}
        copies: Queue[Copy] = Queue()
        for number in range(given.workers):
            copies.put(Copy(Path(root) / str(number)))

        def look(fault: Fault) -> Outcome:
            copy = copies.get()
            try:
                return outcome(copy, fault)
            finally:
                copies.put(copy)

        faults = [fault for fault in chosen(given.faults, given.seed) if fault.told() not in known]
        with ThreadPoolExecutor(given.workers) as pool:
            for look_ in as_completed([pool.submit(look, fault) for fault in faults]):
                outcomes.append(each := look_.result())
                kept.write(msgspec.json.encode(each) + b"\n")
                kept.flush()
                sys.stdout.write(f"{each.found_by:8}{each.fault}  {each.test}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{figure(outcomes)}\n")


if __name__ == "__main__":
    main()
