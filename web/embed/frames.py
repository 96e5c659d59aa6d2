"""The frames: a topic with the lanes that changed last, an entry with its lane, and their HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.projections.queries import directory, entries, extent
from timeline.projections.queries.coverage import read_coverage
from timeline.projections.queries.directory import Topic
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.topic_changes import TopicChanges
from web.chart.drawing import Chart
from web.chart.layout import draw
from web.entries.presenter import Presenter
from web.entries.views import ActorView, EntryView
from web.i18n.dates import wording
from web.lanes import filters
from web.lanes.chart_data import ChartData, read_statements
from web.lanes.chart_input import chart_input
from web.lanes.history import own_lanes
from web.lanes.reading import DetailedLanes, lanes_in_short
from web.lanes.rhythm import silence_after, topic_activity
from web.lanes.statement_lane import lane_of_statement
from web.lanes.window import window
from web.wording.clocks import Clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.entries import Entry
    from web.lanes.address import TopicAddress
    from web.lanes.history import LaneHistory


class TopicFrame(msgspec.Struct, frozen=True):
    """What the template reads; ``more`` lanes are only on the page at ``href``."""

    topic: Topic
    chart: Chart
    is_empty: bool
    more: int
    href: str
    moment: str


def topic_frame(
    conn: Connection, topic: Topic, address: TopicAddress, clocks: Clocks, *, now: int
) -> TopicFrame:
    """Read the frame of a topic: the actors that the address names, else the latest to change."""
    filter_ = filters.read_filter(conn, topic.id, address, clocks.known_at)
    changes = TopicChanges(conn, topic.id, clocks)
    if address.only == "changes":
        filter_ = filters.only_proving(filter_, changes.proofs())
    everybody = own_lanes(lanes_in_short(conn, topic.id, clocks, changes))
    lanes = _chosen(everybody, {directory.actor(conn, slug).id for slug in address.actor})
    names = Names(conn)
    names.actors({lane.actor for lane in lanes})
    first, last = extent.span(conn, topic.id) or (now, now)
    days = topic_activity(conn, topic.id).days
    shown = window(address, first, last, now, days)
    detailed = DetailedLanes(conn, topic.id, clocks, changes, filter_, shown)
    lanes = detailed.read(lanes, {lane.actor for lane in lanes})
    said = read_statements(conn, lanes, clocks)
    data = ChartData(
        topic=topic,
        lanes=lanes,
        statements=said,
        hidden=filters.hidden_numbers(filter_, said),
        moment=clocks.moment(now),
        silence=silence_after(days),
        coverage=read_coverage(conn, topic.id, clocks.known_at),
    )
    chart = chart_input(data, names, address, clocks, shown, now)
    return TopicFrame(
        topic=topic,
        chart=draw(msgspec.structs.replace(chart, density="compact", proof_href=""), wording()),
        is_empty=not lanes,
        more=0 if address.actor else len(everybody) - len(lanes),
        href=address.url(topic.slug),
        moment=", ".join(clocks.in_words(now)),
    )


def _chosen(lanes: list[LaneHistory], named: set[str]) -> list[LaneHistory]:
    if named:
        return [lane for lane in lanes if lane.actor in named][:LANES]
    latest = sorted(lanes, key=lambda lane: -lane.moved_at)
    actors = {lane.actor for lane in latest[:LANES]}
    return [lane for lane in lanes if lane.actor in actors]


class EntryFrame(msgspec.Struct, frozen=True):
    """What the template reads; ``newer`` if this is not the latest version."""

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
    """Return the actor of the entry's lane."""
    if not isinstance(entry, StatementEntry):
        return None
    return ActorView.of(names.lane(entry.on_behalf_of or entry.speaker))


LANES = 6
"""The most lanes of a frame; the full page has all."""


class Offer(msgspec.Struct, frozen=True):
    """A frame: its address, its title, and its height in pixels.

    It stays in the language ``lang`` of the page that offered it, for every reader.
    """

    host: str
    path: str
    title: str
    height: int
    lang: str

    @property
    def html(self) -> str:
        """The frame as HTML to paste."""
        return self.themed("")

    def themed(self, theme: str) -> str:
        """Return the HTML for a page that is ``light`` or ``dark``, whatever its readers chose."""
        choices = urlencode({"lang": self.lang} | ({"theme": theme} if theme else {}))
        address = f"{self.host}{self.path}{'&' if '?' in self.path else '?'}{choices}"
        return (
            f'<iframe src="{escape(address)}" title="{escape(self.title)}"'
            f' width="100%" height="{self.height}" loading="lazy" frameborder="0"></iframe>'
        )
