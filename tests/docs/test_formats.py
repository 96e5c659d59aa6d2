"""The page on formats is true: it names every format, and shows the maps that come with them."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT
from tests.interchange.desk import Desk
from tests.interchange.foreign.test_sheet import xlsx
from timeline.interchange.formats.registry import exporters, importers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")
FOREIGN = ROOT / "timeline" / "interchange" / "foreign"


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """An empty newsroom."""
    with Desk.opened(sqlite_url, tmp_path) as opened:
        yield opened


def test_every_format_is_named() -> None:
    named = set(re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE))
    assert {*importers(), *exporters()} - named == set()


def test_a_map_is_shown_as_it_is_used() -> None:
    shown = dict(re.findall(r"<!-- the map of (\w+) -->\n```toml\n(.*?)```", PAGE, re.DOTALL))
    used = {path.stem: path.read_text("utf-8") for path in FOREIGN.glob("*.toml")}
    assert used
    assert {name: shown.get(name) for name in used} == used


def block(mark: str, language: str) -> str:
    match = re.search(rf"<!-- {re.escape(mark)} -->\n```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert match, mark
    return match[1]


@pytest.mark.parametrize(
    ("name", "stances", "dates"),
    [
        ("list.csv", [2, -2], ["", ""]),
        ("thesen.csv", [2, -2, None], ["2021-09-01", "2021-09-15", "2021-09"]),
        ("votes.xlsx", [2, -2, None], ["2021-09-01", "2021-09", "2021"]),
    ],
)
def test_a_foreign_file_comes_in_by_its_map(
    desk: Desk, name: str, stances: list[int | None], dates: list[str]
) -> None:
    rows = block(f"rows: {name}", "csv")
    content: str | bytes = rows
    if name.endswith(".xlsx"):
        cells = [line.split(",") for line in rows.splitlines()]
        typed = [[int(cell) if cell.isdigit() else cell or None for cell in line] for line in cells]
        content = xlsx(("Notes", [["not these"]]), ("Votes", typed))
    summary = desk.take(
        desk.file(content, name), mapping=tomllib.loads(block(f"map: {name}", "toml"))
    )
    assert summary.clean, summary.rejections
    said = desk.events("statement.recorded")
    assert [event.stance for event in said] == stances
    assert [event.said_at.removeprefix("../2005-01-26") for event in said] == dates
    assert summary.topics_opened == 1
