"""Questions as SQL texts, made of named steps that an engine may run one by one.

A file of `timeline/analysis/questions` holds steps (``name as (`` … ``)``, each at the beginning of
a line) and ends with the final query. It may build on the steps of another file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "questions"
SmallTables = Mapping[str, tuple[Mapping[str, str], Sequence[Sequence[Any]]]]
"""Small tables that come with a question: the columns of each, with types, and its rows."""

_BUILDS_ON = re.compile(r"^-- builds on: (\w+)$", re.MULTILINE)
_STEP = re.compile(r"^(\w+) as \(\n(.*?)^\),?$", re.MULTILINE | re.DOTALL)


class Question(msgspec.Struct, frozen=True):
    """A question: its steps by name in their order, and the query that ends it."""

    name: str
    steps: dict[str, str]
    last: str
    text: str


@cache
def question(name: str) -> Question:
    """Return the question whose file has this name."""
    sources = _sources(name)
    steps: dict[str, str] = {}
    for source in sources:
        steps |= {match[1]: match[2] for match in _STEP.finditer(source)}
    body = sources[-1]
    last = body[[*_STEP.finditer(body)][-1].end() :].strip()
    ahead = ",\n".join(_only_steps(source) for source in sources)
    return Question(name, steps, last, f"with\n{ahead}\n{last}\n")


def standing_alone(question: Question, tables: SmallTables) -> str:
    """Return the SQL with its small tables written in: it needs only the tables of an archive."""
    steps = ",\n".join(_as_step(name, *table) for name, table in tables.items())
    if not steps:
        return question.text
    return f"with\n{steps},\n{question.text.removeprefix('with').lstrip()}"


def own_question(text: str) -> Question:
    """Return a question that somebody wrote, as one step."""
    return Question("own", {}, text, text)


def _as_step(name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a small table as a step of a question."""
    if not rows:
        empty = ", ".join(f"cast(null as {type_}) as {column}" for column, type_ in columns.items())
        return f"{name} as (\n  select {empty} where 1 = 0\n)"
    typed = ", ".join(f"cast({column} as {type_}) as {column}" for column, type_ in columns.items())
    values = ",\n    ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    named = f"given({', '.join(columns)})"
    # What is in it is ours, or quoted.
    return f"{name} as (\n  select {typed}\n  from (values\n    {values}\n  ) as {named}\n)"  # noqa: S608


def _literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "null" if value is None else str(value)


def _sources(name: str) -> list[str]:
    """Return the text of a file after those that it builds on."""
    source = (FOLDER / f"{name}.sql").read_text("utf-8")
    before = _BUILDS_ON.search(source)
    return [*(_sources(before[1]) if before else ()), source]


def _only_steps(source: str) -> str:
    """Return a file without its final query, and without the comma before it."""
    end = [*_STEP.finditer(source)][-1].end()
    return _BUILDS_ON.sub("", source[:end]).rstrip(",").replace("\n\n", "\n").strip()
