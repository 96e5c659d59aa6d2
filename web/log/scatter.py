"""The plot of when statements were said and recorded: a grid of cells that lead to entries."""

from __future__ import annotations

import re
from math import sqrt
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.instants import MICROSECONDS, day_of
from timeline.domain.messages import InQuotes, Message
from timeline.projections.queries import entries, log, said_known
from timeline.projections.queries.said_known import Box, Extent, Grid
from web.chart import axis
from web.chart.axis import Window
from web.chart.calendar import noon
from web.chart.drawing import Mark, Tick
from web.chart.levels import step
from web.chart.wording import Wording
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.wording import clauses, stances
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.said_known import Cell
    from web.wording.clocks import Clocks


LEAST, MOST = 4.0, 14.0
"""The least and the greatest radius of a disc, in pixels."""


def scatter(
    conn: Connection,
    topic: Topic | None,
    ends: Extent,
    period: Window,
    moments: Iterable[Clocks] = (),
    begin: str = "",
) -> Scatter:
    """Return the plot of a period, cut at moments; ``begin`` is the first day asked for."""
    plane, topic_id = plane_of(period, ends), topic.id if topic else None
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
    """Yield the moments that are in the plot."""
    for clocks in moments:
        if clocks.as_of is not None and plane.said.shows(clocks.as_of):
            yield Cut(dates.day(clocks.as_of), x=plane.said.x(clocks.as_of))
        lines = log.lines(conn, before=clocks.known_at + 1, limit=1) if clocks.known_at else []
        if lines and plane.known.shows(instant := lines[0].recorded_at // MICROSECONDS):
            yield Cut(dates.moment(instant), y=plane.y(instant))


def _notes(plane: Plane, cuts: tuple[Cut, ...]) -> Iterator[str]:
    yield gettext("Further right it was said later, further up it was recorded later.")
    if plane.diagonal:
        yield gettext("On the diagonal it was recorded the day it was said.")
    if cuts:
        yield gettext(
            "Dashed: %(moments)s. What lies beyond was not known, or not said, by then.",
            moments=", ".join(cut.text for cut in cuts),
        )


def _points(
    conn: Connection, topic: Topic | None, plane: Plane, cells: list[Cell], begin: str
) -> tuple[Point, ...]:
    single = {cell.box.numbers[0] for cell in cells if cell.count == 1}
    statements = entries.statements(conn, single)
    names, most = Names(conn, statements.values()), max((cell.count for cell in cells), default=1)
    return tuple(
        _single_point(plane, statements[cell.box.numbers[0]], topic, names)
        if cell.count == 1
        else _cell_point(plane, cell, address(topic, cell.box, begin=begin) + "#list", most)
        for cell in cells
        if cell.count != 1 or cell.box.numbers[0] in statements
    )


def _single_point(plane: Plane, entry: StatementEntry, topic: Topic | None, names: Names) -> Point:
    own_topic, recorded_at = names.topic(entry.topic), entry.recorded_at // MICROSECONDS
    said_at = entry.counts_from if entry.timed else noon(entry.counts_from)
    x, y = plane.said.x(said_at), plane.y(recorded_at)
    behalf = names.lane(entry.on_behalf_of) if entry.on_behalf_of else None
    who = clauses.name(names.actor(entry.speaker), behalf)
    word = stances.word(own_topic.scale, entry.stance, entry.scale_version)
    stance = gettext("%(name)s: %(stance)s", name=who, stance=word)
    parts = (
        "" if topic else own_topic.label,
        stance,
        days_in_words(1, (said_at, said_at), (recorded_at, recorded_at)),
    )
    mark = Mark(
        numbers=(entry.number,),
        x=x,
        y=y,
        step=step(own_topic.scale, entry.stance),
        sentence="; ".join(filter(None, parts)),
        href=f"/s/{entry.number}",
        rank=entry.rank,
        retracted=entry.retracted,
    )
    neutral = not (topic or own_topic.scale.partisan)
    return Point(x=x, y=y, sentence=mark.sentence, href=mark.href, mark=mark, neutral=neutral)


def _cell_point(plane: Plane, cell: Cell, href: str, most: int) -> Point:
    x = plane.said.x(sum(map(noon, cell.box.said)) // 2)
    y = plane.y(sum(cell.recorded) // 2)
    sentence = days_in_words(cell.count, cell.box.said, cell.recorded)
    radius = round(max(MOST * sqrt(cell.count / most), LEAST), 1)
    return Point(x=x, y=y, sentence=sentence, href=href, count=cell.count, radius=radius)


def days_in_words(count: int, said: tuple[int, int], recorded: tuple[int, int]) -> str:
    """Return a count of statements in words, with when they were said and recorded."""
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


NOT_A_CELL = Message(
    "not_a_cell", "%(text)s is not a cell of the picture", fix="follow a mark of the picture"
)

PATH = "/log/said"
CELL = re.compile(r"(-?\d{1,18}),(-?\d{1,18}),(\d{1,18}),(\d{1,18})")
"""A cell in an address: two instants in seconds and two log positions, all of 64 bits."""


def address(
    topic: Topic | None, box: Box | None = None, *, begin: str = "", after: str = ""
) -> str:
    """Return the address of the page, with the first day of the plot and the cell of the list."""
    cell = ",".join(map(str, (*box.said, *box.numbers))) if box else ""
    fields = {"topic": topic.slug if topic else "", "from": begin, "cell": cell, "after": after}
    query = urlencode({name: text for name, text in fields.items() if text}, safe="@:,")
    return f"{PATH}?{query}" if query else PATH


def read_cell(text: str) -> Box | None:
    """Read a cell; raises `Refused` for anything else."""
    if not text:
        return None
    match = CELL.fullmatch(text)
    if match is None:
        raise Refused(NOT_A_CELL, field="cell", text=InQuotes(text))
    first, last, lowest, highest = map(int, match.groups())
    return Box((first, last), (lowest, highest))


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """The statements of a cell: a mark for one, or a disc whose area shows their number."""

    x: float
    y: float
    sentence: str
    href: str
    count: int = 1
    radius: float = 0
    mark: Mark | None = None
    neutral: bool = False


class Cut(msgspec.Struct, frozen=True):
    """A moment as a dashed line: horizontal at ``y`` on the recorded axis, or vertical at ``x``."""

    text: str
    x: float | None = None
    y: float | None = None


class Scatter(msgspec.Struct, frozen=True, kw_only=True):
    """The whole plot; ``diagonal`` has the ends of the line where both times are equal."""

    sentence: str
    notes: tuple[str, ...]
    list_href: str
    count: int
    neutral: bool
    top: int
    bottom: int
    columns: tuple[Tick, ...]
    rows: tuple[Tick, ...]
    diagonal: tuple[float, float, float, float] | None
    cuts: tuple[Cut, ...]
    points: tuple[Point, ...]


COLUMNS, ROWS = 24, 10
"""The numbers of columns and rows of cells; each cell has one mark."""

TOP, CELL_HEIGHT = 18, 28
"""The top margin and the height of a cell, in pixels."""

BOTTOM = TOP + ROWS * CELL_HEIGHT

DAY = 86_400
PAD = 0.05
"""The margin before and after the recorded time, as a share of it."""


class Plane(msgspec.Struct, frozen=True):
    """The two axes: the time of saying and the time of recording."""

    said: Window
    known: Window

    @property
    def diagonal(self) -> tuple[float, float, float, float] | None:
        """The ends of the line where both axes have the same instant; nothing if there is none."""
        begin, end = max(self.said.start, self.known.start), min(self.said.end, self.known.end)
        if begin >= end:
            return None
        return self.said.x(begin), self.y(begin), self.said.x(end), self.y(end)

    def row_ends(self) -> list[int]:
        """Return the instants at which rows end, without the last, from the bottom up."""
        return [self.known.start + self.known.span * row // ROWS for row in range(1, ROWS)]

    def y(self, instant: int) -> float:
        """Return the distance of an instant from the top, in pixels."""
        return _height(self.known.x(instant))

    def rows(self, words: Wording) -> tuple[Tick, ...]:
        """Return the dates of the vertical axis; ``x`` is their height."""
        ticks = axis.ticks(self.known, words)
        return tuple(msgspec.structs.replace(tick, x=_height(tick.x)) for tick in ticks)


def plane_of(said: Window, ends: Extent) -> Plane:
    """Return the plane for a period of saying and all times of recording."""
    first, last = ends.recorded
    pad = max(int((last - first) * PAD), DAY // 2)
    return Plane(said, Window(first - pad, last + pad))


def _height(percent: float) -> float:
    return round(BOTTOM - percent / 100 * (BOTTOM - TOP), 1)
