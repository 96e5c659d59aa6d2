"""Charts over time: polarisation and agreement as lines, changes of position as columns."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY, MICROSECONDS, month_number, month_start, parse_moment
from web.analyse import figures
from web.analyse.drawing import BOTTOM, TOP, Column, Columns, Dot, Head, Lane, Lanes, Line
from web.analyse.figures import Moments, kinds_counted, window_of
from web.chart import axis
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.analysis.answers import Agreement, Polarisation
    from timeline.analysis.inquiry import Result
    from web.analyse.figures import NameLookup


LANES, POINTS = 12, 450
"""The most lanes and points of a chart: with many moments it has fewer lanes."""

SPARSE = 60
"""The most moments that have a dot each; beyond, only dots without a line are drawn."""


class Point(msgspec.Struct, frozen=True):
    """A value from 0 to 1 at a moment, and in words; ``note`` is how many were counted."""

    date: str
    when: str
    value: float
    word: str
    note: str

    @property
    def text(self) -> str:
        """The date, value and note in words."""
        return f"{figures.at(self.when, self.word)} ({self.note})"


def polarisation_lanes(result: Result, names: NameLookup, topic_order: Sequence[str]) -> Lanes:
    """Return a lane for each question: first those in ``topic_order``, then by number of actors."""
    by_topic: dict[str, list[Polarisation]] = defaultdict(list)
    for answer in result.answers:
        if answer.polarisation is not None:
            by_topic[answer.topic].append(answer)
    order = sorted(by_topic, key=lambda slug: (-by_topic[slug][-1].actors, slug))
    order = figures.first_asked(order, topic_order)
    lanes = []
    for slug in order[: _room(result)]:
        topic = names.topic(slug)
        points = [
            Point(
                polarisation.as_of,
                figures.period(polarisation.as_of, result.every),
                polarisation.polarisation or 0.0,
                figures.figure(polarisation.polarisation or 0.0),
                figures.actors(polarisation.actors),
            )
            for polarisation in by_topic[slug]
        ]
        heads = (Head(topic.label, f"/t/{topic.slug}", topic),)
        lanes.append((heads, points, names.last_day(topic, result.known_at)))
    scale = (gettext("1: half at either end"), gettext("0: all the same"))
    return _picture(result, lanes, len(order), scale)


def agreement_lanes(result: Result, names: NameLookup) -> Lanes:
    """Return a lane for each pair of actors, those with the most common questions first."""
    by_pair: dict[tuple[str, str], list[Agreement]] = defaultdict(list)
    for answer in result.answers:
        by_pair[answer.one, answer.other].append(answer)
    order = sorted(
        by_pair, key=lambda pair: (-sum(agreement.topics for agreement in by_pair[pair]), pair)
    )
    lanes = []
    for pair in order[: _room(result)]:
        actors = [names.actor(slug) for slug in pair]
        points = [
            Point(
                agreement.until,
                figures.period(agreement.until, result.every),
                agreement.agreement,
                figures.share(agreement.agreement),
                figures.questions(agreement.topics),
            )
            for agreement in by_pair[pair]
        ]
        heads = tuple(Head(actor.name, f"/a/{actor.slug}", actor) for actor in actors)
        lanes.append((heads, points, None))
    return _picture(result, lanes, len(order), (figures.share(1), figures.share(0)))


def _room(result: Result) -> int:
    """Return how many lanes the chart has room for."""
    return max(min(LANES, POINTS // (len(result.days) or 1)), 1)


def _picture(
    result: Result,
    lanes: Sequence[tuple[tuple[Head, ...], list[Point], int | None]],
    every: int,
    scale: tuple[str, str],
) -> Lanes:
    if not lanes:
        return Lanes(lanes=())
    moments = Moments(result.days)
    return Lanes(
        lanes=tuple(line_lane(moments, *lane) for lane in lanes),
        ticks=moments.ticks(),
        scale=scale,
        left_out=every - len(lanes),
    )


def line_lane(
    moments: Moments, heads: tuple[Head, ...], points: Sequence[Point], last_day: int | None
) -> Lane:
    """Return a lane; after ``last_day``, if it is set, nothing was said."""
    dots = [Dot(moments.x(point.date), _y(point.value), point.text) for point in points]
    silent_from = math.inf if last_day is None else last_day
    lines = tuple(
        Line(a.x, a.y, b.x, b.y, is_silent=silent_from <= moments.day(point.date))
        for (point, a), (following, b) in pairwise(zip(points, dots, strict=True))
        if moments.place(following.date) == moments.place(point.date) + 1
    )
    ends = dict.fromkeys((points[0].text, points[-1].text))
    name = (
        gettext("%(one)s and %(other)s", one=heads[0].text, other=heads[1].text)
        if (len(heads) > 1)
        else heads[0].text
    )
    return Lane(
        heads=heads,
        sentence=figures.labelled(name, "; ".join(ends)),
        value=points[-1].word,
        note=points[-1].note,
        lines=lines,
        dots=_shown(dots, lines, moments),
    )


def _shown(dots: Sequence[Dot], lines: Sequence[Line], moments: Moments) -> tuple[Dot, ...]:
    """Return the dots to draw: all if there is room, else the ends and dots without a line."""
    if moments.count <= SPARSE:
        return tuple(dots)
    met = {x for line in lines for x in (line.x1, line.x2)}
    ends = (0, len(dots) - 1)
    return tuple(dot for at, dot in enumerate(dots) if dot.x not in met or at in ends)


def _y(value: float) -> float:
    return round(BOTTOM - value * (BOTTOM - TOP), 1)


HEIGHT, BELOW = 96, 36
"""The greatest height of a column above the line, and below it."""

FEW, YEAR = 72, 12
"""The most months that have a column each, and the months of a year."""

DECADE = 120
GAP = 0.2
"""The share of a period's width that stays free."""


def change_columns(result: Result) -> Columns:
    """Return a column for each period in which somebody moved."""
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    for answer in result.answers:
        day = parse_moment(answer.counts_from, "counts_from") // MICROSECONDS // DAY
        kinds[month_number(day)][answer.kind] += 1
    if not kinds:
        return Columns(columns=(), ticks=())
    size = _size(max(kinds) - min(kinds) + 1)
    periods: dict[int, Counter[str]] = defaultdict(Counter)
    for month, counts in kinds.items():
        periods[month // size].update(counts)
    ends = min(periods) * size, (max(periods) + 1) * size
    window = window_of(*(month_start(month) * DAY for month in ends))
    moved = {at: sum(period.values()) - period["first"] for at, period in periods.items()}
    rise, fall = max(moved.values()) or 1, max(period["first"] for period in periods.values()) or 1
    columns = []
    for at, counts in sorted(periods.items()):
        x, end = (window.x(month_start(place * size) * DAY) for place in (at, at + 1))
        columns.append(
            Column(
                x=round(x + (end - x) * GAP / 2, 3),
                width=round((end - x) * (1 - GAP), 3),
                moved=round(HEIGHT * moved[at] / rise, 1),
                first=round(BELOW * counts["first"] / fall, 1),
                text=_in_words(at * size, size, counts),
            )
        )
    return Columns(columns=tuple(columns), ticks=axis.ticks(window, dates.wording()))


def _size(months: int) -> int:
    return 1 if months <= FEW else YEAR if months <= FEW * YEAR else DECADE


def _in_words(month: int, size: int, counts: Counter[str]) -> str:
    begin, end = (month_start(number) * DAY for number in (month, month + size - 1))
    name = dates.month(begin) if size == 1 else dates.year(begin)
    if size > YEAR:
        name = f"{name}–{dates.year(end)}"
    return gettext("%(name)s: %(values)s", name=name, values=kinds_counted(counts))
