"""Whose words a law took: what readers are told on the page of a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import log
from web.i18n import dates

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.stores.log import EventLog


class Erasure(msgspec.Struct, frozen=True):
    """The event by which words were erased: when, by whom, and which law demanded it."""

    position: int
    when: str
    by: str
    basis: str


def erasure_of(conn: Connection, stored: EventLog, stream: str) -> Erasure | None:
    """Return what erased the words of a stream last; None where nothing did."""
    erased = [one for one in log.of_stream(conn, stream) if one.type.endswith(".redacted")]
    if not erased:
        return None
    last = erased[-1]
    basis = getattr(stored.event(last.position), "basis", "")
    return Erasure(last.position, dates.moment_us(last.recorded_at), last.recorded_by, basis)
