"""Cells that say that nothing stands there: ``NA``, ``None``, ``k.A.`` and the like."""

from __future__ import annotations

NOTHING = frozenset(
    ("na", "<na>", "n/a", "#n/a", "nan", "none", "null", "-", "--", "–", "—", "?", "k.a.", "k.a")
)
"""Words that say nothing, in lower case and without spaces; a map may name others."""

_LONGEST = 8
_OF_NO_WIDTH = "\u200b\u2060\ufeff"


def says_nothing(cell: str, words: frozenset[str] = NOTHING) -> bool:
    """Tell whether a cell is blank, or one of the words that say nothing, in any case."""
    if len(cell) > _LONGEST:
        return not cell.strip(_OF_NO_WIDTH).strip()
    bare = "".join(cell.split()).strip(_OF_NO_WIDTH).casefold()
    return not bare or bare in words
