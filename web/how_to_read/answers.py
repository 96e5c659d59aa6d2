"""Pictures with numbers, read off a drawing; and each answer with words on record that give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import OLDEST
from timeline.domain.scales import SCALES
from timeline.projections.queries import directory
from timeline.projections.queries.directory import Topic
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.queries.quotations import quoted_answers
from web.chart.single import LargeLane, large
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.how_to_read.samples import SampleStatement, given_of, lane
from web.i18n import dates
from web.i18n.translate import gettext, translator
from web.wording import stances
from web.wording.names import Names
from web.wording.scale_words import WORDS
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry
    from web.chart.drawing import LaneDrawing

POSITION = SCALES["position"]

TOPICS = 6
"""Questions that are looked at for words: those that moved last."""

WORDS_OF_EACH = 8
"""Latest quoted statements of each answer that are looked at."""

NO_EXAMPLES = ("mirror", "sanctioned")
"""Kinds of outlets whose words are on record and are no examples."""

SHORT, BEST, LONG = 30, 80, 150
"""Characters of a quote that is more than a fragment, and is read at a glance."""


class AnswerExample(msgspec.Struct, frozen=True):
    """An answer, what it means, and a statement that gives it, if there is one on record."""

    stance: StanceView
    meaning: str
    said: StatementView | None


class AnswerExamples(msgspec.Struct, frozen=True):
    """The answers, firmest for first; ``topic`` is the question that the examples answer."""

    topic: Topic | None
    answers: tuple[AnswerExample, ...]


def answer_examples(conn: Connection) -> AnswerExamples:
    """Return the five answers with words on that question of the record which has most of them."""
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
    """Return the questions for or against something that moved last, and then others."""

    def instant(topic: Topic) -> int:
        return OLDEST if topic.moved is None else topic.moved

    topics = [topic for topic in directory.topics(conn) if topic.scale.name == POSITION.name]
    topics = [topic for topic in topics if topic.statements]
    return sorted(topics, key=lambda topic: (-instant(topic), -topic.statements))[:TOPICS]


def _from_good_outlets(conn: Connection, said: list[StatementEntry]) -> list[StatementEntry]:
    """Leave out words that an outlet published of which we show none as an example."""
    sources = documents_by_id(conn, {entry.document for entry in said})
    return [entry for entry in said if sources[entry.document].outlet_kind not in NO_EXAMPLES]


def _telling(said: list[StatementEntry]) -> StatementEntry | None:
    """Return words that are read at a glance, in a language that the reader may know."""
    short = [entry for entry in said if entry.quote_carries and SHORT <= _length(entry) <= LONG]
    return min(short, key=lambda entry: (_foreign(entry), abs(_length(entry) - BEST)), default=None)


def _length(entry: StatementEntry) -> int:
    return len(entry.words.quote.exact) if entry.words.quote else 0


def _foreign(entry: StatementEntry) -> int:
    """Return 0 for words in the reader's language, 1 for English, 2 for others."""
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
"""Days of the invented line."""

ASIDE = 24
"""Pixels from what is to be noted to its number."""


class Note(msgspec.Struct, frozen=True):
    """A number at a place of the drawing: ``x`` in percent, ``y`` in pixels, and what it is about.

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
    """Return an invented line that shows everything which is to be noted."""
    said = (
        SampleStatement(days=60, stance=2, opens="first"),
        SampleStatement(days=130, stance=2),
        SampleStatement(days=430, stance=-1, opens="changed"),
        SampleStatement(days=610, stance=-2, opens="changed", weeks=8),
        SampleStatement(
            days=800, stance=0, opens="changed", other=True, condition=gettext("an invented one")
        ),
        SampleStatement(days=930, stance=0),
    )
    line = large(given_of(lane(said), DAYS, breaks=True), [], dates.wording())
    return Annotated(line, _notes(line))


def _notes(line: LargeLane) -> tuple[Note, ...]:
    drawing = line.drawing
    notes = [
        *_first(drawing),
        *_stale(drawing),
        *_change(drawing),
        *_wide(drawing),
        *_other(drawing),
        *_condition(drawing),
        *_band(drawing),
    ]
    if line.silence is not None:
        notes.append(Note("break", (line.silence + 100) / 2, 20))
    return tuple(sorted(notes, key=lambda note: note.x))


def _first(drawing: LaneDrawing) -> list[Note]:
    first = next(riser for riser in drawing.risers if riser.kind == "first")
    return [Note("first", first.x, min(first.y1, first.y2) - ASIDE + 4)]


def _stale(drawing: LaneDrawing) -> list[Note]:
    segment = next(segment for segment in drawing.segments if "stale" in segment.state)
    return [Note("stale", segment.x1 + segment.width / 2, segment.y - ASIDE + 6)]


def _change(drawing: LaneDrawing) -> list[Note]:
    step = next(riser for riser in drawing.risers if riser.kind == "")
    return [Note("change", step.x, (step.y1 + step.y2) / 2 - 18, -ASIDE)]


def _wide(drawing: LaneDrawing) -> list[Note]:
    bar = drawing.whiskers[0]
    return [Note("wide", bar.x1, bar.y, -ASIDE)]


def _other(drawing: LaneDrawing) -> list[Note]:
    step = next(riser for riser in drawing.risers if riser.other_y is not None)
    return [Note("other", step.x, step.other_y or step.y1, ASIDE)]


def _condition(drawing: LaneDrawing) -> list[Note]:
    mark = next(mark for mark in drawing.marks if mark.condition)
    return [Note("condition", mark.x, mark.y - ASIDE)]


def _band(drawing: LaneDrawing) -> list[Note]:
    segment = next(segment for segment in drawing.segments if not segment.state)
    return [
        Note("band", segment.x1 + segment.width * 0.8, segment.band_y + segment.band_height + 16)
    ]
