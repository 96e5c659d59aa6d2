"""The days at whose end an archive is asked: named days, or the last days of periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_as_of
from timeline.domain.errors import Refused
from timeline.domain.instants import calendar_date, day_number, day_of
from timeline.domain.messages import Message
from timeline.projections.queries.matrix import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TOO_MANY_MOMENTS = Message(
    "too_many_moments",
    "%(every)s by %(every)s these are more than %(most)s moments",
    fix="take longer periods by --every, or name the days by --at",
)

MOST = 5_000
"""The most days that one question may ask for."""

YEAR = 12


class Day(msgspec.Struct, frozen=True):
    """A UTC day since 1970, and the last day before the window that ends with it."""

    day: int
    begins: int


def named_days(texts: Iterable[str], window: int) -> list[Day]:
    """Return the last day of each date, the earliest first; raises `Refused` for no date."""
    days = sorted({day_of(parse_as_of(text, "--at")) for text in texts})
    return [Day(day, months_before(day, window)) for day in days]


def period_ends(first: int, last: int, every: str, window: int) -> list[Day]:
    """Return the last day of each period between two days; ``window`` is in months.

    Raises `Refused` if there are too many.
    """
    days: list[Day] = []
    for day in _ends(first, last, MONTHS[every]):
        if len(days) == MOST:
            raise Refused(TOO_MANY_MOMENTS, field="--every", every=every, most=f"{MOST:,}")
        days.append(Day(day, months_before(day, window)))
    return days


def months_before(day: int, months: int) -> int:
    """Return the day that many months earlier; the last day of a month stays a last day."""
    year, month, of_month = calendar_date(day)
    earlier = year * YEAR + month - 1 - months
    end = _last_of(earlier)
    if day == _last_of(year * YEAR + month - 1):
        return end
    return min(end, day_number(earlier // YEAR, earlier % YEAR + 1, 1) + of_month - 1)


def _ends(first: int, last: int, months: int) -> Iterator[int]:
    year, month, _ = calendar_date(first)
    begin = (year * YEAR + month - 1) // months * months
    while True:
        end = _last_of(begin + months - 1)
        yield end
        if end >= last:
            return
        begin += months


def _last_of(month: int) -> int:
    """Return the last day of a month; months count from January of the year 0."""
    following = month + 1
    return day_number(following // YEAR, following % YEAR + 1, 1) - 1
