"""Quotations in a source: quotation marks and block quotes, and whether they hold a quote."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from timeline.domain.messages import Message
from timeline.domain.quote import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

QUOTE_NARRATED = Message(
    "quote_narrated",
    "the source tells this in its own words: “%(passage)s”",
    fix="quote what stands between its quotation marks, or code it as reported",
)

BLOCK_QUOTE = "> "
"""The mark before a block quote, as in e-mails; text from pages uses it too."""

PARAGRAPH = re.compile(rf"(?!(?<![^\n]){BLOCK_QUOTE})[^\n]+")
"""A paragraph; a block quote begins at the space behind its mark."""

_QUOTED = re.compile(
    r"„(?P<de>[^“”„]+)[“”]"
    r"|“(?P<en>[^”“]+)(?:”|(?P<open>$))"
    r"|»(?P<book>[^«»]+)«"
    r"|«(?P<fr>[^»«]+)»"
    r"|''(?P<doubled>(?:(?!'').)+)(?:''|$)"
    r'|"(?P<plain>[^"]+)(?:"|$)'
    r"|(?<![^\s(\[])‘(?P<single>(?:[^‘’]|(?<=\w)’(?=\w))+)’(?!\w)"
    r"|(?<![^\s(\[])'(?P<typed>(?:[^']|(?<=\w)'(?=\w))+)'(?!\w)"
)
"""A quotation mark left open at the end of a paragraph is closed in a later one."""


class Quotation(NamedTuple):
    """A quotation in a text; ``inner`` leaves out the marks. Offsets are code points."""

    start: int
    end: int
    inner: tuple[int, int]


def quotations(text: str, begin: int, stop: int) -> Iterator[Quotation]:
    """Yield the quotations of a paragraph (a span of the text) in order, without overlaps.

    A block quote is one quotation.
    """
    start, end = _stripped(text, begin, stop)
    if _is_block_quote(text, begin) and without_marks(text[start:end]) == text[start:end]:
        yield Quotation(begin, stop, (start, end))
        return
    for match in _QUOTED.finditer(text, begin, stop):
        start, end = _stripped(text, *match.span(_words(match)))
        if start < end:
            yield Quotation(match.start(), match.end(), (start, end))


def _is_block_quote(text: str, begin: int) -> bool:
    """Tell whether a paragraph is a block quote, by the mark before it."""
    return text[max(0, begin - 2) : begin + 1].removeprefix("\n") == BLOCK_QUOTE


def _words(match: re.Match[str]) -> str:
    return next(name for name, words in match.groupdict().items() if words)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


_LEFT_OUT = re.compile(r"\[[^\]]*\]|…|\.\.\.")
"""What an editor puts for omitted words: an ellipsis, or words in brackets."""

_SIGNS = re.compile(r"[^\w]+")


def holds(source: str, quote: str) -> bool:
    """Tell whether a source contains the words of a quote in order.

    It ignores capitals, quotation marks, punctuation, spaces, and text between two pieces of one
    quotation.
    """
    parts = [plain for part in _LEFT_OUT.split(quote) if (plain := _plain(part))]
    return _in_order(parts, _plain(source)) or _in_order(parts, _plain(" ".join(_inner(source))))


def is_narrated(passage: str, quote: str) -> bool:
    """Tell whether a passage has quotations, and the quote is in none of them."""
    quoted = [*_inner(passage)]
    return bool(quoted) and not holds(" ".join(quoted), quote) and _plain(passage) != _plain(quote)


def _in_order(parts: list[str], text: str) -> bool:
    at = 0
    for part in parts:
        place = text.find(part, at)
        if place < 0:
            return False
        at = place + len(part)
    return True


def _inner(source: str) -> Iterator[str]:
    """Yield the texts between quotation marks."""
    for paragraph in PARAGRAPH.finditer(source):
        for quotation in quotations(source, *paragraph.span()):
            yield source[slice(*quotation.inner)]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    return _SIGNS.sub(" ", letters).strip()
