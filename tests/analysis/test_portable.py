"""The text of a question stays within what DuckDB and Spark both understand."""

from __future__ import annotations

import re

import pytest

from timeline.analysis.tables import TABLES
from timeline.analysis.text import FOLDER, question

QUESTIONS = sorted(path.stem for path in FOLDER.glob("*.sql"))
ENDING = [name for name in QUESTIONS if question(name).last]

GIVEN = {
    "asked",
    "asked_topics",
    "asked_days",
    "asked_actors",
    "asked_period",
    "asked_values",
    "moment",
}
"""The small tables that come with a question."""

NAMED = re.compile(r"(?<!distinct )\b(?:from|join)\s+([a-z_]+)")
AVOIDED = {
    r"array_agg\([^)]*order by": "an aggregate in order: sort it afterwards by array_sort",
    r"\b(listagg|string_agg|struct|named_struct|unnest|explode|qualify|lateral)\b": "of one engine",
    r"\barray\s*\[": "a list as DuckDB writes it",
    r"//|\bdiv\b": "division of whole numbers",
    r"\b(left|right) (anti|semi) join\b": "joins of Spark",
    r"\bas (varchar|text|decimal|float|real)\b": "types that the other has under another name",
    r"\bas at\b|\.at\b": "a word that Spark keeps for itself",
    r"\bgroup by all\b|\bwith recursive\b|\bexclude\b|\breplace\s*\(\s*select": "of one engine",
    r"[:$][a-z]": "a parameter: what is asked is a table of one row",
    r"(?<![\w.])\d+\.\d+": "a decimal number, of another type in each",
    r"::|->|=>|~~|\bilike\b|\bfilter\s*\(": "signs of one engine",
    r"\busing\s*\(|\bnatural join\b": "a join that drops columns",
    r"\"|`": "names in quotation marks",
}


def plain(name: str) -> str:
    """Return a file without its comments."""
    text = (FOLDER / f"{name}.sql").read_text("utf-8")
    return re.sub(r"--[^\n]*", "", text).lower()


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_is_used_that_only_one_engine_knows(name: str) -> None:
    found = {why for sign, why in AVOIDED.items() if re.search(sign, plain(name))}
    assert found == set()


@pytest.mark.parametrize("name", ENDING)
def test_a_question_is_its_steps_and_its_end(name: str) -> None:
    asked = question(name)
    again = ",\n".join(f"{step} as (\n{text})" for step, text in asked.steps.items())
    spaces = re.compile(r"\s+|--[^\n]*")
    whole = f"with\n{again}\n{asked.last}"
    assert spaces.sub("", whole) == spaces.sub("", asked.text)


@pytest.mark.parametrize("name", ENDING)
def test_a_step_names_only_tables_and_steps_before_it(name: str) -> None:
    known = {*TABLES, *GIVEN}
    for step, text in question(name).steps.items():
        named = set(NAMED.findall(re.sub(r"--[^\n]*", "", text)))
        assert named <= known, step
        known.add(step)


def test_the_lint_sees_what_it_is_there_for() -> None:
    for text in ("array_agg(a order by b)", "select 1.0", "x::int", "cast(a as varchar)", "a // b"):
        assert any(re.search(sign, text) for sign in AVOIDED), text
