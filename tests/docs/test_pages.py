"""What the documentation and its decisions say is there, and is what the code holds."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT, commands, fenced, inline, name_of, pages
from timeline.cli import cli
from timeline.cli.site_server import BODY, HEADERS
from timeline.domain.text import DIGITS
from timeline.interchange.formats.jsonl_rows import DEEPEST
from timeline.interchange.formats.source_row import LINE_LIMIT
from timeline.serving.connections import CONNECTIONS
from timeline.serving.site_channel import LONG
from web.api.lists import MOST
from web.record.workbench.opening import MOST_SENT
from web.shell.downloads import Limits
from web.shell.security import MAX_FIELDS, MAX_PATH, MAX_REQUEST, MAX_VALUE

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


PAGES = sorted((ROOT / "docs" / "adr").glob("*.md"))
DECISIONS = " ".join(page.read_text("utf-8").lower() for page in PAGES)
WORDS = {canonicalize_name(word) for word in re.findall(r"[\w.-]*\w", DECISIONS)}


def named() -> list[str]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [told["project"]["dependencies"], *told["dependency-groups"].values()]
    return sorted({canonicalize_name(Requirement(one).name) for group in groups for one in group})


def test_every_package_has_its_reason_in_a_decision() -> None:
    assert named()
    assert {*named()} - WORDS == set()


def test_decisions_are_numbered_one_by_one() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))


PAGE = ROOT / "docs" / "adr" / "0021-what-bounds-the-site.md"
ROW = re.compile(r"^\| (.+?) \| ([\d,]+) \|$", re.MULTILINE)


def test_the_decision_on_limits_says_the_numbers_of_the_code() -> None:
    told = {what: int(most.replace(",", "")) for what, most in ROW.findall(PAGE.read_text("utf-8"))}
    files = Limits()
    assert told == {
        "bytes of the headers of a request": HEADERS,
        "bytes of a body that is taken in whoever sends it": LONG,
        "bytes of any body: room for a file with an article": BODY,
        "bytes of a form or of a body for programs": MAX_REQUEST,
        "bytes of a form with a file": MOST_SENT,
        "fields of a form": MAX_FIELDS,
        "characters of a path": MAX_PATH,
        "characters of a value in an address": MAX_VALUE,
        "digits of a whole number": DIGITS,
        "characters of a line of a file": LINE_LIMIT,
        "depth of objects in a line": DEEPEST,
        "bytes of a file that is sent": files.largest,
        "bytes of all files that are kept or being sent": files.together,
        "costly answers that are made at once, files among them": files.at_once,
        "costly answers that wait in line": files.in_line,
        "seconds for waiting in line": files.patience,
        "long answers that are sent while they are made": files.going_on,
        "seconds for making a file": files.making,
        "seconds after which a long answer is sent while it is made": files.waiting,
        "seconds for reading a file": files.sending,
        "seconds for a query of a page": files.query,
        "items of a list for programs": MOST,
        "connections": CONNECTIONS,
    }
    assert BODY > MOST_SENT > MAX_REQUEST
