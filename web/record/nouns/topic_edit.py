"""The forms that edit a topic: its wording, its story, and whether it takes statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.application.topics import Topics
from timeline.domain.lede import MOST
from timeline.domain.nature import ASKS, DERIVED, SIGNED, Nature, usual_limit
from timeline.domain.text import whole_number
from timeline.domain.topic import Topic
from timeline.projections.queries import directory
from timeline.projections.queries.entries import numbers_of
from timeline.projections.queries.topic_changes import TopicChanges
from web.i18n import dates
from web.i18n.translate import lazy_gettext
from web.lanes.turning_points import pinned_among, signed_heads
from web.record.acts import Act, Acts
from web.record.fields.inputs import REASON, WHY, TextInput, form
from web.record.forms.aggregates import load
from web.record.forms.answers import show
from web.record.forms.form_state import FormState
from web.record.forms.lookalikes import ask_back_question, ask_back_topic
from web.record.forms.signing import form_id
from web.record.nouns.topic import ONE_QUESTION
from web.shell.publisher import publisher
from web.shell.request import read_connection, services
from web.wording.change_sentences import ChangeWriter
from web.wording.kinds import nature_in_words, nature_word
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.positions import LaneChange

FIELDS = tuple(f"pin_{place}" for place in range(1, MOST + 1))


class Pins(msgspec.Struct, frozen=True):
    """The pins of a topic: ``offered`` are its signed changes, the latest first.

    Each is named by the number of its last statement. ``pinned`` are those that are pinned;
    ``fallen`` are pinned statements that no page shows any more.
    """

    offered: list[tuple[str, str]]
    pinned: list[str]
    fallen: list[int]


def read_pins(conn: Connection, topic: Topic) -> Pins:
    """Return the changes that may be pinned on a topic, and those that are."""
    changes = TopicChanges(conn, topic.id).visible()
    heads = sorted(
        signed_heads(changes), key=lambda change: change.change.counts_from, reverse=True
    )
    names = Names(conn)
    teller = ChangeWriter(conn, names, heads, own=publisher().language)
    offered = [
        (_value(change), f"{dates.day(change.change.counts_from)}: {teller.tell(change).brief}")
        for change in heads
    ]
    numbers = numbers_of(conn, topic.lede.pinned)
    pinned = [numbers[stream] for stream in topic.lede.pinned if stream in numbers]
    heads_by_number = {number for change in heads for number in change.change.after}
    return Pins(
        offered=offered,
        pinned=[_value(change) for change in pinned_among(changes, pinned)],
        fallen=[stream for stream in pinned if stream not in heads_by_number],
    )


def _value(change: LaneChange) -> str:
    return f"#{change.change.after[-1]}"


blueprint = Blueprint("topic_edit", __name__, url_prefix="/topic/<thing>")


def _check(own: str, sheet: FormState, data: dict[str, Any]) -> None:
    for field in ("topic_question", "topic_name"):
        ask_back_topic(sheet, field, data.get(field) or "", own)
    scale = directory.topic(read_connection(), own).scale.name
    ask_back_question(sheet, data.get("topic_question") or "", scale, own)


def _nature(data: dict[str, Any]) -> dict[str, Any]:
    asks, recurring = data["asks"], bool(data["recurring"])
    months = data["limit_months"]
    limit = whole_number(months) or 0 if months else usual_limit(asks, recurring=recurring)
    prints = DERIVED if data["derived"] else SIGNED
    nature = Nature(asks, recurring, None if data["no_limit"] else limit, prints)
    return {"nature": nature, "reason": data["reason"]}


ACTS = {
    "reword": Act(
        form(
            topic_question=TextInput(ONE_QUESTION),
            topic_name=TextInput(),
            same_meaning=TextInput(
                lazy_gettext("A new meaning needs a new topic: confirm that it is the same.")
            ),
            reason=TextInput(WHY),
        ),
        Topics.reword,
        lambda data: {
            "question": data["topic_question"],
            "reason": data["reason"],
            "same_meaning": bool(data["same_meaning"]),
            "name": data["topic_name"],
        },
        check=_check,
    ),
    "classify": Act(
        form(
            asks=TextInput(lazy_gettext("Choose what it asks for.")),
            recurring=TextInput(),
            limit_months=TextInput(),
            no_limit=TextInput(),
            derived=TextInput(),
            reason=TextInput(),
        ),
        Topics.classify,
        _nature,
    ),
    "lead": Act(
        form(lede=TextInput(), **dict.fromkeys(FIELDS, TextInput())),
        Topics.set_lede,
        lambda data: {
            "sentence": data["lede"],
            "pinned": [data[field] for field in FIELDS if data[field]],
        },
    ),
    "file": Act(
        form(story=TextInput()), Topics.file_under, lambda data: {"story": data["story"] or None}
    ),
    "close": Act(REASON, Topics.close),
    "reopen": Act(REASON, Topics.reopen),
}


@blueprint.get("")
def edit(thing: str) -> Response:
    """Show the forms that edit a topic."""
    return _edit(thing, FormState({}))


def _edit(slug: str, sheet: FormState) -> Response:
    row = directory.topic(read_connection(), slug)
    now = load(Topic, row.id)
    stories = directory.stories(read_connection())
    sheet.prefix = f"{sheet.value('act')}-"
    sheets = {act: FormState({}, prefix=f"{act}-") for act in ACTS} | {sheet.value("act"): sheet}
    sheets["reword"].fill({"topic_question": now.question, "topic_name": now.name})
    nature = now.nature
    sheets["classify"].fill(
        {
            "asks": nature.asks,
            "recurring": "yes" if nature.recurring else "",
            "limit_months": str(nature.limit_months or ""),
            "no_limit": "" if nature.limit_months else "yes",
            "derived": "yes" if nature.prints == DERIVED else "",
        }
    )
    pins = read_pins(read_connection(), now)
    pinned = dict(zip(FIELDS, pins.pinned, strict=False))
    sheets["lead"].fill({"lede": now.lede.sentence, **pinned})
    filed = next((story.slug for story in stories if story.id == now.story), "")
    sheets["file"].fill({"story": filed})
    return show(
        "record/topic_edit.html",
        sheet,
        topic=row,
        now=now,
        filed=filed,
        asks_now=nature_in_words(nature),
        pins=pins,
        pin_fields=FIELDS,
        natures=[(asks_for, nature_word(asks_for)) for asks_for in ASKS],
        stories=[(story.slug, story.title) for story in stories],
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
