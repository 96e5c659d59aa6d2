"""Dates as people write them in a form, turned into EDTF."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from flask_babel import get_timezone

from timeline.domain.dates import parse_date, with_offset
from timeline.domain.errors import Refused
from timeline.domain.written_dates import as_edtf
from web.i18n import dates
from web.i18n.translate import gettext, pgettext

if TYPE_CHECKING:
    from timeline.domain.dates import SaidDate

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
