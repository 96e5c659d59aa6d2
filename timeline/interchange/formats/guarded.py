"""Guard cells that a spreadsheet would take for formulas with an apostrophe, and remove it.

Spreadsheets themselves put an apostrophe before text (OWASP, "CSV Injection"). A cell that has
apostrophes before such a sign gets one more, so that reading removes only ours.
"""

from __future__ import annotations

import re

MARK = "'"
_SIGN = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""The last four are wide forms of the first four, which some spreadsheets treat alike."""

_FORMULA = re.compile(f"'*{_SIGN}")
_GUARDED = re.compile(f"''*{_SIGN}")


def guard_cell(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return MARK + cell
    return cell


def unguard_cell(cell: str) -> str:
    """Return a cell without our guard."""
    return cell.removeprefix(MARK) if _GUARDED.match(cell) else cell
