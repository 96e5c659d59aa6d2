"""The width of text without a browser, by the advances of Libre Franklin, rounded up."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from timeline.domain.word_cache import cached_words

if TYPE_CHECKING:
    from collections.abc import Iterable

BOLD = 12.5
SMALL = 11.5

_EM = {
    0.26: " ijlI.,:;'!|’‘·",
    0.44: 'frtšč-()[]/J"“”„',
    0.58: "acesvxyzk1ßáàâäéèêëíìîïç",
    0.82: "wABDGHKNOQXYÄÖ",
    0.95: "mM…",
    1.08: "WЖШЩЮ→",
}
_ADVANCE = {char: em for em, chars in _EM.items() for char in chars}
_LOWER, _OTHER, _WIDE = 0.62, 0.76, 1.02


@cached_words(4_096)
def width(text: str, size: float = BOLD) -> float:
    """Return the greatest width of a line in pixels, at a font size in pixels."""
    return sum(map(_em, text)) * size


def _em(char: str) -> float:
    if (known := _ADVANCE.get(char)) is not None:
        return known
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    return _LOWER if char.islower() else _OTHER


def lines(text: str, room: float, size: float, most: int) -> tuple[str, ...]:
    """Break a text into lines of a width in pixels; text that is cut ends in "…"."""
    broken: list[str] = []
    words = text.split()
    while words and len(broken) < most:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room:
            line += f" {words.pop(0)}"
        broken.append(line)
    if words:
        broken[-1] += " …"
    return tuple(_shortened(line, room, size) for line in broken)


def whole_lines(sentences: Iterable[str], room: float, size: float, most: int) -> tuple[str, ...]:
    """Break the first sentences into lines of a width in pixels, as many as fit uncut."""
    text = ""
    broken: tuple[str, ...] = ()
    for sentence in sentences:
        text = f"{text} {sentence}".strip()
        if len(longer := lines(text, room, size, most + 1)) > most:
            break
        broken = longer
    return broken


def _shortened(line: str, room: float, size: float) -> str:
    """Shorten a line to its width, ending in "…"."""
    if width(line, size) <= room:
        return line
    shortened = line.removesuffix(" …")
    while shortened and width(shortened + "…", size) > room:
        shortened = shortened[:-1]
    return shortened.rstrip() + "…"
