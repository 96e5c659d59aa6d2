"""The examples of the documentation, run as a reader would run them."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.cli.terminal import done
from tests.docs.pages import ROOT, fenced, name_of, pages, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM, PROMPT = ".venv/bin/standline ", "$ standline "


class Shown(NamedTuple):
    """A command with the answer that a page prints below it."""

    command: str
    answer: str


def shown() -> Iterator[tuple[str, Shown]]:
    for page in pages():
        for block in fenced(page):
            for part in block.split(PROMPT)[1:]:
                command, _, answer = part.partition("\n")
                yield name_of(page), Shown(command, answer.strip())


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds the fixtures as a checkout does, and no store yet."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STANDLINE_STORE", raising=False)
    return tmp_path


@pytest.mark.usefixtures("checkout")
def test_the_commands_of_the_first_ten_minutes_work_in_their_order() -> None:
    blocks = [block for block in fenced(ROOT / "README.md") if PROGRAM in block]
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    answers = {line: done(*words(line.removeprefix(PROGRAM))).out for line in lines}
    assert len(answers) >= 3
    (asked,) = (answer for line, answer in answers.items() if "--why --json" in line)
    (position,) = json.loads(asked)
    assert (position["stance"], position["ignored"][0]["reason"]) == (None, "second_hand")
    told = position["reported"]
    assert (told["stance"], told["attribution"]) == ("accepts", "second_hand")


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize(
    "example", [example for _, example in shown()], ids=[page for page, _ in shown()]
)
def test_a_command_answers_what_the_page_shows(example: Shown) -> None:
    assert done(*shlex.split(example.command)).out.strip() == example.answer


def test_examples_with_answers_are_found() -> None:
    assert "docs/importing.md" in {page for page, _ in shown()}
