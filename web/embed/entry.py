"""The frame of an entry: its words and source, and the lane in which it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import entries
from timeline.projections.queries.directory import Topic
from timeline.projections.queries.entries import StatementEntry
from web.chart.drawing import Chart
from web.entries.presenter import Presenter
from web.entries.views import ActorView, EntryView
from web.lanes.statement_lane import lane_of_statement
from web.wording.clocks import Clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry


class EntryFrame(msgspec.Struct, frozen=True):
    """What the template reads; ``newer`` where this is an earlier version than the latest."""

    entry: EntryView
    topic: Topic | None
    actor: ActorView | None
    chart: Chart | None
    newer: bool
    href: str
    moment: str


def entry_frame(conn: Connection, number: int, known_at: int | None, *, now: int) -> EntryFrame:
    """Read the frame of an entry; raises `NotFound` for an unknown number."""
    entry = entries.entry(conn, number, known_at)
    names = Names(conn)
    shown = Presenter(conn, names, [entry], known_at=known_at).show(entry)
    lane = lane_of_statement(conn, entry, names, known_at, now)
    topics = (entry.topic,) if isinstance(entry, StatementEntry) else entry.topics
    fixed = "" if known_at is None else f"@{known_at}"
    return EntryFrame(
        entry=shown,
        topic=names.topic(topics[0]) if topics else None,
        actor=_whose(entry, names),
        chart=lane.chart if lane else None,
        newer=entry.known_until is not None,
        href=f"/s/{number}{fixed}",
        moment=", ".join(Clocks(known_at=known_at).in_words(now)),
    )


def _whose(entry: Entry, names: Names) -> ActorView | None:
    """Return in whose lane the entry stands."""
    if not isinstance(entry, StatementEntry):
        return None
    return ActorView.of(names.lane(entry.on_behalf_of or entry.speaker))
