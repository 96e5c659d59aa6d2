"""Foreign dates, in whichever order a file writes them, as the EDTF text that we keep."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Callable

DATE_IN_ANOTHER_ORDER = Message(
    "date_in_another_order",
    "%(date)s is not a date in the order %(orders)s",
    fix="mend the date, or name its order under [dates] in the map",
)
TIME_WITHOUT_ZONE = Message(
    "time_without_zone",
    "the time %(time)s has no zone",
    fix='declare it in the map ([dates] zone = "Europe/Berlin", or times = "drop")',
)

ORDERS = ("dmy", "mdy", "ymd")
FORMATS = ("edtf", *ORDERS, "epoch_s", "epoch_ms", "rfc822")

_CLOCK = r"(?:[T ,]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_PARTS = re.compile(r"(?P<date>\d+(?:\s*[./,\-\s]\s*\d+){0,2})\.?\s*" + _CLOCK)
_NUMBER = re.compile(r"\d+")
_EIGHT = re.compile(r"\d{8}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_DIGITS = 4


class DateReading(msgspec.Struct, frozen=True):
    """How the dates of one column are to be read.

    ``formats`` are tried in order. ``zone`` is the zone of times that do not name one;
    ``drop_time`` keeps only the day, as the file's own zone has it.
    """

    formats: tuple[str, ...]
    zone: tzinfo | None = None
    drop_time: bool = False

    def edtf(self, text: str) -> str:
        """Return the date as EDTF; raises `Refused` if no format reads it."""
        for name in self.formats:
            found = self._read(name, text)
            if found is not None:
                return found
        raise Refused(DATE_IN_ANOTHER_ORDER, date=InQuotes(text), orders=" or ".join(self.formats))

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
        timed = _ISO_TIME.fullmatch(text)
        if timed is None:
            return text
        try:
            return self.moment(datetime.fromisoformat(text))
        except ValueError:
            return None

    def _patterned(self, pattern: str, text: str) -> str | None:
        try:
            read = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is declared apart
        except ValueError:
            return None
        has_clock = any(code in pattern for code in ("%H", "%I", "%c", "%X", "%s"))
        return self.moment(read) if has_clock else read.date().isoformat()

    def moment(self, read: datetime) -> str:
        """Return a date-time as EDTF in UTC; raises `Refused` if nothing tells its zone."""
        if self.drop_time:
            return read.date().isoformat()
        if read.tzinfo is None and self.zone is None:
            raise Refused(TIME_WITHOUT_ZONE, time=f"{read:%H:%M}")
        aware = read if read.tzinfo else read.replace(tzinfo=self.zone)
        return _utc(aware)


_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?")


def _utc(aware: datetime) -> str:
    moment = aware.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return moment.isoformat() + "Z"


def _ordered(order: str) -> Callable[[DateReading, str], str | None]:
    def read(reading: DateReading, text: str) -> str | None:
        found = _PARTS.fullmatch(text.strip())
        if found is None:
            return None
        numbers = _NUMBER.findall(found["date"])
        if len(numbers) == 1 and _EIGHT.fullmatch(numbers[0]):
            return _whole(order, _split(order, numbers[0]), reading, found)
        return _whole(order, numbers, reading, found)

    return read


def _split(order: str, digits: str) -> list[str]:
    if order == "ymd":
        return [digits[:4], digits[4:6], digits[6:]]
    return [digits[:2], digits[2:4], digits[4:]]


def _whole(
    order: str, numbers: list[str], reading: DateReading, found: re.Match[str]
) -> str | None:
    """Return year, month or day precision, by how many numbers there are."""
    rest = [part for part in order if part != "d"] if len(numbers) == 2 else list(order)  # noqa: PLR2004 - month and year
    parts = dict(zip(rest if len(numbers) > 1 else ["y"], numbers, strict=True))
    if len(parts["y"]) != _YEAR_DIGITS:
        return None
    if "m" not in parts:
        return parts["y"]
    day = date(int(parts["y"]), int(parts["m"]), int(parts.get("d", "1")))
    if "d" not in parts:
        return day.isoformat()[:7]
    return _with_clock(day, reading, found)


def _with_clock(day: date, reading: DateReading, found: re.Match[str]) -> str:
    if found["clock"] is None:
        return day.isoformat()
    hour, minutes = found["clock"].split(":", 1)
    text = f"{day.isoformat()}T{hour:>02}:{minutes}{found['zone'] or ''}"
    return reading.moment(datetime.fromisoformat(text))


def _epoch(unit: int) -> Callable[[DateReading, str], str | None]:
    def read(reading: DateReading, text: str) -> str | None:
        moment = _EPOCH + timedelta(seconds=float(text) / unit)
        return moment.date().isoformat() if reading.drop_time else _utc(moment)

    return read


def _rfc822(reading: DateReading, text: str) -> str | None:
    read = parsedate_to_datetime(text)
    return reading.moment(read if read.tzinfo else read.replace(tzinfo=UTC))


_READERS: dict[str, Callable[[DateReading, str], str | None]] = {
    "epoch_s": _epoch(1),
    "epoch_ms": _epoch(1000),
    "rfc822": _rfc822,
} | {order: _ordered(order) for order in ORDERS}
