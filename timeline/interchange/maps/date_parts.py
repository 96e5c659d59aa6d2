"""Parts of dates: the precision of a pattern, names of months, and a column for each part."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from babel.core import Locale, UnknownLocaleError

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

PATTERN_TELLS_NO_DATE = Message(
    "pattern_tells_no_date",
    "the pattern %(pattern)s tells no date: it has no %(missing)s",
    fix="write a pattern with a year, such as %%Y, %%B %%Y or %%d.%%m.%%Y",
)
MONTHS_OF_NO_LANGUAGE = Message(
    "months_of_no_language",
    "there is no language %(lang)s whose months have names",
    fix='use a tag such as "de"',
)
DATE_PART_MISSING = Message(
    "date_part_missing",
    "the %(part)s %(value)s stands without a %(missing)s",
    fix="fill that column, or leave this one blank",
)
NOT_A_DATE_PART = Message(
    "not_a_date_part", "%(value)s is not a %(part)s", fix="mend the cell, or leave it blank"
)

PARTS = ("year", "month", "day")
_CODES = re.compile(r"%[-#]?([A-Za-z%])")
_YEAR, _WHOLE = frozenset("YyG"), frozenset("cx")
_MONTH, _DAY = frozenset("mbB"), frozenset("d")
_OF_YEAR, _WEEK, _WEEKDAY = frozenset("j"), frozenset("UWV"), frozenset("aAuw")
_CLOCK, _NAMES = frozenset("HIcX"), frozenset("aAbB")
_WORD = re.compile(r"[^\W\d_]+\.?")
_YEAR_DIGITS = 4


class Precision(msgspec.Struct, frozen=True):
    """The precision of a `strptime` pattern: the last of ``PARTS``, and whether it has a time.

    ``named`` says that it has names of months or weekdays.
    """

    part: str
    timed: bool
    named: bool


@cache
def precision_of(pattern: str) -> Precision:
    """Return the precision of a pattern; raises `Refused` if a greater part is missing."""
    codes = set(_CODES.findall(pattern))
    year = bool(codes & (_YEAR | _WHOLE))
    exact = bool(codes & (_WHOLE | _OF_YEAR)) or bool(codes & _WEEK and codes & _WEEKDAY)
    month, day = bool(codes & _MONTH) or exact, bool(codes & _DAY) or exact
    timed = bool(codes & _CLOCK)
    parts = (("year", year), ("month", month or not (day or timed)), ("day", day or not timed))
    missing = next((part for part, there in parts if not there), None)
    if missing is None and codes & _WEEK and not exact:
        missing = "day of the week"
    if missing:
        raise Refused(PATTERN_TELLS_NO_DATE, pattern=InQuotes(pattern), missing=missing)
    return Precision("day" if day else "month" if month else "year", timed, bool(codes & _NAMES))


def cut(day: date, part: str) -> str:
    """Return a day as EDTF with the precision of a part."""
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[part]]


@cache
def month_names(lang: str) -> dict[str, int]:
    """Return the numbers of months by full and short name in a language, in lower case.

    Raises `Refused` for an unknown language.
    """
    try:
        months = Locale.parse(lang.replace("-", "_")).months
    except (UnknownLocaleError, ValueError):
        raise Refused(MONTHS_OF_NO_LANGUAGE, field="[dates] lang", lang=InQuotes(lang)) from None
    return {
        name.lower().rstrip("."): number
        for use in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in months[use][width].items()
    }


def in_english(text: str, pattern: str, lang: str) -> tuple[str, str]:
    """Return a date and its pattern with English names of months and days, for `strptime`."""
    months, days = month_names(lang), _day_names(lang)

    def english(match: re.Match[str]) -> str:
        word = match[0].lower().rstrip(".")
        if word in months:
            return calendar.month_name[months[word]]
        return calendar.day_name[days[word]] if word in days else match[0]

    return _WORD.sub(english, text), pattern.replace("%b", "%B").replace("%a", "%A")


@cache
def _day_names(lang: str) -> dict[str, int]:
    days = Locale.parse(lang.replace("-", "_")).days["format"]
    return {
        name.lower().rstrip("."): number
        for width in ("wide", "abbreviated")
        for number, name in days[width].items()
    }


class DateColumns(msgspec.Struct, frozen=True):
    """The columns of year, month and day of a date; blank cells reduce its precision."""

    columns: dict[str, str]
    lang: str = "en"

    def edtf(self, cells: Mapping[str, str]) -> str:
        """Return the date as EDTF, empty if blank; raises `Refused` with the foreign column."""
        values = {part: cells[column] for part, column in self.columns.items()}
        filled = [part for part in PARTS if _is_filled(part, values.get(part, ""))]
        numbers = [self._number(part, values[part]) for part in filled]
        for part, expected in zip(filled, PARTS, strict=False):
            if part != expected:
                raise Refused(
                    DATE_PART_MISSING,
                    field=self.columns[part],
                    part=part,
                    value=InQuotes(values[part]),
                    missing=expected,
                )
        if not filled:
            return ""
        year, month, day = (*numbers, 1, 1)[:3]
        try:
            return cut(date(year, month, day), filled[-1])
        except ValueError:
            raise self._refused(filled[-1], values[filled[-1]]) from None

    def _number(self, part: str, cell: str) -> int:
        month = month_names(self.lang).get(cell.lower().rstrip(".")) if part == "month" else None
        number = re.fullmatch(r"(\d+)(?:\.0*)?", cell)
        if month is None and (
            number is None or (part == "year" and len(number[1]) != _YEAR_DIGITS)
        ):
            raise self._refused(part, cell)
        return month if month is not None else int(number[1]) if number else 0

    def _refused(self, part: str, cell: str) -> Refused:
        return Refused(NOT_A_DATE_PART, field=self.columns[part], value=InQuotes(cell), part=part)


def _is_filled(part: str, cell: str) -> bool:
    """Tell whether a part is given; many files write a blank month or day as zero."""
    return bool(cell.strip("0. ")) or (part == "year" and bool(cell))
