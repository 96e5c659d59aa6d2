"""The chart of a topic's coverage: on one axis what was watched of whom, and what was said when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.coverage import unwatched
from timeline.domain.instants import DAY
from web.chart.axis import Window, ticks
from web.chart.drawing import Tick
from web.i18n import dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.queries.watched_time import Span

BEFORE = 0.04
"""The part of the time shown that stands before its first day, and is not watched."""

SIDES = 12
"""Sides that the chart draws; the table has all of them."""

FINEST = 0.25
"""Percent of the width by which days on which something was said stand apart at least."""


class Bar(msgspec.Struct, frozen=True):
    """A stretch of time, in percent of the width."""

    x: float
    width: float


class ChartRow(msgspec.Struct, frozen=True):
    """A side, when it was watched, and when nobody watched it."""

    name: str
    watched: tuple[Bar, ...]
    unwatched: tuple[Bar, ...]


class CoverageChart(msgspec.Struct, frozen=True):
    """Rows on one axis up to the moment shown; ``spoken`` are the days on which words were said."""

    ticks: tuple[Tick, ...]
    rows: tuple[ChartRow, ...]
    spoken: tuple[float, ...]


def coverage_chart(
    sides: Sequence[tuple[str, Sequence[Span]]], spoken: Sequence[int], moment: int
) -> CoverageChart | None:
    """Return the chart of sides by name; ``spoken`` are days. ``None`` where nobody watched yet."""
    begins = [first for _, spans in sides for first, _ in spans if first < moment]
    if not begins:
        return None
    first = min([*begins, *(day * DAY for day in spoken[:1])])
    window = Window(first - int((moment - first) * BEFORE) - DAY, moment)
    rows = tuple(_row(name, spans, window) for name, spans in sides[:SIDES])
    inside = (window.x(day * DAY + DAY // 2) for day in spoken if day * DAY < moment)
    return CoverageChart(ticks(window, dates.wording()), rows, tuple(_apart(inside)))


def _row(name: str, spans: Sequence[Span], window: Window) -> ChartRow:
    gaps = unwatched(spans, window.start, window.end)
    held = unwatched([(first, after - 1) for first, after in gaps], window.start, window.end)
    return ChartRow(name, _bars(held, window), _bars(gaps, window))


def _bars(spans: Iterable[tuple[int, int]], window: Window) -> tuple[Bar, ...]:
    return tuple(
        Bar(x := round(window.x(first), 2), round(window.x(after) - x, 2)) for first, after in spans
    )


def _apart(places: Iterable[float]) -> Iterable[float]:
    last = -FINEST
    for x in places:
        if x - last >= FINEST:
            yield round(x, 2)
            last = x
