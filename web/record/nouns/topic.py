"""The form for a topic: one neutral question, its scale and its story."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint
from marshmallow import ValidationError, validates_schema

from timeline.domain.scales import SCALES
from timeline.domain.topic import Topic
from timeline.projections.queries import directory
from web.chart.levels import step
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.choices import topic_groups
from web.record.fields.inputs import FormSchema, MissingMessage, TextInput
from web.record.forms.aggregates import load
from web.record.forms.answers import attempt, lead_to_new_noun, show, use_own_ids
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.lookalikes import ask_back_question, ask_back_topic
from web.record.forms.signing import byline
from web.shell.request import reader_language, services, this_request
from web.wording.scale_words import WORDS
from web.wording.stances import word

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded

blueprint = Blueprint("topic", __name__, url_prefix="/topic")

NEW = "new"
ONE_QUESTION = lazy_gettext("Word it as one neutral question.")


class TopicSchema(FormSchema):
    """A question, its scale and its story."""

    topic_question = TextInput(ONE_QUESTION)
    topic_name = TextInput()
    slug = TextInput()
    scale = TextInput(lazy_gettext("Choose the words in which people answer."))
    story = TextInput()
    new_story = TextInput()
    succeeds = TextInput()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_story(self, data: dict[str, Any], **_: object) -> None:
        if data.get("story") == NEW and not data.get("new_story"):
            raise ValidationError(
                MissingMessage(gettext("Give the new story a title.")), "new_story"
            )


class ScaleChoice(msgspec.Struct, frozen=True):
    """A scale with its purpose, and its words and marks, lowest first."""

    name: str
    purpose: str
    words: tuple[tuple[str, str], ...]
    neutral: bool


@blueprint.get("")
def ask() -> Response:
    """Show the form; ``succeeds`` may name the topic that this one replaces.

    ``name`` begins the question.
    """
    sheet = FormState({})
    sheet.fill({"succeeds": this_request().query.get("succeeds"), "scale": "position"})
    query = this_request().query
    sheet.fill({"story": query.get("story"), "topic_question": query.get("name")})
    return _form(sheet)


@blueprint.post("")
def take() -> Response:
    """Open the topic and go to its page, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    data = TopicSchema().read(sheet)
    for field in ("topic_question", "topic_name"):
        ask_back_topic(sheet, field, data.get(field) or "")
    ask_back_question(sheet, data.get("topic_question") or "", data.get("scale") or "")
    refuse = partial(sheet.refuse, called={"title": "new_story"})
    if opened := attempt(sheet, partial(_open, data), refuse):
        topic = load(Topic, opened.id)
        return lead_to_new_noun(f"/t/{topic.slug}", topic.slug, topic.question)
    return _form(sheet)


def _open(data: dict[str, Any]) -> Recorded:
    newsroom = services().newsroom
    story = data["story"]
    if story == NEW:
        story = newsroom.stories.open(byline(), data["new_story"]).id
    return newsroom.topics.open(
        byline(),
        data["topic_question"],
        data["scale"],
        slug=data["slug"] or None,
        name=data["topic_name"],
        story=story or None,
        succeeds=data["succeeds"] or None,
    )


def _form(sheet: FormState) -> Response:
    use_own_ids(sheet)
    with reader_language() as conn:
        stories = [(story.slug, story.title) for story in directory.stories(conn)]
    return show(
        "record/topic.html",
        sheet,
        stories=[*stories, (NEW, gettext("a new story"))],
        groups=topic_groups(closed=True),
        scales=_scales(),
    )


def _scales() -> list[ScaleChoice]:
    return [
        ScaleChoice(
            scale.name,
            str(WORDS[scale.name].purpose),
            tuple((step(scale, value), word(scale, value)) for value in scale.steps),
            not scale.partisan,
        )
        for scale in SCALES.values()
    ]
