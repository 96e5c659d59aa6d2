from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.application import commands
from timeline.application.commands import RecordDevelopment, RecordStatement
from timeline.domain.entry import FURTHER_SOURCES
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
