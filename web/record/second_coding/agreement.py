"""The agreement of coders by topic and by coder, and the differences to decide on."""

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
    """The agreement on a topic in the list; ``waiting`` counts the differences to decide on."""

    slug: str
    question: str
    units: int
    same: int
    side: AlphaView
    any_side: AlphaView
    waiting: int


class CoderRow(msgspec.Struct, frozen=True):
    """The agreement of one coder with all others who read the same statements of a topic."""

    coder: str
    units: int
    same: int
    side: AlphaView
    any_side: AlphaView


class VariableRow(msgspec.Struct, frozen=True):
    """The agreement on a variable of the codebook, where both coders gave a value."""

    label: str
    units: int
    same: int
    alpha: AlphaView


class Cell(msgspec.Struct, frozen=True):
    """How often a first reading came with a second one."""

    count: int
    is_same: bool


class MatrixRow(msgspec.Struct, frozen=True):
    """A first reading, and how often each second reading came with it."""

    first: StanceView
    cells: list[Cell]


@blueprint.get("")
def overview() -> Response:
    """List the topics with statements that were read twice."""
    pairs = _pairs_read_twice(None)
    with reader_language() as conn:
        topics = directory.topics_by_id(conn, {pair.topic for pair in pairs})
    rows = [
        _topic_row(topics[topic], [pair for pair in pairs if pair.topic == topic])
        for topic in dict.fromkeys(pair.topic for pair in pairs)
        if topic in topics
    ]
    return show("record/agreement.html", FormState({}), rows=rows)


@blueprint.get("/<slug>")
def show_topic(slug: str) -> Response:
    """Show the agreement on a topic, the matrix of readings, and the differences."""
    with reader_language() as conn:
        topic = directory.topic(conn, slug)
    pairs = _pairs_read_twice(topic.id)
    overall = reliability(pairs, with_interval=True)
    located = [pair for pair in pairs if not pair.is_elsewhere]
    differ = pair_rows(conn, topic, [pair for pair in located if not pair.is_same])
    return show(
        "record/agreement_topic.html",
        FormState({}),
        topic=topic,
        whole=overall,
        side=alpha_view(overall.side),
        any_side=alpha_view(overall.any_side),
        coders=[_coder_row(handle, result) for handle, result in by_coder(pairs).items()],
        marks=(figure(TENTATIVE), figure(RELIABLE)),
        variables=_variables(conn, topic, pairs),
        marked=_paragraph_rows(pairs),
        otherwise=marked_rows(conn, pairs),
        heads=[stances.view(topic.scale, stance) for stance in _steps(topic)],
        matrix=_matrix(topic, located),
        waiting=[pair for pair in differ if pair.waits],
        decided=[pair for pair in differ if not pair.waits],
        hidden=len(_pairs_read_twice(topic.id, all_of_them=True)) - len(pairs),
    )


@blueprint.get("/<slug>.csv")
def table(slug: str) -> Response:
    """Return every statement of a topic that was read twice, with both readings, as CSV."""
    topic = directory.topic(read_connection(), slug)
    out = io.StringIO()
    writer = csv.writer(out)
    pairs = _pairs_read_twice(topic.id)
    slugs = speaker_slugs(read_connection(), pairs)
    variable_ids = [variable.id for variable in variables_now(read_connection(), topic.id)]
    value_columns = [f"{which}.{id_}" for id_ in variable_ids for which in ("first", "second")]
    writer.writerow([*COLUMNS, *value_columns])
    for pair in pairs:
        values = [
            side.get(id_, "")
            for id_ in variable_ids
            for side in (pair.first_values, pair.second_values)
        ]
        writer.writerow([guard_cell(str(cell)) for cell in (*_cells(topic, pair, slugs), *values)])
    return data_answer(out.getvalue(), "text/csv", file_name=f"{topic.slug}-agreement.csv")


def _cells(topic: Topic, pair: PairedReadings, slugs: Mapping[str, str]) -> tuple[object, ...]:
    mark = pair.mark
    mark_cells: tuple[object, ...] = ("",) * 9
    if mark:
        speakers = (slugs.get(speaker, speaker) for speaker in (pair.first_speaker, mark.speaker))
        days = pair.first_said_at, mark.said_at
        mark_cells = (*speakers, *days, mark.size, *mark.passage, *mark.words)
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
        *mark_cells,
    )


def _pairs_read_twice(topic: str | None, *, all_of_them: bool = False) -> list[PairedReadings]:
    """Return the pairs of readings, without statements that the reader has still to read."""
    if not services().desk.is_there():
        return []
    who = "" if all_of_them else own_handle()
    return paired_readings(
        read_connection(), services().desk.second_readings, topic=topic, but_not=who
    )


def _topic_row(topic: Topic, pairs: Sequence[PairedReadings]) -> TopicRow:
    overall = reliability(pairs)
    return TopicRow(
        topic.slug,
        topic.question,
        overall.units,
        overall.same,
        alpha_view(overall.side),
        alpha_view(overall.any_side),
        sum(pair.waits for pair in pairs),
    )


def _coder_row(handle: str, result: Reliability) -> CoderRow:
    return CoderRow(
        handle, result.units, result.same, alpha_view(result.side), alpha_view(result.any_side)
    )


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


def _paragraph_rows(pairs: Sequence[PairedReadings]) -> list[VariableRow]:
    """Return the agreement of coders who saw only paragraphs; nothing if nobody did."""
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


def _steps(topic: Topic) -> tuple[int | None, ...]:
    return (*topic.scale.steps, None)


def _matrix(topic: Topic, pairs: Sequence[PairedReadings]) -> list[MatrixRow]:
    """Return how often each pair of readings occurs, the first down, the second across."""
    met = Counter((pair.first, pair.second) for pair in pairs)
    return [
        MatrixRow(
            stances.view(topic.scale, first),
            [Cell(met[first, second], first == second) for second in _steps(topic)],
        )
        for first in _steps(topic)
    ]
