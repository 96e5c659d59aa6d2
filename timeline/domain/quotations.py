"""What a source quotes: its quotation marks and block quotes, and whether they hold a quote."""

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
"""What stands before a paragraph that is a block quote, as in mails: so pages are read."""

PARAGRAPH = re.compile(rf"(?!(?<![^\n]){BLOCK_QUOTE})[^\n]+")
"""The words of a paragraph; of a block quote they begin at the space behind its mark."""

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
"""A mark that stays open to the end of its paragraph is closed in a later one."""


class Quotation(NamedTuple):
    """A quotation in a text; ``inner`` leaves out the marks. Offsets are code points."""

    start: int
    end: int
    inner: tuple[int, int]


def quotations(text: str, begin: int, stop: int) -> Iterator[Quotation]:
    """Yield the quotations of a paragraph, which is a span of the text, in order; none overlap.

    A block quote is one as a whole.
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
    """Tell whether the words of a paragraph begin at the space behind the mark of a block quote."""
    return text[max(0, begin - 2) : begin + 1].removeprefix("\n") == BLOCK_QUOTE


def _words(match: re.Match[str]) -> str:
    return next(name for name, words in match.groupdict().items() if words)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


_LEFT_OUT = re.compile(r"\[[^\]]*\]|…|\.\.\.")
"""What an editor puts for words of the source: an ellipsis, or words of our own in brackets."""

_SIGNS = re.compile(r"[^\w]+")


def holds(source: str, quote: str) -> bool:
    """Tell whether a source holds the words of a quote in their order.

    Capitals, quotation marks, punctuation and spaces make no difference, nor does what the source
    says between two pieces of one quotation.
    """
    parts = [plain for part in _LEFT_OUT.split(quote) if (plain := _plain(part))]
    return _in_order(parts, _plain(source)) or _in_order(parts, _plain(" ".join(_inner(source))))


def is_narrated(passage: str, quote: str) -> bool:
    """Tell whether a passage quotes something, and the words of a quote are none of that."""
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
    """Yield what stands between quotation marks."""
    for paragraph in PARAGRAPH.finditer(source):
        for quotation in quotations(source, *paragraph.span()):
            yield source[slice(*quotation.inner)]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    return _SIGNS.sub(" ", letters).strip()
