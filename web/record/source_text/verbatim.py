"""Whether quoted words are the source's: compared with the passage that is said to hold them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from timeline.capture.reading.quotations import PARAGRAPH, quotations

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def _in_order(parts: list[str], text: str) -> bool:
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _inner(source: str) -> Iterator[str]:
    """Yield what stands between quotation marks."""
    for paragraph in PARAGRAPH.finditer(source):
        for one in quotations(source, *paragraph.span()):
            yield source[slice(*one.inner)]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    return _SIGNS.sub(" ", letters).strip()
