"""A public docstring names what its function raises, so that nobody has to read the body for it."""

from __future__ import annotations

import ast
import builtins
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXEMPT = {
    # What a command says of itself is its help; the command line tells of every error in one way.
    "timeline/cli",
    # It is given out to be read and run alone, and raises one thing.
    "timeline/ledger/check.py",
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    paths = sorted((ROOT / "timeline").rglob("*.py"))
    return [path for path in paths if not str(path.relative_to(ROOT)).startswith(tuple(EXEMPT))]


def public(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, Function]]:
    """Yield the public functions of a module and of its public classes, with their names."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node.body, f"{node.name}.")
        elif isinstance(node, Function) and not node.name.startswith("_"):
            yield within + node.name, node


def raised(node: ast.AST) -> Iterator[str]:
    """Yield the names of what is raised in a body, but not in functions inside it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(child, ast.Raise) and isinstance(child.exc, ast.Call | ast.Name):
            named = child.exc.func if isinstance(child.exc, ast.Call) else child.exc
            if isinstance(named, ast.Name) and named.id[0].isupper():
                yield named.id
        yield from raised(child)


def names_of(error: str, module: Any) -> set[str]:  # noqa: ANN401 - a module
    """Return what a docstring may call an error: itself, or one that it is a kind of."""
    kind = getattr(module, error, None) or getattr(builtins, error)
    known = {one.__name__ for one in kind.__mro__}
    return known - {"Exception", "BaseException", "object"}


def unsaid(path: Path) -> Iterator[str]:
    """Yield what functions of a module raise without a word of it."""
    place = path.relative_to(ROOT).with_suffix("")
    module = import_module(".".join(place.parts).removesuffix(".__init__"))
    for name, function in public(ast.parse(path.read_text("utf-8")).body):
        says = ast.get_docstring(function) or ""
        for error in sorted(set(raised(function)) - {"NotImplementedError"}):
            if not any(f"`{one}`" in says for one in names_of(error, module)):
                yield f"{place}: {name} raises {error}"


def test_a_docstring_names_what_its_function_raises() -> None:
    assert [line for path in modules() for line in unsaid(path)] == []
