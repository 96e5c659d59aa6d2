"""What was known at a past moment: how it is named, and what to say where it was nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_instant_us
from timeline.domain.instants import MICROSECONDS, day_of, iso_day
from timeline.projections.queries import log
from web.i18n import dates

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.wording.clocks import Clocks


class NothingKnown(msgspec.Struct, frozen=True):
    """Nothing of a page was on record at a moment.

    ``begins`` is the day of the first event of all, where the moment lies before it, and ``day``
    the day that the reader means, as `as_of` takes it; both may be empty.
    """

    begins: str
    day: str


def nothing_known(conn: Connection, clocks: Clocks, *, is_empty: bool) -> NothingKnown | None:
    """Return what to say of a past moment of the known clock at which a page ``is_empty``.

    ``None`` where it is not, and where the said clock may be why.
    """
    if clocks.known_at is None or not is_empty:
        return None
    first = log.first(conn)
    lies_before = first is not None and clocks.known_at < first.position
    if clocks.as_of is not None and not lies_before:
        return None
    begins = dates.day(first.recorded_at // MICROSECONDS) if first and lies_before else ""
    return NothingKnown(begins, _day(clocks.known_text))


def known_moment(conn: Connection, clocks: Clocks) -> str:
    """Return where the known clock stands, in words; nothing where that is now.

    It is when the last event was recorded that was known, and before all of them what was asked.
    """
    if clocks.known_at is None:
        return ""
    rows = log.lines(conn, before=clocks.known_at + 1, limit=1)
    if rows:
        return dates.moment(rows[0].recorded_at // MICROSECONDS)
    return clocks.known_text if clocks.known_text.startswith("@") else dates.said(clocks.known_text)


def _day(known: str) -> str:
    """Return the day of an instant of the known clock; a position of the log means no day."""
    return "" if known.startswith("@") else iso_day(day_of(parse_instant_us(known) // MICROSECONDS))
