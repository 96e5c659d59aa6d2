"""What the documentation says to type, to open and to read is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click
import pytest

from tests.docs.pages import ROOT, commands, fenced, inline, name_of, pages
from timeline.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACE = re.compile(r"(?:timeline|web|tests|fixtures|docs)/[\w./-]+")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)\b")
MADE = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

every_page = pytest.mark.parametrize("document", pages(), ids=name_of)


@every_page
def test_links_lead_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text("utf-8")):
        path, _, fragment = unquote(link).partition("#")
        if path.startswith(("https:", "http:", "mailto:")):
            continue
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{link} is not there"
        if fragment:
            assert fragment in headings(target), f"{link} has no such heading"


def headings(page: Path) -> set[str]:
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


@every_page
def test_files_that_are_named_exist(document: Path) -> None:
    if document.parent.name == "fixtures":
        return  # they name files of those who made the data
    for code in inline(document):
        if PLACE.fullmatch(code):
            assert (ROOT / code).exists(), f"{code} is not there"


@every_page
def test_what_make_is_told_to_make_can_be_made(document: Path) -> None:
    for code in (*fenced(document), *inline(document)):
        for target in TARGET.findall(code):
            assert target in MADE, f"make {target} is not in the Makefile"


@every_page
def test_commands_and_their_options_exist(document: Path) -> None:
    for line in commands(document):
        command: click.Command = cli
        words = line.partition("#")[0].split()
        while isinstance(command, click.Group) and words and words[0].isalpha():
            name = words.pop(0)
            found = command.get_command(click.Context(command), name)
            assert found is not None, f"there is no command {name}"
            command = found
        known = {option for each in command.params for option in each.opts} | {"--help"}
        used = set(re.findall(r"--[a-z-]+", " ".join(words))) - {"--version"}
        assert used <= known, f"{command.name} does not take {used - known}"
