"""The source's text beside the form: its sentences, one of which is the passage coded."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.document import DocumentSnapshotTaken
from timeline.projections.queries import paging
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.paging import Filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from timeline.stores.log import EventLog

CONTEXT = 64
"""Characters kept before and after a quote, by which it is found again (W3C TextQuoteSelector)."""

MOST_RECORDED = 200

_PARAGRAPH = re.compile(r"[^\n]+")
_END = re.compile(r"[.!?…]+[\"'”“»«’)\]]*(?=\s)|[。！？]+")  # noqa: RUF001 - ends of sentences
_SHORT = re.compile(
    r"(?:^|[\s(\[])(?:\w|\d+|Abs|bzw|ca|Dr|etc|Frau|Hr|Mio|Mr|Mrs|Ms|Nr|Prof|St|usw|vgl)\.$"
)
_QUOTED = re.compile(
    '„(?P<de>[^“”„]+)[“”]|“(?P<en>[^”“]+)”|»(?P<book>[^«»]+)«|«(?P<fr>[^»«]+)»|"(?P<plain>[^"]+)"'
)
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Piece(msgspec.Struct, frozen=True):
    """A run of a sentence; ``number`` of the statement that was recorded from it, or 0."""

    text: str
    number: int = 0


class Sentence(msgspec.Struct, frozen=True):
    """A sentence; ``start`` and ``end`` are code-point offsets in the text."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def value(self) -> str:
        """What the form sends when the sentence is taken."""
        return f"{self.start}-{self.end}"


class Anchor(msgspec.Struct, frozen=True):
    """Where words stand in a text; -1 where they do not."""

    start: int = -1
    end: int = -1
    prefix: str = ""
    suffix: str = ""


def composed(text: str) -> str:
    """Return a text as the record keeps it, so that offsets stay right."""
    return unicodedata.normalize("NFC", text)


def without_invisible(text: str) -> str:
    """Return a text without the characters that the record refuses."""
    return _INVISIBLE.sub("", text)


def paragraphs(text: str, recorded: list[tuple[int, int, int]]) -> list[list[Sentence]]:
    """Return the sentences of a text by paragraph; ``recorded`` has start, end and number."""
    return [
        [
            Sentence(start, end, tuple(_pieces(text, start, end, recorded)))
            for start, end in _sentences(text, *paragraph.span())
        ]
        for paragraph in _PARAGRAPH.finditer(text)
        if paragraph[0].strip()
    ]


def recorded_passages(conn: Connection, document: str, text: str) -> list[tuple[int, int, int]]:
    """Return start, end and number of the quotes of a document that are on record."""
    wanted = Filter(documents=frozenset({document}), kinds=frozenset({"statement"}))
    page = paging.page(conn, None, wanted, limit=MOST_RECORDED)
    found = []
    for one in page.entries:
        if not isinstance(one, StatementEntry) or one.retracted or not one.words.quote:
            continue
        anchored = anchor(text, one.words.quote.exact, max(one.words.quote.start, 0))
        if anchored.start >= 0:
            found.append((anchored.start, anchored.end, one.number))
    return sorted(found)


def snapshot(log: EventLog, document: str) -> str:
    """Return the latest text of a document that we keep, empty where there is none."""
    kept = ""
    for event in log.stream_of(document):
        if isinstance(event, DocumentSnapshotTaken) and event.content:
            kept = event.content.text
    return kept


def passage(text: str, value: str) -> tuple[int, int] | None:
    """Return the offsets that a form sent, if they lie in the text."""
    start, dash, end = value.partition("-")
    if not (dash and start.isdecimal() and end.isdecimal()):
        return None
    span = int(start), int(end)
    return span if span[0] < span[1] <= len(text) else None


def quoted_words(sentence: str) -> str:
    """Return the first words of a sentence that stand between quotation marks."""
    found = _QUOTED.search(sentence)
    return next((words for words in found.groups() if words), "").strip() if found else ""


def anchor(text: str, words: str, near: int = 0) -> Anchor:
    """Return where words stand in a text, from ``near`` on or else anywhere."""
    start = text.find(words, near) if words else -1
    start = text.find(words) if words and start < 0 else start
    if start < 0:
        return Anchor()
    end = start + len(words)
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Anchor(start, end, before.lstrip("\n"), after.rstrip("\n"))


def _sentences(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    start = begin
    for stop in _END.finditer(text, begin, end):
        if _ends_here(text, start, stop, end):
            yield start, stop.end()
            start = stop.end() + len(text[stop.end() : end]) - len(text[stop.end() : end].lstrip())
    if text[start:end].strip():
        yield start, start + len(text[start:end].rstrip())


def _ends_here(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    following = text[stop.end() : end].lstrip()
    if not following or following[0].islower():
        return not following
    return stop[0] != "." or _SHORT.search(text[start : stop.end()]) is None


def _pieces(
    text: str, start: int, end: int, recorded: list[tuple[int, int, int]]
) -> Iterator[Piece]:
    at = start
    for begin, stop, number in recorded:
        if at <= begin < end and stop <= end:
            if begin > at:
                yield Piece(text[at:begin])
            yield Piece(text[begin:stop], number)
            at = stop
    if at < end:
        yield Piece(text[at:end])
