"""The days that an EDTF date covers; it may have unspecified digits and uncertainty marks."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, Literal

import msgspec

from timeline.domain.ambiguous_dates import possible_days
from timeline.domain.errors import Refused
from timeline.domain.instants import day_number
from timeline.domain.messages import Advice, InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

Precision = Literal["time", "day", "month", "year", "interval", "before"]

EXAMPLES = "write it like 15 Dec 2025, Dec 2025, 2025 or 2025-12-15"

NO_SUCH_DATE = Message(
    "no_such_date", "there is no date %(text)s", fix="check how many days that month has"
)
A_SEASON = Advice("a season has no fixed days, write its months, such as 2025-03/2025-05")
NO_SUCH_MONTH = Advice("months run from 01 to 12")
NOT_A_DATE = Message("not_a_date", "%(text)s is not a date that we can read", fix=EXAMPLES)
TIME_APART = Advice("write day and time with a T and an offset, like 2025-12-15T14:30:00+01:00")

_PLAIN = re.compile(r"((?!-0000)-?[0-9]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?[?~%]?")
_ODD = re.compile(r"[?~%]?Y?-?[0-9X]{4}[0-9X?~%-]*")
_TIME_APART = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} +[0-9]{1,2}:.*")
_DIGITS = "0123456789"
_SEASONS = range(21, 42)
_MONTHS = range(1, 13)
_DAYS = range(1, 32)


class Span(msgspec.Struct, frozen=True):
    """First and last day, counted from 1970-01-01, and how exactly they were given."""

    first: int
    last: int
    precision: Precision


class _Parts(msgspec.Struct, frozen=True):
    """Year, month and day as written, ``X`` for a digit that is not specified."""

    year: str
    month: str | None = None
    day: str | None = None


def calendar_span(text: str, field: str) -> Span:
    """Return the days of a single EDTF date without a time; raises `Refused` for anything else.

    ``2025-12-XX`` covers what ``2025-12`` does. Marks change nothing.
    """
    plain = _PLAIN.fullmatch(text)
    parts = _Parts(*plain.groups()) if plain else _by_grammar(text, field)
    first, last = _bound(parts, last=False), _bound(parts, last=True)
    if first is None or last is None:
        raise Refused(NO_SUCH_DATE, field=field, fix=_calendar_advice(parts), text=InQuotes(text))
    return Span(first, last, _precision(parts))


def not_a_date(text: str, field: str) -> Refused:
    """Return the refusal of a text that is no date; it suggests the probable date."""
    if _TIME_APART.fullmatch(text):
        return Refused(NOT_A_DATE, field=field, fix=TIME_APART, text=InQuotes(text))
    meant = possible_days(text)
    if meant.missing:
        return no_such_date(text, field)
    return Refused(
        NOT_A_DATE, field=field, fix=meant.advice(), text=InQuotes(text), **meant.values()
    )


def no_such_date(text: str, field: str = "") -> Refused:
    """Return the refusal of a day that its month does not have."""
    return Refused(NO_SUCH_DATE, field=field, text=InQuotes(text))


@functools.lru_cache(maxsize=1 << 14)
def _by_grammar(text: str, field: str) -> _Parts:
    if not _ODD.fullmatch(text):
        raise not_a_date(text, field)
    # Imported here: it builds its grammar on import, and hardly any record needs it.
    from edtf.parser import edtf_exceptions, grammar, parser_classes  # noqa: PLC0415

    try:
        parsed = grammar.parse_edtf(text)
    except edtf_exceptions.EDTFParseException:
        raise not_a_date(text, field) from None
    if isinstance(parsed, parser_classes.UncertainOrApproximate):
        parsed = parsed.date
    if isinstance(parsed, parser_classes.LongYear):
        return _Parts(parsed.year)
    return _Parts(parsed.year, parsed.month, parsed.day)


def _bound(parts: _Parts, *, last: bool) -> int | None:
    years = _values(parts.year, range(0), last=last)
    months = _values(parts.month, _MONTHS, last=last)
    days = _values(parts.day, _DAYS, last=last)
    for year, month, day in itertools.product(years, months, days):
        try:
            return day_number(year, month, day)
        except ValueError:
            continue
    return None


def _values(written: str | None, every: Iterable[int], *, last: bool) -> Iterable[int]:
    if written is None or written == "XX":
        return sorted(every, reverse=last)
    if "X" not in written:
        return (int(written),)
    choices = itertools.product(*(_DIGITS if digit == "X" else digit for digit in written))
    return sorted((int("".join(chosen)) for chosen in choices), reverse=last)


def _precision(parts: _Parts) -> Precision:
    month, day = parts.month or "XX", parts.day or "XX"
    match "X" in parts.year, "X" in month, "X" in day:
        case False, False, False:
            return "day"
        case False, False, True if day == "XX":
            return "month"
        case False, True, True if month == day == "XX":
            return "year"
    return "interval"


def _calendar_advice(parts: _Parts) -> Advice | None:
    month = parts.month or ""
    if month.isdecimal() and int(month) in _SEASONS:
        return A_SEASON
    return NO_SUCH_MONTH if month.isdecimal() and int(month) not in _MONTHS else None
