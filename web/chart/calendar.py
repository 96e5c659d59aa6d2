"""Days of the proleptic Gregorian calendar as plain integers, from the big bang on."""

from __future__ import annotations

from functools import lru_cache

DAY = 86_400
_CYCLE = 146_097
"""Days of 400 years, after which the calendar repeats."""

_TO_EPOCH = 719_468
"""Days from 1 March of year 0 to 1 January 1970."""


@lru_cache(maxsize=65_536)
def civil(day: int) -> tuple[int, int, int]:
    """Return (year, month, day of the month) of a day counted from 1970-01-01.

    Years are astronomical: 0 is 1 BC. A year is taken to begin in March, so that the leap day
    comes last and a month's start is a straight line.
    """
    cycle, left = divmod(day + _TO_EPOCH, _CYCLE)
    year = (left - left // 1_460 + left // 36_524 - left // 146_096) // 365
    of_year = left - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    month = march + 3 if march < 10 else march - 9  # noqa: PLR2004
    return cycle * 400 + year + (month <= 2), month, of_year - (153 * march + 2) // 5 + 1  # noqa: PLR2004


def day_of(year: int, month: int = 1, day: int = 1) -> int:
    """Return the day counted from 1970-01-01; the inverse of `civil`."""
    year -= month <= 2  # noqa: PLR2004
    cycle, left = divmod(year, 400)
    march = month - 3 if month > 2 else month + 9  # noqa: PLR2004
    of_year = (153 * march + 2) // 5 + day - 1
    return cycle * _CYCLE + left * 365 + left // 4 - left // 100 + of_year - _TO_EPOCH


def noon(instant: int) -> int:
    """Return 12:00 of the instant's day, where a day-precise date is drawn."""
    return instant // DAY * DAY + DAY // 2


UNITS = (
    *("day", "week", "month", "quarter"),
    *("year", "two-years", "five-years", "decade", "century", "aeon"),
)
"""Lengths of time that statements are counted by, finest first."""

_YEARS = {"year": 1, "two-years": 2, "five-years": 5, "decade": 10, "century": 100}


@lru_cache(maxsize=65_536)
def unit_of(day: int, unit: str) -> int:
    """Return the running number of the day's unit; weeks begin on Monday."""
    if unit == "day":
        return day
    if unit == "week":
        return (day + 3) // 7
    year, month, _ = civil(day)
    if unit == "month":
        return year * 12 + month - 1
    if unit == "quarter":
        return year * 4 + (month - 1) // 3
    return year // _YEARS.get(unit, 1_000_000_000)


@lru_cache(maxsize=65_536)
def first_day(number: int, unit: str) -> int:
    """Return the first day of a unit by its running number."""
    if unit == "day":
        return number
    if unit == "week":
        return number * 7 - 3
    if unit == "month":
        return day_of(number // 12, number % 12 + 1)
    if unit == "quarter":
        return day_of(number // 4, number % 4 * 3 + 1)
    return day_of(number * _YEARS.get(unit, 1_000_000_000))
