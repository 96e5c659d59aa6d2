"""What makes a statement conditional: pointed out, never judged."""

from __future__ import annotations

import re
from functools import cache

from timeline.capture.tables import table

_NOT_WHETHER = "".join(
    f"(?<!{verb} )" for verb in ("see", "know", "ask", "asked", "wonder", "wondered", "as", "als")
)
"""What stands before an "if" that means "whether", and before "as if"."""

_NOT_WITHOUT = "".join(f"(?<!{words} )" for words in ("ohne", "ohne jedes", "kein", "without"))
"""What stands before an "if" of which there is none: "ohne Wenn und Aber"."""

_QUOTATION_MARKS = "\"'„“”‚‘’«» "


def condition(words: str, lang: str) -> str:
    """Return the part of a passage that makes it conditional, or nothing."""
    match = _pattern(lang).search(words)
    return match["condition"].strip(_QUOTATION_MARKS) if match else ""


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Return what finds a condition: from its first words to the next comma, or to the end."""
    openings = table(__package__, "conditions.toml")[lang]
    begins = "|".join(map(re.escape, sorted(openings, key=len, reverse=True)))
    return re.compile(
        rf"{_NOT_WHETHER}{_NOT_WITHOUT}\b"
        rf"(?P<condition>(?:{begins})\b[^,;.–—]*(?:, dass [^,;.–—]*)?)",
        re.IGNORECASE,
    )
