"""Dirty files: each is recorded rightly, asked about or refused, and nothing false gets in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.interchange.desk import Desk, row
from timeline.interchange import ImportOptions, import_files
from timeline.interchange.maps.map_file import read_map

FOLDER = Path(__file__).parents[1] / "fixtures" / "dirty"
PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
TRUE = json.loads((FOLDER / "true.json").read_text("utf-8"))
"""By file who said what of which topic on which day, as a person reads it."""
TABLE = dict(re.findall(r"^\| `([\w.-]+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE))


def said(desk: Desk) -> list[list[str]]:
    """Return who said what of which topic on which day, in the order of the log."""
    names = {event.originator_id: event.content.name for event in desk.events("actor.introduced")}
    topics = {event.originator_id: event.content.name for event in desk.events("topic.opened")}
    words = {-2: "against", 2: "for"}
    return [
        [names[event.speaker], topics[event.topic], words[event.stance], event.said_at]
        for event in desk.events("statement.recorded")
    ]


def test_the_documentation_tells_of_each_of_the_files() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"map.toml", "true.json"}
    assert files == TRUE.keys() == TABLE.keys()
    assert len(files) >= 40


@pytest.mark.few(15)
@pytest.mark.parametrize("name", TRUE)
def test_nothing_false_comes_of_a_dirty_file(desk: Desk, name: str) -> None:
    mapping = read_map(FOLDER / "map.toml")
    options = ImportOptions(by="carl", mapping=mapping, goes_on=True)
    summary = import_files(desk, [FOLDER / name], options)
    assert said(desk) == TRUE[name]
    if TABLE[name].startswith("recorded"):
        assert summary.clean, summary.rejections
    else:
        assert summary.rejected + len(summary.refused_files) > 0
    assert all(rejection.reason and rejection.line for rejection in summary.rejections)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_who_is_on_record_under_a_strange_name_comes_back_from_an_export(
    desk: Desk, form: str, tmp_path: Path
) -> None:
    """Total is a company, 99 a band: given a slug or introduced, nobody asks about them."""
    desk.take_rows(
        row(actor="total-company", actor_name="Total", actor_kind="organisation", key="1"),
        row(actor="the-99", actor_name="99", actor_kind="organisation", key="2"),
    )
    path = desk.file(desk.export(form), f"export.{form}")
    with Desk.opened(f"sqlite:///{tmp_path}/other.db", tmp_path) as other:
        summary = import_files(other, [path], ImportOptions(by="carl"))
        names = {event.content.name for event in other.events("actor.introduced")}
    assert summary.clean, summary.rejections
    assert names == {"Total", "99"}


def test_a_file_that_names_its_delimiter_counts_its_lines_from_the_first(desk: Desk) -> None:
    mapping = read_map(FOLDER / "map.toml")
    path = desk.file("sep=;\nwho;what;how;when;text\nAnn;Tax;never;2025-05-01;\n")
    summary = import_files(desk, [path], ImportOptions(by="carl", mapping=mapping))
    assert [rejection.line for rejection in summary.rejections] == [3]
