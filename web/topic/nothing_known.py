"""What to say where a reader asks what was known before anything was on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_instant_us
from timeline.domain.instants import MICROSECONDS, day_of, iso_day
from timeline.projections.queries import log
from web.i18n import dates

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.extent import Facts
    from web.wording.clocks import Clocks


class NothingKnown(msgspec.Struct, frozen=True):
    """Nothing on a topic was on record at a moment.

    ``begins`` is the day of the first event of all, where the moment lies before it, and ``day``
    the day that the reader means, as `asof` takes it; both may be empty.
    """

    begins: str
    day: str


def nothing_known(conn: Connection, facts: Facts, clocks: Clocks) -> NothingKnown | None:
    """Return what to say of a past moment of the known clock; ``None`` where something stands."""
    if clocks.known_at is None or clocks.as_of is not None:
        return None
    if facts.statements or facts.retracted or facts.developments:
        return None
    first = log.first(conn)
    lies_before = first is not None and clocks.known_at < first.position
    begins = dates.day(first.recorded_at // MICROSECONDS) if first and lies_before else ""
    return NothingKnown(begins, _day(clocks.known_text))


def _day(known: str) -> str:
    """Return the day of an instant of the known clock; a position of the log means no day."""
    return "" if known.startswith("@") else iso_day(day_of(parse_instant_us(known) // MICROSECONDS))
