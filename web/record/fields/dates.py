"""Dates and moments as people write them in a form, in English and German."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from flask_babel import get_timezone

from timeline.domain.dates import parse_date, parse_instant_us, with_offset
from timeline.domain.errors import Refused
from timeline.domain.instants import MICROSECONDS, iso
from timeline.domain.messages import InQuotes, Message
from timeline.domain.written_dates import as_edtf
from web.i18n import dates
from web.i18n.translate import gettext, pgettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.domain.dates import SaidDate
    from web.record.forms.form_state import FormState

PRECISIONS = ("day", "month", "year", "before")

_PARTS = re.compile(r"(?P<year>\d{4})(?P<month>-\d{2})?(?:-\d{2})?(?:T[^?~%]*)?(?P<mark>[?~%]?)")


def read_date(written: str, precision: str = "", field: str = "said_at") -> str:
    """Return a date as EDTF; raises `Refused` for anything else.

    It may be EDTF already, or "16 Dec 2025", "16.12.2025", "Dezember 2025". ``precision`` makes
    it coarser (month, year) or the last day possible (before), never finer than it is.
    """
    edtf = parse_date(with_offset(as_edtf(written), get_timezone() or UTC), field).text
    if precision == "before":
        return edtf if edtf.startswith("../") else f"../{edtf.rpartition('/')[2]}"
    parts = _PARTS.fullmatch(edtf)
    if parts is None or precision not in ("month", "year"):
        return edtf
    month = (parts["month"] or "") if precision == "month" else ""
    return f"{parts['year']}{month}{parts['mark']}"


def zone_name() -> str:
    """Return the name of the zone in which times without an offset are read."""
    return str(get_timezone() or UTC)


def date_in_words(date: SaidDate, written: str | None) -> str:
    """Return a date in words; if none was ``written``, say that it is the source's date."""
    words = dates.said(date.text)
    return words if written else gettext("not given, so: %(date)s", date=words)


def precision_of(edtf: str) -> str:
    """Return how exact a date is, in the words of the form."""
    if edtf.startswith("../"):
        return "before"
    try:
        precision = parse_date(edtf).precision if edtf else "day"
    except Refused:
        return "day"
    return precision if precision in PRECISIONS else "day"


def precisions() -> list[tuple[str, str]]:
    """Return the choices of precision, each with its words."""
    return [
        ("day", gettext("Day")),
        ("month", gettext("Month")),
        ("year", gettext("Year")),
        ("before", pgettext("date", "Before")),
    ]


MOMENT_UNCLEAR = Message(
    "moment_unclear",
    "%(moment)s is no moment",
    fix="write it like 28 Nov 2026 9:00, with an offset such as +01:00 if it is not UTC",
)

_ZONES = {
    "z": "Z",
    "utc": "Z",
    "gmt": "Z",
    "cet": "+01:00",
    "mez": "+01:00",
    "cest": "+02:00",
    "mesz": "+02:00",
}
"""The offsets of zones by the short names that mean one thing in English and German."""

_WRITTEN = re.compile(
    r"(?P<day>.+?)(?:(?-i:T)|,?\s+(?:um|at)\s+|,?\s+|,)"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.0+)?)?)?"
    r"(?P<unit>|\s?h|\s?Uhr|\s?(?P<half>[ap])\.?m\.?)"
    rf"\s*(?P<zone>|{'|'.join(_ZONES)}"
    r"|(?:(?:UTC|GMT)\s?)?(?P<offset>[+\-\N{MINUS SIGN}]\d[\d:]*))",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?P<sign>[+\-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")

NOON = 12


def read_moment(written: str, field: str) -> str:
    """Return a moment as an instant with its offset; raises `Refused` for anything else.

    It is a date as `read_date` takes it with a time behind it: "28 Nov 2026 9:00", "28. November
    2026 um 9 Uhr MEZ", "Nov 28, 2026, 9 pm". Without an offset the time is that of the site's zone.
    """
    match = _WRITTEN.fullmatch(written.strip())
    unclear = Refused(MOMENT_UNCLEAR, field=field, moment=InQuotes(written.strip()))
    if match is None or not (time := _time(match)):
        raise unclear
    local = with_offset(f"{as_edtf(match['day'])}T{time}", get_timezone() or UTC)
    try:
        parsed = parse_date(local, field)
    except Refused:
        raise unclear from None
    if not parsed.timed:
        raise unclear
    return iso(parsed.latest)


def moment_in_field(microseconds: int) -> str:
    """Return a moment as a field shows it, with its zone; `read_moment` takes it in any language.

    "28 Nov 2026, 09:00 UTC", with its seconds where it has any.
    """
    instant = microseconds // MICROSECONDS
    words, seconds = dates.moment(instant), instant % 60
    return words.replace(" UTC", f":{seconds:02} UTC") if seconds else words


def _time(match: re.Match[str]) -> str:
    """Return the time of day with its offset, if it has one; empty if it is no time."""
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if not (match["minute"] or match["unit"]) or (half and not 1 <= hour <= NOON):
        return ""
    if half:
        hour = hour % NOON + NOON * (half == "p")
    offset = _offset(match["offset"]) if match["offset"] else _ZONES.get(match["zone"].lower(), "")
    if match["offset"] and not offset:
        return ""
    return f"{hour:02}:{match['minute'] or '00'}:{match['second'] or '00'}{offset}"


def _offset(written: str) -> str:
    match = _OFFSET.fullmatch(written.replace("\N{MINUS SIGN}", "-"))
    return f"{match['sign']}{match['hours']:>02}:{match['minutes'] or '00'}" if match else ""


FIELD = "embargo_until"


def moment_of(data: Mapping[str, object]) -> int:
    """Return the moment that a form gives, in microseconds UTC; 0 for none."""
    value = data.get(FIELD)
    return parse_instant_us(str(value), FIELD) if value else 0


def note_moment(sheet: FormState, data: Mapping[str, object]) -> None:
    """Note how the moment was understood, and write it with its zone into the field."""
    if moment := moment_of(data):
        sheet.put(FIELD, moment_in_field(moment))
        sheet.notes[FIELD] = gettext(
            "on record from %(moment)s on, not before", moment=dates.moment_us(moment)
        )
