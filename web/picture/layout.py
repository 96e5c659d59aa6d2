"""The layout of a picture: a chart between its title and its source, in pixels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from web.chart.drawing import Chart, LaneDrawing, LegendItem
from web.chart.text import lines, whole_lines, width

if TYPE_CHECKING:
    from web.chart.drawing import NowChip

DEVELOPMENTS, GROUP = 76, 26
"""The height in pixels of the axis of developments, and of a side's heading."""

TITLE, TOLD, MOMENT, KEY, SOURCE = 26, 16, 13, 12, 11.5
NAME, NOTE, WORD, HEAD, SIDE = 14, 11, 13, 11.5, 12
"""Font sizes, as in the style sheet of pictures."""

MOST_TOLD = 4
"""The most lines of the sentences below a title."""

LARGE, WIDE = 22, {"stale": 30, "unwatched": 30, "tail": 30, "several": 36}
"""Pixels of the signs of a legend."""

STANCE = re.compile(r"mark-([1-5]|neither)")
"""Entries of a legend that say what a stance looks like."""

SMALL = ("mark", "dev")
"""The prefix of signs that are 16 pixels wide."""


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of ``width`` units, and of ``height`` or as high as it needs.

    In the SVG a unit has ``scale`` pixels, in the PNG ``dots`` times as many. ``label`` and ``now``
    are the widths of the columns beside the plot, ``edge`` is the margin. If the height is fixed,
    sides have no headings, to save room.
    """

    width: int
    height: float = 0
    scale: float = 1
    dots: float = 1
    edge: int = 40
    label: int = 190
    now: int = 186

    @property
    def plot(self) -> int:
        """Units of the plot."""
        return self.width - 2 * self.edge - self.label - self.now


SIZES = {
    "print": Size(width=1_200, dots=2),
    "social": Size(width=1_000, height=562.5, scale=1.2, edge=26, label=114, now=174),
}
"""For print 20 cm wide at 300 dpi, as high as needed; for cards 1200 by 675 pixels."""


class TextLine(msgspec.Struct, frozen=True):
    """A line of text at its baseline; ``style`` is a list of classes."""

    x: float
    y: float
    text: str
    style: str


class Sign(msgspec.Struct, frozen=True):
    """A sign of the legend, by the name of its entry, at its top left corner."""

    x: float
    y: float
    what: str


class Mark(msgspec.Struct, frozen=True):
    """The mark of a stance at its middle; ``around`` is the width of its second-hand outline."""

    x: float
    y: float
    step: str
    around: float = 0


class Plot(msgspec.Struct, frozen=True):
    """A lane, and the y of its plot."""

    y: float
    lane: LaneDrawing


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """All that the template draws; ``title`` and ``about`` are its hidden description.

    The chart begins at ``top``, its developments at ``happened``; its grid ends at ``bottom``.
    """

    size: Size
    height: float
    chart: Chart
    title: str
    about: str
    words: tuple[TextLine, ...]
    signs: tuple[Sign, ...]
    marks: tuple[Mark, ...]
    plots: tuple[Plot, ...]
    rules: tuple[float, ...]
    top: float
    happened: float
    bottom: float


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """The texts around a chart; ``more`` names what it leaves out, ``about`` is hidden.

    ``told`` are sentences that say what it shows, of which those that fit are written, none in
    part. ``nothing`` is shown if a side has no position.
    """

    title: str
    told: tuple[str, ...]
    moment: str
    happened: str
    source: tuple[str, ...]
    nothing: str
    more: str = ""
    missing: str = ""
    about: str = ""


def lay_out(chart: Chart, texts: Texts, size: Size) -> Picture:
    """Lay out a chart and its texts; with a fixed height, they may not fit."""
    return _Sheet(chart, texts, size).picture()


class _Sheet:
    """A picture that is filled from top to bottom, up to ``y``."""

    def __init__(self, chart: Chart, texts: Texts, size: Size) -> None:
        self._chart, self._texts, self._size = chart, texts, size
        self._left = size.edge + size.label
        self._right = self._left + size.plot + 12
        self._y: float = size.edge
        self._words: list[TextLine] = []
        self._signs: list[Sign] = []
        self._marks: list[Mark] = []
        self._plots: list[Plot] = []
        self._rules: list[float] = []

    def picture(self) -> Picture:
        """Fill it and return it."""
        self._head()
        top = self._y
        self._axis()
        happened = self._y
        if self._chart.axis:
            self._put(self._size.edge, happened + 68, self._texts.happened, "picture-name")
            self._y += DEVELOPMENTS
            self._rules.append(self._y)
        for group in self._chart.groups:
            self._group("" if self._size.height else group.title)
            for lane in group.lanes:
                self._lane(lane)
        bottom = self._y
        height = self._foot()
        return Picture(
            size=self._size,
            height=height,
            chart=self._chart,
            title=self._texts.title,
            about=self._texts.about,
            words=tuple(self._words),
            signs=tuple(self._signs),
            marks=tuple(self._marks),
            plots=tuple(self._plots),
            rules=tuple(self._rules),
            top=top,
            happened=happened,
            bottom=bottom,
        )

    def _put(self, x: float, y: float, text: str, style: str) -> None:
        if text:
            self._words.append(TextLine(round(x, 1), round(y, 1), text, style))

    def _head(self) -> None:
        room = self._size.width - 2 * self._size.edge
        for line in lines(self._texts.title, room, TITLE, 2 if self._size.height else 4):
            self._put(self._size.edge, self._y + TITLE - 4, line, "picture-title")
            self._y += TITLE + 6
        told = whole_lines(self._texts.told, room, TOLD, MOST_TOLD)
        for line in told:
            self._put(self._size.edge, self._y + TOLD, line, "picture-told")
            self._y += TOLD + 6
        self._y += 4 if told else 0
        for line in lines(self._texts.moment, room, MOMENT, 2):
            self._put(self._size.edge, self._y + MOMENT, line, "picture-moment")
            self._y += MOMENT + 6
        self._y += 4
        self._legend(room)
        self._y += 8

    def _legend(self, room: float) -> None:
        x = 0.0
        for item in self._occurring():
            wide = _sign_width(item)
            right = wide + 5 + width(item.text, KEY)
            if x and x + right > room:
                x = 0.0
                self._y += 24
            at = self._size.edge + x
            self._signs.append(Sign(at, self._y + (24 - _sign_height(item)) / 2, item.what))
            self._put(at + wide + 5, self._y + 16, item.text, "picture-legend")
            x += right + 16
        self._y += 24
        for line in lines(self._chart.note, room, KEY, 2):
            self._put(self._size.edge, self._y + KEY, line, "picture-legend")
            self._y += KEY + 4

    def _occurring(self) -> list[LegendItem]:
        """Return the signs of the legend, without stances that nobody takes."""
        lanes = self._chart.lanes
        shown = {segment.step for lane in lanes for segment in lane.segments}
        shown |= {mark.step for lane in lanes for mark in lane.marks}
        shown |= {lane.now.step for lane in lanes}
        # Lines in the middle have the same colour on every scale.
        occurring = {f"mark-{step}" for step in shown | ({"neither"} if "3" in shown else set())}
        return [
            item
            for item in self._chart.legend
            if not STANCE.fullmatch(item.what) or item.what in occurring
        ]

    def _axis(self) -> None:
        head_lines = lines(self._chart.head, self._size.now - 12, HEAD, 2)
        y = self._y + self._chart.axis_height - 9 - 13 * (len(head_lines) - 1)
        for line in head_lines:
            self._put(self._right, y, line, "picture-head")
            y += 13
        self._y += self._chart.axis_height
        self._rules.append(self._y)

    def _group(self, title: str) -> None:
        for line in lines(title, self._size.width - 2 * self._size.edge, SIDE, 1):
            self._put(self._size.edge, self._y + 17, line, "picture-group")
            self._y += GROUP
            self._rules.append(self._y)

    def _lane(self, lane: LaneDrawing) -> None:
        self._name(lane)
        self._standing(lane.now, self._y, lane.height)
        self._plots.append(Plot(self._y, lane))
        self._y += lane.height
        self._rules.append(self._y)

    def _name(self, lane: LaneDrawing) -> None:
        inset = 14 if lane.is_below else 0
        room = self._size.label - 10 - inset
        name = lines(lane.name, room, NAME, 2)
        notes = lines(lane.subtitle or lane.note, room, NOTE, 1)
        notes = notes if 17 * len(name) + 14 <= lane.height else ()
        tall = 17 * len(name) + 14 * len(notes)
        y = self._y + (lane.height - tall) / 2
        for line in name:
            style = "picture-name-below" if lane.is_below else "picture-name"
            self._put(self._size.edge + inset, y + 13, line, style)
            y += 17
        for line in notes:
            self._put(self._size.edge + inset, y + 11, line, "picture-note")
            y += 14

    def _standing(self, now: NowChip, top: float, height: int) -> None:
        room = self._size.now - 14
        text_lines = _text_lines(now, room, most=(height - 20) // 12)
        y = top + (height - 20 - 12 * len(text_lines)) / 2
        if now.step:
            (word,) = lines(now.word, room - 30, WORD, 1)
            around = 32 + width(word, WORD) if now.second else 0
            self._marks.append(Mark(self._right + 10, y + 10, now.step, around))
            self._put(self._right + 23, y + 14.5, word, "picture-word")
        else:
            (word,) = lines(now.word or self._texts.nothing, self._size.now - 12, NOTE, 1)
            self._put(self._right, y + 14.5, word, "picture-missing")
        for at, line in enumerate(text_lines):
            self._put(self._right + 2, y + 30 + 12 * at, line, "picture-note")

    def _foot(self) -> float:
        """Write what is left out, and the source; return the height."""
        texts, room = self._texts, self._size.width - 2 * self._size.edge
        foot_lines = [(texts.missing, "picture-missing"), (texts.more, "picture-missing")]
        foot_lines += [(line, "picture-source") for line in texts.source]
        broken = [
            (line, style) for text, style in foot_lines for line in lines(text, room, WORD, 2)
        ]
        needed = self._y + 14 + 19 * len(broken) + self._size.edge - 10
        height = max(needed, self._size.height)
        y = height - self._size.edge + 10 - 19 * len(broken)
        for line, style in broken:
            self._put(self._size.edge, y + 12, line, style)
            y += 19
        return height


def _sign_width(item: LegendItem) -> int:
    return 16 if item.what.startswith(SMALL) else WIDE.get(item.what, LARGE)


def _sign_height(item: LegendItem) -> int:
    tall = {"stale": 14, "unwatched": 14, "tail": 14, "if": 24, "pin": 24}
    return 16 if item.what.startswith(SMALL) else tall.get(item.what, LARGE)


def _text_lines(now: NowChip, room: float, most: int) -> list[str]:
    """Return the lines below a position: its date, then who reported it.

    The date is never cut.
    """
    more = (text for text in (now.via, now.reported, now.condition) if text)
    text_lines = [
        *lines(now.text, room, NOTE, most),
        *(lines(text, room, NOTE, 1)[0] for text in more),
    ]
    return text_lines[:most]
