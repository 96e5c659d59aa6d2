"""A past moment of the known clock: its name, and the message if nothing was known."""

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

    ``begins`` is the day of the first event, if the moment is before it; ``day`` is the day that
    the reader means, as for `as_of`. Both may be empty.
    """

    begins: str
    day: str


def nothing_known(conn: Connection, clocks: Clocks, *, is_empty: bool) -> NothingKnown | None:
    """Return the message for a past moment of the known clock at which a page ``is_empty``.

    ``None`` if it is not, or if the said clock may be the reason.
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
    """Return the moment of the known clock in words; empty for now.

    It is the time of the last known event or, before all events, the moment asked for.
    """
    if clocks.known_at is None:
        return ""
    if recorded := recorded_up_to(conn, clocks.known_at):
        return recorded
    return clocks.known_text if clocks.known_text.startswith("@") else dates.said(clocks.known_text)


def recorded_up_to(conn: Connection, position: int | None) -> str:
    """Return when the last event up to a log position was recorded, in words; empty if none was.

    Without a position it is the last event of all.
    """
    rows = log.lines(conn, before=None if position is None else position + 1, limit=1)
    return dates.moment_us(rows[0].recorded_at) if rows else ""


def _day(known: str) -> str:
    """Return the day of an instant of the known clock; empty for a log position."""
    return "" if known.startswith("@") else iso_day(day_of(parse_instant_us(known) // MICROSECONDS))
