"""The pages of the documentation, and the code that stands in them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?standline (.+)$", re.MULTILINE)


def pages() -> list[Path]:
    """Return every page for people, but those of data that are not about the product."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("fixtures/*.md")])


def fenced(page: Path) -> list[str]:
    """Return the blocks without a language: what somebody types, and what it answers."""
    return [block for lang, block in FENCED.findall(page.read_text("utf-8")) if not lang]


def inline(page: Path) -> list[str]:
    """Return the code that stands in sentences."""
    return INLINE.findall(FENCED.sub("", page.read_text("utf-8")))


def commands(page: Path) -> Iterator[str]:
    """Yield what follows `standline` wherever a command stands on a page."""
    for text in (*fenced(page), *inline(page)):
        for command in COMMAND.findall(text.replace("\\\n", " ")):
            yield " ".join(command.split())


def words(command: str) -> list[str]:
    """Return the words of a command line, without a comment behind it."""
    return shlex.split(command, comments=True)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))
