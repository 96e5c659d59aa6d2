"""The `[dates]` table of a map: orders, zone, language, and columns of parts."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from timeline.domain.errors import Refused
from timeline.domain.field import Storage, Type
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.formats.jsonl_rows import flatten
from timeline.interchange.maps.date_parts import PARTS, DateColumns, month_names, precision_of
from timeline.interchange.maps.when import FORMATS, DateReading

MAP_TIMES = Message("map_times", "times cannot be %(times)s", fix="use keep or drop")
MAP_DATE_UNKNOWN = Message("map_date_unknown", "%(name)s is not a date", fix="use %(choices)s")
MAP_DATE_ORDER_UNKNOWN = Message(
    "map_date_order_unknown",
    "there is no order of dates %(order)s",
    fix="use one of %(choices)s, or a pattern such as %%d.%%m.%%Y",
)
MAP_TIME_ZONE_UNKNOWN = Message(
    "map_time_zone_unknown",
    "there is no time zone %(name)s",
    fix='use a name such as "Europe/Berlin"',
)
MAP_DATE_WITHOUT_YEAR = Message(
    "map_date_without_year",
    "%(name)s has no column for its year",
    fix='add year = "..."',
)

DATED = tuple(
    field.name
    for field in COLUMNS.values()
    if field.type is Type.DATE and field.storage is Storage.COMMITTED
)


def date_readings(dates: dict[str, Any]) -> dict[str, DateReading]:
    """Return how to read each date of a row, from the table `[dates]`; raises `Refused`."""
    table = {name: value for name, value in flatten(dates).items() if not _is_part(name)}
    zone, times = table.pop("zone", None), table.pop("times", "keep")
    lang = table.pop("lang", "en")
    month_names(lang)
    if times not in ("keep", "drop"):
        raise Refused(MAP_TIMES, field="[dates] times", times=InQuotes(times))
    strays = [name for name in table if name not in DATED]
    if strays:
        raise Refused(
            MAP_DATE_UNKNOWN,
            field=f"[dates] {strays[0]}",
            name=InQuotes(strays[0]),
            choices=", ".join((*DATED, "zone", "times", "lang")),
        )
    read = {name: _formats(name, table.get(name, "edtf")) for name in DATED}
    return {
        name: DateReading(formats, _zone(zone), times == "drop", lang)
        for name, formats in read.items()
    }


def _is_part(name: str) -> bool:
    dated, _, part = name.rpartition(".")
    return dated in DATED and part in PARTS


def date_columns(dates: dict[str, Any]) -> dict[str, DateColumns]:
    """Return the dates with a column for each part: `[dates.said_at] year = "…"`.

    Raises `Refused` for a date without a year.
    """
    parts: dict[str, dict[str, str]] = {}
    for name, column in flatten(dates).items():
        if _is_part(name):
            dated, _, part = name.rpartition(".")
            parts.setdefault(dated, {})[part] = str(column)
    for name, columns in parts.items():
        if "year" not in columns:
            raise Refused(MAP_DATE_WITHOUT_YEAR, field=f"[dates.{name}]", name=InQuotes(name))
    return {name: DateColumns(columns, dates.get("lang", "en")) for name, columns in parts.items()}


def _formats(name: str, value: str | list[str]) -> tuple[str, ...]:
    formats = (value,) if isinstance(value, str) else tuple(value)
    for format_ in formats:
        if "%" in str(format_):
            _check_pattern(name, str(format_))
        elif format_ not in FORMATS:
            raise Refused(
                MAP_DATE_ORDER_UNKNOWN,
                field=f"[dates] {name}",
                order=InQuotes(format_),
                choices=", ".join(FORMATS),
            )
    return formats


def _check_pattern(name: str, pattern: str) -> None:
    try:
        precision_of(pattern)
    except Refused as error:
        raise Refused.again(error, field=f"[dates] {name}") from None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        raise Refused(MAP_TIME_ZONE_UNKNOWN, field="[dates] zone", name=InQuotes(name)) from None
