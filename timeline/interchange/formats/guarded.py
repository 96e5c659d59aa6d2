"""Cells that a spreadsheet would take for formulas: kept from it by an apostrophe, and read back.

An apostrophe is what spreadsheets themselves put before text (OWASP, "CSV Injection"). A cell that
begins with apostrophes before such a sign gets one more, so that reading takes back just ours.
"""

from __future__ import annotations

import re

MARK = "'"
_SIGN = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""The last four are wide forms of the first, which some spreadsheets read alike."""

_FORMULA = re.compile(f"'*{_SIGN}")
_GUARDED = re.compile(f"''*{_SIGN}")


def guarded(cell: object) -> object:
    """Return a cell that no spreadsheet computes."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return MARK + cell
    return cell


def bare(cell: str) -> str:
    """Return what a cell held before it was guarded."""
    return cell.removeprefix(MARK) if _GUARDED.match(cell) else cell
