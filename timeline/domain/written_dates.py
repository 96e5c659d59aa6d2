"""Dates as people write them, turned into EDTF: "16 Dec 2025", "16.12.2025", "Dezember 2025"."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGES = ("de", "en")
"""Languages whose names of months are read."""

_NUMBERS = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_MONTH_IN_NUMBERS = re.compile(r"(\d{1,2})[./]\s*(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s+([^\W\d_]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
_MONTH_ONLY = re.compile(r"([^\W\d_]+)\.?\s+(\d{4})")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_DAYS = (_DAY, _NUMBERS, _YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST)
"""Forms of a day within a text."""
_ALONE = (r"(?P<day>\d{1,2})\.?\s+(?P<month>[^\W\d_]+)", r"(?P<month>[^\W\d_]+)\s+(?P<day>\d{1,2})")
"""Forms of a day without a year."""


@functools.lru_cache(maxsize=1 << 12)
def as_edtf(written: str) -> str:
    """Return a date as EDTF; any other text comes back stripped.

    It does not check that the day exists; `parse_date` does.
    """
    text = written.strip()
    return _read(text) if not text[:4].isdecimal() or text[4:5] in ("/", ".") else text


def day_in(text: str) -> tuple[str, str]:
    """Return the first day that a text names, as it is written and as EDTF; empty without one.

    Without a day it is the first month that is named with its year.
    """
    return _first(text, _DAYS, _DAY) or _first(text, (_MONTH_ONLY,), _MONTH) or ("", "")


def _first(
    text: str, forms: Iterable[re.Pattern[str]], edtf: re.Pattern[str]
) -> tuple[str, str] | None:
    matches = (match for form in forms for match in re.finditer(rf"\b(?:{form.pattern})\b", text))
    read = ((match.start(), match[0], as_edtf(match[0])) for match in matches)
    first = min((date for date in read if edtf.fullmatch(date[2])), default=None)
    return first and first[1:]


def day_without_year(text: str) -> str:
    """Return the first day of a month that a text names without its year; empty without one."""
    matches = (match for form in _ALONE for match in re.finditer(rf"\b{form}\b", text))
    return next((match[0] for match in matches if match["month"].casefold() in _months()), "")


def _read(text: str) -> str:
    if match := _NUMBERS.fullmatch(text):
        return _dated(match[3], int(match[2]), int(match[1]))
    if match := _YEAR_FIRST.fullmatch(text):
        return _dated(match[1], int(match[2]), int(match[3]))
    if match := _MONTH_IN_NUMBERS.fullmatch(text):
        return _dated(match[2], int(match[1]))
    return _with_month_name(text) or text


def _with_month_name(text: str) -> str:
    """Read a date with the name of its month; empty for any other."""
    if match := _DAY_FIRST.fullmatch(text):
        year, month, day = match[3], match[2], int(match[1])
    elif match := _MONTH_FIRST.fullmatch(text):
        year, month, day = match[3], match[1], int(match[2])
    elif match := _MONTH_ONLY.fullmatch(text):
        year, month, day = match[2], match[1], 0
    else:
        return ""
    number = _months().get(month.casefold())
    return "" if number is None else _dated(year, number, day)


def _dated(year: str, month: int, day: int = 0) -> str:
    return f"{year}-{month:02d}-{day:02d}" if day else f"{year}-{month:02d}"


@functools.cache
def _months() -> dict[str, int]:
    """Return the number of every month under its names in these languages."""
    # Imported here since it loads the tables of two languages, and most dates are EDTF.
    from babel.dates import get_month_names  # noqa: PLC0415

    return {
        name.casefold().rstrip("."): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    }
