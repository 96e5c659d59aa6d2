"""The text of a source beside the form: the kept text, and the places of words in it."""

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
from web.record.source_text.sentences import AROUND, Span, quotes_around

if TYPE_CHECKING:
    from timeline.stores.log import EventLog


CONTEXT = 64
"""Characters kept before and after a quote, by which it is found again (W3C TextQuoteSelector)."""

_FIRST_WORD, _LAST_WORD = re.compile(r"^\S*\s+"), re.compile(r"\s+\S*$")


class Anchor(msgspec.Struct, frozen=True):
    """The place of words in a text, with their context; -1 if they are not in it."""

    start: int = -1
    end: int = -1
    prefix: str = ""
    suffix: str = ""


def composed(text: str) -> str:
    """Return a text as the record keeps it, so that offsets stay right."""
    return unicodedata.normalize("NFC", text)


def snapshot(log: EventLog, document: str) -> str:
    """Return the latest kept text of a document, empty if there is none."""
    texts = snapshots(log, document)
    return texts[-1] if texts else ""


def passage(text: str, value: str) -> Span | None:
    """Return the offsets that a form sent, if they lie in the text."""
    start, end = map(whole_number, value.partition("-")[::2])
    if start is None or end is None:
        return None
    return (start, end) if start < end <= len(text) else None


def anchor(text: str, words: str, near: int = 0) -> Anchor:
    """Return the place of words in a text, from ``near`` on or else anywhere."""
    start = place_of(text, words, near)
    if start < 0:
        return Anchor()
    end = start + len(words)
    return Anchor(start, end, _before(text, start), _after(text, end))


def excerpt(text: str, words: str, near: int = 0) -> Excerpt:
    """Return words as a passage, with their place in the text, if they are in it."""
    place = anchor(text, words, near)
    return Excerpt(words, place.prefix, place.suffix, place.start, place.end)


def _before(text: str, start: int) -> str:
    """Return the words before a place, at most as many characters as are kept."""
    begin = max(0, start - CONTEXT)
    is_cut = begin > 0 and not text[begin - 1].isspace()
    context = text[begin:start]
    return (_FIRST_WORD.sub("", context) if is_cut else context).lstrip("\n")


def _after(text: str, end: int) -> str:
    """Return the words after a place, at most as many characters as are kept."""
    stop = end + CONTEXT
    is_cut = stop < len(text) and not text[stop].isspace()
    context = text[end:stop]
    return (_LAST_WORD.sub("", context) if is_cut else context).rstrip("\n")


def is_quoted(text: str, span: Span, words: str) -> bool:
    """Tell whether the text quotes some words, in or around a passage.

    Words are quoted in quotation marks, in a block quote, and everywhere in a transcript.
    """
    if speaker_at(text, span[0]):
        return True
    quotes = [text[slice(*quote_span)] for quote_span in quotes_around(text, span)]
    at = text.find(words, span[0], span[1])
    place = (at, at + len(words)) if at >= 0 else span
    return holds(" ".join(quotes), words) or _is_within_marks(text, place)


def _is_within_marks(text: str, span: Span) -> bool:
    """Tell whether words are inside a quotation of several paragraphs."""
    before, after = text[max(0, span[0] - AROUND) : span[0]], text[span[0] : span[1] + AROUND]
    opens, closes = ("„", "“”") if "„" in text else ("“", "”")
    opened = before.rfind(opens)
    if opened < 0 or any(mark in before[opened + 1 :] for mark in closes):
        return False
    ends = [at for mark in closes if (at := after.find(mark)) >= 0]
    return bool(ends) and min(ends) >= span[1] - span[0]


def is_narrated_by_source(text: str, passage: str, quote: str, span: Span | None = None) -> bool:
    """Tell whether a quote is the source's own narration, and not something that it quotes.

    ``text`` is that of the source, empty if it is not kept; ``span`` is the place of the passage,
    if it is known.
    """
    start = span[0] if span else place_of(text, passage)
    if start < 0:
        return is_narrated(passage, quote)
    return not is_quoted(text, span or (start, start + len(passage)), quote)
