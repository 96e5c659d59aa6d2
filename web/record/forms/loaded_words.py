"""Words by which a question takes a side before anybody answers it: a hint, never a refusal."""

from __future__ import annotations

import re

LOADED = {
    "de": (
        *("muss", "müssen", "müsste", "müssten", "endlich", "unbedingt", "überfällig*"),
        *("angeblich*", "sogenannt*", "skandalös*", "hässlich*", "unsinnig*"),
        *("wirklich", "noch immer", "immer noch"),
    ),
    "en": (
        *("must", "finally", "at last", "overdue", "so-called", "alleged*", "really"),
        *("scandalous*", "ugly", "absurd*", "disgraceful*", "obvious*"),
    ),
}
"""By language; a star stands for any ending."""

_FOUND = re.compile(
    "|".join(
        rf"\b{re.escape(word.removesuffix('*'))}{'[a-zäöüß]*' if word.endswith('*') else ''}\b"
        for words in LOADED.values()
        for word in words
    ),
    re.IGNORECASE,
)


def loaded_words(question: str) -> list[str]:
    """Return the words of a question that load it, as they stand there, each once."""
    return list(dict.fromkeys(_FOUND.findall(question)))
