"""Instants and days: whole seconds since 1970 in UTC, their days, and how to write both."""

from __future__ import annotations

import re
from datetime import date

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

NOT_A_DATE_WITH_TIME = Message(
    "not_a_date_with_time",
    "%(text)s is not a date with a time",
    fix="write it like 2025-12-15T14:30:00+01:00",
)
OFFSET_MISSING = Message(
    "offset_missing",
    "the time in %(text)s has no offset from UTC",
    fix="put Z or an offset such as +01:00 behind it",
)
NO_SUCH_DAY = Message("no_such_day", "there is no day %(day)s", fix="check month and day")
NO_SUCH_TIME = Message(
    "no_such_time",
    "there is no time %(time)s",
    fix="write hours up to 23, minutes and seconds up to 59",
)
NO_SUCH_OFFSET = Message(
    "no_such_offset",
    "no place on earth has the offset %(offset)s",
    fix="write one between -14:00 and +14:00",
)

DAY = 86_400
MICROSECONDS = 1_000_000
OLDEST, NEWEST = -(2**63), 2**63 - 1
"""The bounds of an instant, which is stored in 64 bits."""

_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_CYCLE = date(_CYCLE_YEARS, 1, 1).toordinal()
_LAST_MINUTE = 59
_WIDEST_OFFSET = 14 * 3600
_MOMENT = re.compile(
    r"(?P<year>-?[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,9}))?)?"
    r"(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


def day_of(instant: int) -> int:
    """Return the UTC day of an instant, counted from 1970-01-01."""
    return instant // DAY


def year_of(instant: int) -> int:
    """Return the UTC year of an instant, 0 for the one before the first (ISO 8601)."""
    return calendar_date(day_of(instant))[0]


def end_of_day(day: int) -> int:
    """Return the last second of a UTC day that is counted from 1970-01-01."""
    return day * DAY + DAY - 1


def day_number(year: int, month: int, day: int) -> int:
    """Count the days from 1970-01-01; raises `ValueError` for a day that does not exist.

    The calendar is the proleptic Gregorian one of ISO 8601, with a year 0. It repeats every 400
    years, so `datetime.date` can compute years of any size.
    """
    cycle, within = divmod(year, _CYCLE_YEARS)
    ordinal = date(_CYCLE_YEARS + within, month, day).toordinal()
    return ordinal - _EPOCH + (cycle - 1) * _CYCLE_DAYS


def calendar_date(day: int) -> tuple[int, int, int]:
    """Return year, month and day of the month of a day counted from 1970-01-01."""
    cycle, within = divmod(day + _EPOCH - _FIRST_CYCLE, _CYCLE_DAYS)
    day_in_cycle = date.fromordinal(_FIRST_CYCLE + within)
    return day_in_cycle.year + cycle * _CYCLE_YEARS, day_in_cycle.month, day_in_cycle.day


def month_number(day: int) -> int:
    """Return the month of a day counted from 1970-01-01: twelve times its year, and 0 for January.

    >>> month_number(0) == 1970 * 12
    True
    """
    year, month, _ = calendar_date(day)
    return year * 12 + month - 1


def month_start(number: int) -> int:
    """Return the first day of a month, counted from 1970-01-01."""
    year, month = divmod(number, 12)
    return day_number(year, month + 1, 1)


def iso_day(day: int) -> str:
    """Write a day counted from 1970-01-01, such as ``2025-12-15``."""
    year, month, of_month = calendar_date(day)
    written = f"-{-year:04d}" if year < 0 else f"{year:04d}"
    return f"{written}-{month:02d}-{of_month:02d}"


def iso(instant: int) -> str:
    """Write an instant in UTC, such as ``2025-12-15T13:30:00Z``."""
    day, second = divmod(instant, DAY)
    hour, rest = divmod(second, 3600)
    return f"{iso_day(day)}T{hour:02d}:{rest // 60:02d}:{rest % 60:02d}Z"


def iso_us(microseconds: int) -> str:
    """Write microseconds since 1970 in UTC, with six decimals, so that texts sort by time."""
    second, part = divmod(microseconds, MICROSECONDS)
    return f"{iso(second)[:-1]}.{part:06d}Z"


def parse_moment(text: str, field: str) -> int:
    """Read a date-time with its offset as microseconds since 1970.

    Raises `Refused` for anything else, above all for a time without an offset.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise Refused(NOT_A_DATE_WITH_TIME, field=field, text=InQuotes(text))
    if match["offset"] is None:
        raise Refused(OFFSET_MISSING, field=field, text=InQuotes(text))
    seconds = _day_named(match, field) * DAY + _second_of_day(match, field)
    part = int((match["part"] or "0").ljust(9, "0")) // 1000
    return (seconds - _offset(match["offset"], field)) * MICROSECONDS + part


def _day_named(match: re.Match[str], field: str) -> int:
    try:
        return day_number(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        day = match[0].partition("T")[0]
        raise Refused(NO_SUCH_DAY, field=field, day=day) from None


def _second_of_day(match: re.Match[str], field: str) -> int:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if hour * 3600 >= DAY or max(minute, second) > _LAST_MINUTE:
        time = match[0].partition("T")[2]
        raise Refused(NO_SUCH_TIME, field=field, time=time)
    return hour * 3600 + minute * 60 + second


def _offset(text: str, field: str) -> int:
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[3:].removeprefix(":") or 0)
    seconds = hours * 3600 + minutes * 60
    if minutes > _LAST_MINUTE or seconds > _WIDEST_OFFSET:
        raise Refused(NO_SUCH_OFFSET, field=field, offset=text)
    return -seconds if text[0] == "-" else seconds
