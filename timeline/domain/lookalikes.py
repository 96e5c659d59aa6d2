"""Names that look alike but differ, such as by a Cyrillic letter for a Latin one."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib.resources import files

from timeline.domain.word_cache import cached_words

_LETTERS = ("L", "N")
"""The Unicode categories that distinguish names; all dashes may look alike."""


def look_alike(left: str, right: str) -> bool:
    """Tell whether two names differ but look the same."""
    return _composed(left) != _composed(right) and skeleton(left) == skeleton(right)


@cached_words(1 << 14)
def skeleton(name: str) -> str:
    """Return the same text for all names that look alike (Unicode TS 39, section 4).

    Small letters and capitals make no difference.
    """
    prototypes = _prototypes()
    decomposed = unicodedata.normalize("NFD", name)
    mapped = "".join(prototypes.get(sign, sign) for sign in decomposed)
    return " ".join(unicodedata.normalize("NFD", mapped.casefold()).split())


def _composed(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@cache
def _prototypes() -> dict[str, str]:
    """Return for each confusable letter the first of all that look like it."""
    table = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    alike_to: dict[str, list[dict[str, str]]] = json.loads(table)
    first: dict[str, str] = {}
    for sign in sorted(alike_to):
        if sign in first or not _is_letter(sign):
            continue
        alike: set[str] = set()
        waiting = [sign]
        while waiting:
            letter = waiting.pop()
            if letter not in alike and _is_letter(letter):
                alike.add(letter)
                waiting += (other["c"] for other in alike_to.get(letter, ()))
        first |= dict.fromkeys(alike, min(alike))
    return first


def _is_letter(sign: str) -> bool:
    return len(sign) == 1 and unicodedata.category(sign).startswith(_LETTERS)
