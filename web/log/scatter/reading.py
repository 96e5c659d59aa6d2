"""From the read models to the scatter of a topic, or of all topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, MICROSECONDS, day_of
from timeline.projections.queries import log, said_known
from timeline.projections.queries.entries import LARGEST
from timeline.projections.queries.said_known import Ends, Grid
from web.i18n import dates
from web.log.scatter.drawing import Cut
from web.log.scatter.picture import Facts, drawn
from web.log.scatter.plane import Plane
from web.log.scatter.points import Pen
from web.log.scatter.spots import gather
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from web.lanes.window import Window
    from web.log.scatter.drawing import Scatter
    from web.wording.clocks import Clocks

FEW = 50
"""One in so many statements may stand in the margin, so that the others have room."""

SQUEEZED = 20
"""How many times the rest the earliest may take before it goes into the margin."""

MOSTLY = 3
"""Up to how many times the time shown is drawn on to when everything was recorded."""

EDGE, LEAST_EDGE = 0.02, 7 * DAY
PAD, LEAST_PAD = 0.05, DAY // 2


def scatter(
    conn: Connection,
    topic: Topic | None,
    shown: Window,
    moments: Iterable[Clocks] = (),
    begin: str = "",
) -> Scatter | None:
    """Return the picture over a stretch of time, cut at moments; nothing without a statement.

    ``begin`` is the day from which the reader asked for it.
    """
    topic_id = topic.id if topic else None
    ends = said_known.ends(conn, topic_id)
    if ends is None:
        return None
    plane = _plane(conn, topic_id, ends, shown)
    cells = said_known.cells(conn, topic_id, _grid(conn, plane))
    times = said_known.recorded_at(conn, {n for cell in cells for n in cell.box.numbers})
    return drawn(
        Facts(
            topic=topic,
            plane=plane,
            said=(ends.first, ends.last),
            recorded=(min(times.values()) // MICROSECONDS, max(times.values()) // MICROSECONDS),
            count=sum(cell.count for cell in cells),
        ),
        Pen(conn, Names(conn), topic, plane, begin).draw(gather(cells, plane, times)),
        _cuts(conn, plane, moments),
    )


def _plane(conn: Connection, topic: str | None, ends: Ends, shown: Window) -> Plane:
    """Return both stretches of time.

    What was said is shown as elsewhere. What was recorded in the same time is shown on the same
    dates, so that the diagonal is a day; where the record began late in it or after it, from then.
    """
    start, end = _without_outliers(conn, topic, ends, shown.start, shown.end), shown.end
    first, last = _recorded(conn, ends.numbers)
    earlier, flat = ends.first < start, day_of(first) == day_of(last)
    if flat or first >= end:
        pad = _pad(first, last)
        return Plane(
            start=start,
            end=end,
            since=first - pad,
            until=last + pad,
            earlier=earlier,
            flat=flat,
        )
    until = end
    if last > end and last - start <= MOSTLY * (end - start):
        end = until = last + int((last - start) * EDGE)
    since = start if first - start <= (until - start) // 2 else first - _pad(first, until)
    return Plane(
        start=start, end=end, since=since, until=until, earlier=earlier, later=last > until
    )


def _pad(first: int, last: int) -> int:
    """Return the seconds before the first record, so that its mark stands clear of the dates."""
    return max(int((last - first) * PAD), LEAST_PAD)


def _recorded(conn: Connection, numbers: tuple[int, int]) -> tuple[int, int]:
    """Return when the first and the last of these were recorded, in seconds."""
    times = said_known.recorded_at(conn, numbers)
    return times[numbers[0]] // MICROSECONDS, times[numbers[1]] // MICROSECONDS


def _without_outliers(conn: Connection, topic: str | None, ends: Ends, start: int, end: int) -> int:
    """Leave the earliest statements to the margin if they would squeeze all others."""
    if ends.first < start:
        return start
    skip = max(1, said_known.count(conn, topic, None) // FEW)
    rest = said_known.early(conn, topic, skip)
    if rest is None or rest - ends.first <= SQUEEZED * (end - rest):
        return start
    return rest - max(int((end - rest) * EDGE), LEAST_EDGE)


def _grid(conn: Connection, plane: Plane) -> Grid:
    bounds = tuple(_position(conn, instant) for instant in plane.row_ends())
    return Grid(plane.start, plane.width, bounds)


def _position(conn: Connection, instant: int) -> int:
    """Return the last log position up to an instant, which may lie beyond what a log can hold."""
    return 0 if instant < 0 else log.known_at(conn, min(instant * MICROSECONDS, LARGEST))


def _cuts(conn: Connection, plane: Plane, moments: Iterable[Clocks]) -> tuple[Cut, ...]:
    """Return the moments that lie in the picture, each once."""
    found: dict[Cut, None] = {}
    for one in moments:
        if one.as_of is not None and plane.start <= one.as_of <= plane.end:
            found[Cut(dates.day(one.as_of), x=plane.x(one.as_of))] = None
        known = log.lines(conn, before=one.known_at + 1, limit=1) if one.known_at else []
        instant = known[0].recorded_at // MICROSECONDS if known else plane.since
        if plane.since < instant <= plane.until and not plane.flat:
            found[Cut(dates.moment(instant), y=plane.y(instant))] = None
    return tuple(found)
