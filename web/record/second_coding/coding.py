"""Coding again: what waits for oneself, one statement after the other, and asking others for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.desk.second_readings import NO_SUCH_SAMPLE, Reading
from timeline.domain.errors import NotFound
from timeline.domain.scales import NO_POSITION
from timeline.projections.queries import directory
from timeline.second_coding.comparing import paired_readings
from timeline.second_coding.drawing import coders, draw
from web.i18n import dates
from web.record.fields.act_schemas import DrawSchema, SecondReadingSchema
from web.record.fields.choices import reasons, stance_choices, topic_groups
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.sheet import Sheet, sheet_of
from web.record.forms.signing import form_id, own_handle
from web.record.second_coding.blind import BlindView, blind_view, rules_for, shown_entry, topic_of
from web.record.second_coding.rows import PairRow, pair_rows
from web.shell.policies import may_record
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.second_readings import Sample
    from timeline.domain.scales import Scale

blueprint = Blueprint("second_coding", __name__, url_prefix="/second-coding")

HERE = "/record/second-coding"


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
    """Show what waits for oneself, and to editors what they asked others for."""
    return _queue(Sheet({}))


@blueprint.post("")
def ask() -> Response:
    """Draw a sample for a colleague, or say what is in the way."""
    sheet = sheet_of(this_request().form)
    given = DrawSchema().read(sheet)
    if attempt(sheet, partial(_draw, sheet, given)):
        return go_on(HERE)
    return _queue(sheet)


@blueprint.post("/<uuid:sample>/back")
def take_back(sample: UUID) -> Response:
    """Ask no further for what was not read yet."""
    services().desk.second_readings.take_back(str(sample))
    return go_on(HERE)


@blueprint.get("/<uuid:sample>")
def begin(sample: UUID) -> Response:
    """Lead to the next statement; where all are read, show both readings side by side."""
    mine = _own(sample)
    if place := _next(mine):
        return go_on(f"{HERE}/{mine.id}/{place}")
    conn, room = read_connection(), services().desk.second_readings
    found = paired_readings(conn, room, topic=mine.topic, but_not=own_handle())
    topic = topic_of(conn, mine)
    rows: list[PairRow] = pair_rows(conn, topic, [one for one in found if one.sample == mine.id])
    return show("record/second_coding_done.html", Sheet({}), topic=topic, rows=rows)


@blueprint.get("/<uuid:sample>/<int:place>")
def read(sample: UUID, place: int) -> Response:
    """Show a statement without any reading of it."""
    mine = _own(sample)
    reading = services().desk.second_readings.reading(mine.id, place)
    if reading.read_at:
        return go_on(f"{HERE}/{mine.id}")
    return _form(mine, reading, Sheet({}))


@blueprint.post("/<uuid:sample>/<int:place>")
def take(sample: UUID, place: int) -> Response:
    """Keep how a statement is read and go on to the next, or say what is in the way."""
    mine = _own(sample)
    reading = services().desk.second_readings.reading(mine.id, place)
    sheet = sheet_of(this_request().form)
    given = SecondReadingSchema().read(sheet)
    scale = topic_of(read_connection(), mine).scale
    if attempt(sheet, partial(_keep, reading, given, scale, sheet)):
        return go_on(f"{HERE}/{mine.id}")
    return _form(mine, reading, sheet)


def _own(sample: UUID) -> Sample:
    """Return a sample of who asks; raises `NotFound` for everybody else's."""
    found = services().desk.second_readings.sample(str(sample))
    if found.coder != own_handle():
        raise NotFound(NO_SUCH_SAMPLE)
    return found


def _next(sample: Sample) -> int:
    """Return the place that is read next, 0 where nothing is left; what may go unread goes."""
    room, conn = services().desk.second_readings, read_connection()
    for one in room.readings(sample.id):
        if not one.read_at:
            if shown_entry(conn, one):
                return one.place
            room.leave_out(sample.id, one.place)
    return 0


def _draw(sheet: Sheet, given: dict[str, Any]) -> Sample:
    return draw(
        services(),
        read_connection(),
        sample=form_id(sheet.value("sample")),
        slug=given["topic"],
        coder=given["coder"],
        size=given["size"],
        by=own_handle(),
    )


def _keep(reading: Reading, given: dict[str, Any], scale: Scale, sheet: Sheet) -> bool:
    is_none = given["stance"] == NO_POSITION
    read = msgspec.structs.replace(
        reading,
        stance=None if is_none else scale.value(given["stance"]),
        no_position_reason=given["no_position_reason"] if is_none else "",
        note=given["note"],
        codebook=sheet.number("codebook") or 0,
        read_at=services().clock(),
    )
    services().desk.second_readings.read(read)
    return True


def _form(sample: Sample, reading: Reading, sheet: Sheet) -> Response:
    conn = read_connection()
    entry, topic = shown_entry(conn, reading), topic_of(conn, sample)
    if entry is None:
        return go_on(f"{HERE}/{sample.id}")
    said: BlindView = blind_view(conn, entry)
    readings = services().desk.second_readings.readings(sample.id)
    unread = {one.statement for one in readings if not one.read_at}
    return show(
        "record/second_coding_form.html",
        sheet,
        to=f"{HERE}/{sample.id}/{reading.place}",
        topic=topic,
        said=said,
        book=rules_for(conn, topic, entry, unread),
        stances=stance_choices(topic.scale),
        reasons=reasons(),
        at=sample.read + 1,
        size=sample.size,
    )


def _queue(sheet: Sheet) -> Response:
    conn, handle = read_connection(), own_handle()
    everything = services().desk.second_readings.samples() if services().desk.is_there() else []
    questions = {one.id: one.question for one in directory.topics(conn)}
    rows = [_row(one, questions, handle) for one in everything]
    sheet.fill({"size": "40"})
    return show(
        "record/second_coding.html",
        sheet,
        waiting=[one for one in rows if one.is_own and not one.is_done],
        done=[one for one in rows if one.is_own and one.is_done],
        asked=[one for one in rows if not one.is_own] if may_record() else [],
        groups=topic_groups(conn, closed=True) if may_record() else [],
        coders=[(one.handle, one.name) for one in coders(services())] if may_record() else [],
        sample=form_id(sheet.value("sample")),
    )


def _row(one: Sample, questions: dict[str, str], handle: str) -> SampleRow:
    return SampleRow(
        id=one.id,
        question=questions.get(one.topic, ""),
        coder=one.coder,
        by=one.asked_by,
        when=dates.moment_us(one.asked_at),
        size=one.size,
        read=one.read,
        is_own=one.coder == handle,
        is_done=one.is_done,
    )
