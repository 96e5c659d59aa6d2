"""Finds what is to be translated: the texts of the site, and the refusals of all beneath it.

`make messages` runs it over sources (pyproject.toml says which). A refusal is an argument of an
error that people may see; its variable parts become placeholders, so that `web.wording.refusals`
can find it again.
"""

from __future__ import annotations

import ast
import io
from typing import TYPE_CHECKING, Any

from babel.messages.extract import extract_python

from web.wording.refusals import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import IO

    from babel.messages.extract import _PyOptions

ERRORS = ("StandlineError", "Refused", "NotFound", "Conflict")
TOLD = ("fix",)


def extract(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: _PyOptions,
) -> Iterator[tuple[Any, ...]]:
    """Yield the texts and refusals of one source, as Babel wants them."""
    source = file.read()
    yield from extract_python(io.BytesIO(source), keywords, comment_tags, options)
    for line, template in refusals(ast.parse(source)):
        yield line, "pgettext", (CONTEXT, template), []


def refusals(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every sentence that an error of this module may say, in one form for all values."""
    known = _Names(module)
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and _name(call.func) in ERRORS:
            told = [*call.args[:1], *(one.value for one in call.keywords if one.arg in TOLD)]
            for expression in told:
                yield from known.sentences(expression)


class _Names:
    """What the names of a module may stand for."""

    def __init__(self, module: ast.Module) -> None:
        self._values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Assign):
                self._assign(node.targets[0], node.value)
            if isinstance(node, ast.FunctionDef):
                returned = (one.value for one in ast.walk(node) if isinstance(one, ast.Return))
                self._values.setdefault(node.name, []).extend(filter(None, returned))

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, part in zip(target.elts, value.elts, strict=False):
                self._assign(one, part)

    def sentences(self, said: ast.expr, depth: int = 0) -> Iterator[tuple[int, str]]:
        """Yield what an expression may say, and what its parts may."""
        if depth > 3:  # noqa: PLR2004 - names of names of names
            return
        if isinstance(said, ast.IfExp):
            for branch in (said.body, said.orelse):
                yield from self.sentences(branch, depth)
        elif isinstance(said, (ast.Name, ast.Attribute, ast.Call)):
            called = said.func if isinstance(said, ast.Call) else said
            for value in self._values.get(_name(called), ()):
                yield from self.sentences(value, depth + 1)
        elif (template := _template(said)) and any(map(str.isalpha, _literal(said))):
            yield said.lineno, template
            for part in ast.walk(said):
                if isinstance(part, ast.FormattedValue):
                    yield from self.sentences(part.value, depth + 1)


def _template(said: ast.expr) -> str:
    """Return a text with a placeholder for each part that varies; empty if it is no text."""
    if isinstance(said, ast.Constant):
        return said.value.replace("%", "%%") if isinstance(said.value, str) else ""
    parts = _parts(said)
    names: list[str] = []
    told = ""
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            told += part.value.replace("%", "%%")
            continue
        name = _placeholder(part, names)
        names.append(name)
        told += f"%({name})s"
    return told if len(names) < len(parts) else ""


def _parts(said: ast.expr) -> list[ast.expr]:
    if isinstance(said, ast.JoinedStr):
        return list(said.values)
    if isinstance(said, ast.BinOp) and isinstance(said.op, ast.Add):
        return [*_parts(said.left), *_parts(said.right)]
    return [said]


def _literal(said: ast.expr) -> Iterable[str]:
    """Return the letters of a text that do not vary."""
    for part in _parts(said):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield from part.value


def _placeholder(part: ast.expr, taken: list[str]) -> str:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    name = _name(value).strip("_") or "rest"
    return name if name not in taken else f"{name}{len(taken)}"


def _name(node: ast.expr) -> str:
    """Return the last name of an expression: of `a.b(c)[d]` it is `b`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    return ""
