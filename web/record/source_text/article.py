"""The text of a source: where it is kept, and the places of words in it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from timeline.application.commands import Excerpt
from timeline.domain.errors import NotFound
from timeline.domain.messages import Message
from timeline.domain.naming import document_id
from timeline.domain.quotations import holds, is_narrated
from timeline.domain.text import whole_number
from timeline.domain.turns import speaker_at
from timeline.projections.queries.anchors import place_of, snapshots
from timeline.projections.queries.documents import documents_by_id
from web.record.fields.initial_values import source_fields
from web.record.source_text.sentences import AROUND, Span, quotes_around
from web.shell.request import services

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.documents import Document
    from timeline.stores.log import EventLog
    from web.record.forms.form_state import FormState

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


TEXT_GONE = Message(
    "text_gone",
    "no text of this source lies on the desk or in the record",
    fix="paste it, or give its file",
)


class SourceText(msgspec.Struct, frozen=True):
    """A text with its source: ``imprint`` has the source's fields by their names in forms.

    ``document`` is the id of the source; ``filed`` the source itself, if it is on file; ``text``
    is empty if no text is kept.
    """

    document: str
    imprint: dict[str, str]
    text: str
    filed: Document | None = None

    @property
    def name(self) -> str:
        """The source's title, else its outlet or its address."""
        names = ("source.title", "source.outlet", "source.url")
        return next(filter(None, (self.imprint.get(name, "") for name in names)), "")

    @property
    def address(self) -> str:
        """Its address on the workbench."""
        return f"/record/text/{self.document}"

    def lay(self, sheet: FormState) -> None:
        """Fill the source and its text into a form."""
        for name, value in self.imprint.items():
            sheet.put(name, value)
        sheet.put("text", self.text)
        sheet.put("document", self.document)


def find_source_text(conn: Connection, document: str) -> SourceText:
    """Return the text with a source's id; raises `NotFound` if the source is unknown."""
    filed = documents_by_id(conn, {document}).get(document)
    on_desk = services().desk.texts.find(document)
    if filed is None and on_desk is None:
        raise NotFound(TEXT_GONE)
    imprint = source_fields(filed) if filed else on_desk.imprint if on_desk else {}
    text = on_desk.text if on_desk else snapshot(services().log, document)
    fields = {name: value or "" for name, value in imprint.items()}
    return SourceText(document, fields, text, filed)


def source_text_of_page(conn: Connection, page: str) -> SourceText | None:
    """Return the text of the page at an address, if the desk or the record has it."""
    try:
        source = find_source_text(conn, document_id(page, "", "", "")) if page else None
    except NotFound:
        return None
    return source if source and source.text.strip() else None
