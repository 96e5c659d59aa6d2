"""Which language a text is in, of those that rules read."""

from __future__ import annotations

import re

from timeline.capture.tables import table

_WORD = re.compile(r"[^\W\d_]+")
_MARKS = {
    lang: frozenset(words.split()) for lang, words in table(__package__, "languages.toml").items()
}
_ENOUGH = 20_000
"""Characters that are looked at."""


def language_of(text: str) -> str:
    """Return the language whose commonest words a text has most of."""
    words = [word.lower() for word in _WORD.findall(text[:_ENOUGH])]
    return max(_MARKS, key=lambda lang: sum(word in _MARKS[lang] for word in words))
