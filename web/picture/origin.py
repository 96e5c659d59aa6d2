"""Where a picture is from: the address that it was drawn at, and the state of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import MICROSECONDS
from timeline.projections.queries import log
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.publisher import publisher
from web.shell.request import this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.wording.clocks import Clocks


def source_lines(conn: Connection, clocks: Clocks, path: str) -> tuple[str, ...]:
    """Return what stands below a picture: address and state of the record, then the credit."""
    address = this_request().site.partition("://")[2] + path
    position, day = _state(conn, clocks)
    state = gettext("record up to event %(n)s, %(date)s", n=position, date=day)
    first = gettext("Source: %(source)s", source=f"Standline, {address}; {state}")
    return (first, publisher().credit) if publisher().credit else (first,)


def position_of(clocks: Clocks) -> int:
    """Return the log position whose record is shown."""
    return this_request().record.shown if clocks.known_at is None else clocks.known_at


def _state(conn: Connection, clocks: Clocks) -> tuple[int, str]:
    position = position_of(clocks)
    found = log.lines(conn, before=position + 1, limit=1)
    return position, dates.day(found[0].recorded_at // MICROSECONDS) if found else ""
