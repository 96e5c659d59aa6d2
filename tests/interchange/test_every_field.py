"""Every field of the table goes the whole way: into a row, the log, a correction, and out again."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.interchange.desk import Desk, Row, jsonl
from tests.support.tiers import thorough
from timeline.application.commands import Source
from timeline.domain.field import Field, Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, NOUNS, STATEMENT
from timeline.interchange.exporting.export import csv_lines, nest
from timeline.interchange.formats.jsonl_rows import flatten
from timeline.interchange.native.rows_in import id_of_key

if TYPE_CHECKING:
    from pathlib import Path

RECORD: tuple[Row, ...] = (
    {"kind": "actor", "actor": "russia", "actor_kind": "state"},
    {"kind": "actor", "actor": "kyiv", "actor_name": "Kyiv", "actor_kind": "state"},
    {"kind": "story", "story": "talks", "title": "Talks"},
    {"kind": "topic", "topic": "joining", "topic_question": "Should it join?", "story": "talks"},
    {"kind": "topic", "topic": "peace", "topic_question": "Is there peace?", "story": "talks"},
)
NAMED: Row = {
    "kind": "statement",
    "topic": "peace",
    "actor": "kyiv",
    "stance": "accepts",
    "said_at": "2024",
    "key": "talks:1",
}
"""The statement that others refer to."""

BASE: dict[str, Row] = {
    "statement": {"topic": "joining", "actor": "russia", "stance": "accepts", "said_at": "2025"},
    "development": {
        "kind": "development",
        "title": "Talks end",
        "topics": ["joining"],
        "happened_at": "2025",
    },
    "story": {"kind": "story", "story": "summit", "title": "Summit"},
    "topic": {"kind": "topic", "topic": "votes", "topic_question": "Votes?", "scale": "position"},
    "actor": {"kind": "actor", "actor": "ann", "actor_name": "Ann"},
}
SAMPLES = {
    Type.TEXT: "Some words",
    Type.LANGUAGE: "de",
    Type.ADDRESS: "https://example.org/new",
    Type.DATE: "2025-11",
    Type.CONTEXT: "words beside, and a space ",
    Type.STANCE: "doubts",
    Type.MARK: "talks:1",
    Type.FLAG: "yes",
}
OWN: dict[str, Any] = {
    "scale": "position",
    "story": "talks",
    "topics": ["joining", "peace"],
    "sides": [{"label": "East", "actors": ["russia"]}],
    "aliases": ["Somebody"],
    "mandates": [{"for": "kyiv", "as": "envoy"}],
    "further_sources": [{"outlet": "Another", "attribution": "reported"}],
    "drops": ["talks:1"],
    "quote.wording": "translated",
    "quote.start": 3,
    "quote.end": 3 + len("Some words"),
    "passage.start": 3,
    "passage.end": 3 + len("Some words"),
}
"""Samples of fields whose values hang on what else is on record."""

PARTS: dict[str, Row] = {
    "quote": {"attribution": "joint", "quote.text": "Some words"},
    "passage": {"passage.text": "Some words"},
}
WITH: dict[str, Row] = {
    "no_position_reason": {"stance": "no_position", "asked": "What?"},
    "reported_via": {"attribution": "second_hand"},
    "dissent": {"attribution": "voted"},
    "mandate_reason": {"on_behalf_of": "kyiv"},
    "on_behalf_of": {"mandate_reason": "Both signed it."},
    "quote.start": {"quote.end": OWN["quote.end"]},
    "quote.end": {"quote.start": OWN["quote.start"]},
    "passage.start": {"passage.end": OWN["passage.end"]},
    "passage.end": {"passage.start": OWN["passage.start"]},
}
"""What a field is never without."""

ROWED = [
    (kind, field)
    for kind, fields in (NOUNS | {"statement": (*STATEMENT, *DOCUMENT)}).items()
    for field in fields
    if field.in_rows and kind != "document"
]
MENDED = [
    (kind, field)
    for kind, fields in (("statement", STATEMENT), ("development", DEVELOPMENT))
    for field in fields
    if field.correctable
]


def shown(value: object) -> str:
    return value.name if isinstance(value, Field) else str(value)


def sample(kind: str, field: Field) -> Any:  # noqa: ANN401 - a field holds text, numbers or lists
    if kind in ("story", "topic", "actor") and field.name in BASE[kind]:
        return BASE[kind][field.name]
    if field.name in OWN:
        return OWN[field.name]
    if field.type is Type.REFERENCE:
        return {"topic": "peace", "statement": "talks:1"}.get(field.noun, "kyiv")
    return field.choices[-1] if field.type is Type.CHOICE else SAMPLES[field.type]


def written(kind: str, field: Field) -> Row:
    return BASE[kind] | around(field) | WITH.get(field.name, {}) | {field.name: sample(kind, field)}


def around(field: Field) -> Row:
    return PARTS.get(field.name.partition(".")[0], {})


def file(desk: Desk, rows: tuple[Row, ...], name: str) -> Path:
    content = "".join(csv_lines(rows)) if name == "csv" else jsonl(map(nest, rows))
    return desk.file(content, f"rows.{name}")


def told(exported: str, name: str) -> list[Row]:
    """Return the rows of an export: flat, and as text where it is a table."""
    if name == "csv":
        return list(csv.DictReader(io.StringIO(exported)))
    return [flatten(json.loads(line)) for line in exported.splitlines()]


@pytest.mark.parametrize("name", ["jsonl", *thorough("csv")])
@pytest.mark.parametrize(("kind", "field"), ROWED, ids=shown)
def test_a_field_comes_out_of_the_record_as_it_went_in(
    desk: Desk, kind: str, field: Field, name: str
) -> None:
    summary = desk.take(file(desk, (*RECORD, written(kind, field)), name))
    assert summary.clean, summary.rejections
    if field.noun == "statement":
        desk.take_rows(NAMED)
    row = next(one for one in told(desk.export(name), name) if is_own(one, kind))
    assert row[field.name] == as_told(kind, field, name)


def is_own(row: Row, kind: str) -> bool:
    own = BASE[kind].get(kind)
    return bool(row["kind"] == kind and (kind in ("statement", "development") or row[kind] == own))


def as_told(kind: str, field: Field, name: str) -> object:
    value = sample(kind, field)
    if name == "csv" and isinstance(value, list):
        return ";".join(value) if isinstance(value[0], str) else msgspec.json.encode(value).decode()
    return str(value) if name == "csv" else value


@pytest.mark.parametrize(("kind", "field"), MENDED, ids=shown)
def test_a_field_that_can_be_corrected_holds_afterwards_what_the_correction_says(
    desk: Desk, kind: str, field: Field
) -> None:
    desk.take_rows(*RECORD, NAMED, BASE[kind] | around(field))
    rooms: Any = desk.newsroom.statements if kind == "statement" else desk.newsroom.developments
    position = desk.log.head()
    changes = WITH.get(field.name, {}) | {field.name: new(kind, field)}
    rooms.correct(desk.anna(), position, changes, "We misread it.")
    event = next(one for one in desk.events(f"{kind}.corrected") if one.field == field.on_record)
    assert (event.content.new is not None) == field.is_content
    entry = rooms.KIND.replay(desk.log.stream_of(event.originator_id))
    assert entry.fields[field.on_record] == (event.content.new if field.is_content else event.new)
    assert entry.fields[field.on_record]


def new(kind: str, field: Field) -> object:
    if field.noun == "document":
        return Source(outlet="Kyiv Post")
    if field.noun == "statement":
        named = f"urn:uuid:{id_of_key('talks:1')}"
        return [named] if field.many else named
    others = {"topic": "peace", "quote.text": "Other words", "passage.text": "Other words"}
    return others.get(field.name) or sample(kind, field)


@pytest.mark.parametrize("field", DOCUMENT, ids=shown)
def test_a_field_of_a_source_can_be_corrected_too(desk: Desk, field: Field) -> None:
    desk.take_rows(*RECORD, BASE["statement"])
    document = desk.event("document.filed").originator_id
    inner = field.on_record
    value = field.choices[-1] if field.choices else SAMPLES[field.type]
    desk.newsroom.documents.correct(desk.anna(), document, inner, value, "We misread it.")
    event = desk.event("document.corrected")
    assert event.field == inner
    assert (event.content.new if field.is_content else event.new) == value
