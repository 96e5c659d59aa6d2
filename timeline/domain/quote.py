"""A quote: words that the source itself puts in quotation marks, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message, Word

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
QUOTE_TOO_LONG = Message(
    "quote_too_long",
    "the quote has %(length)s characters, %(limit)s are allowed",
    fix="quote the decisive words only",
)
UNKNOWN_WORDING = Message(
    "unknown_wording", "there is no wording %(wording)s", fix="use one of: %(choices)s"
)

QUOTE_LIMIT = 500
WORDINGS = ("original", "translated", "unknown")


class Quote(msgspec.Struct, frozen=True, omit_defaults=True):
    """Verbatim words that the source itself puts in quotation marks, in their language.

    Anchored as in the W3C Web Annotation model (TextQuoteSelector, TextPositionSelector):
    ``start`` and ``end`` are code-point offsets in the snapshot, -1 where there is none.
    """

    exact: str
    lang: str = ""
    wording: str = "unknown"
    translated_by: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = -1
    end: int = -1


UNQUOTED = ("reported", "voted", "ascribed")
"""Attributions that say of a source that it does not give the very words."""


def check_anchor(quote: Quote) -> None:
    """Raise `Refused` if the place of a quote cannot be one: as long as the quote, or unknown."""
    start, end = quote.start, quote.end
    if (start, end) != (-1, -1) and (start < 0 or end - start != len(quote.exact)):
        raise Refused(
            QUOTE_MISPLACED, field="quote.start", length=len(quote.exact), start=start, end=end
        )


def check_attributed(exact: str, attributions: Iterable[str]) -> None:
    """Raise `Refused` for a quote of which no source is said to give the very words."""
    given = list(attributions)
    if exact and all(one in UNQUOTED for one in given):
        raise Refused(WORDS_NOT_QUOTED, field="quote.text", attribution=Word(given[0]))


def check_quote(exact: str, wording: str) -> None:
    """Raise `Refused` for a quote that is too long or of an unknown wording."""
    if len(exact) > QUOTE_LIMIT:
        raise Refused(QUOTE_TOO_LONG, field="quote.text", length=len(exact), limit=QUOTE_LIMIT)
    if exact and wording not in WORDINGS:
        raise Refused(
            UNKNOWN_WORDING,
            field="quote.wording",
            wording=InQuotes(wording),
            choices=", ".join(WORDINGS),
        )
