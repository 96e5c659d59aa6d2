"""Prints how much code the project is: lines, files, classes, types of a statement, lines of tests.

Run it with `python -m tests.support.weight`. A line of code holds something other than a comment, a
docstring or an import. The total of lines in the files stands beside.
"""

from __future__ import annotations

import ast
import importlib
import tokenize
from io import BytesIO
from pathlib import Path

import click
import msgspec

ROOT = Path(__file__).parents[2]
CODE = ("timeline", "web")
TESTS = ("tests",)

TYPES_OF_A_STATEMENT = (
    "web.record.forms.form_state.FormState",
    "web.record.statement.draft.Draft",
    "timeline.application.commands.RecordStatement",
    "timeline.domain.statement.Words",
    "timeline.domain.statement.StatementRecorded",
    "timeline.projections.queries.entries.StatementEntry",
    "timeline.domain.position.edition2.words.StatementVersion",
    "timeline.domain.position.edition2.track.Track",
    "web.lanes.history.LaneHistory",
    "web.chart.model.Statement",
    "web.chart.spots.Spot",
    "web.chart.drawing.Mark",
)
"""The types that a statement passes between its form and its mark in the chart, in that order.

Those that only hold what stands before them are among these: a track and a lane hold words, and a
spot statements of the chart. What a form hands on (`Entry`) holds its sheet and how it is recorded,
and the aggregate decides on what follows a statement, not on its first event.
"""

SILENT = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


class Weight(msgspec.Struct, frozen=True):
    files: int
    lines: int
    code_lines: int
    classes: int


def lines_of_code(source: bytes) -> int:
    """Count the lines that hold more than a comment, a docstring or an import."""
    left_out = _lines_left_out(ast.parse(source))
    held = {
        line
        for token in tokenize.tokenize(BytesIO(source).readline)
        if token.type not in SILENT
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(held - left_out)


def weigh(folders: tuple[str, ...]) -> Weight:
    sources = [path.read_bytes() for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return Weight(
        files=len(sources),
        lines=sum(source.count(b"\n") for source in sources),
        code_lines=sum(map(lines_of_code, sources)),
        classes=sum(
            isinstance(node, ast.ClassDef)
            for source in sources
            for node in ast.walk(ast.parse(source))
        ),
    )


def types_of_a_statement() -> int:
    """Count the named types; raise ImportError or AttributeError where one exists no more."""
    for name in TYPES_OF_A_STATEMENT:
        module, _, type_name = name.rpartition(".")
        getattr(importlib.import_module(module), type_name)
    return len(TYPES_OF_A_STATEMENT)


def _lines_left_out(tree: ast.Module) -> set[int]:
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
    left_out = (
        node
        for node in statements
        if isinstance(node, (ast.Import, ast.ImportFrom)) or _is_bare_text(node)
    )
    return {line for node in left_out for line in range(node.lineno, (node.end_lineno or 0) + 1)}


def _is_bare_text(node: ast.stmt) -> bool:
    """Tell whether this is a docstring, or a text under the name that it describes."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


@click.command()
def main() -> None:
    code, tests = weigh(CODE), weigh(TESTS)
    click.echo(f"code lines            {code.code_lines:>7,}  of {code.lines:,} in all")
    click.echo(f"files                 {code.files:>7,}")
    click.echo(f"classes               {code.classes:>7,}")
    click.echo(f"types of a statement  {types_of_a_statement():>7,}")
    click.echo(f"lines of tests        {tests.code_lines:>7,}  of {tests.lines:,} in all")
    click.echo(f"files of tests        {tests.files:>7,}")


if __name__ == "__main__":
    main()
