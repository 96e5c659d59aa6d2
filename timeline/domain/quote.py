"""A quote: words that the source itself puts in quotation marks, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        msg = f"the quote has {len(quote.exact)} characters and cannot stand from {start} to {end}"
        raise Refused(msg, field="quote.start", fix="count code points, or leave both out")


def check_attributed(exact: str, attributions: Iterable[str]) -> None:
    """Raise `Refused` for a quote of which no source is said to give the very words."""
    given = list(attributions)
    if exact and all(one in UNQUOTED for one in given):
        msg = f"{given[0]} words are not quoted"
        fix = "code them as quoted if the source puts them in quotation marks, else paraphrase them"
        raise Refused(msg, field="quote.text", fix=fix)


def check_quote(exact: str, wording: str) -> None:
    """Raise `Refused` for a quote that is too long or of an unknown wording."""
    if len(exact) > QUOTE_LIMIT:
        msg = f"the quote has {len(exact)} characters, {QUOTE_LIMIT} are allowed"
        raise Refused(msg, field="quote.text", fix="quote the decisive words only")
    if exact and wording not in WORDINGS:
        msg = f"there is no wording {wording!r}"
        raise Refused(msg, field="quote.wording", fix="use one of: " + ", ".join(WORDINGS))
