"""The worked examples of docs/position-rule.md give what the page says they give."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.domain.lane_words import SECOND_HAND, answer, said, takes_back
from timeline.domain.instants import end_of_day
from timeline.domain.position import Beside, Change, Reading, Stance, Withdrawal, changes, position
from timeline.domain.scales import SCALES

PAGE = Path(__file__).parents[2] / "docs" / "position-rule.md"
SCALE = SCALES["position"]
REASONS = {"later": "later_than_as_of"}

Row = list[str]


class Example(NamedTuple):
    said: list[Row]
    positions: list[Row]
    changes: list[Row]


def examples() -> dict[str, Example]:
    worked = PAGE.read_text().partition("## Three examples")[2]
    sections = re.split(r"^### (.+)$", worked, flags=re.MULTILINE)[1:]
    return {
        title: Example(*tables(text))
        for title, text in zip(sections[::2], sections[1::2], strict=True)
    }


def tables(text: str) -> list[list[Row]]:
    """The rows of each table below its heading and rule."""
    found = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[cells(line) for line in table.splitlines()[2:]] for table in found]


def cells(line: str) -> Row:
    return [cell.strip() for cell in line.strip("|").split("|")]


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def stance(word: str) -> Stance:
    if word in ("no position", "no statement"):
        return None
    return "mixed" if word == "mixed" else SCALE.value(word)


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def reading(row: Row) -> Reading:
    number, said_on, who, what, word = row
    value = stance(word)
    assert value != "mixed"
    rank = SECOND_HAND if what.startswith("second-hand") else 0
    return said(int(number), day(said_on), value, speaker=who, rank=rank)


def withdrawals(rows: list[Row]) -> list[Withdrawal]:
    return [
        takes_back(int(row[0]), target)
        for row in rows
        if "taking back" in row[3]
        for target in numbers(row[3])
    ]


def beside(text: str) -> Beside | None:
    if text == "–":
        return None
    word, number = text.removeprefix("reported: ").split()
    return Beside(stance(word), SECOND_HAND, (int(number),))


def reasons(text: str) -> dict[int, str]:
    found = [part.strip().split(" ", 1) for part in text.split(",")]
    return {int(number): REASONS.get(why, why.replace(" ", "_")) for number, why in found}


def told(change: Change) -> tuple[object, ...]:
    return (
        change.day,
        change.kind,
        change.from_,
        change.to,
        change.before,
        change.after,
        change.withdrawn_by,
        change.other_speaker,
    )


def test_the_page_has_three_examples() -> None:
    assert len(examples()) == 3


@pytest.mark.parametrize("example", examples().values(), ids=examples())
def test_an_example_gives_the_positions_of_its_table(example: Example) -> None:
    lane = [reading(row) for row in example.said]
    links = withdrawals(example.said)
    for as_of, known, word, proof, aside, why in example.positions:
        known_at = None if known == "now" else int(known)
        stands = position(lane, links, as_of=end_of_day(day(as_of)), known_at=known_at)
        assert answer(stands) == (stance(word), numbers(proof), reasons(why))
        assert stands.reported == beside(aside)


@pytest.mark.parametrize("example", examples().values(), ids=examples())
def test_an_example_gives_the_changes_of_its_table(example: Example) -> None:
    lane = [reading(row) for row in example.said]
    found = [told(change) for change in changes(lane, withdrawals(example.said))]
    assert found == [
        (
            day(on),
            kind,
            stance(before),
            stance(after),
            numbers(proof),
            numbers(proof_after),
            numbers(back),
            other == "yes",
        )
        for on, kind, before, after, proof, proof_after, back, other in example.changes
    ]


def test_the_run_of_the_first_example_is_as_the_page_says() -> None:
    lane = [reading(row) for row in next(iter(examples().values())).said]
    stands = position(lane, as_of=end_of_day(day("2025-03-10")))
    assert (stands.first, stands.last, stands.statements) == (11, 12, 2)
