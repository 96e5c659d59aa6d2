"""Cells that mean blank: ``NA``, ``None``, ``k.A.`` and the like."""

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
"""Words that mean blank, without spaces; Na and Nan are names. A map may give others.

Signs for "as above" mean blank, too, since rows may be sorted, split and corrected.
"""

_LONGEST = max(map(len, NOTHING))
_OF_NO_WIDTH = "\u200b\u2060\ufeff"


def says_nothing(cell: str, words: frozenset[str] = NOTHING) -> bool:
    """Tell whether a cell is blank, or a word that means blank."""
    if len(cell) > _LONGEST:
        return not cell.strip(_OF_NO_WIDTH).strip()
    bare = "".join(cell.split()).strip(_OF_NO_WIDTH)
    return not bare or bare in words


def list_in(text: str) -> list[object] | None:
    """Read a list in JSON or Python notation; ``None`` for any other text.

    ``[...]`` is an omission in a quote and no list, though Python reads it as one.
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
