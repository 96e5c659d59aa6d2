"""Print answers: as a table, or as CSV, JSON Lines or JSON for scripts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


PRINTED_AT_ONCE = 50
"""Answers of a JSON array that are printed together: there may be very many long ones."""

NOTHING = "nothing on record"

F = TypeVar("F", bound=Callable[..., Any])


def format_options(command: F) -> F:
    """Add the options for output forms to a command, which gets the parameter ``form``."""
    for name, text in reversed(FORMS.items()):
        command = click.option(f"--{name}", "form", flag_value=name, default="", help=text)(command)
    return command


FORMS = {
    "json": "Answer in JSON, for scripts.",
    "jsonl": "Answer in JSON Lines: one object a line.",
    "csv": "Answer in CSV, for spreadsheets.",
}


def print_answers(
    answers: Iterable[Any],
    form: str,
    table_columns: tuple[str, ...],
    csv_columns: Collection[str],
) -> None:
    """Print answers in a form; tables and CSV have columns of their own."""
    if form == "json":
        print_json(answers)
    elif form == "jsonl":
        for answer in answers:
            say(msgspec.json.encode(answer).decode())
    elif form == "csv":
        print_csv(map(msgspec.to_builtins, answers), csv_columns)
    else:
        print_rows(map(msgspec.to_builtins, answers), table_columns)


def print_rows(rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> None:
    """Print rows as a table for people."""
    cells = [tuple(_cell(row.get(column)) for column in columns) for row in rows]
    if cells:
        print_table(columns, cells)
    else:
        click.echo(NOTHING)


def print_csv(rows: Iterable[dict[str, Any]], columns: Collection[str]) -> None:
    """Print rows as CSV: nested fields under dotted names, lists in a cell, no formulas."""
    say(csv_line(columns))
    for row in rows:
        flat = _flat(row)
        say(csv_line(flat.get(name) for name in columns))


def csv_line(cells: Iterable[object]) -> str:
    """Return cells as one line of CSV, without the line end."""
    from timeline.interchange.formats.guarded import guard_cell  # noqa: PLC0415 - it loads for long

    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([guard_cell(cell) for cell in cells])
    return text.getvalue()


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with dotted names for nested fields."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": nested for inner, nested in _flat(value).items()}
        elif isinstance(value, list | tuple):
            flat[name] = ";".join(map(_inner, value))
        else:
            flat[name] = value
    return flat


def _inner(value: object) -> str:
    """Return an item of a list for a cell; an object becomes its values with colons."""
    return ":".join(map(str, value.values())) if isinstance(value, dict) else str(value)


def print_json(answers: Iterable[Any]) -> None:
    """Print one JSON array of any length, piece by piece."""
    coming, is_begun = iter(answers), False
    while some := list(islice(coming, PRINTED_AT_ONCE)):
        array = msgspec.json.format(msgspec.json.encode(some), indent=2).decode()
        say((",\n" if is_begun else "[\n") + array[2:-2], nl=False)
        is_begun = True
    click.echo("\n]" if is_begun else "[]")


def print_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table with columns as wide as needed."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say(line.rstrip())


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(map(_cell, value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value)) or "–"
    return "–" if value is None else str(value)


_ORDERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""Control characters but tab and line feed, and those of the writing direction (Bidi_Control)."""


def say(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, to standard error with ``err``, and with a line end if ``nl``."""
    click.echo(visible(str(text)), err=err, nl=nl)


def visible(text: str) -> str:
    """Return a text with JSON escapes for control characters."""
    return _ORDERS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
