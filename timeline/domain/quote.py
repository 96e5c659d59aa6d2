"""A quote: words that the source itself puts in quotation marks, and where they stand."""

from __future__ import annotations

import msgspec

from timeline.domain.errors import Refused

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


def check_quote(exact: str, wording: str) -> None:
    """Raise `Refused` for a quote that is too long or of an unknown wording."""
    if len(exact) > QUOTE_LIMIT:
        msg = f"the quote has {len(exact)} characters, {QUOTE_LIMIT} are allowed"
        raise Refused(msg, field="quote.text", fix="quote the decisive words only")
    if exact and wording not in WORDINGS:
        msg = f"there is no wording {wording!r}"
        raise Refused(msg, field="quote.wording", fix="use one of: " + ", ".join(WORDINGS))
