"""Guess the language of a text by common words."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

WORD = re.compile(r"[^\W\d_]+")
_TABLE = resources.files(__package__) / "common_words.toml"
COMMON_WORDS = {
    lang: frozenset(words.split())
    for lang, words in tomllib.loads(_TABLE.read_text("utf-8")).items()
}
"""Common words of each language that our rules read, without those shared with another."""

_ENOUGH = 20_000
"""Characters that are read at most."""

_LEAST, _SHARE, _TIMES = 2, 0.12, 4
"""When a language is certain: its least number of common words, their least share of all words,
and how many times as many as of any other language."""


def language_of(text: str) -> str:
    """Return the language that most common words of a text belong to."""
    words = [word.lower() for word in WORD.findall(text[:_ENOUGH])]
    return max(COMMON_WORDS, key=lambda lang: sum(word in COMMON_WORDS[lang] for word in words))


def plain_language_of(text: str) -> str:
    """Return the language of a text if it is certain, else an empty text.

    So does a language that our rules do not read.
    """
    words = [word.lower() for word in WORD.findall(text[:_ENOUGH])]
    counted = {lang: sum(word in marks for word in words) for lang, marks in COMMON_WORDS.items()}
    best = max(counted, key=counted.__getitem__)
    others = sum(counted.values()) - counted[best]
    is_plain = counted[best] >= max(_LEAST, _SHARE * len(words), _TIMES * others)
    return best if is_plain else ""
