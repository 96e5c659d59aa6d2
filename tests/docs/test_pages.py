"""What the documentation says to type, to open and to read is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click

from tests.docs.pages import ROOT, commands, fenced, inline, name_of, pages
from timeline.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACE = re.compile(r"(?:timeline|web|tests|fixtures|docs)/[\w./-]+")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)\b")
MADE = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_links_lead_somewhere() -> None:
    assert [line for page in pages() for line in astray(page)] == []


def astray(page: Path) -> Iterator[str]:
    """Yield links of a page that lead nowhere."""
    for link in LINK.findall(page.read_text("utf-8")):
        path, _, fragment = unquote(link).partition("#")
        if path.startswith(("https:", "http:", "mailto:")):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            yield f"{name_of(page)}: {link} is not there"
        elif fragment and fragment not in headings(target):
            yield f"{name_of(page)}: {link} has no such heading"


def headings(page: Path) -> set[str]:
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


def test_files_that_are_named_exist() -> None:
    named = {
        (name_of(page), code)
        for page in pages()
        if page.parent.name != "fixtures"  # they name files of those who made the data
        for code in inline(page)
        if PLACE.fullmatch(code)
    }
    assert named
    assert [(page, code) for page, code in sorted(named) if not (ROOT / code).exists()] == []


def test_what_make_is_told_to_make_can_be_made() -> None:
    told = {
        (name_of(page), target)
        for page in pages()
        for code in (*fenced(page), *inline(page))
        for target in TARGET.findall(code)
    }
    assert told
    assert [(page, target) for page, target in sorted(told) if target not in MADE] == []


NAME = re.compile(r"[a-z]+(-[a-z]+)*")
"""The name of a command."""


def test_commands_and_their_options_exist() -> None:
    told = [(name_of(page), line) for page in pages() for line in commands(page)]
    assert told
    for page, line in told:
        command: click.Command = cli
        words = line.partition("#")[0].split()
        while isinstance(command, click.Group) and words and NAME.fullmatch(words[0]):
            name = words.pop(0)
            inner = command.get_command(click.Context(command), name)
            assert inner is not None, f"{page}: there is no command {name}"
            command = inner
        known = {option for each in command.params for option in each.opts} | {"--help"}
        used = set(re.findall(r"--[a-z-]+", " ".join(words))) - {"--version"}
        assert used <= known, f"{page}: {command.name} does not take {used - known}"
