"""The possible days of a date in numbers whose order is unclear or whose year is short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from timeline.domain.instants import day_number
from timeline.domain.messages import Advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATE_MEANT = Advice("write %(date)s")
DATE_IN_SHORT = Advice("did you mean %(date)s? write the year with four digits")
DATE_OF_TWO = Advice("it may be %(date)s or %(other)s, write which")

ORDERS = ("dmy", "mdy", "ymd")

_NUMBERS = re.compile(r"(\d{1,4})\s*([./ -])\s*(\d{1,2})\s*[./ -]\s*(\d{1,4})", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_LONG, _SHORT = 4, 2
_CENTURY = 69
"""Years of two digits from this one on are of the last century: the POSIX rule of `strptime`."""


class PossibleDays(NamedTuple):
    """The days that a text may mean, as EDTF; ``missing`` if its month does not have the day."""

    days: tuple[str, ...] = ()
    is_short: bool = False
    missing: bool = False

    def advice(self) -> Advice | None:
        """Return what to write; ``None`` unless one or two days are possible."""
        if len(self.days) == 1:
            return DATE_IN_SHORT if self.is_short else DATE_MEANT
        return DATE_OF_TWO if self.days else None

    def values(self) -> dict[str, str]:
        """Return the values of the advice."""
        return dict(zip(("date", "other"), self.days, strict=False))


NOTHING = PossibleDays()


def possible_days(text: str, orders: Iterable[str] = ()) -> PossibleDays:
    """Return the days that a date in numbers may mean, in the given or all usual orders.

    With points the day comes first; with slashes or hyphens it may be the month.
    """
    if match := _TOGETHER.fullmatch(text):
        parts, usual = (match[1], match[2], match[3]), _usual(match[1], "")
    elif match := _NUMBERS.fullmatch(text):
        parts, usual = (match[1], match[3], match[4]), _usual(match[1], match[2])
    else:
        return NOTHING
    read = [date for order in orders or usual if (date := _read(parts, order))]
    days = tuple(dict.fromkeys(_existing(read)))
    is_short = max(map(len, parts)) <= _SHORT
    return PossibleDays(days, is_short, missing=bool(read) and not days)


def _usual(first: str, between: str) -> tuple[str, ...]:
    if len(first) == _LONG:
        return ("ymd",)
    return ("dmy",) if between in ". " else ("dmy", "mdy")


def _read(parts: tuple[str, ...], order: str) -> tuple[int, int, int] | None:
    """Return year, month and day; ``None`` if the numbers cannot be these."""
    digits = dict(zip(order, parts, strict=True))
    month, day = int(digits["m"]), int(digits["d"])
    if len(digits["y"]) not in (_SHORT, _LONG) or max(len(digits["m"]), len(digits["d"])) > _SHORT:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31):  # noqa: PLR2004 - of the calendar
        return None
    year = int(digits["y"])
    if len(digits["y"]) == _SHORT:
        year += 1900 if year >= _CENTURY else 2000
    return year, month, day


def _existing(read: Iterable[tuple[int, int, int]]) -> Iterator[str]:
    for year, month, day in read:
        try:
            day_number(year, month, day)
        except ValueError:
            continue
        yield f"{year:04}-{month:02}-{day:02}"
