"""Decide between two readings: keep the record or correct it; both coders are named."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.application.readings import CodedStance, SecondReading
from timeline.desk.second_readings import NO_SUCH_SAMPLE
from timeline.domain.errors import NotFound
from timeline.domain.statement import Statement
from timeline.interchange.native.codebooks import word_of
from timeline.projections.queries import directory
from timeline.second_coding.comparing import paired_readings
from web.entries.codebooks import codebook_now
from web.i18n.translate import lazy_gettext
from web.record.fields.choices import reasons, stance_choices
from web.record.fields.inputs import WHY, FormSchema, TextInput
from web.record.forms.aggregates import load
from web.record.forms.answers import attempt, go_on, look_again, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import byline_of, form_id, own_handle
from web.record.second_coding.rows import pair_rows
from web.shell.request import read_connection, reader_language, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded
    from timeline.projections.queries.directory import Topic
    from timeline.second_coding.comparing import PairedReadings

blueprint = Blueprint("decide", __name__, url_prefix="/agreement/decide/<uuid:sample>/<int:place>")

KEEP = "keep"


class DecisionSchema(FormSchema):
    """The decision on two readings that differ, and the reason."""

    stance = TextInput(lazy_gettext("Choose what stands on record."))
    no_position_reason = TextInput()
    asked = TextInput()
    reason = TextInput(WHY)


@blueprint.get("")
def ask(sample: UUID, place: int) -> Response:
    """Show both readings of a statement, and the choices."""
    return _form(_readings(sample, place), FormState({}))


@blueprint.post("")
def take(sample: UUID, place: int) -> Response:
    """Record the decision and go back to the list, or say what is wrong."""
    readings = _readings(sample, place)
    pair = readings[0]
    sheet = sheet_of(this_request().form)
    data = DecisionSchema().read(sheet)
    topic = _topic(pair)
    recorded = attempt(sheet, partial(_decide, pair, topic, sheet, data))
    if recorded:
        if recorded.position:  # else a second person has to agree first
            services().desk.second_readings.decide(pair.sample, pair.place, recorded.position)
        return go_on(f"/record/agreement/{topic.slug}")
    look_again(sheet, Names(read_connection()), topic.scale)
    return _form(readings, sheet)


def _readings(sample: UUID, place: int) -> list[PairedReadings]:
    """Return two differing readings of a statement, and then those of other coders.

    Raises `NotFound` if there is no difference, or if the reader may not see it.
    """
    room, conn = services().desk.second_readings, read_connection()
    topic = room.sample(str(sample)).topic
    pairs = paired_readings(conn, room, topic=topic, but_not=own_handle())
    for pair in pairs:
        if (pair.sample, pair.place) == (str(sample), place) and not pair.is_same:
            others = (other for other in pairs if other.statement == pair.statement)
            return [pair, *(other for other in others if other.sample != pair.sample)]
    raise NotFound(NO_SUCH_SAMPLE)


def _topic(pair: PairedReadings) -> Topic:
    with reader_language() as conn:
        return directory.topics_by_id(conn, {pair.topic})[pair.topic]


def _decide(pair: PairedReadings, topic: Topic, sheet: FormState, data: dict[str, Any]) -> Recorded:
    word = word_of(pair.second, topic.scale, pair.second_version)
    second = CodedStance(word, pair.second_reason)
    choice = CodedStance(data["stance"], data["no_position_reason"], data["asked"])
    return services().newsroom.statements.decide(
        byline_of(sheet),
        pair.number,
        SecondReading(second, coder=pair.second_coder, first_coder=pair.first_coder),
        None if data["stance"] == KEEP else choice,
        data["reason"],
    )


def _form(readings: list[PairedReadings], sheet: FormState) -> Response:
    pair = readings[0]
    conn, topic = read_connection(), _topic(pair)
    now = load(Statement, pair.statement)
    on_record = word_of(now.fields["stance"], topic.scale, now.fields["scale_version"])
    row, *further = pair_rows(conn, topic, readings)
    sheet.fill({"no_position_reason": pair.second_reason})
    return show(
        "record/decide.html",
        sheet,
        to=row.href,
        topic=topic,
        row=row,
        further=further,
        book=codebook_now(conn, topic),
        stances=stance_choices(topic.scale),
        on_record=on_record,
        is_no_choice=on_record not in topic.scale.words,
        reasons=reasons(),
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", form_id()),
    )
