"""Who was watched for statements on a topic, and when; and the gaps between these times."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select

from timeline.domain.coverage import Watch, span_of, unwatched_spans
from timeline.domain.instants import NEWEST, OLDEST, iso
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import Lanes, known, lanes_known
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_outlets = msgspec.json.Decoder(tuple[str, ...]).decode


class KnownWatch(msgspec.Struct, frozen=True):
    """One recorded watch, by its ``number`` on the topic.

    ``known_from`` is a log position, ``recorded_at`` in microseconds UTC.
    """

    topic: str
    number: int
    known_from: int
    recorded_at: int
    watch: Watch


def coverage(conn: Connection, topic: str, known_at: int | None = None) -> list[KnownWatch]:
    """Return the watches of a topic (an id), as known at a log position, by number."""
    return watches_of(conn, [topic], known_at)[topic]


def watches_of(
    conn: Connection, topics: Iterable[str], known_at: int | None = None
) -> dict[str, list[KnownWatch]]:
    """Return the same of several topics, by their ids."""
    watches: dict[str, list[KnownWatch]] = {topic: [] for topic in topics}
    for row in conn.execute(*_watches(topics=[*watches], known_at=known_at)) if watches else ():
        watch = _watch(*row)
        watches[watch.topic].append(watch)
    return watches


def has_coverage(conn: Connection) -> bool:
    """Tell whether any topic has a recorded watch."""
    watches = schema.watches.c
    query = select(watches.topic).where(watches.known_until.is_(None)).limit(1)
    return conn.execute(query).first() is not None


@prepared
def _watches(*, topics: Param, known_at: Param | None) -> Query:
    table = schema.watches
    query = select(
        table.c.topic,
        table.c.watch,
        table.c.known_from,
        table.c.recorded_at,
        table.c.actor,
        table.c.since,
        table.c.until,
        table.c.how,
        table.c.outlets,
        table.c.note,
    )
    query = query.where(table.c.topic.in_(topics), *known(table.c, known_at))
    return query.order_by(table.c.topic, table.c.watch)


def _watch(topic: str, number: int, known_from: int, at: int, *said: Any) -> KnownWatch:  # noqa: ANN401 - the columns of a row
    actor, since, until, how, outlets, note = said
    watch = Watch(
        since=since, until=until, actor=actor, how=how, outlets=_outlets(outlets), note=note
    )
    return KnownWatch(topic, number, known_from, at, watch)


EVERYBODY = ""
"""The lane of a watch that covers all actors."""

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
    return coverage_of(conn, coverage(conn, topic, known_at), known_at)


def read_coverages(
    conn: Connection, topics: Iterable[str], known_at: int | None = None
) -> dict[str, Coverage]:
    """Return when the lanes of several topics were watched, by their ids."""
    watches = watches_of(conn, topics, known_at)
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
