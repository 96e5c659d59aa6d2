"""Convert foreign dates, in any declared order, to EDTF."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.ambiguous_dates import DATE_IN_SHORT, NOTHING, ORDERS, possible_days
from timeline.domain.calendar_span import no_such_date
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.maps.date_parts import cut, in_english, precision_of

if TYPE_CHECKING:
    from collections.abc import Callable

DATE_IN_ANOTHER_ORDER = Message(
    "date_in_another_order",
    "%(given)s is not a date in the order %(orders)s",
    fix="mend the date, or name its order under [dates] in the map",
)
TIME_WITHOUT_ZONE = Message(
    "time_without_zone",
    "the time %(time)s has no zone",
    fix='declare it in the map ([dates] zone = "Europe/Berlin", or times = "drop")',
)

FORMATS = ("edtf", *ORDERS, "epoch_s", "epoch_ms", "rfc822")

_CLOCK = r"(?:[T ,]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_PARTS = re.compile(r"(?P<date>\d+(?:\s*[./,\-\s]\s*\d+){0,2})\.?\s*" + _CLOCK)
_CODES = re.compile("%-?([dmyY])")
_NUMBER = re.compile(r"\d+")
_EIGHT = re.compile(r"\d{8}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_DIGITS = 4


class DateReading(msgspec.Struct, frozen=True):
    """How to read the dates of one column.

    ``formats`` are tried in order. ``zone`` is the zone of times without an offset. ``drop_time``
    keeps only the day, in ``zone`` or else in the time's own zone. ``lang`` is the language of
    months. A date keeps its written precision.
    """

    formats: tuple[str, ...]
    zone: tzinfo | None = None
    drop_time: bool = False
    lang: str = "en"

    def edtf(self, text: str) -> str:
        """Return the date as EDTF; raises `Refused` if no format reads it."""
        for name in self.formats:
            date = self._read(name, text)
            if date is not None:
                return date
        raise self._refused(text)

    def _refused(self, text: str) -> Refused:
        orders = [order for name in self.formats if (order := _order_of(name)) in ORDERS]
        meant = possible_days(text.strip(), orders) if orders else NOTHING
        if meant.missing:
            return no_such_date(text)
        return Refused(
            DATE_IN_ANOTHER_ORDER,
            fix=DATE_IN_SHORT if meant.is_short and len(meant.days) == 1 else None,
            given=InQuotes(text),
            orders=" or ".join(self.formats),
            date=", ".join(meant.days),
        )

    def _read(self, name: str, text: str) -> str | None:
        if name == "edtf":
            return self._edtf(text)
        if "%" in name:
            return self._patterned(name, text)
        try:
            return _READERS[name](self, text)
        except (ValueError, OverflowError, TypeError):
            return None

    def _edtf(self, text: str) -> str | None:
        try:
            if _ISO_TIME.fullmatch(text):
                return self.moment(datetime.fromisoformat(text))
        except ValueError:
            return None
        return text if self.formats == ("edtf",) or _is_edtf(text) else None

    def _patterned(self, pattern: str, text: str) -> str | None:
        precision = precision_of(pattern)
        if precision.named:
            text, pattern = in_english(text, pattern, self.lang)
        try:
            read = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is declared apart
        except ValueError:
            return None
        return self.moment(read) if precision.timed else cut(read.date(), precision.part)

    def moment(self, read: datetime) -> str:
        """Return a date-time as EDTF in UTC; raises `Refused` if its zone is unknown."""
        if self.drop_time:
            return self._day(read)
        if read.tzinfo is None and self.zone is None:
            raise Refused(TIME_WITHOUT_ZONE, time=f"{read:%H:%M}")
        aware = read if read.tzinfo else read.replace(tzinfo=self.zone)
        return _utc(aware)

    def _day(self, read: datetime) -> str:
        """Return the day of an instant, in the zone of the map or else in its own."""
        here = read.astimezone(self.zone) if read.tzinfo and self.zone else read
        return here.date().isoformat()


def _order_of(name: str) -> str:
    """Return the order of year, month and day in a format or a pattern such as %d.%m.%Y."""
    return "".join(_CODES.findall(name)).lower() if "%" in name else name


def _is_edtf(text: str) -> bool:
    try:
        parse_date(text)
    except Refused:
        return False
    return True


_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?")


def _utc(aware: datetime) -> str:
    moment = aware.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return moment.isoformat() + "Z"


def _ordered(order: str) -> Callable[[DateReading, str], str | None]:
    def read(reading: DateReading, text: str) -> str | None:
        match = _PARTS.fullmatch(text.strip().rstrip("./,-– ") or "?")
        if match is None:
            return None
        numbers = _NUMBER.findall(match["date"])
        if len(numbers) == 1 and _EIGHT.fullmatch(numbers[0]):
            return _date_of_numbers(order, _split(order, numbers[0]), reading, match)
        return _date_of_numbers(order, numbers, reading, match)

    return read


def _split(order: str, digits: str) -> list[str]:
    if order == "ymd":
        return [digits[:4], digits[4:6], digits[6:]]
    return [digits[:2], digits[2:4], digits[4:]]


def _date_of_numbers(
    order: str, numbers: list[str], reading: DateReading, match: re.Match[str]
) -> str | None:
    """Return a date with the precision of the given numbers."""
    rest = [part for part in order if part != "d"] if len(numbers) == 2 else list(order)  # noqa: PLR2004 - month and year
    parts = dict(zip(rest if len(numbers) > 1 else ["y"], numbers, strict=True))
    if len(parts["y"]) != _YEAR_DIGITS:
        return None
    # Many files write unknown parts as zeros.
    month, day = int(parts.get("m", "0")), int(parts.get("d", "0"))
    if not month:
        return None if day else parts["y"]
    first = date(int(parts["y"]), month, day or 1)
    return _with_clock(first, reading, match) if day else cut(first, "month")


def _with_clock(day: date, reading: DateReading, match: re.Match[str]) -> str:
    if match["clock"] is None:
        return day.isoformat()
    hour, minutes = match["clock"].split(":", 1)
    text = f"{day.isoformat()}T{hour:>02}:{minutes}{match['zone'] or ''}"
    return reading.moment(datetime.fromisoformat(text))


def _epoch(unit: int) -> Callable[[DateReading, str], str | None]:
    def read(reading: DateReading, text: str) -> str | None:
        moment = _EPOCH + timedelta(seconds=float(text) / unit)
        return reading.moment(moment)

    return read


def _rfc822(reading: DateReading, text: str) -> str | None:
    read = parsedate_to_datetime(text)
    return reading.moment(read if read.tzinfo else read.replace(tzinfo=UTC))


_READERS: dict[str, Callable[[DateReading, str], str | None]] = {
    "epoch_s": _epoch(1),
    "epoch_ms": _epoch(1000),
    "rfc822": _rfc822,
} | {order: _ordered(order) for order in ORDERS}
