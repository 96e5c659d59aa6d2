"""Which language a text is in, by its commonest words."""

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
"""The commonest words of each language that rules read, without those that another has as well."""

_ENOUGH = 20_000
"""Characters that are looked at."""

_LEAST, _SHARE, _TIMES = 2, 0.12, 4
"""Common words of a language that leave no doubt: how many at the least, as a share of all words,
and how many to one of another language."""


def language_of(text: str) -> str:
    """Return the language whose commonest words a text has most of."""
    words = [word.lower() for word in WORD.findall(text[:_ENOUGH])]
    return max(COMMON_WORDS, key=lambda lang: sum(word in COMMON_WORDS[lang] for word in words))


def plain_language_of(text: str) -> str:
    """Return the language of a text where its commonest words leave no doubt; else nothing.

    A text in a language that no rules read is in none.
    """
    words = [word.lower() for word in WORD.findall(text[:_ENOUGH])]
    counted = {lang: sum(word in marks for word in words) for lang, marks in COMMON_WORDS.items()}
    best = max(counted, key=counted.__getitem__)
    others = sum(counted.values()) - counted[best]
    is_plain = counted[best] >= max(_LEAST, _SHARE * len(words), _TIMES * others)
    return best if is_plain else ""
