"""How far coders agree, topic by topic and coder by coder; what differs, to be decided on."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.domain.dates import iso_us
from timeline.interchange.formats.guarded import guard_cell
from timeline.interchange.native.codebooks import word_of
from timeline.projections.queries import directory
from timeline.second_coding.comparing import paired_readings
from timeline.second_coding.reliability import (
    RELIABLE,
    TENTATIVE,
    by_coder,
    on_paragraphs,
    on_variable,
    reliability,
)
from web.entries.variables import variables_now
from web.i18n.translate import gettext
from web.record.forms.answers import show
from web.record.forms.form_state import FormState
from web.record.forms.signing import own_handle
from web.record.second_coding.rows import (
    AlphaView,
    alpha_view,
    figure,
    marked_rows,
    pair_rows,
    speaker_slugs,
)
from web.shell.data_answer import data_answer
from web.shell.request import read_connection, reader_language, services
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Topic
    from timeline.second_coding.comparing import PairedReadings
    from timeline.second_coding.reliability import Reliability

blueprint = Blueprint("agreement", __name__, url_prefix="/agreement")

COLUMNS = (
    *("topic", "number", "first_coder", "first", "second_coder", "second", "no_position_reason"),
    *("same", "note", "codebook", "read_at", "decided"),
    *("first_speaker", "second_speaker", "first_said_at", "second_said_at"),
    *("words", "first_from", "first_to", "second_from", "second_to"),
)


class TopicRow(msgspec.Struct, frozen=True):
    """The agreement on a topic in the list of all; ``waiting`` counts what is to be decided on."""

    slug: str
    question: str
    units: int
    same: int
    side: AlphaView
    any_side: AlphaView
    waiting: int


class CoderRow(msgspec.Struct, frozen=True):
    """The agreement of one coder with whomever they shared statements of a topic."""

    coder: str
    units: int
    same: int
    side: AlphaView
    any_side: AlphaView


class VariableRow(msgspec.Struct, frozen=True):
    """The agreement on what the codebook asks beside the stance, where both said something."""

    label: str
    units: int
    same: int
    alpha: AlphaView


class Cell(msgspec.Struct, frozen=True):
    """How often a first reading met a second one."""

    count: int
    is_same: bool


class MatrixRow(msgspec.Struct, frozen=True):
    """A first reading with how often each second one stood beside it."""

    first: StanceView
    cells: list[Cell]


@blueprint.get("")
def overview() -> Response:
    """List the topics of which statements were read twice."""
    pairs = _compared(None)
    with reader_language() as conn:
        topics = directory.topics_by_id(conn, {pair.topic for pair in pairs})
    rows = [
        _topic_row(topics[topic], [pair for pair in pairs if pair.topic == topic])
        for topic in dict.fromkeys(pair.topic for pair in pairs)
        if topic in topics
    ]
    return show("record/agreement.html", FormState({}), rows=rows)


@blueprint.get("/<slug>")
def topic(slug: str) -> Response:
    """Show how far coders agree on a topic, what they coded as what, and where they differ."""
    with reader_language() as conn:
        one = directory.topic(conn, slug)
    pairs = _compared(one.id)
    whole = reliability(pairs, with_interval=True)
    read = [pair for pair in pairs if not pair.is_elsewhere]
    differ = pair_rows(conn, one, [pair for pair in read if not pair.is_same])
    return show(
        "record/agreement_topic.html",
        FormState({}),
        topic=one,
        whole=whole,
        side=alpha_view(whole.side),
        any_side=alpha_view(whole.any_side),
        coders=[_coder_row(handle, told) for handle, told in by_coder(pairs).items()],
        marks=(figure(TENTATIVE), figure(RELIABLE)),
        variables=_variables(conn, one, pairs),
        marked=_marked(pairs),
        otherwise=marked_rows(conn, pairs),
        heads=_looks(one),
        matrix=_matrix(one, read),
        waiting=[pair for pair in differ if pair.waits],
        decided=[pair for pair in differ if not pair.waits],
        hidden=len(_compared(one.id, all_of_them=True)) - len(pairs),
    )


@blueprint.get("/<slug>.csv")
def table(slug: str) -> Response:
    """Give every statement of a topic that was read twice, with both readings, as CSV."""
    one = directory.topic(read_connection(), slug)
    out = io.StringIO()
    writer = csv.writer(out)
    pairs = _compared(one.id)
    slugs = speaker_slugs(read_connection(), pairs)
    asked = [each.id for each in variables_now(read_connection(), one.id)]
    own = [f"{which}.{each}" for each in asked for which in ("first", "second")]
    writer.writerow([*COLUMNS, *own])
    for pair in pairs:
        said = [
            some.get(each, "") for each in asked for some in (pair.first_values, pair.second_values)
        ]
        writer.writerow([guard_cell(str(cell)) for cell in (*_cells(one, pair, slugs), *said)])
    return data_answer(out.getvalue(), "text/csv", file_name=f"{one.slug}-agreement.csv")


def _cells(topic: Topic, pair: PairedReadings, slugs: Mapping[str, str]) -> tuple[object, ...]:
    mark = pair.mark
    marked: tuple[object, ...] = ("",) * 9
    if mark:
        speakers = (slugs.get(one, one) for one in (pair.first_speaker, mark.speaker))
        days = pair.first_said_at, mark.said_at
        marked = (*speakers, *days, mark.size, *mark.passage, *mark.words)
    return (
        topic.slug,
        pair.number,
        pair.first_coder,
        word_of(pair.first, topic.scale, pair.first_version),
        pair.second_coder,
        word_of(pair.second, topic.scale, pair.second_version),
        pair.second_reason,
        int(pair.is_same),
        pair.note,
        pair.codebook or "",
        iso_us(pair.read_at),
        pair.decided or "",
        *marked,
    )


def _compared(topic: str | None, *, all_of_them: bool = False) -> list[PairedReadings]:
    """Return what was read twice; nobody sees what they have still to read themselves."""
    if not services().desk.is_there():
        return []
    who = "" if all_of_them else own_handle()
    return paired_readings(
        read_connection(), services().desk.second_readings, topic=topic, but_not=who
    )


def _topic_row(topic: Topic, pairs: Sequence[PairedReadings]) -> TopicRow:
    whole = reliability(pairs)
    return TopicRow(
        topic.slug,
        topic.question,
        whole.units,
        whole.same,
        alpha_view(whole.side),
        alpha_view(whole.any_side),
        sum(pair.waits for pair in pairs),
    )


def _coder_row(handle: str, told: Reliability) -> CoderRow:
    return CoderRow(handle, told.units, told.same, alpha_view(told.side), alpha_view(told.any_side))


def _variables(
    conn: Connection, topic: Topic, pairs: Sequence[PairedReadings]
) -> list[VariableRow]:
    rows = []
    for variable in variables_now(conn, topic.id):
        agreement = on_variable(pairs, variable.declared, with_interval=True)
        rows.append(
            VariableRow(variable.label, agreement.units, agreement.same, alpha_view(agreement))
        )
    return rows


def _marked(pairs: Sequence[PairedReadings]) -> list[VariableRow]:
    """Return how far coders agree who saw paragraphs; nothing where nobody did."""
    if not any(pair.mark for pair in pairs):
        return []
    labels = {
        "speaker": gettext("Speaker"),
        "said_at": gettext("Day"),
        "passage": gettext("Passage, word by word"),
    }
    return [
        VariableRow(labels[name], agreement.units, agreement.same, alpha_view(agreement))
        for name, agreement in on_paragraphs(pairs, with_interval=True).items()
    ]


def _looks(topic: Topic) -> list[StanceView]:
    return [stances.view(topic.scale, stance) for stance in _steps(topic)]


def _steps(topic: Topic) -> tuple[int | None, ...]:
    return (*topic.scale.steps, None)


def _matrix(topic: Topic, pairs: Sequence[PairedReadings]) -> list[MatrixRow]:
    """Return how often each pair of readings was met, the first down, the second across."""
    met = Counter((pair.first, pair.second) for pair in pairs)
    return [
        MatrixRow(
            stances.view(topic.scale, first),
            [Cell(met[first, second], first == second) for second in _steps(topic)],
        )
        for first in _steps(topic)
    ]
