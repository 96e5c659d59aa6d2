"""Words of a source: the passage that supports a statement, and the quote in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused, check_choice
from timeline.domain.messages import Message, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

QUOTE_MISPLACED = Message(
    "quote_misplaced",
    "the quote has %(length)s characters and cannot stand from %(start)s to %(end)s",
    fix="count code points, or leave both out",
)
WORDS_NOT_QUOTED = Message(
    "words_not_quoted",
    "%(attribution)s words are not quoted",
    fix="code them as quoted if the source puts them in quotation marks, else paraphrase them",
)
PASSAGE_MISPLACED = Message(
    "passage_misplaced",
    "the passage has %(length)s characters and cannot stand from %(start)s to %(end)s",
    fix="count code points, or leave both out",
)
QUOTE_TOO_LONG = Message(
    "quote_too_long",
    "the quote has %(length)s characters, %(limit)s are allowed",
    fix="quote the decisive words only",
)
PASSAGE_TOO_LONG = Message(
    "passage_too_long",
    "the passage has %(length)s characters, %(limit)s are allowed",
    fix="keep only the sentence that carries the statement",
)
PASSAGE_EMPTY = Message(
    "passage_empty", "the passage has no words", fix="copy them from the source, letter by letter"
)
PASSAGE_ALREADY = Message(
    "passage_already",
    "another passage is on record for this statement",
    fix="correct the passage on record instead",
)
UNKNOWN_WORDING = Message(
    "unknown_wording", "there is no wording %(wording)s", fix="use one of: %(choices)s"
)

QUOTE_LIMIT = 500
PASSAGE_LIMIT = 500
WORDINGS = ("original", "translated", "unknown")

_CLOSED_BY = {
    '"': '"',
    "“": "”",
    "„": "“”",
    "”": "”",
    "»": "«»",
    "«": "»",
    "\u203a": "\u2039",  # single marks like the two above
    "\u2039": "\u203a",
    "‚": "‘’",
    "‘": "’",
}
"""The closing mark of each opening quotation mark: English, German, French and Swedish."""
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")


class Quote(msgspec.Struct, frozen=True, omit_defaults=True):
    """Verbatim words that the source itself puts in quotation marks.

    Anchored as in the W3C Web Annotation model (TextQuoteSelector, TextPositionSelector):
    ``start`` and ``end`` are code-point offsets in the snapshot, -1 if there is none.
    """

    exact: str
    lang: str = ""
    wording: str = "unknown"
    translated_by: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = -1
    end: int = -1


class Passage(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source's own words that support a statement, in the language of the source.

    A quote is the part of it that the source puts in quotation marks. Anchored like a quote.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = -1
    end: int = -1


UNQUOTED = ("reported", "voted", "ascribed")
"""Attributions of sources that do not give verbatim words."""


def without_marks(words: str) -> str:
    """Return quoted words without the pair of quotation marks around all of them.

    Pages add the marks when they show a quote. Inner marks and apostrophes stay, and so do the
    marks of several quotations in one text.
    """
    inner = words[1:-1]
    closing = _CLOSED_BY.get(words[:1])
    if not closing or words[-1] not in closing or not inner.strip():
        return words
    plain = _APOSTROPHE.sub("", inner)
    if any(mark in plain for mark in words[0] + closing):
        return words
    return without_marks(inner.strip())


FEWEST_WORDS = 5
"""Fewest words of a quote that can show a stance alone."""


def may_carry(exact: str) -> bool:
    """Tell whether a quote is long enough to show a stance alone."""
    return len(exact.split()) >= FEWEST_WORDS


def check_anchor(words: Quote | Passage) -> None:
    """Raise `Refused` unless the place of words is unknown or as long as they are."""
    start, end = words.start, words.end
    if (start, end) == (-1, -1) or (start >= 0 and end - start == len(words.exact)):
        return
    is_quote = isinstance(words, Quote)
    raise Refused(
        QUOTE_MISPLACED if is_quote else PASSAGE_MISPLACED,
        field="quote.start" if is_quote else "passage.start",
        length=len(words.exact),
        start=start,
        end=end,
    )


def check_passage(exact: str) -> None:
    """Raise `Refused` for a passage that is too long."""
    if len(exact) > PASSAGE_LIMIT:
        raise Refused(
            PASSAGE_TOO_LONG, field="passage.text", length=len(exact), limit=PASSAGE_LIMIT
        )


def check_attributed(exact: str, attributions: Iterable[str]) -> None:
    """Raise `Refused` for a quote if no source gives verbatim words."""
    named = list(attributions)
    if exact and all(attribution in UNQUOTED for attribution in named):
        raise Refused(WORDS_NOT_QUOTED, field="quote.text", attribution=Word(named[0]))


def check_quote(exact: str, wording: str) -> None:
    """Raise `Refused` for a quote that is too long or has an unknown wording."""
    if len(exact) > QUOTE_LIMIT:
        raise Refused(QUOTE_TOO_LONG, field="quote.text", length=len(exact), limit=QUOTE_LIMIT)
    if exact:
        check_choice(UNKNOWN_WORDING, WORDINGS, field="quote.wording", wording=wording)
