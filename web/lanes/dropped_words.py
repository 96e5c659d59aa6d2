"""Words of the question that a lane's own texts had, one after the other, and have no more.

Fragments that others quote tell nothing of words that they lack, so only texts are compared that
are the actor's own, in the language of the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory, entries
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.publisher import publisher
from web.wording.changed_words import SHORT, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.wording.clocks import Clocks
    from web.wording.names import Names

LEAST = 2
"""The fewest successive texts with a word for which a text without it is noticed."""

WHOLE = 500
"""The most statements of a lane that is checked."""


class DroppedWord(msgspec.Struct, frozen=True):
    """A word, the last statement with it, and the next one, from which it is gone."""

    word: str
    last: StatementEntry
    gone: StatementEntry

    @property
    def in_words(self) -> str:
        """The note beside the statement that lacks it."""
        return gettext(
            "“%(word)s” is no longer there; it was last said on %(date)s.",
            word=self.word,
            date=dates.said(self.last.said_at),
        )


def dropped_words_in(
    conn: Connection, topic: Topic, numbers: Sequence[int], names: Names, clocks: Clocks
) -> list[DroppedWord]:
    """Return words of the question that a lane dropped; ``numbers`` are its statements."""
    if len(numbers) > WHOLE:
        return []
    said = entries.statements(conn, numbers, clocks.known_at)
    questions = [wording.question for wording in directory.wordings(conn, topic.id)]
    in_order = [said[number] for number in numbers if number in said]
    return dropped_words(questions, publisher().language, in_order, names)


def dropped_words(
    questions: Iterable[str], lang: str, said: Sequence[StatementEntry], names: Names
) -> list[DroppedWord]:
    """Return the words that were dropped for good, in order of time.

    ``questions`` are the wordings of the question, in the language ``lang``; ``said`` are all
    statements of a lane in order.
    """
    asked_words = {
        word for question in questions for word in words_of(question) if len(word) > SHORT
    }
    names.documents({entry.document for entry in said})
    read = ((entry, words_of(_own_text(entry, lang, names))) for entry in said)
    texts = [(entry, words) for entry, words in read if words]
    dropped = (_dropped_word(word, texts) for word in sorted(asked_words))
    return sorted(filter(None, dropped), key=lambda word: word.gone.counts_from)


def _dropped_word(
    word: str, texts: Sequence[tuple[StatementEntry, frozenset[str]]]
) -> DroppedWord | None:
    places = [place for place, (_, words) in enumerate(texts) if word in words]
    if len(places) < LEAST or places[-1] - places[-LEAST] != LEAST - 1:
        return None
    last = places[-1]
    if last == len(texts) - 1:
        return None
    return DroppedWord(word, texts[last][0], texts[last + 1][0])


def _own_text(entry: StatementEntry, lang: str, names: Names) -> str:
    quote = entry.words.quote
    if quote is None or entry.withheld or quote.lang.partition("-")[0] != lang.partition("-")[0]:
        return ""
    is_own = entry.attribution == "quoted" and names.wrote(
        names.document(entry.document), entry.actors
    )
    return quote.exact if is_own else ""
