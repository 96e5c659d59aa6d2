"""Dates in the reader's language, as exact as they are known."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from babel.dates import format_date, format_interval, format_skeleton
from babel_edtf import format_edtf

from timeline.domain.dates import parse_date
from timeline.domain.instants import DAY, MICROSECONDS, calendar_date, day_of, iso
from web.chart.wording import DAY_FIRST, Wording
from web.i18n.translate import gettext, translator

CALENDAR = range(-62_135_596_800, 253_402_300_800)
"""The instants of Python's calendar: the years 1 to 9999."""


def said(text: str) -> str:
    """Return an EDTF date in words: "on or before 15 Dec 2025", "about Dec 2025"."""
    return _said(text, translator().dates)


@lru_cache(maxsize=8_192)
def _said(text: str, _spoken: str) -> str:
    bare = text.rstrip("?~%")
    words = _certain(bare)
    marks = text[len(bare) :]
    if "~" in marks or "%" in marks:
        words = gettext("about %(date)s", date=words)
    if "?" in marks or "%" in marks:
        words = gettext("%(date)s, uncertain", date=words)
    return words


def said_within(text: str, year: int) -> str:
    """Return an EDTF date in words, without the year if it is this year."""
    date = parse_date(text)
    first, last = date.earliest, date.latest
    is_plain = not set(text) & set("?~%X") and date.precision != "year"
    if not is_plain or first is None or {_year(first), _year(last)} != {year}:
        return said(text)
    if date.precision in ("time", "day"):
        return short_day(first)
    if date.precision == "month":
        return month_alone(first)
    begin, end = (datetime.fromtimestamp(instant, UTC) for instant in (first, last))
    return str(format_interval(begin, end, skeleton="MMMd", locale=translator().dates))


def year_of(text: str) -> int:
    """Return the calendar year in which an EDTF date ends."""
    return _year(parse_date(text).latest)


def is_bound(text: str) -> bool:
    """Tell whether an EDTF date is only a bound: "on or before 15 Dec 2025"."""
    begin, slash, _ = text.partition("/")
    return bool(slash) and begin in ("", "..")


def day(instant: int) -> str:
    """Return the UTC day of an instant: "15 Dec 2025"."""
    return _skeleton(instant, "yMMMd")


def short_day(instant: int) -> str:
    """Return the UTC day of an instant without its year: "15 Dec"."""
    return _skeleton(instant, "MMMd")


def month(instant: int) -> str:
    """Return the month of an instant: "Dec 2025"."""
    return _skeleton(instant, "yMMM")


def day_alone(instant: int) -> str:
    """Return the number of the UTC day of an instant in its month."""
    return _skeleton(instant, "d")


def month_alone(instant: int) -> str:
    """Return the month of an instant without its year: "Dec"."""
    return _skeleton(instant, "MMM")


def month_name(instant: int) -> str:
    """Return the month of an instant in full, without its year: "December"."""
    if instant not in CALENDAR:
        return iso(instant)[:-10]
    day_of_it = datetime.fromtimestamp(instant, UTC)
    return str(format_date(day_of_it, "LLLL", locale=translator().dates))


def year(instant: int) -> str:
    """Return the year of an instant."""
    return _skeleton(instant, "y")


def weekday(instant: int) -> str:
    """Return the UTC weekday of an instant in full."""
    if instant not in CALENDAR:
        return ""
    return str(format_date(datetime.fromtimestamp(instant, UTC), "EEEE", locale=translator().dates))


def moment(instant: int) -> str:
    """Return day and time of an instant with its zone: "15 Dec 2025, 19:42 UTC"."""
    hour, minute = divmod(instant % DAY // 60, 60)
    return f"{day(instant)}, {hour:02d}:{minute:02d} UTC"


def moment_us(instant: int) -> str:
    """Return day and time of an instant in microseconds."""
    return moment(instant // MICROSECONDS)


def machine(instant: int) -> str:
    """Return an instant for a ``datetime`` attribute; empty beyond the years of HTML."""
    return iso(instant) if instant in CALENDAR else ""


def machine_us(instant: int) -> str:
    """Return an instant in microseconds for a ``datetime`` attribute."""
    return machine(instant // MICROSECONDS)


def wording() -> Wording:
    """Return the words of the chart in the reader's language."""
    return Wording(translator().dates, translator().gettext, translator().ngettext)


def _year(instant: int) -> int:
    return calendar_date(day_of(instant))[0]


def _certain(text: str) -> str:
    if is_bound(text):
        return gettext("on or before %(date)s", date=_certain(text.partition("/")[2]))
    date = parse_date(text)
    if date.earliest is None or date.earliest not in CALENDAR:
        return text
    exact = {"time": moment, "day": day, "month": month, "year": year}.get(date.precision)
    return exact(date.earliest) if exact else _interval(text, date.earliest, date.latest)


def _interval(text: str, earliest: int, latest: int) -> str:
    if "X" in text or latest not in CALENDAR:
        return text
    return _of_span(f"{iso(earliest)[:10]}/{iso(latest)[:10]}", translator().dates) or text


@lru_cache(maxsize=8_192)
def _of_span(span: str, locale: str) -> str:
    """Return a span of days in words, cached because formatting one is slow."""
    try:
        return str(format_edtf(span, locale=locale))
    except (ValueError, TypeError):
        return ""


def _skeleton(instant: int, skeleton: str) -> str:
    if instant not in CALENDAR:
        return iso(instant)[:-10]
    return _of_day(instant // DAY, skeleton, translator().dates)


@lru_cache(maxsize=8_192)
def _of_day(number: int, skeleton: str, locale: str) -> str:
    when = datetime.fromtimestamp(number * DAY, UTC)
    if locale == "en_GB" and skeleton in DAY_FIRST:
        return str(format_date(when, DAY_FIRST[skeleton], locale="en"))
    return format_skeleton(skeleton, when, locale=locale)
