"""Deciding between two readings: the record stays as it is, or is corrected, and both are named."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.application.readings import Chosen, SecondReading
from timeline.desk.second_readings import NO_SUCH_SAMPLE
from timeline.domain.errors import NotFound
from timeline.domain.statement import Statement
from timeline.interchange.native.codebooks import word_of
from timeline.projections.queries import directory
from timeline.second_coding.comparing import paired_readings
from web.entries.codebooks import codebook_now
from web.record.fields.choices import reasons, stance_choices
from web.record.forms.aggregates import load
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import byline_of, form_id, own_handle
from web.record.forms.since import look_again
from web.record.second_coding.rows import pair_rows
from web.record.second_coding.schemas import DecisionSchema
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


@blueprint.get("")
def ask(sample: UUID, place: int) -> Response:
    """Show both readings of a statement, and what may be decided."""
    return _form(_readings(sample, place), FormState({}))


@blueprint.post("")
def take(sample: UUID, place: int) -> Response:
    """Record what is decided and go back to the list, or say what is in the way."""
    readings = _readings(sample, place)
    pair = readings[0]
    sheet = sheet_of(this_request().form)
    given = DecisionSchema().read(sheet)
    topic = _topic(pair)
    recorded = attempt(sheet, partial(_decide, pair, topic, sheet, given))
    if recorded:
        if recorded.position:  # else a second person has to agree first
            services().desk.second_readings.decide(pair.sample, pair.place, recorded.position)
        return go_on(f"/record/agreement/{topic.slug}")
    look_again(sheet, Names(read_connection()), topic.scale)
    return _form(readings, sheet)


def _readings(sample: UUID, place: int) -> list[PairedReadings]:
    """Return two readings of a statement that differ, and how others than these two read it.

    Raises `NotFound` for what is none, or not to be seen by who decides.
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


def _decide(
    pair: PairedReadings, topic: Topic, sheet: FormState, given: dict[str, Any]
) -> Recorded:
    word = word_of(pair.second, topic.scale, pair.second_version)
    read = Chosen(word, pair.second_reason)
    chosen = Chosen(given["stance"], given["no_position_reason"], given["asked"])
    return services().newsroom.statements.decide(
        byline_of(sheet),
        pair.number,
        SecondReading(read, coder=pair.second_coder, first_coder=pair.first_coder),
        None if given["stance"] == KEEP else chosen,
        given["reason"],
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
