"""Dates as EDTF texts, each read as the interval in which something was said.

The notation is the Extended Date/Time Format (Library of Congress; ISO 8601-2): level 0, the
marks ``?`` ``~`` ``%``, unspecified digits, long years, ``../D`` and closed intervals. A time
needs an offset. Marks state uncertainty; they never widen the interval.
"""

from __future__ import annotations

import functools
import re
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.calendar_span import EXAMPLES, Precision, calendar_span, not_a_date
from timeline.domain.errors import Refused
from timeline.domain.instants import (
    DAY,
    MICROSECONDS,
    NEWEST,
    OLDEST,
    day_of,
    end_of_day,
    iso,
    iso_day,
    iso_us,
    parse_moment,
)
from timeline.domain.messages import EdtfDate, InQuotes, Message
from timeline.domain.written_dates import as_edtf

if TYPE_CHECKING:
    from datetime import tzinfo

NOT_ONE_DATE = Message(
    "not_one_date", "%(date)s is not one date", fix="give one date, or a date-time with its offset"
)
NOT_AN_INSTANT = Message(
    "not_an_instant",
    "%(instant)s is not an instant",
    fix="write it like 15 Dec 2025, 2025-12-15 or 2025-12-15T14:30:00Z",
)
DATE_MISSING = Message(
    "date_missing",
    "neither the day it was said nor the day it was published is known",
    fix="give the day it was said (said_at) or that of the source (published_at)",
)
SOURCE_BEFORE_THE_EVENT = Message(
    "source_before_the_event",
    "the source is of %(published)s, before what it tells of (%(said)s)",
    fix="check both dates, days are counted in UTC",
)
DATE_TO_COME = Message(
    "date_to_come",
    "%(date)s is still to come",
    fix="check the year, or give the date of the source",
)
NOTHING_KNOWN_YET = Message(
    "nothing_known_yet", "%(date)s is still to come", fix="nothing is known of days to come"
)
CLOCKS_SKIP_OR_REPEAT = Message(
    "clocks_skip_or_repeat",
    "the clocks in %(zone)s skip or repeat %(time)s",
    fix="put Z or an offset such as +01:00 behind it",
)
DATE_EMPTY = Message("date_empty", "the date is empty", fix=EXAMPLES)
DATE_OUT_OF_RANGE = Message(
    "date_out_of_range",
    "%(date)s is further away than the clock reaches",
    fix="use a year within 292 billion years",
)
INTERVAL_WITHOUT_END = Message(
    "interval_without_end",
    "%(date)s has no end, so nothing can count from it",
    fix="end it with the last day possible",
)
INTERVAL_WITHOUT_START = Message(
    "interval_without_start",
    "%(date)s has no start",
    fix="write .. before the / where the start is not known",
)
INTERVAL_REVERSED = Message(
    "interval_reversed", "%(date)s ends before it begins", fix="exchange the two dates"
)

__all__ = [
    "SaidDate",
    "check_come",
    "check_dates",
    "check_past",
    "counting_instant",
    "day_of",
    "end_of_day",
    "iso",
    "iso_day",
    "iso_us",
    "parse_as_of",
    "parse_date",
    "parse_instant_us",
    "parse_start",
    "query_date",
    "said_or_published",
    "with_offset",
]

LONGEST = 64
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}T")
AHEAD = DAY
"""How many seconds a date may lie in the future when recorded: clocks and zones differ."""


class SaidDate(msgspec.Struct, frozen=True):
    """When something was said: the EDTF text as given, and its first and last second.

    ``earliest`` is ``None`` if only an end is known. ``timed`` is true for a single date-time, and
    false for an interval between two, which does not say when in between.
    """

    text: str
    earliest: int | None
    latest: int
    timed: bool
    precision: Precision


def parse_date(text: str, field: str = "said_at") -> SaidDate:
    """Read an EDTF date; raises `Refused` for anything else, and for a date without an end."""
    return _parse(text, field)


def parse_as_of(text: str, field: str = "as_of") -> int:
    """Read an "as of" as the last second that it covers: a date means the end of that day.

    `as_edtf` lists further accepted forms. Raises `Refused` for anything but a single date.
    """
    said = _parse_asked(text, field)
    if said.precision in ("interval", "before"):
        raise Refused(NOT_ONE_DATE, field=field, date=InQuotes(text.strip()))
    return said.latest


FURTHEST_US = 2**63 - 1
"""The most microseconds before or after 1970 that a database can store."""


def parse_instant_us(text: str, field: str = "known_at") -> int:
    """Read a date-time with its offset as microseconds UTC.

    A day, a month or a year means its last microsecond; `as_edtf` lists further accepted forms.
    The result is clamped to 64 bits. Raises `Refused` for anything else.
    """
    written = query_date(text)
    if "T" in written:
        return parse_moment(written, field)
    said = _parse_asked(text, field)
    if said.precision not in ("day", "month", "year"):
        raise Refused(NOT_AN_INSTANT, field=field, instant=InQuotes(text.strip()))
    return max(-FURTHEST_US, min((said.latest + 1) * MICROSECONDS - 1, FURTHEST_US))


def parse_start(text: str, field: str = "from") -> int | None:
    """Read a "from" as the first second that it covers, ``None`` if it is open.

    `as_edtf` lists further accepted forms. Raises `Refused` for anything else.
    """
    return _parse_asked(text, field).earliest


def check_past(text: str, now: int, field: str) -> None:
    """Raise `Refused` for a date that begins after ``now`` (in seconds), and for no date.

    `as_edtf` lists further accepted forms.
    """
    earliest = _parse_asked(text, field).earliest
    if earliest is not None and earliest > now:
        raise Refused(NOTHING_KNOWN_YET, field=field, date=InQuotes(text.strip()))


def query_date(text: str) -> str:
    """Return a date from a query as EDTF; anything else comes back unchanged."""
    written = as_edtf(text)
    # In an address that nobody encoded, the + of an offset arrives as a space.
    return written.replace(" ", "+") if _TIMED.match(written) else written


def said_or_published(said_at: str | None, published_at: str | None) -> SaidDate:
    """Return the said date, or "by the day it was published" if it is not given.

    Raises `Refused` if neither is given.
    """
    if said_at and said_at.strip():
        return parse_date(said_at)
    if published_at and published_at.strip():
        published = parse_date(published_at, "source.published_at")
        return parse_date("../" + published.text.rpartition("/")[2])
    raise Refused(DATE_MISSING, field="said_at")


def counting_instant(said: SaidDate, published: SaidDate | None, recorded_at_us: int) -> int:
    """Return the instant by which it had certainly been said; everything is ordered by it.

    ``published`` is the earliest publication date among the sources. Without one, the time of the
    first record is the latest possible instant.
    """
    known_by = published.latest if published else recorded_at_us // MICROSECONDS
    return min(said.latest, known_by)


def check_dates(
    said: SaidDate,
    published: SaidDate | None,
    recorded_at_us: int,
    *,
    announced: bool = False,
    field: str = "said_at",
) -> None:
    """Raise `Refused` for a date after its own source or more than a day after its record.

    An ``announced`` development may lie in the future: it is never refused.
    """
    if announced or said.earliest is None:
        return
    if published and published.latest < said.earliest:
        raise Refused(
            SOURCE_BEFORE_THE_EVENT,
            field=field,
            published=EdtfDate(published.text),
            said=EdtfDate(said.text),
        )
    check_come(said, recorded_at_us, field)


def check_come(date: SaidDate, recorded_at_us: int, field: str) -> None:
    """Raise `Refused` for a date that begins more than a day after its record."""
    latest = recorded_at_us // MICROSECONDS + AHEAD
    if date.earliest is not None and date.earliest > latest:
        raise Refused(DATE_TO_COME, field=field, date=EdtfDate(date.text))


def with_offset(text: str, zone: tzinfo) -> str:
    """Append a zone's offset to a date-time without one; anything else comes back unchanged.

    Raises `Refused` for a time that the zone's clocks skip or repeat.
    """
    try:
        local = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return text
    if local is None or local.tzinfo is not None:
        return text
    early, late = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        raise Refused(CLOCKS_SKIP_OR_REPEAT, field="said_at", zone=zone, time=text)
    return early.isoformat()


def _parse_asked(text: str, field: str) -> SaidDate:
    """Read a date from a query; a refusal repeats the text as it was typed."""
    written = query_date(text)
    try:
        return parse_date(written, field)
    except Refused as error:
        as_typed = {
            name: InQuotes(text.strip()) if value in (written, InQuotes(written)) else value
            for name, value in error.values.items()
        }
        raise Refused(error.template, field=field, fix=error.advice, **as_typed) from None


@functools.lru_cache(maxsize=1 << 16)
def _parse(text: str, field: str) -> SaidDate:
    written = text.strip()
    if not written:
        raise Refused(DATE_EMPTY, field=field)
    if len(written) > LONGEST:
        raise not_a_date(written[:20] + "…", field)
    if "/" in written:
        return _interval(written, field)
    return _single(written, field)


def _single(text: str, field: str) -> SaidDate:
    if "T" in text:
        instant = parse_moment(text, field) // MICROSECONDS
        return SaidDate(text, instant, instant, timed=True, precision="time")
    span = calendar_span(text, field)
    earliest, latest = span.first * DAY, end_of_day(span.last)
    if earliest < OLDEST or latest > NEWEST:
        raise Refused(DATE_OUT_OF_RANGE, field=field, date=text)
    return SaidDate(text, earliest, latest, timed=False, precision=span.precision)


def _interval(text: str, field: str) -> SaidDate:
    lower, upper, *more = text.split("/")
    if more:
        raise not_a_date(text, field)
    if upper in ("", ".."):
        raise Refused(INTERVAL_WITHOUT_END, field=field, date=InQuotes(text))
    if not lower:
        raise Refused(INTERVAL_WITHOUT_START, field=field, date=InQuotes(text))
    end = _single(upper, field)
    if lower == "..":
        return SaidDate(text, None, end.latest, timed=False, precision="before")
    earliest = _single(lower, field).earliest
    if earliest is None or earliest > end.latest:
        raise Refused(INTERVAL_REVERSED, field=field, date=InQuotes(text))
    return SaidDate(text, earliest, end.latest, timed=False, precision="interval")
