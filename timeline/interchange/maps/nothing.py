"""Cells that say that nothing stands there: ``NA``, ``None``, ``k.A.`` and the like."""

from __future__ import annotations

import ast
import json
from warnings import catch_warnings

_WORDS = "NA na N/A n/a n.a. #N/A <NA> nan NaN NAN None none NONE NULL null Null k.A. k.a. K.A. ?"
_ERRORS = "#REF! #VALUE! #NAME? #DIV/0! #NULL! #NUM! #SPILL! #CALC! #WERT! #BEZUG! #ZAHL! #NV"
_PROGRAMS = "NaT NA_character_ nil undefined (null) <null> \\N"
_SIGNS = "- -- – — . .. ... … *"
_AS_ABOVE = """" "" '' 〃 ″ ditto Ditto dito Dito idem Idem ders. Ders. dies. Dies. ebd. Ebd."""
NOTHING = frozenset(f"{_WORDS} {_ERRORS} {_PROGRAMS} {_SIGNS} {_AS_ABOVE}".split())
"""Words that say nothing, without spaces: Na and Nan are names. A map may give others.

What stands for the row above says nothing by itself, either: rows are sorted, split and mended.
"""

_LONGEST = max(map(len, NOTHING))
_OF_NO_WIDTH = "\u200b\u2060\ufeff"


def says_nothing(cell: str, words: frozenset[str] = NOTHING) -> bool:
    """Tell whether a cell is blank, or one of the words that say nothing."""
    if len(cell) > _LONGEST:
        return not cell.strip(_OF_NO_WIDTH).strip()
    bare = "".join(cell.split()).strip(_OF_NO_WIDTH)
    return not bare or bare in words


def list_in(text: str) -> list[object] | None:
    """Return the list that a text is, as JSON or Python write lists; nothing for other texts.

    ``[...]`` leaves words out: it is no list, though Python reads it as a list.
    """
    if not (text.startswith("[") and text.endswith("]")):
        return None
    for read in (json.loads, _python):
        try:
            value = read(text)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
        return value if isinstance(value, list) and ... not in value else None
    return None


def _python(text: str) -> object:
    with catch_warnings(action="ignore", category=SyntaxWarning):
        return ast.literal_eval(text)
