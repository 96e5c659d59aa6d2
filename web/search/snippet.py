"""The stretch of a text around the words that were looked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD = re.compile(r"[^\W_]+")
LEAD = 0.3
"""The share of a snippet that may stand before the first word that was looked for."""


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text; ``found`` if it was looked for."""

    text: str
    found: bool


def snippet(text: str, points_at: Callable[[str], bool], length: int) -> tuple[Piece, ...]:
    """Return at most about ``length`` characters of a text, from word to word."""
    spans = [found.span() for found in _WORD.finditer(text) if points_at(found[0])]
    start, end = _window(text, spans[0][0] if spans else 0, length)
    pieces = [Piece("…", found=False)] if start else []
    at = start
    for begin, stop in spans:
        if begin >= start and stop <= end:
            pieces += [Piece(text[at:begin], found=False), Piece(text[begin:stop], found=True)]
            at = stop
    pieces.append(Piece(text[at:end], found=False))
    if end < len(text):
        pieces.append(Piece("…", found=False))
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, first: int, length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    start = max(0, min(first - int(length * LEAD), len(text) - length))
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + length // 2)
    return start, end
