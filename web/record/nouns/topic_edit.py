"""The forms for a topic that is open: its wording, its story, and whether it takes statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.application.topics import Topics
from timeline.domain.nature import ASKS, DERIVED, SIGNED, Nature, usual_limit
from timeline.domain.text import whole_number
from timeline.domain.topic import Topic
from timeline.projections.queries import directory
from web.record.acts import Act, Acts
from web.record.fields.act_schemas import ReasonSchema
from web.record.fields.noun_schemas import FilingSchema, LedeSchema, NatureSchema, RewordSchema
from web.record.forms.aggregates import load
from web.record.forms.answers import show
from web.record.forms.form_state import FormState
from web.record.forms.lookalikes import ask_back_question, ask_back_topic
from web.record.forms.signing import form_id
from web.record.nouns.pins import FIELDS, read_pins
from web.shell.request import read_connection, services
from web.wording.kinds import nature_in_words, nature_word

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("topic_edit", __name__, url_prefix="/topic/<thing>")


def _check(own: str, sheet: FormState, given: dict[str, Any]) -> None:
    for field in ("topic_question", "topic_name"):
        ask_back_topic(sheet, field, given.get(field) or "", own)
    scale = directory.topic(read_connection(), own).scale.name
    ask_back_question(sheet, given.get("topic_question") or "", scale, own)


def _nature(given: dict[str, Any]) -> dict[str, Any]:
    asks, recurring = given["asks"], bool(given["recurring"])
    months = given["limit_months"]
    limit = whole_number(months) or 0 if months else usual_limit(asks, recurring=recurring)
    prints = DERIVED if given["derived"] else SIGNED
    nature = Nature(asks, recurring, None if given["no_limit"] else limit, prints)
    return {"nature": nature, "reason": given["reason"]}


ACTS = {
    "reword": Act(
        RewordSchema,
        Topics.reword,
        lambda given: {
            "question": given["topic_question"],
            "reason": given["reason"],
            "same_meaning": bool(given["same_meaning"]),
            "name": given["topic_name"],
        },
        check=_check,
    ),
    "classify": Act(NatureSchema, Topics.classify, _nature),
    "lead": Act(
        LedeSchema,
        Topics.set_lede,
        lambda given: {
            "sentence": given["lede"],
            "pinned": [given[one] for one in FIELDS if given[one]],
        },
    ),
    "file": Act(FilingSchema, Topics.file_under, lambda given: {"story": given["story"] or None}),
    "close": Act(ReasonSchema, Topics.close),
    "reopen": Act(ReasonSchema, Topics.reopen),
}


@blueprint.get("")
def edit(thing: str) -> Response:
    """Show what may be done with a topic."""
    return _edit(thing, FormState({}))


def _edit(slug: str, sheet: FormState) -> Response:
    row = directory.topic(read_connection(), slug)
    now = load(Topic, row.id)
    stories = directory.stories(read_connection())
    sheet.prefix = f"{sheet.value('act')}-"
    sheets = {act: FormState({}, prefix=f"{act}-") for act in ACTS} | {sheet.value("act"): sheet}
    sheets["reword"].fill({"topic_question": now.question, "topic_name": now.name})
    asks = now.nature
    sheets["classify"].fill(
        {
            "asks": asks.asks,
            "recurring": "yes" if asks.recurring else "",
            "limit_months": str(asks.limit_months or ""),
            "no_limit": "" if asks.limit_months else "yes",
            "derived": "yes" if asks.prints == DERIVED else "",
        }
    )
    pins = read_pins(read_connection(), now)
    pinned = dict(zip(FIELDS, pins.pinned, strict=False))
    sheets["lead"].fill({"lede": now.lede.sentence, **pinned})
    filed = next((one.slug for one in stories if one.id == now.story), "")
    sheets["file"].fill({"story": filed})
    return show(
        "record/topic_edit.html",
        sheet,
        topic=row,
        now=now,
        filed=filed,
        asks_now=nature_in_words(asks),
        pins=pins,
        pin_fields=FIELDS,
        natures=[(one, nature_word(one)) for one in ASKS],
        stories=[(one.slug, one.title) for one in stories],
        sheets=sheets,
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", form_id()),
    )


Acts(
    ACTS,
    room=lambda _: services().newsroom.topics,
    form=_edit,
    then="/t/{}",
    called={"question": "same_meaning", "pinned": FIELDS[0]},
).route(blueprint)
