"""Find the condition of a statement; a person judges it."""

from __future__ import annotations

import re
from functools import cache

from timeline.capture.tables import table

_NOT_WHETHER = "".join(
    f"(?<!{verb} )" for verb in ("see", "know", "ask", "asked", "wonder", "wondered", "as", "als")
)
"""Words before an "if" that means "whether", and before "as if"."""

_NOT_WITHOUT = "".join(f"(?<!{words} )" for words in ("ohne", "ohne jedes", "kein", "without"))
"""Words before an "if" that denies a condition: "ohne Wenn und Aber"."""

_QUOTATION_MARKS = "\"'„“”‚‘’«» "


def condition(words: str, lang: str) -> str:
    """Return the part of a passage that makes it conditional; empty if none does."""
    match = _pattern(lang).search(words)
    return match["condition"].strip(_QUOTATION_MARKS) if match else ""


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Return the pattern of a condition: from its first words to the next comma or the end."""
    openings = table(__package__, "conditions.toml")[lang]
    begins = "|".join(map(re.escape, sorted(openings, key=len, reverse=True)))
    return re.compile(
        rf"{_NOT_WHETHER}{_NOT_WITHOUT}\b"
        rf"(?P<condition>(?:{begins})\b[^,;.–—]*(?:, dass [^,;.–—]*)?)",
        re.IGNORECASE,
    )
