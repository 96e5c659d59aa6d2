"""Every field that can be corrected stands in the forms that write and mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.application.commands import Quoted
from timeline.domain.document import DocumentCorrected
from timeline.domain.entry import Corrected
from timeline.domain.field import Field, Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from web.record.fields.schemas import CorrectionSchema, DevelopmentSchema, StatementSchema

if TYPE_CHECKING:
    from tests.web.record.desk import Desk
    from web.record.fields.inputs import FormSchema

ASKED = [
    (kind, field)
    for kind, fields in (
        ("statement", (*STATEMENT, *DOCUMENT)),
        ("development", (*DEVELOPMENT, *DOCUMENT)),
    )
    for field in fields
    if field.correctable and field.noun != "document"
]
FORMS: dict[str, type[FormSchema]] = {
    "statement": StatementSchema,
    "development": DevelopmentSchema,
}
SAMPLES = {
    Type.TEXT: "Other words",
    Type.LANGUAGE: "fr",
    Type.ADDRESS: "https://example.org/other",
    Type.DATE: "2025-11-30",
    Type.STANCE: "doubts",
    Type.MARK: "talks:1",
    Type.FLAG: "yes",
}
WITH = {
    "no_position_reason": {"stance": "no_position", "asked": "What?"},
    "reported_via": {"attribution": "second_hand", "quote.text": ""},
    "attribution": {"quote.text": "", "quote.wording": ""},
    "mandate_reason": {"on_behalf_of": "aland"},
    "on_behalf_of": {"mandate_reason": "Both signed it."},
    "topic": {"stance": "rules out"},
    "dissent": {"attribution": "voted", "quote.text": "", "quote.wording": ""},
}
"""What a field is never without."""


def shown(value: object) -> str:
    return value.name if isinstance(value, Field) else str(value)


def recorded(desk: Desk, kind: str) -> int:
    """Record an entry of that kind and return its number."""
    if kind == "statement":
        return desk.say(quote=Quoted(text="Niemals", lang="de", wording="original"))
    return desk.happen(status="claimed", happened_at="2025-12-01")


def sample(field: Field) -> str:
    if field.type is Type.REFERENCE:
        return "deal" if field.noun == "topic" else "aland"
    return field.choices[-1] if field.type is Type.CHOICE else SAMPLES[field.type]


@pytest.mark.parametrize(("kind", "field"), ASKED, ids=shown)
def test_a_field_is_read_from_its_form_and_from_the_one_that_corrects(
    kind: str, field: Field
) -> None:
    for form in (FORMS[kind], CorrectionSchema):
        assert field.attribute in form().load_fields


@pytest.mark.parametrize(("kind", "field"), ASKED, ids=shown)
def test_a_field_is_corrected_by_what_somebody_types_into_its_form(
    desk: Desk, kind: str, field: Field
) -> None:
    named = desk.say(stance="doubts", paraphrase="Named by others.")
    number = recorded(desk, kind)
    page = desk.get(f"/record/{number}/correct").text
    assert f'name="{field.name}"' in page
    head = desk.head()
    ticked = {"topics": "a-union"} if kind == "development" else {}
    typed = {**ticked, **WITH.get(field.name, {}), field.name: sample(field), "reason": "Misread."}
    if field.noun == "statement":
        typed[field.name] = str(named)
    answer = desk.post(
        f"/record/{number}/correct", desk.opened(f"/record/{number}/correct") | typed
    )
    assert answer.status_code == 303, answer.text
    corrected = [
        event.field
        for event in desk.events(head)
        if isinstance(event, Corrected | DocumentCorrected)
    ]
    assert field.on_record in corrected
