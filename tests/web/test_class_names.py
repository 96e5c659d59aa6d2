"""Names of classes are words; what is written has a rule, and what has a rule is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import web

SITE = Path(web.__file__).parent

HOOKS = {
    "changed": "marks that n and p walk",
    "entry-changes": "entries that the filter for changes leaves",
    "preferences": "the menu of the reader's choices",
    "shift-word": "keeps the words of a change out of what is said of spans without a class",
    "spectrum": "gives way where a step of the replay would move the page",
    "story-all": "what paper has in place of the short story",
    "view-switch": "chart or table, by the key t",
}
"""Classes without a rule, and what knows them."""

SHORT = {"as", "go", "if", "is", "of"}
"""Words of two letters."""

NOT_SELECTORS = re.compile(r'/\*.*?\*/|url\([^)]*\)|"[^"\n]*"', re.DOTALL)
SELECTED = re.compile(r"\.([A-Za-z][\w-]*)")
ATTRIBUTE = re.compile(r'\sclass="([^"]*)"')
ARGUMENT = re.compile(r"classes='([^']*)'|\buse\([^{}]*, '([\w -]+)'\)")
CHOSEN = re.compile(r"(?:\{\{|\belse)\s*'([^']*)'")
EXPRESSION = re.compile(r"\{\{\s*' .*?\}\}")
VALUE = re.compile(r"\{\{.*?\}\}")
LITERAL = re.compile(r'"([a-z][a-z0-9 -]*)"')
WRITING = ("chart/**/*.py", "log/**/*.py", "lanes/proof.py", "picture/*.py", "analyse/*.py")
"""The modules that name classes, or what classes of templates end in."""


class Written(NamedTuple):
    """Classes by name, and beginnings of classes that end in a value."""

    names: set[str]
    beginnings: set[str]


def texts(*patterns: str) -> list[str]:
    """Return the texts of files of the site."""
    return [file.read_text("utf-8") for pattern in patterns for file in sorted(SITE.glob(pattern))]


def styled() -> set[str]:
    """Return the classes that have a rule."""
    sheets = (NOT_SELECTORS.sub("", text) for text in texts("styles/**/*.css"))
    return {name for sheet in sheets for name in SELECTED.findall(sheet)}


def written() -> Written:
    """Return the classes that templates write."""
    names: set[str] = set()
    beginnings: set[str] = set()
    for text in texts("templates/**/*.html", "templates/**/*.svg"):
        for given in ARGUMENT.findall(text):
            names.update(" ".join(given).split())
        for attribute in ATTRIBUTE.findall(text):
            names.update(" ".join(CHOSEN.findall(attribute)).split())
            for name in VALUE.sub("…", EXPRESSION.sub(" ", attribute)).split():
                (beginnings if name.endswith("…") else names).add(name.rstrip("…"))
    return Written(names, beginnings - {""})


def named_by_modules() -> set[str]:
    """Return the words of the modules that name classes."""
    literals = (one for text in texts(*WRITING) for one in LITERAL.findall(text))
    return {word for literal in literals for word in literal.split()}


def test_whatever_has_a_rule_is_written() -> None:
    names, beginnings = written()
    words = named_by_modules()
    ends = words | set("12345")
    computed = {begin + end for begin in beginnings for end in ends}
    assert styled() - names - words - computed == set()


def test_whatever_is_written_has_a_rule_or_somebody_who_knows_it() -> None:
    assert written().names - styled() == set(HOOKS)


def test_every_class_that_ends_in_a_value_has_a_rule_for_one() -> None:
    rules = styled()
    assert {
        beginning
        for beginning in written().beginnings
        if not any(r.startswith(beginning) for r in rules)
    } == set()


ELSEWHERE = "/* Runs on a page elsewhere"
"""How a script begins that finds none of our classes."""


def test_scripts_look_for_classes_that_are_written() -> None:
    names = written().names
    for text in texts("scripts/**/*.js"):
        if text.startswith(ELSEWHERE):
            continue
        strings = re.findall(r'"[^"\n]*"|`[^`]*`', text)
        sought = {name for string in strings for name in SELECTED.findall(string)}
        assert {one for one in sought - names if not one.startswith("htmx-")} == set()


def test_names_of_classes_are_words() -> None:
    for name in styled() | written().names:
        for word in name.split("-"):
            assert word in SHORT or re.fullmatch(r"[1-5]|(?=.*[aeiouy])[a-z]{3,}", word), name
