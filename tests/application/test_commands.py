from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.application.newsdesk import START, Newsdesk
from timeline.application import commands
from timeline.application.commands import RecordDevelopment, RecordStatement
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.errors import Refused
from timeline.domain.fields import ROWS
from timeline.interchange.native.fields import is_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

PARTS = {
    "source": commands.Source,
    "quote": commands.Quoted,
    "passage": commands.Excerpt,
    "condition": commands.Condition,
}


def named(kind: type[msgspec.Struct]) -> Iterator[str]:
    for name in kind.__struct_fields__:
        part = PARTS.get(name)
        yield from (f"{name}.{inner}" for inner in part.__struct_fields__) if part else (name,)


@pytest.mark.parametrize(
    ("kind", "command"), [("statement", RecordStatement), ("development", RecordDevelopment)]
)
def test_a_command_has_the_fields_of_its_line_but_those_that_only_add_to_it(
    kind: str, command: type[msgspec.Struct]
) -> None:
    assert {*named(command)} - {"variables"} == ROWS[kind].keys() - {"kind", FURTHER_SOURCES}


def test_a_statement_takes_what_its_codebook_asks_beside_the_columns() -> None:
    assert is_field("variables.salience")
    assert "variables" in RecordStatement.__struct_fields__


def test_a_byline_says_who_when_and_by_which_way(desk: Newsdesk) -> None:
    byline = desk.newsroom.byline(" anna ", "import:rows.csv", "click-1")
    assert byline.at > START
    assert (byline.by, byline.via, byline.key) == ("anna", "import:rows.csv", "click-1")


@pytest.mark.parametrize("by", ["", "  ", "an\0na", "\ud800"])
def test_nobody_records_without_a_handle(desk: Newsdesk, by: str) -> None:
    with pytest.raises(Refused) as no:
        desk.newsroom.byline(by)
    assert no.value.field == "by"


def test_a_file_name_that_is_no_text_is_refused_rather_than_stored(desk: Newsdesk) -> None:
    with pytest.raises(Refused, match="via: "):
        desk.newsroom.byline("anna", "import:\udcff.csv")
