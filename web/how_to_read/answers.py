"""Each answer with words of the record that give it, where the record holds some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import OLDEST
from timeline.domain.scales import SCALES
from timeline.projections.queries import directory
from timeline.projections.queries.directory import Topic
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.queries.quotations import quoted_answers
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n.translate import translator
from web.wording import stances
from web.wording.names import Names
from web.wording.scale_words import WORDS
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry

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
        found = {}
        for stance in POSITION.steps:
            answers = quoted_answers(conn, topic.id, stance, WORDS_OF_EACH)
            if said := _telling(_from_good_outlets(conn, answers)):
                found[stance] = said
        if len(found) > len(best[1]):
            best = topic, found
        if len(found) == len(POSITION.steps):
            break
    return _shown(conn, *best)


def _topics(conn: Connection) -> list[Topic]:
    """Return the questions for or against something that moved last, and then others."""

    def instant(topic: Topic) -> int:
        return OLDEST if topic.moved is None else topic.moved

    asked = [one for one in directory.topics(conn) if one.scale.name == POSITION.name]
    asked = [one for one in asked if one.statements]
    return sorted(asked, key=lambda one: (-instant(one), -one.statements))[:TOPICS]


def _from_good_outlets(conn: Connection, said: list[StatementEntry]) -> list[StatementEntry]:
    """Leave out words that an outlet published of which we show none as an example."""
    sources = documents_by_id(conn, {one.document for one in said})
    return [one for one in said if sources[one.document].outlet_kind not in NO_EXAMPLES]


def _telling(said: list[StatementEntry]) -> StatementEntry | None:
    """Return words that are read at a glance, in a language that the reader may know."""
    short = [one for one in said if one.quote_carries and SHORT <= _length(one) <= LONG]
    return min(short, key=lambda one: (_foreign(one), abs(_length(one) - BEST)), default=None)


def _length(one: StatementEntry) -> int:
    return len(one.words.quote.exact) if one.words.quote else 0


def _foreign(one: StatementEntry) -> int:
    """Return 0 for words in the reader's language, 1 for English, 2 for others."""
    lang = one.words.quote.lang.partition("-")[0] if one.words.quote else ""
    return 0 if lang == translator().code else 1 + (lang != "en")


def _shown(
    conn: Connection, topic: Topic | None, found: dict[int, StatementEntry]
) -> AnswerExamples:
    presenter = Presenter(conn, Names(conn), [*found.values()])
    meanings = WORDS[POSITION.name].steps
    return AnswerExamples(
        topic,
        tuple(
            AnswerExample(
                stances.view(POSITION, stance),
                str(step.meaning),
                presenter.statement(found[stance]) if stance in found else None,
            )
            for stance in reversed(POSITION.steps)
            if (step := meanings[stance + 2]) is not None
        ),
    )
