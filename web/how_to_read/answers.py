"""Annotated pictures, and an example from the record for each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import OLDEST
from timeline.domain.scales import SCALES
from timeline.projections.queries import directory
from timeline.projections.queries.directory import Topic
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.queries.selected_entries import quoted_answers
from web.chart.single import LargeLane, large
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.how_to_read.samples import Sample, chart_of, lane
from web.i18n import dates
from web.i18n.translate import gettext, translator
from web.wording import stances
from web.wording.names import Names
from web.wording.scale_words import WORDS
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry

POSITION = SCALES["position"]

TOPICS = 6
"""The most questions that are searched for examples, those that moved last."""

WORDS_OF_EACH = 8
"""The most quoted statements of each answer that are tried, the latest."""

NO_EXAMPLES = ("mirror", "sanctioned")
"""Kinds of outlets that are not used for examples."""

SHORT, BEST, LONG = 30, 80, 150
"""The least and the most characters of a quote that is an example."""


class AnswerExample(msgspec.Struct, frozen=True):
    """An answer, its meaning, and an example from the record, if there is one."""

    stance: StanceView
    meaning: str
    said: StatementView | None


class AnswerExamples(msgspec.Struct, frozen=True):
    """The answers, firmest support first; ``topic`` is the question of the examples."""

    topic: Topic | None
    answers: tuple[AnswerExample, ...]


def answer_examples(conn: Connection) -> AnswerExamples:
    """Return the five answers, with examples from the question that has the most of them."""
    best: tuple[Topic | None, dict[int, StatementEntry]] = None, {}
    for topic in _topics(conn):
        examples = {}
        for stance in POSITION.steps:
            answers = quoted_answers(conn, topic.id, stance, WORDS_OF_EACH)
            if said := _telling(_from_good_outlets(conn, answers)):
                examples[stance] = said
        if len(examples) > len(best[1]):
            best = topic, examples
        if len(examples) == len(POSITION.steps):
            break
    return _shown(conn, *best)


def _topics(conn: Connection) -> list[Topic]:
    """Return the questions with positions that moved last."""

    def instant(topic: Topic) -> int:
        return OLDEST if topic.moved is None else topic.moved

    topics = [topic for topic in directory.topics(conn) if topic.scale.name == POSITION.name]
    topics = [topic for topic in topics if topic.statements]
    return sorted(topics, key=lambda topic: (-instant(topic), -topic.statements))[:TOPICS]


def _from_good_outlets(conn: Connection, said: list[StatementEntry]) -> list[StatementEntry]:
    """Leave out statements from outlets that are not used for examples."""
    sources = documents_by_id(conn, {entry.document for entry in said})
    return [entry for entry in said if sources[entry.document].outlet_kind not in NO_EXAMPLES]


def _telling(said: list[StatementEntry]) -> StatementEntry | None:
    """Return short quotes, those in a language that the reader may know first."""
    short = [entry for entry in said if entry.quote_carries and SHORT <= _length(entry) <= LONG]
    return min(short, key=lambda entry: (_foreign(entry), abs(_length(entry) - BEST)), default=None)


def _length(entry: StatementEntry) -> int:
    return len(entry.words.quote.exact) if entry.words.quote else 0


def _foreign(entry: StatementEntry) -> int:
    """Return 0 for the reader's language, 1 for English, 2 for others."""
    lang = entry.words.quote.lang.partition("-")[0] if entry.words.quote else ""
    return 0 if lang == translator().code else 1 + (lang != "en")


def _shown(
    conn: Connection, topic: Topic | None, entries: dict[int, StatementEntry]
) -> AnswerExamples:
    presenter = Presenter(conn, Names(conn), [*entries.values()])
    meanings = WORDS[POSITION.name].steps
    return AnswerExamples(
        topic,
        tuple(
            AnswerExample(
                stances.view(POSITION, stance),
                str(step.meaning),
                presenter.statement(entries[stance]) if stance in entries else None,
            )
            for stance in reversed(POSITION.steps)
            if (step := meanings[stance + 2]) is not None
        ),
    )


DAYS = 1_000
"""The length of the invented lane in days."""

ASIDE = 24
"""Pixels between a mark and its number."""


class Note(msgspec.Struct, frozen=True):
    """A numbered note on the drawing: ``x`` in percent, ``y`` in pixels, and its subject.

    ``dx`` moves it aside by pixels.
    """

    what: str
    x: float
    y: float
    dx: int = 0


class Annotated(msgspec.Struct, frozen=True):
    """A large lane and its notes from left to right."""

    line: LargeLane
    notes: tuple[Note, ...]


def annotated() -> Annotated:
    """Return an invented lane with everything that the notes explain."""
    said = (
        Sample(days=60, stance=2, opens="first"),
        Sample(days=130, stance=2),
        Sample(days=430, stance=-1, opens="changed"),
        Sample(days=610, stance=-2, opens="changed", weeks=8),
        Sample(
            days=800, stance=0, opens="changed", other=True, condition=gettext("an invented one")
        ),
        Sample(days=930, stance=0),
    )
    line = large(chart_of(lane(said), DAYS, breaks=True), [], dates.wording())
    return Annotated(line, _notes(line))


def _notes(line: LargeLane) -> tuple[Note, ...]:
    drawing = line.drawing
    first = next(riser for riser in drawing.risers if riser.kind == "first")
    stale = next(segment for segment in drawing.segments if "stale" in segment.state)
    change = next(riser for riser in drawing.risers if riser.kind == "")
    wide = drawing.whiskers[0]
    other = next(riser for riser in drawing.risers if riser.other_y is not None)
    condition = next(mark for mark in drawing.marks if mark.condition)
    band = next(segment for segment in drawing.segments if not segment.state)
    notes = [
        Note("first", first.x, min(first.y1, first.y2) - ASIDE + 4),
        Note("stale", stale.x1 + stale.width / 2, stale.y - ASIDE + 6),
        Note("change", change.x, (change.y1 + change.y2) / 2 - 18, -ASIDE),
        Note("wide", wide.x1, wide.y, -ASIDE),
        Note("other", other.x, other.other_y or other.y1, ASIDE),
        Note("condition", condition.x, condition.y - ASIDE),
        Note("band", band.x1 + band.width * 0.8, band.band_y + band.band_height + 16),
    ]
    if line.silence is not None:
        notes.append(Note("break", (line.silence + 100) / 2, 20))
    return tuple(sorted(notes, key=lambda note: note.x))
