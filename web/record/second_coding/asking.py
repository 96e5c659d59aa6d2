"""The samples to code again: list one's own, and ask colleagues for others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.desk.second_readings import PARAGRAPH
from timeline.projections.queries import directory
from timeline.second_coding.drawing import coders, draw
from web.i18n import dates
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.choices import topic_groups
from web.record.fields.inputs import FormSchema, TextInput
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import form_id, own_handle
from web.shell.parts import add_part
from web.shell.policies import may_record
from web.shell.request import read_connection, reader_language, services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.second_readings import Sample

blueprint = Blueprint("samples", __name__, url_prefix="/second-coding")
add_part(blueprint, "record.nav", "record/second_coding_nav.html")

HERE = "/record/second-coding"


class DrawSchema(FormSchema):
    """Who should code how much of a topic again."""

    topic = TextInput(lazy_gettext("Choose the topic."))
    coder = TextInput(lazy_gettext("Choose who codes it again."))
    size = TextInput(lazy_gettext("Give a number, or a share such as 10%."))
    shows = TextInput()


class SampleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A sample as the list shows it."""

    id: str
    question: str
    coder: str
    by: str
    when: str
    size: int
    read: int
    is_own: bool
    is_done: bool


@blueprint.get("")
def queue() -> Response:
    """Show the reader's own samples, and to editors those of others."""
    return _queue(FormState({}))


@blueprint.post("")
def ask() -> Response:
    """Draw a sample for a colleague, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    data = DrawSchema().read(sheet)
    if attempt(sheet, partial(_draw, sheet, data)):
        return go_on(HERE)
    return _queue(sheet)


@blueprint.post("/<uuid:sample>/back")
def take_back(sample: UUID) -> Response:
    """Take a sample back: what was not read yet is no longer asked for."""
    services().desk.second_readings.take_back(str(sample))
    return go_on(HERE)


def _draw(sheet: FormState, data: dict[str, Any]) -> Sample:
    return draw(
        services(),
        read_connection(),
        sample=form_id(sheet.value("sample")),
        slug=data["topic"],
        coder=data["coder"],
        size=data["size"],
        by=own_handle(),
        shows=PARAGRAPH if data["shows"] == PARAGRAPH else "",
    )


def _queue(sheet: FormState) -> Response:
    handle = own_handle()
    everything = services().desk.second_readings.samples() if services().desk.is_there() else []
    with reader_language() as conn:
        questions = {topic.id: topic.question for topic in directory.topics(conn)}
    rows = [_row(sample, questions, handle) for sample in everything]
    sheet.fill({"size": "40"})
    return show(
        "record/second_coding.html",
        sheet,
        waiting=[row for row in rows if row.is_own and not row.is_done],
        done=[row for row in rows if row.is_own and row.is_done],
        asked=[row for row in rows if not row.is_own] if may_record() else [],
        groups=topic_groups(closed=True) if may_record() else [],
        shows=[
            ("", gettext("the words, with who speaks and when")),
            (PARAGRAPH, gettext("the paragraph alone: speaker, day and passage are read, too")),
        ],
        coders=[(coder.handle, coder.name) for coder in coders(services())] if may_record() else [],
        sample=form_id(sheet.value("sample")),
    )


def _row(sample: Sample, questions: dict[str, str], handle: str) -> SampleRow:
    return SampleRow(
        id=sample.id,
        question=questions.get(sample.topic, ""),
        coder=sample.coder,
        by=sample.asked_by,
        when=dates.moment_us(sample.asked_at),
        size=sample.size,
        read=sample.read,
        is_own=sample.coder == handle,
        is_done=sample.is_done,
    )
