"""From the read models to the scatter of a topic, or of all topics, and what it means in words."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from timeline.domain.instants import MICROSECONDS, day_of
from timeline.projections.queries import entries, log, said_known
from timeline.projections.queries.said_known import Grid
from web.chart import axis
from web.chart.calendar import noon
from web.chart.drawing import Mark
from web.chart.levels import step
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.log.scatter.address import address
from web.log.scatter.drawing import Cut, Point, Scatter
from web.log.scatter.plane import BOTTOM, COLUMNS, TOP, plane_of
from web.wording import clauses, stances
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.said_known import Cell, Ends
    from web.chart.axis import Window
    from web.log.scatter.plane import Plane
    from web.wording.clocks import Clocks

LEAST, MOST = 4.0, 14.0
"""Pixels from the middle of a disc to its rim."""


def scatter(
    conn: Connection,
    topic: Topic | None,
    ends: Ends,
    shown: Window,
    moments: Iterable[Clocks] = (),
    begin: str = "",
) -> Scatter:
    """Return the picture of a time, cut at moments; ``begin`` is the day that was asked for."""
    plane, topic_id = plane_of(shown, ends), topic.id if topic else None
    cells = said_known.cells(conn, topic_id, _grid(conn, plane))
    cuts = tuple(_cuts(conn, plane, moments))
    count = said_known.count(conn, topic_id, None)
    return Scatter(
        sentence=days_in_words(count, (ends.first, ends.last), ends.recorded),
        notes=tuple(_notes(plane, cuts)),
        list_href=address(topic) + "#list",
        count=count,
        neutral=topic is not None and not topic.scale.partisan,
        top=TOP,
        bottom=BOTTOM,
        columns=axis.ticks(plane.said, dates.wording()),
        rows=plane.rows(dates.wording()),
        diagonal=plane.diagonal,
        cuts=cuts,
        points=_points(conn, topic, plane, cells, begin),
    )


def _grid(conn: Connection, plane: Plane) -> Grid:
    bounds = (log.known_at(conn, instant * MICROSECONDS) for instant in plane.row_ends())
    width = plane.said.span // COLUMNS + 1
    return Grid(plane.said.start, plane.said.end, width, tuple(bounds))


def _cuts(conn: Connection, plane: Plane, moments: Iterable[Clocks]) -> Iterator[Cut]:
    """Yield the moments that lie in the picture."""
    for one in moments:
        if one.as_of is not None and plane.said.shows(one.as_of):
            yield Cut(dates.day(one.as_of), x=plane.said.x(one.as_of))
        known = log.lines(conn, before=one.known_at + 1, limit=1) if one.known_at else []
        if known and plane.known.shows(instant := known[0].recorded_at // MICROSECONDS):
            yield Cut(dates.moment(instant), y=plane.y(instant))


def _notes(plane: Plane, cuts: tuple[Cut, ...]) -> Iterator[str]:
    yield gettext("Further right it was said later, further up it was recorded later.")
    if plane.diagonal:
        yield gettext("On the diagonal it was recorded the day it was said.")
    if cuts:
        yield gettext(
            "Dashed: %(moments)s. What lies beyond was not known, or not said, by then.",
            moments=", ".join(one.text for one in cuts),
        )


def _points(
    conn: Connection, topic: Topic | None, plane: Plane, cells: list[Cell], begin: str
) -> tuple[Point, ...]:
    single = {cell.box.numbers[0] for cell in cells if cell.count == 1}
    said = entries.statements(conn, single)
    names, most = Names(conn, said.values()), max((cell.count for cell in cells), default=1)
    return tuple(
        _one(plane, said[cell.box.numbers[0]], topic, names)
        if cell.count == 1
        else _several(plane, cell, address(topic, cell.box, begin=begin) + "#list", most)
        for cell in cells
        if cell.count != 1 or cell.box.numbers[0] in said
    )


def _one(plane: Plane, entry: StatementEntry, topic: Topic | None, names: Names) -> Point:
    on, known = names.topic(entry.topic), entry.recorded_at // MICROSECONDS
    said = entry.counts_from if entry.timed else noon(entry.counts_from)
    x, y = plane.said.x(said), plane.y(known)
    behalf = names.lane(entry.on_behalf_of) if entry.on_behalf_of else None
    who = clauses.name(names.actor(entry.speaker), behalf)
    word = stances.word(on.scale, entry.stance, entry.scale_version)
    stance = gettext("%(name)s: %(stance)s", name=who, stance=word)
    parts = ("" if topic else on.label, stance, days_in_words(1, (said, said), (known, known)))
    mark = Mark(
        numbers=(entry.number,),
        x=x,
        y=y,
        step=step(on.scale, entry.stance),
        sentence="; ".join(filter(None, parts)),
        href=f"/s/{entry.number}",
        rank=entry.rank,
        retracted=entry.retracted,
    )
    neutral = not (topic or on.scale.partisan)
    return Point(x=x, y=y, sentence=mark.sentence, href=mark.href, mark=mark, neutral=neutral)


def _several(plane: Plane, cell: Cell, href: str, most: int) -> Point:
    x = plane.said.x(sum(map(noon, cell.box.said)) // 2)
    y = plane.y(sum(cell.recorded) // 2)
    sentence = days_in_words(cell.count, cell.box.said, cell.recorded)
    radius = round(max(MOST * sqrt(cell.count / most), LEAST), 1)
    return Point(x=x, y=y, sentence=sentence, href=href, count=cell.count, radius=radius)


def days_in_words(count: int, said: tuple[int, int], recorded: tuple[int, int]) -> str:
    """Return so many statements in words: when they were said, and when recorded."""
    return ngettext(
        "%(num)d statement, said %(said)s, recorded %(recorded)s",
        "%(num)d statements, said %(said)s, recorded %(recorded)s",
        count,
        said=_days(*said),
        recorded=_days(*recorded),
    )


def _days(first: int, last: int) -> str:
    """Return the days from one instant to another in words."""
    words = dates.wording()
    begin, end = words.day(day_of(first)), words.day(day_of(last))
    return begin if begin == end else gettext("%(first)s to %(last)s", first=begin, last=end)
