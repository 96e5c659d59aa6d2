"""The times at which each lane of a topic was watched, and the gaps between."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.coverage import span_of, unwatched_spans
from timeline.domain.instants import NEWEST, OLDEST, iso
from timeline.projections.queries import coverage
from timeline.projections.tables.lanes import Lanes, lanes_known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.coverage import KnownWatch

EVERYBODY = ""
"""In place of a lane: watched for everybody's words."""

Span = tuple[int, int | None]
Gap = tuple[int, int]
"""The first second of a time in which nobody watched, and the second after its last."""


class Coverage(msgspec.Struct, frozen=True):
    """When each lane of a topic was watched, by the id of its actor; first and last seconds.

    A lane without stated watches has no gaps: nobody knows whether it was watched.
    """

    spans: Mapping[str, tuple[Span, ...]] = {}

    def gaps(self, *actors: str) -> list[Gap]:
        """Return the gaps of a lane: the first of these actors that has stated watches."""
        spans = self._spans_of(actors)
        return unwatched_spans(spans, OLDEST, NEWEST) if spans else []

    def is_watched(self, first: int, last: int, *actors: str) -> bool:
        """Tell whether a lane is known to have been watched all the time between two instants."""
        return bool(self._spans_of(actors)) and not self.gaps_between(first, last, *actors)

    def _spans_of(self, actors: tuple[str, ...]) -> list[Span]:
        named = next((actor for actor in actors if actor in self.spans), EVERYBODY)
        spans = [*self.spans.get(named, ())]
        if named != EVERYBODY:
            spans += self.spans.get(EVERYBODY, ())
        return spans

    def gaps_between(self, first: int, last: int, *actors: str) -> list[Gap]:
        """Return the gaps of a lane that lie in part between two instants."""
        return [gap for gap in self.gaps(*actors) if gap[0] < last and first < gap[1]]

    def all_gaps(self) -> list[Gap]:
        """Return the times at which nobody watched anybody; empty without stated watches."""
        spans = [*chain.from_iterable(self.spans.values())]
        return unwatched_spans(spans, OLDEST, NEWEST) if spans else []

    def gap_at(self, moment: int, *actors: str) -> Gap | None:
        """Return the gap around a moment, if there is one."""
        gaps = (gap for gap in self.gaps(*actors) if gap[0] <= moment < gap[1])
        return next(gaps, None)


NOTHING_SAID = Coverage()


def gap_as_dates(gap: Gap | None) -> str | None:
    """Return a gap as EDTF, such as 2026-08-01/.., open where it has no end."""
    if gap is None:
        return None
    first, after = gap
    begin = "" if first <= OLDEST else iso(first)
    end = "" if after >= NEWEST else iso(after - 1)
    return f"{begin[:10] or '..'}/{end[:10] or '..'}"


def read_coverage(conn: Connection, topic: str, known_at: int | None = None) -> Coverage:
    """Return when the lanes of a topic (an id) were watched, as known at a log position."""
    return coverage_of(conn, coverage.coverage(conn, topic, known_at), known_at)


def read_coverages(
    conn: Connection, topics: Iterable[str], known_at: int | None = None
) -> dict[str, Coverage]:
    """Return when the lanes of several topics were watched, by their ids."""
    watches = coverage.coverage_of(conn, topics, known_at)
    lanes = _lanes(conn, chain.from_iterable(watches.values()), known_at)
    return {topic: _coverage(known, lanes) for topic, known in watches.items()}


def coverage_of(
    conn: Connection, watches: Collection[KnownWatch], known_at: int | None = None
) -> Coverage:
    """Return the same from given watches; merged actors share their lane."""
    return _coverage(watches, _lanes(conn, watches, known_at))


def _lanes(conn: Connection, watches: Iterable[KnownWatch], known_at: int | None) -> Lanes:
    return (
        lanes_known(conn, known_at)
        if any(watch.watch.actor for watch in watches)
        else Lanes({}, {})
    )


def _coverage(watches: Iterable[KnownWatch], lanes: Lanes) -> Coverage:
    spans: dict[str, tuple[Span, ...]] = {}
    for watch in watches:
        actor = watch.watch.actor
        lane = lanes.of(actor) if actor else EVERYBODY
        spans[lane] = (*spans.get(lane, ()), span_of(watch.watch))
    return Coverage(spans)
