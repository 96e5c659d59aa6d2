"""The worked examples of docs/position-rule.md give what the page says they give."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.domain.position.topic_words import office, said, takes_back, topic
from timeline.domain.instants import end_of_day
from timeline.domain.position.edition2 import Record, Topic, changes, findings, positions

if TYPE_CHECKING:
    from timeline.domain.position.edition2 import Change, Position, StatementVersion

PAGE = Path(__file__).parents[3] / "docs" / "position-rule.md"
STEPS = {"opposes": -2, "doubts": -1, "undecided": 0, "uncoded": 0, "accepts": 1, "supports": 2}
STATEMENTS, POSITIONS, CHANGES, VOICES = "No.", "As of", "Day", "Since"

Row = dict[str, str]
Tables = dict[str, list[Row]]


def examples() -> dict[str, Tables]:
    worked = PAGE.read_text().partition("\n## Examples\n")[2].partition("\n## ")[0]
    sections = re.split(r"^### (.+)$", worked, flags=re.MULTILINE)[1:]
    return {title: tables(text) for title, text in zip(sections[::2], sections[1::2], strict=True)}


def tables(text: str) -> Tables:
    """The rows of each table under their headings, by the first of these."""
    found = {}
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        heading, _, *rows = [cells(line) for line in table.splitlines()]
        found[heading[0]] = [dict(zip(heading, row, strict=True)) for row in rows]
    return found


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def names(text: str) -> list[str]:
    return [] if text == "–" else text.split(", ")


def words(row: Row) -> StatementVersion:
    first, _, last = row["Said on"].partition("/")
    number, until = int(row["No."]), last or first
    sets = re.search(r"sets (\S+)", row["What"])
    side = row["For"].removesuffix(" D")
    return said(
        number,
        day(until),
        STEPS.get(row["Stance"]),
        by=row["Who"],
        days=day(until) - day(first) + 1,
        side=None if side == "–" else side,
        rank=int(row["What"].startswith("second-hand")),
        terms=sets[1] if sets else "",
        uncoded=row["Stance"] == "uncoded",
    )


def record(rows: list[Row]) -> Record:
    """What a table of statements says; a decider is out of office after their last words in it."""
    links = [
        takes_back(int(row["No."]), target)
        for row in rows
        if "taking back" in row["What"]
        for target in numbers(row["What"])
    ]
    held = {
        (row["Who"], row["For"].removesuffix(" D")): day(row["Said on"].partition("/")[0])
        for row in rows
        if row["For"].endswith(" D")
    }
    latest = {side: max(day for (_, one), day in held.items() if one == side) for _, side in held}
    # Who was not followed by another still decides.
    offices = [
        office(person, side, decides=True, ends=last if last < latest[side] else None)
        for (person, side), last in held.items()
    ]
    asks = "vote" if any(row["What"] == "vote" for row in rows) else "position"
    return topic(*map(words, rows), *links, *offices, on=Topic(asks=asks))


def stance(stands: Position) -> str:
    if stands.stance is None or stands.stance == "mixed":
        return stands.stance or "–"
    return {value: word for word, value in STEPS.items() if word != "uncoded"}[stands.stance]


def beside(stands: Position) -> str:
    voices = [
        f"voice: {word} {', '.join(map(str, voice.statements))}"
        for voice in stands.voices
        for word, value in STEPS.items()
        if value == voice.direction and word != "uncoded"
    ]
    reported = stands.reported.statements if stands.reported else ()
    others = map(str, sorted({*stands.according_to, *stands.order_open, *reported}))
    return ", ".join((*others, *voices)) or "–"


def as_row(change: Change) -> tuple[object, ...]:
    return (
        change.day,
        change.kind,
        [*change.lanes],
        change.before,
        change.after,
        change.between,
        change.status,
    )


EVERY = pytest.mark.parametrize("example", examples().values(), ids=examples())


def test_the_page_has_nine_examples() -> None:
    assert len(examples()) == 9


@EVERY
def test_an_example_gives_the_positions_of_its_table(example: Tables) -> None:
    for row in example.get(POSITIONS, []):
        known_at = None if row["Known at"] == "now" else int(row["Known at"])
        as_of = end_of_day(day(row["As of"]))
        found = positions(record(example[STATEMENTS]), as_of=as_of, known_at=known_at)
        stands = [position for position in found if position.lane == row["Lane"]]
        told = [(stance(position), position.counted, beside(position)) for position in stands]
        nobody = ("–", (), "–")
        assert (told or [nobody]) == [(row["Stance"], numbers(row["Proof"]), row["Beside"])]


@EVERY
def test_an_example_gives_the_changes_of_its_table(example: Tables) -> None:
    found = [as_row(change) for change in changes(record(example[STATEMENTS]))]
    assert found == [
        (
            day(row["Day"]),
            row["Kind"],
            names(row["Lanes"]),
            numbers(row["Before"]),
            numbers(row["After"]),
            numbers(row["Between"]),
            row["Status"],
        )
        for row in example[CHANGES]
    ]


@EVERY
def test_an_example_gives_the_differing_voices_of_its_table(example: Tables) -> None:
    disagreements = findings(record(example[STATEMENTS])).voices
    assert [
        (
            disagreement.since,
            disagreement.side,
            disagreement.against,
            disagreement.other,
            disagreement.statements,
            disagreement.until,
        )
        for disagreement in disagreements
    ] == [
        (
            day(row["Since"]),
            row["Side"],
            row["Against"],
            row["Other"],
            numbers(row["Proof"]),
            None if row["Until"] == "–" else day(row["Until"]),
        )
        for row in example.get(VOICES, [])
    ]
