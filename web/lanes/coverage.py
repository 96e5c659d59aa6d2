"""Gaps in watching a side: silence in them does not mean constancy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, NEWEST, OLDEST
from timeline.projections.queries.coverage import read_coverages
from web.chart.model import Unwatched
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.coverage import Gap
    from web.chart.model import Lane
    from web.lanes.history import LaneHistory


def with_gaps(
    conn: Connection, lanes: Mapping[str, LaneHistory], known_at: int | None = None
) -> dict[str, LaneHistory]:
    """Return lanes by topic id, each with its gaps in watching."""
    watched = read_coverages(conn, lanes, known_at)
    return {
        topic: msgspec.structs.replace(lane, unwatched=tuple(watched[topic].gaps(lane.actor)))
        for topic, lane in lanes.items()
    }


def hatched(lane: Lane, gaps: Iterable[Gap], begin: int, end: int) -> Lane:
    """Return a lane of a chart with its gaps in watching between two instants."""
    inside = [gap for gap in gaps if gap[0] < end and begin < gap[1]]
    since = tuple(first for first, _ in inside)
    return msgspec.structs.replace(
        lane,
        runs=tuple(msgspec.structs.replace(run, unwatched=since) for run in lane.runs),
        unwatched=tuple(Unwatched(*gap, gap_in_words(gap)) for gap in inside),
    )


def gap_in_words(gap: Gap) -> str:
    """Say when nobody watched: "not monitored from 1 Jul 2025 to 13 Jul 2025"."""
    first, after = gap
    if first <= OLDEST and after >= NEWEST:
        return gettext("not monitored")
    if first <= OLDEST:
        return gettext("not monitored before %(date)s", date=dates.day(after))
    since = dates.day(first)
    if after >= NEWEST:
        return gettext("monitored until %(date)s", date=dates.day(first - DAY))
    until = dates.day(after - 1)
    return gettext("not monitored from %(first)s to %(last)s", first=since, last=until)
