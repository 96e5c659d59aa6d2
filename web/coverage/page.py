"""What the page of a topic's coverage shows: what was watched, and in words what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.projections.queries import directory
from timeline.projections.queries.coverage import KnownWatch, coverage
from timeline.projections.queries.directory import Actor, Story, Topic
from web.i18n import dates
from web.lanes.coverage import EVERYBODY, Gap, coverage_of, gap_in_words
from web.wording.clocks import Clocks, read_clocks
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


class WatchRow(msgspec.Struct, frozen=True):
    """A row of the table; without an ``actor`` everybody's words were watched for."""

    number: int
    actor: Actor | None
    outlets: tuple[str, ...]
    since: str
    until: str
    note: str


class UnwatchedSide(msgspec.Struct, frozen=True):
    """When nobody watched a side, as spans of seconds and in ``words``; nobody is everybody."""

    actor: Actor | None
    gaps: tuple[Gap, ...]
    words: tuple[str, ...]


class CoveragePage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template reads, and the data with it."""

    topic: Topic
    story: Story | None
    clocks: Clocks
    rows: list[WatchRow]
    unwatched: list[UnwatchedSide]
    found: tuple[KnownWatch, ...]
    slugs: dict[str, str]


def coverage_page(conn: Connection, slug: str, args: Mapping[str, str], now: int) -> CoveragePage:
    """Read the page; raises `NotFound` for no such topic, `Refused` for nonsense."""
    topic = directory.topic(conn, slug)
    clocks = read_clocks(conn, args)
    found = coverage(conn, topic.id, clocks.known_at)
    known = directory.actors_by_id(conn, {one.watch.actor for one in found if one.watch.actor})
    names = Names(conn)
    stories = {one.id: one for one in directory.stories(conn)}
    watched = coverage_of(conn, found, clocks.known_at)
    moment = clocks.moment(now)
    return CoveragePage(
        topic=topic,
        story=stories.get(topic.story or ""),
        clocks=clocks,
        rows=[_row(one, known) for one in found],
        unwatched=[
            UnwatchedSide(names.actor(lane) if lane != EVERYBODY else None, gaps, words)
            for lane in watched.spans
            if (gaps := tuple(gap for gap in watched.gaps(lane) if gap[0] <= moment))
            and (words := tuple(map(gap_in_words, gaps)))
            and (lane == EVERYBODY or lane in known)
        ],
        found=tuple(found),
        slugs={one.id: one.slug for one in known.values()},
    )


def _row(one: KnownWatch, known: Mapping[str, Actor]) -> WatchRow:
    said = one.watch
    return WatchRow(
        one.number,
        known.get(said.actor or ""),
        said.outlets,
        dates.said(said.since),
        dates.said(said.until) if said.until else "",
        said.note,
    )
