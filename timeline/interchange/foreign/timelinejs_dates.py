"""Dates of TimelineJS as EDTF, with their own precision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

TIMELINEJS_DATE_UNREADABLE = Message(
    "timelinejs_date_unreadable",
    "%(date)s is not a date of TimelineJS",
    fix="give a year, and a month and a day if they are known",
)

_LONG_YEAR = 9999
_WHOLE = re.compile(r"\s*([+-]?\d+)(?:\.0*)?\s*")
_COMMAS = re.compile(r"\s*-?\d+\s*(,\s*\d*\s*){0,6}")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def edtf_of(parts: Any) -> str:  # noqa: ANN401 - JSON holds any value
    """Return a date of version 3 as EDTF, empty for none.

    The time of day is dropped, since its zone is unknown. Raises `Refused` if it is no date.
    """
    if not isinstance(parts, Mapping):
        if parts in (None, ""):
            return ""
        raise _unreadable(parts)
    numbers = [str(parts.get(name) or "").strip() for name in ("year", "month", "day")]
    while numbers and numbers[-1] in ("", "0"):
        numbers.pop()
    if not numbers:
        return ""
    matches = [_WHOLE.fullmatch(number) for number in numbers]
    if None in matches:
        raise _unreadable(dict(parts))
    return _edtf([int(match[1]) for match in matches if match])


def edtf_of_text(text: Any) -> str:  # noqa: ANN401 - JSON holds any value
    """Return a date of version 2 ("1963,8,9", "8/9/1963", "1963") as EDTF; raises `Refused`."""
    written = str(text if text is not None else "").strip()
    if not written:
        return ""
    if american := _SLASHES.fullmatch(written):
        month, day, year = (int(part) for part in american.groups())
        return _edtf([year, month, day])
    if _COMMAS.fullmatch(written) is None:
        raise _unreadable(written)
    numbers = [part.strip() for part in written.split(",")][:3]
    return edtf_of(dict(zip(("year", "month", "day"), numbers, strict=False)))


def span(start: str, end: str) -> str:
    """Return the interval between two dates; only the first if the second is not later."""
    return f"{start}/{end}" if start and end and end != start else start


def _edtf(numbers: list[int]) -> str:
    year, *rest = numbers
    if abs(year) > _LONG_YEAR:
        return f"Y{year}"
    sign = "-" if year < 0 else ""
    return "-".join([f"{sign}{abs(year):04d}", *(f"{part:02d}" for part in rest)])


def _unreadable(value: object) -> Refused:
    return Refused(TIMELINEJS_DATE_UNREADABLE, field="happened_at", date=InQuotes(value))
