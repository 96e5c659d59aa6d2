from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from msgspec import structs

from timeline.domain import actor, development, document, statement, story, topic
from timeline.domain.event import Content, Event, own_fields
from timeline.domain.field import Field, Storage, Type
from timeline.domain.fields import COLUMNS, EVERY, LIMITS, NOUNS, ROWS
from timeline.domain.quote import Passage, Quote

if TYPE_CHECKING:
    from types import ModuleType

MODULES = {
    "statement": statement,
    "development": development,
    "document": document,
    "topic": topic,
    "actor": actor,
    "story": story,
}
FIRST: dict[str, tuple[type[Event], type[Content]]] = {
    "statement": (statement.StatementRecorded, statement.Words),
    "development": (development.DevelopmentRecorded, development.Headline),
    "document": (document.DocumentFiled, document.Imprint),
}
DECLARED = [(noun, field) for noun, fields in NOUNS.items() for field in fields]
ENTRIES = {
    "statement": (statement.Statement.CODED, statement.Statement.WORDS),
    "development": (development.Development.CODED, development.Development.WORDS),
    "document": (document.CODED, document.WORDS),
}


def shown(value: object) -> str:
    return value.name if isinstance(value, Field) else str(value)


def events(module: ModuleType) -> list[type[Event]]:
    found = [var for var in vars(module).values() if isinstance(var, type) and var is not Event]
    return [one for one in found if issubclass(one, Event)]


def erasable(kind: type[Event]) -> set[str]:
    """Return the dotted names in the erasable part of an event."""
    parts = [get_args(field.type)[0] for field in structs.fields(kind) if field.name == "content"]
    names = {name for part in parts for name in own_fields(part)}
    parts_of = {"quote": Quote, "passage": Passage}
    inside = (f"{at}.{one}" for at in names & {*parts_of} for one in parts_of[at].__struct_fields__)
    return names | {*inside}


@pytest.mark.parametrize(("noun", "field"), DECLARED, ids=shown)
def test_a_field_stands_in_an_event_of_its_noun_where_the_table_says(
    noun: str, field: Field
) -> None:
    kinds = events(MODULES[noun])
    committed = {name for kind in kinds for name in own_fields(kind)}
    content = {name for kind in kinds for name in erasable(kind)}
    if field.on_record == "further_sources":
        assert field.on_record not in committed | content  # only corrections have it
    elif field.storage is Storage.CONTENT:
        assert field.path in content
    else:
        assert field.on_record in committed


FOLLOWING = {"wording", "scale_version"}
"""What follows from other fields: from the topic, and from the word of the stance."""


@pytest.mark.parametrize("noun", FIRST)
def test_the_table_has_every_field_of_a_first_event(noun: str) -> None:
    event, words = FIRST[noun]
    declared = {field.path.partition(".")[0] for field in NOUNS[noun]}
    assert {*own_fields(event), *own_fields(words)} <= declared


@pytest.mark.parametrize("noun", ENTRIES)
def test_what_the_table_lets_be_corrected_is_what_the_noun_corrects(noun: str) -> None:
    coded, words = ENTRIES[noun]
    mended = [field for field in NOUNS[noun] if field.correctable]
    assert {field.on_record for field in mended if field.is_content} == {*words}
    assert {field.on_record for field in mended if not field.is_content} == {*coded} - FOLLOWING


@pytest.mark.parametrize("field", [one for one in EVERY if one.correctable], ids=shown)
def test_a_field_that_can_be_corrected_has_a_name_for_readers(field: Field) -> None:
    assert field.label


@pytest.mark.parametrize("field", EVERY, ids=shown)
def test_a_field_says_what_its_type_asks_for(field: Field) -> None:
    assert bool(field.choices) == (field.type is Type.CHOICE)
    assert bool(field.noun) == (field.type is Type.REFERENCE)
    assert field.about


def test_fields_of_one_name_have_one_limit() -> None:
    assert all(LIMITS[field.name] == field.limit for field in EVERY)


def test_every_field_of_a_line_is_a_column() -> None:
    assert {name for fields in ROWS.values() for name in fields} == COLUMNS.keys()
