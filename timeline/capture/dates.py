"""Find when something was said, as EDTF, relative to the day of publication."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from timeline.capture.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK = timedelta(days=7)


def published_day(published: str) -> date | None:
    """Return the day of publication, if its EDTF date names one."""
    match = _DAY.match(published)
    try:
        return date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None


def said_at(words: str, lang: str, published: str) -> str:
    """Return the date in the words around a verb of saying, else "by the day of publication".

    Later days do not count. Empty if the day of publication is unknown.
    """
    day = published_day(published)
    dated = next(_dated(words, lang, day), "") if day else ""
    return dated or (f"../{published.rpartition('/')[2]}" if published else "")


def _dated(words: str, lang: str, day: date) -> Iterator[str]:
    for pattern, read in _patterns(lang):
        for match in pattern.finditer(words):
            edtf = read(match, day)
            if edtf and edtf[:10] <= day.isoformat():
                yield edtf


@cache
def _patterns(lang: str) -> list[tuple[re.Pattern[str], Callable[[re.Match[str], date], str]]]:
    """Return the patterns of dates, most exact first, each with a function that reads a match."""
    read: dict[str, Any] = table(__package__, "dates.toml")[lang]
    weekdays = {name: place for place, name in enumerate(read["weekdays"].split())}
    months = {
        name: number
        for number, names in enumerate(read["months"], 1)
        for name in names.lower().split()
    }
    names = {"weekday": "|".join(weekdays), "month": "|".join(months)}
    readers: dict[str, Callable[[re.Match[str], date], str]] = {
        "date": lambda match, day: _date(match, months, day),
        "weekday": lambda match, day: _weekday(weekdays[match["weekday"].lower()], day),
        "past_weekday": lambda match, day: _weekday(
            weekdays[match["weekday"].lower()], day - timedelta(days=1)
        ),
        "american": lambda match, day: _date(match, months, day),
        "month": lambda match, day: _month(match, months, day),
        "last_week": lambda _found, day: _week_before(day),
    }
    for word, days in read["days"].items():
        readers[word] = _days_ago(days)
    return [
        (re.compile(pattern.format(**names), re.IGNORECASE), readers[name])
        for name, pattern in [*read["patterns"].items(), *_words(read["days"])]
    ]


def _words(days: dict[str, int]) -> Iterator[tuple[str, str]]:
    for word in days:
        yield word, rf"\b{word}\b"


def _days_ago(days: int) -> Callable[[re.Match[str], date], str]:
    return lambda _found, day: (day - timedelta(days=days)).isoformat()


def _weekday(weekday: int, day: date) -> str:
    """Return the last day with this name up to a day."""
    return (day - timedelta(days=(day.weekday() - weekday) % 7)).isoformat()


def _date(match: re.Match[str], months: dict[str, int], day: date) -> str:
    """Return a date; without a year, the last such day up to the publication."""
    month, number, year = months[match["month"].lower()], int(match["day"]), match["year"]
    try:
        that_day = date(int(year or day.year), month, number)
        if not year and that_day > day:
            that_day = date(day.year - 1, month, number)
    except ValueError:
        return ""
    return that_day.isoformat()


def _month(match: re.Match[str], months: dict[str, int], day: date) -> str:
    month = months[match["month"].lower()]
    year = int(match["year"] or day.year - (month > day.month))
    return f"{year:04}-{month:02}"


def _week_before(day: date) -> str:
    monday = day - timedelta(days=day.weekday()) - _WEEK
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
