"""The source's text beside the form: what we keep of it, what is recorded from it, and where."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from timeline.application.commands import Excerpt
from timeline.domain.quotations import holds, is_narrated
from timeline.domain.text import whole_number
from timeline.domain.turns import speaker_at
from timeline.projections.queries.anchors import place_of, snapshots
from web.record.source_text.cutting import AROUND, Span, quotes_around

if TYPE_CHECKING:
    from timeline.stores.log import EventLog


CONTEXT = 64
"""Characters kept before and after a quote, by which it is found again (W3C TextQuoteSelector)."""

_FIRST_WORD, _LAST_WORD = re.compile(r"^\S*\s+"), re.compile(r"\s+\S*$")


class Anchor(msgspec.Struct, frozen=True):
    """Where words stand in a text; -1 where they do not."""

    start: int = -1
    end: int = -1
    prefix: str = ""
    suffix: str = ""


def composed(text: str) -> str:
    """Return a text as the record keeps it, so that offsets stay right."""
    return unicodedata.normalize("NFC", text)


def snapshot(log: EventLog, document: str) -> str:
    """Return the latest text of a document that we keep, empty where there is none."""
    kept = snapshots(log, document)
    return kept[-1] if kept else ""


def passage(text: str, value: str) -> Span | None:
    """Return the offsets that a form sent, if they lie in the text."""
    start, end = map(whole_number, value.partition("-")[::2])
    if start is None or end is None:
        return None
    return (start, end) if start < end <= len(text) else None


def anchor(text: str, words: str, near: int = 0) -> Anchor:
    """Return where words stand in a text, from ``near`` on or else anywhere."""
    start = place_of(text, words, near)
    if start < 0:
        return Anchor()
    end = start + len(words)
    return Anchor(start, end, _before(text, start), _after(text, end))


def excerpt(text: str, words: str, near: int = 0) -> Excerpt:
    """Return words of a text as a passage, with the place where they stand in it, if they do."""
    found = anchor(text, words, near)
    return Excerpt(words, found.prefix, found.suffix, found.start, found.end)


def _before(text: str, start: int) -> str:
    """Return the words before a place, no more characters than are kept."""
    begin = max(0, start - CONTEXT)
    is_cut = begin > 0 and not text[begin - 1].isspace()
    context = text[begin:start]
    return (_FIRST_WORD.sub("", context) if is_cut else context).lstrip("\n")


def _after(text: str, end: int) -> str:
    """Return the words after a place, no more characters than are kept."""
    stop = end + CONTEXT
    is_cut = stop < len(text) and not text[stop].isspace()
    context = text[end:stop]
    return (_LAST_WORD.sub("", context) if is_cut else context).rstrip("\n")


def is_quoted(text: str, span: Span, words: str) -> bool:
    """Tell whether a text itself quotes words, in or around a passage of it.

    It does in quotation marks, in a block quote, and in a transcript all along.
    """
    if speaker_at(text, span[0]):
        return True
    found = [text[slice(*one)] for one in quotes_around(text, span)]
    at = text.find(words, span[0], span[1])
    place = (at, at + len(words)) if at >= 0 else span
    return holds(" ".join(found), words) or _is_within_marks(text, place)


def _is_within_marks(text: str, span: Span) -> bool:
    """Tell whether words stand in a quotation that goes on over several paragraphs."""
    before, behind = text[max(0, span[0] - AROUND) : span[0]], text[span[0] : span[1] + AROUND]
    opens, closes = ("„", "“”") if "„" in text else ("“", "”")
    opened = before.rfind(opens)
    if opened < 0 or any(mark in before[opened + 1 :] for mark in closes):
        return False
    ends = [at for mark in closes if (at := behind.find(mark)) >= 0]
    return bool(ends) and min(ends) >= span[1] - span[0]


def is_told(text: str, passage: str, quote: str, span: Span | None = None) -> bool:
    """Tell whether a quote is what the source tells in its own words, and nothing that it quotes.

    ``text`` is that of the source, empty where it is not kept, ``span`` where the passage stands in
    it, if somebody said so.
    """
    start = span[0] if span else place_of(text, passage)
    if start < 0:
        return is_narrated(passage, quote)
    return not is_quoted(text, span or (start, start + len(passage)), quote)
