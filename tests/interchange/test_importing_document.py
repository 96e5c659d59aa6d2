"""The page on importing is true: its rows are imported, its maps are read, its output is ours."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.interchange.desk import Desk
from timeline.domain.fields import COLUMNS, ROWS, TOPIC
from timeline.interchange import ImportOptions, import_files, read_map
from timeline.interchange.maps.map_file import checked_map
from timeline.interchange.maps.map_schema import KEYS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_its_lines_are_imported(desk: Desk) -> None:
    for number, block in enumerate(blocks("json")):
        summary = desk.take(desk.file(block, f"{number}.jsonl"))
        assert summary.clean, summary.rejections


@pytest.mark.parametrize("block", blocks("toml"))
def test_its_maps_are_read(block: str) -> None:
    checked_map(tomllib.loads(block))


def test_its_example_is_the_map_that_we_ship() -> None:
    assert blocks("toml")[0] == (ROOT / "fixtures" / "bundestag.toml").read_text(encoding="utf-8")


def test_its_output_is_what_the_import_says(desk: Desk) -> None:
    (shown,) = re.findall(r"^\$ standline import .*\n((?:.+\n)+?)```", PAGE, re.MULTILINE)
    mapping = read_map(ROOT / "fixtures" / "bundestag.toml")
    options = ImportOptions(mapping=mapping)
    summary = import_files(desk, [ROOT / "fixtures" / "bundestag.csv"], options)
    assert shown.splitlines() == summary.lines()


def test_its_rows_of_the_example_are_mapped(desk: Desk) -> None:
    mapping = tomllib.loads(blocks("toml")[0])
    (rows,) = blocks("csv")
    assert desk.take(desk.file(rows), mapping=mapping).recorded == 1


@pytest.mark.parametrize("name", COLUMNS)
def test_it_names_every_field(name: str) -> None:
    inner = name.partition(".")[2]
    assert f"`{name}`" in PAGE or f"`.{inner}`" in PAGE or f'"{name}"' in PAGE


OF_SEVERAL = {"translations", "variables", "attributes"}


def named(heading: str) -> set[str]:
    """Return the fields that the table under a heading has in its first column.

    Translations and own variables are none: each has a field of its own, with its language or id.
    """
    part = PAGE.partition(f"\n### {heading}\n")[2].partition("\n#")[0]
    cells = re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)
    told = [name for cell in cells for name in re.findall(r"`([a-z_.]+)`", cell)]
    return {f"source{name}" if name[0] == "." else name for name in told} - OF_SEVERAL


def test_its_table_of_statements_has_the_fields_of_a_statement() -> None:
    assert named("Statements") | named("Both") == ROWS["statement"].keys()


def test_its_table_of_developments_has_the_fields_of_a_development() -> None:
    of_topics = {field.name for field in TOPIC}
    assert named("Developments") | named("Both") | of_topics == ROWS["development"].keys()


@pytest.mark.parametrize("key", KEYS)
def test_it_names_every_key_of_a_map(key: str) -> None:
    assert re.search(rf"`\[*(?:{key})[.`\]]", PAGE)
