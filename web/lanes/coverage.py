"""The time in which nobody watched a side: silence there is not read as constancy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.coverage import span_of, unwatched
from timeline.domain.instants import NEWEST, OLDEST
from timeline.projections.queries import coverage
from timeline.projections.tables.lanes import lane_of
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.coverage import KnownWatch
    from web.lanes.history import LaneHistory

EVERYBODY = ""
"""Stands for the lane of what was watched for everybody's words."""

Span = tuple[int, int | None]
Gap = tuple[int, int]
"""The first second of a time in which nobody watched, and the second after its last."""


class Coverage(msgspec.Struct, frozen=True):
    """When each lane of a topic was watched, by the id of its actor; first and last seconds.

    A lane of which nobody said anything has no gaps: nobody knows whether it was watched.
    """

    spans: Mapping[str, tuple[Span, ...]] = {}

    def gaps(self, *actors: str) -> list[Gap]:
        """Return when nobody watched a lane: the first of these actors of whom it is said."""
        named = next((one for one in actors if one in self.spans), EVERYBODY)
        spans = [*self.spans.get(named, ())]
        if named != EVERYBODY:
            spans += self.spans.get(EVERYBODY, ())
        return unwatched(spans, OLDEST, NEWEST) if spans else []

    def gaps_between(self, first: int, last: int, *actors: str) -> list[Gap]:
        """Return the gaps of a lane that lie in part between two instants."""
        return [gap for gap in self.gaps(*actors) if gap[0] < last and first < gap[1]]

    def gap_at(self, moment: int, *actors: str) -> Gap | None:
        """Return the gap in which a moment lies, if it lies in one."""
        found = (gap for gap in self.gaps(*actors) if gap[0] <= moment < gap[1])
        return next(found, None)


NOTHING_SAID = Coverage()


def read_coverage(conn: Connection, topic: str, known_at: int | None = None) -> Coverage:
    """Return when the lanes of a topic (an id) were watched, as known at a log position."""
    return coverage_of(conn, coverage.coverage(conn, topic, known_at), known_at)


def with_gaps(
    conn: Connection, lanes: Mapping[str, LaneHistory], known_at: int | None = None
) -> dict[str, LaneHistory]:
    """Return lanes of several topics, by their ids, each with when nobody watched it."""
    watched = read_coverages(conn, lanes, known_at)
    return {
        topic: msgspec.structs.replace(lane, unwatched=tuple(watched[topic].gaps(lane.actor)))
        for topic, lane in lanes.items()
    }


def read_coverages(
    conn: Connection, topics: Iterable[str], known_at: int | None = None
) -> dict[str, Coverage]:
    """Return when the lanes of several topics were watched, by their ids."""
    found = coverage.coverage_of(conn, topics, known_at)
    return {topic: coverage_of(conn, known, known_at) for topic, known in found.items()}


def coverage_of(
    conn: Connection, found: Iterable[KnownWatch], known_at: int | None = None
) -> Coverage:
    """Return the same of what is known of who watched; merged actors share their lane."""
    watches = [one.watch for one in found]
    lanes = lane_of(conn, known_at) if any(one.actor for one in watches) else {}
    spans: dict[str, tuple[Span, ...]] = {}
    for one in watches:
        lane = lanes.get(one.actor, one.actor) if one.actor else EVERYBODY
        spans[lane] = (*spans.get(lane, ()), span_of(one))
    return Coverage(spans)


def gap_in_words(gap: Gap) -> str:
    """Say when nobody watched: "not watched from 1 Jul 2025 to 13 Jul 2025"."""
    first, after = gap
    if first <= OLDEST and after >= NEWEST:
        return gettext("not watched")
    if first <= OLDEST:
        return gettext("not watched before %(date)s", date=dates.day(after))
    since = dates.day(first)
    if after >= NEWEST:
        return gettext("not watched since %(date)s", date=since)
    until = dates.day(after - 1)
    return gettext("not watched from %(first)s to %(last)s", first=since, last=until)
