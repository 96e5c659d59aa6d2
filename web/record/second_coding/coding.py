"""Second coding: one statement after the other, without the first coder's reading."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint
from marshmallow import ValidationError, validates_schema

from timeline.desk.second_readings import NO_SUCH_SAMPLE, ParagraphMark, Reading, last_read
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.scales import NO_POSITION
from timeline.domain.text import whole_number
from timeline.projections.queries import directory, entries
from timeline.second_coding.comparing import paired_readings
from timeline.second_coding.paragraphs import NOTHING, Paragraphs
from web.entries.variables import variables_now
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.choices import actor_named, reasons, stance_choices
from web.record.fields.inputs import (
    DateInput,
    FormSchema,
    MissingMessage,
    TextInput,
    VerbatimInput,
    read_values,
)
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import own_handle
from web.record.second_coding.blind import (
    BlindView,
    blind_paragraph,
    blind_view,
    rules_for,
    shown_entry,
    topic_of,
)
from web.record.second_coding.rows import PairRow, marked_rows, pair_rows
from web.shell.rendering import shown_at, wants_fragment
from web.shell.request import read_connection, services, this_request
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response

    from timeline.desk.second_readings import Sample
    from timeline.domain.scales import Scale
    from timeline.second_coding.paragraphs import Paragraph
    from web.wording.stances import StanceView

WORDS_NOT_IN_PARAGRAPH = Message(
    "words_not_in_paragraph",
    "these words do not stand in the paragraph",
    fix="copy them letter by letter",
)
SEVERAL_OF_THE_NAME = Message(
    "several_of_the_name", "%(name)s may be several on record", fix="choose one from the list"
)

blueprint = Blueprint("second_coding", __name__, url_prefix="/second-coding")

STANCE = lazy_gettext("Choose a stance, or that there is none.")
SPEAKER = lazy_gettext("Say who speaks.")
DAY = lazy_gettext("Say when it was said.")
WORDS = lazy_gettext("Choose the words in the paragraph.")


class SecondReadingSchema(FormSchema):
    """The reading of a statement by somebody who does not know the first reading."""

    stance = TextInput(STANCE)
    no_position_reason = TextInput()
    note = TextInput()

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_reason(self, data: dict[str, Any], **_: object) -> None:
        if data.get("stance") == NO_POSITION and not data.get("no_position_reason"):
            raise ValidationError(
                MissingMessage(gettext("Say why there is none.")), "no_position_reason"
            )


class ParagraphReadingSchema(SecondReadingSchema):
    """The same for a paragraph, with its speaker, day and passage.

    Without a position these may be empty: nothing in the paragraph answers the question.
    """

    speaker = TextInput()
    said_at = DateInput()
    words = VerbatimInput(data_key="passage.text")

    @validates_schema(skip_on_field_errors=False)
    def _ask_for_what_was_said(self, data: dict[str, Any], **_: object) -> None:
        strings = {"speaker": SPEAKER, "said_at": DAY, "passage.text": WORDS}
        values = {"passage.text": data.get("words"), **data}
        if data.get("stance") != NO_POSITION or any(values.get(name) for name in strings):
            missing = {name: message for name, message in strings.items() if not values.get(name)}
            if missing:
                raise ValidationError(
                    {name: [MissingMessage(str(message))] for name, message in missing.items()}
                )


@blueprint.get("/<uuid:sample>")
def begin(sample: UUID) -> Response:
    """Redirect to the next unread statement; if all are read, show both readings side by side.

    The search starts ``after`` a place and goes on at the beginning of the sample.
    """
    mine = _own(sample)
    after = whole_number(this_request().query.get("after", "")) or 0
    if place := _next(mine, after):
        return _open(mine, place)
    conn, room = read_connection(), services().desk.second_readings
    pairs = paired_readings(conn, room, topic=mine.topic, but_not=own_handle())
    topic = topic_of(conn, mine)
    here = [pair for pair in pairs if pair.sample == mine.id]
    rows: list[PairRow] = pair_rows(conn, topic, here)
    return show(
        "record/second_coding_done.html",
        FormState({}),
        topic=topic,
        rows=rows,
        otherwise=marked_rows(conn, here),
    )


@blueprint.get("/<uuid:sample>/<int:place>")
def read(sample: UUID, place: int) -> Response:
    """Show a statement with no reading except the coder's own."""
    mine = _own(sample)
    return _form(mine, services().desk.second_readings.reading(mine.id, place), FormState({}))


@blueprint.post("/<uuid:sample>/<int:place>")
def take(sample: UUID, place: int) -> Response:
    """Keep the reading of a statement and go on to the next, or say what is wrong."""
    mine = _own(sample)
    reading = services().desk.second_readings.reading(mine.id, place)
    sheet = sheet_of(this_request().form)
    if not sheet.value("stance") and sheet.value("no_position_reason"):
        sheet.put("stance", NO_POSITION)
    schema = ParagraphReadingSchema() if mine.shows else SecondReadingSchema()
    data = schema.read(sheet)
    topic = topic_of(read_connection(), mine)
    values = read_values(sheet, variables_now(read_connection(), topic.id))
    if attempt(sheet, partial(_keep, mine, reading, data, topic.scale, sheet, values)):
        return _open(mine, _next(mine, place))
    return _form(mine, reading, sheet)


@blueprint.post("/<uuid:sample>/undo")
def undo(sample: UUID) -> Response:
    """Take back the last reading, and open its statement again.

    Raises `Refused` if there is no reading that may be taken back.
    """
    mine = _own(sample)
    return _open(mine, services().desk.second_readings.take_back_last(mine.id))


def _own(sample: UUID) -> Sample:
    """Return the reader's own sample; raises `NotFound` for anybody else's."""
    mine = services().desk.second_readings.sample(str(sample))
    if mine.coder != own_handle():
        raise NotFound(NO_SUCH_SAMPLE)
    return mine


def _next(sample: Sample, after: int) -> int:
    """Return the next place to read, 0 if none is left; leave out what cannot be shown."""
    room, conn = services().desk.second_readings, read_connection()
    readings = room.readings(sample.id)
    for reading in (
        *from_place(readings, after),
        *(other for other in readings if other.place == after),
    ):
        if not reading.read_at:
            entry = shown_entry(conn, reading)
            if entry and (not sample.shows or _paragraph(sample, reading)):
                return reading.place
            room.leave_out(sample.id, reading.place)
    return 0


def _open(sample: Sample, place: int) -> Response:
    """Open a place of a sample, as a fragment if htmx asks; 0 is the end of the sample."""
    address = f"{address_of(sample)}/{place}"
    if not place or not wants_fragment():
        return go_on(address if place else address_of(sample))
    reading = services().desk.second_readings.reading(sample.id, place)
    return shown_at(_form(sample, reading, FormState({})), address)


def _paragraph(sample: Sample, reading: Reading) -> Paragraph | None:
    """Return the paragraph of a statement, as it was when the sample was drawn."""
    numbers = [reading.number]
    entry = entries.statements(read_connection(), numbers, sample.position).get(reading.number)
    return Paragraphs(services().log).of(entry) if entry else None


def _paragraph_mark(sample: Sample, reading: Reading, data: dict[str, Any]) -> ParagraphMark | None:
    """Return what the coder marked in a paragraph; raises `Refused` for words not in it."""
    paragraph = _paragraph(sample, reading) if sample.shows else None
    if paragraph is None:
        return None
    words, speaker = data["words"], data["speaker"]
    start = paragraph.text.find(words) if words else -1
    if words and start < 0:
        raise Refused(WORDS_NOT_IN_PARAGRAPH, field="passage.text")
    namesakes = directory.actors_named(read_connection(), speaker) if speaker else []
    actor = actor_named(read_connection(), speaker)
    if namesakes and actor is None:
        raise Refused(SEVERAL_OF_THE_NAME, field="speaker", name=InQuotes(speaker))
    return ParagraphMark(
        size=paragraph.size,
        passage=paragraph.words(paragraph.passage),
        words=paragraph.words((start, start + len(words))) if words else NOTHING,
        speaker=actor.id if actor else speaker,
        said_at=data["said_at"],
    )


def _keep(
    sample: Sample,
    reading: Reading,
    data: dict[str, Any],
    scale: Scale,
    sheet: FormState,
    values: Mapping[str, str],
) -> bool:
    is_none = data["stance"] == NO_POSITION
    mark = _paragraph_mark(sample, reading, data)
    new_reading = msgspec.structs.replace(
        reading,
        stance=None if is_none else scale.value(data["stance"]),
        no_position_reason=data["no_position_reason"] if is_none else "",
        note=data["note"],
        codebook=sheet.number("codebook") or 0,
        scale_version=scale.version(data["stance"]),
        read_at=services().clock(),
        variables=msgspec.json.encode(values).decode() if values else "",
        marked=msgspec.json.encode(mark).decode() if mark else "",
    )
    services().desk.second_readings.read(new_reading)
    return True


def _form(sample: Sample, reading: Reading, sheet: FormState) -> Response:
    conn = read_connection()
    entry, topic = shown_entry(conn, reading), topic_of(conn, sample)
    readings = services().desk.second_readings.readings(sample.id)
    paragraph = _paragraph(sample, reading) if sample.shows else None
    is_gone = entry is None or (sample.shows and paragraph is None)
    if entry is None or is_gone or all(other.read_at for other in readings):
        return go_on(address_of(sample))
    view: BlindView = (
        blind_paragraph(conn, entry, paragraph) if paragraph else blind_view(conn, entry)
    )
    sheet.fill({"note": reading.note})
    progress: SampleProgress = sample_progress(sample, readings, reading, topic.scale)
    return show(
        "record/second_coding_form.html",
        sheet,
        to=address_of(sample),
        place=reading.place,
        topic=topic,
        said=view,
        book=rules_for(conn, topic, entry, {other.statement for other in readings}),
        asked=variables_now(conn, topic.id),
        stances=stance_choices(topic.scale),
        reasons=reasons(),
        way=progress,
    )


class CodedReading(msgspec.Struct, frozen=True):
    """The reading of a statement by a coder; ``at`` is its place in the sample, from 1."""

    at: int
    stance: StanceView
    reason: str
    note: str


class SampleProgress(msgspec.Struct, frozen=True, kw_only=True):
    """The place of a coder in a sample: at the ``at``-th of ``size`` statements.

    ``read`` counts those that are read. ``back`` and ``on`` are the addresses of the neighbours,
    empty at either end; ``skip`` that of the next unread statement, if there is another. ``here``
    is the reading of this one, ``last`` the reading that may be taken back.
    """

    at: int
    size: int
    read: int
    back: str
    on: str
    skip: str
    here: CodedReading | None
    last: CodedReading | None

    @property
    def is_last_open(self) -> bool:
        """Tell whether a reading of this statement ends the sample."""
        return self.here is None and not self.skip


def address_of(sample: Sample) -> str:
    """Return the address of a sample."""
    return f"/record/second-coding/{sample.id}"


def sample_progress(
    sample: Sample, readings: Sequence[Reading], here: Reading, scale: Scale
) -> SampleProgress:
    """Return the place of a coder in a sample, whose ``readings`` are in order."""
    index = [reading.place for reading in readings].index(here.place)
    address, last = address_of(sample), last_read(readings)
    open_readings = [reading for reading in from_place(readings, here.place) if not reading.read_at]
    return SampleProgress(
        at=index + 1,
        size=len(readings),
        read=sum(bool(reading.read_at) for reading in readings),
        back=f"{address}/{readings[index - 1].place}" if index else "",
        on=f"{address}/{readings[index + 1].place}" if index + 1 < len(readings) else "",
        skip=f"{address}?after={here.place}" if open_readings else "",
        here=_coded_reading(readings, here, scale) if here.read_at else None,
        last=_coded_reading(readings, last, scale) if last else None,
    )


def from_place(readings: Sequence[Reading], place: int) -> list[Reading]:
    """Return all other readings of a sample: those after a place, then those before it."""
    after = [reading for reading in readings if reading.place > place]
    return after + [reading for reading in readings if reading.place < place]


def _coded_reading(readings: Sequence[Reading], reading: Reading, scale: Scale) -> CodedReading:
    at = [other.place for other in readings].index(reading.place) + 1
    return CodedReading(
        at, stances.view(scale, reading.stance), reading.no_position_reason, reading.note
    )
