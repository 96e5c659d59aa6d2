"""The drawing that the template renders: x in percent of the plot, y in pixels."""

from __future__ import annotations

import msgspec

from web.chart.model import CurrentPosition


class Segment(msgspec.Struct, frozen=True):
    """A period of a position: a band, and a line unless it is mixed.

    ``state`` is a list of CSS classes: stale (not said again for a while), second, beside.
    """

    step: str
    x1: float
    x2: float
    y: float
    band_y: float
    band_height: float
    state: str = ""
    line: bool = True
    band: bool = True

    @property
    def width(self) -> float:
        """The width in percent."""
        return round(self.x2 - self.x1, 3)


class Riser(msgspec.Struct, frozen=True):
    """A change of position; ``other_y`` marks that another person spoke."""

    x: float
    y1: float
    y2: float
    kind: str = ""
    arrow: str = ""
    arrow_y: float = 0
    other_y: float | None = None


class Label(msgspec.Struct, frozen=True):
    """One or two lines of text beside a mark; ``tier`` hides it where it would not fit."""

    x: float
    dx: float
    y: float
    text: str
    anchor: str = "start"
    style: str = "change-label"
    tier: str = ""
    note: str = ""
    note_y: float = 0


class InexactBar(msgspec.Struct, frozen=True):
    """A bar over an inexact date, or a tail from said to recorded."""

    x1: float
    x2: float
    y: float


class Pin(msgspec.Struct, frozen=True):
    """The line from a moved mark to its day, at ``x`` percent."""

    x: float
    y1: float
    y2: float


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One statement, several that share a sign, or a knot of changes; ``numbers`` are in order.

    ``pin`` leads to its day if it was moved. ``opens`` if a position begins here, ``changed`` if it
    differs from the one before, ``ringed`` if first-hand words of one stance prove it. ``rank`` 1
    is second-hand, 2 ascribed. A ``voice`` speaks for the side and does not decide; ``differs`` if
    others of the side say something else. ``count`` is the number in a capsule, ``turning`` that of
    a turning point, ``knot`` the number of changes in a knot, which reaches from ``y`` to
    ``bottom``.
    """

    numbers: tuple[int, ...]
    x: float
    y: float
    step: str
    sentence: str
    href: str = ""
    proof: str = ""
    pin: Pin | None = None
    opens: bool = False
    changed: bool = False
    ringed: bool = False
    rank: int = 0
    voice: bool = False
    differs: bool = False
    is_new: bool = False
    selected: bool = False
    corrected: bool = False
    retracted: bool = False
    condition: bool = False
    count: str = ""
    turning: int = 0
    knot: int = 0
    bottom: float = 0

    @property
    def second(self) -> bool:
        """Whether the words are not the actor's own."""
        return self.rank > 0

    @property
    def width(self) -> int:
        """Pixels of a capsule with its number."""
        return 29 + 7 * len(self.count)

    @property
    def symbol(self) -> str:
        """The sign in the sprite; capsules and selected marks have no ring."""
        if self.count or self.selected:
            return f"point-{self.step}"
        rings = (("heard", self.second), ("voice", self.voice), ("ringed", self.ringed))
        ring = next((name for name, on in rings if on), "point")
        return f"{ring}-{self.step}"

    @property
    def classes(self) -> str:
        """The CSS classes of a mark."""
        names = {
            "point": True,
            "changed": self.changed,
            "ringed": self.ringed,
            "second": self.second,
            "voice": self.voice,
            "mark-new": self.is_new,
            "selected": self.selected,
            "retracted": self.retracted,
            "knot": self.knot > 0,
        }
        return " ".join(name for name, on in names.items() if on)


class Block(msgspec.Struct, frozen=True):
    """One stance's share of a bin."""

    step: str
    y: float
    height: float


class Bin(msgspec.Struct, frozen=True):
    """The statements of a day, week, month or more, stacked around the middle.

    ``changed`` tells that the lean of four weeks changes here.
    """

    x: float
    width: float
    sentence: str
    href: str
    blocks: tuple[Block, ...]
    changed: bool = False


class NowChip(CurrentPosition, frozen=True, kw_only=True):
    """The current position at the end of a lane, with its mark and word.

    Without a ``step`` there is none, and the word says why.
    """

    step: str = ""
    word: str = ""

    @property
    def second(self) -> bool:
        """Whether the words are not the actor's own."""
        return bool(self.step) and self.rank > 0


class UnwatchedSpan(msgspec.Struct, frozen=True):
    """A time in which nobody watched, in percent of the plot; ``said`` is in words."""

    x: float
    width: float
    said: str


class LaneDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """One lane, back to front."""

    slug: str
    name: str
    href: str
    subtitle: str
    subtitle_href: str = ""
    subtitle_hint: str = ""
    sentence: str
    is_below: bool = False
    height: int
    middle: float
    right: float = 100.0
    neutral: bool = False
    detail: str = "marks"
    note: str = ""
    segments: tuple[Segment, ...] = ()
    bins: tuple[Bin, ...] = ()
    risers: tuple[Riser, ...] = ()
    labels: tuple[Label, ...] = ()
    whiskers: tuple[InexactBar, ...] = ()
    tails: tuple[InexactBar, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()
    marks: tuple[Mark, ...] = ()
    unwatched: tuple[UnwatchedSpan, ...] = ()
    now: NowChip = NowChip()

    @property
    def open_x(self) -> float | None:
        """The x of the mark whose proof is open, or None."""
        return next((mark.x for mark in self.marks if mark.selected), None)


class Group(msgspec.Struct, frozen=True):
    """Lanes of one side; ``title`` is empty if sides are not grouped or a lane names it."""

    title: str
    lanes: tuple[LaneDrawing, ...]


class Tick(msgspec.Struct, frozen=True):
    """A gridline and its date; no label on a line between two dates.

    ``tier`` hides the label on plots without room, ``line`` the line. ``hint`` names the time that
    ``href`` shows.
    """

    x: float
    label: str = ""
    big: bool = False
    tier: str = ""
    line: str = ""
    href: str = ""
    hint: str = ""


class DevelopmentMark(msgspec.Struct, frozen=True, kw_only=True):
    """A development on the axis; ``short`` is its label on plots too narrow for the other.

    ``shift`` moves mark and line left by pixels (negative), so that successive days can be
    distinguished. A mark with a ``letter`` has no label: a note beside the chart has its title,
    ``when`` it was, and how many ``more`` share its mark.
    """

    number: int
    x: float
    href: str
    sentence: str
    title: str
    width: float = 0
    shift: float = 0
    future: bool = False
    label: Label | None = None
    short: Label | None = None
    letter: str = ""
    when: str = ""
    more: int = 0

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels of the mark for different plots."""
        return tuple(label for label in (self.label, self.short) if label is not None)


class Bar(msgspec.Struct, frozen=True):
    """Statements of a day or more in the overview; ``changed`` pixels of them changed something."""

    x: float
    width: float
    height: float
    changed: float


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The overview of all statements; the chart shows places ``left`` to ``right`` of ``count``.

    ``begin`` and ``end`` say the same in words; nothing is on record from ``silent`` percent on.
    """

    bars: tuple[Bar, ...]
    counted: str
    ticks: tuple[Tick, ...]
    count: int
    left: int
    right: int
    begin: str
    end: str
    silent: float | None = None

    @property
    def x(self) -> float:
        """Where the frame begins, in percent."""
        return round(self.left / self.count * 100, 3)

    @property
    def width(self) -> float:
        """How wide the frame is, in percent."""
        return round((self.right - self.left) / self.count * 100, 3)


class LegendItem(msgspec.Struct, frozen=True):
    """One entry: ``what`` is a mark (mark-5) or a manner (changed, second, new, …)."""

    what: str
    text: str
    neutral: bool = False


class Break(msgspec.Struct, frozen=True):
    """A break between the last statement and now; ``text`` says how long it is."""

    x: float
    text: str = ""

    @property
    def width(self) -> float:
        """The width in percent."""
        return round(100 - self.x, 3)

    @property
    def middle(self) -> float:
        """The percentage at which its text stands."""
        return round(self.x + self.width / 2, 3)


class Earlier(msgspec.Struct, frozen=True):
    """The column of earlier time: its name and its address.

    With ``has_dates``, years are below its name.
    """

    width: float
    label: str
    href: str
    has_dates: bool = False


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """The whole chart; ``elements`` counts what the template draws in SVG.

    ``as_of`` is where the moment shown lies, None where that is after the plot; ``head`` names
    it. Time ends at ``right`` percent of the plot, where ``silence`` may follow, and begins after
    what is ``earlier``. The ``axis`` of developments is drawn. ``upper`` are the names above the
    dates of the axis.
    """

    title: str
    groups: tuple[Group, ...]
    ticks: tuple[Tick, ...]
    developments: tuple[DevelopmentMark, ...]
    legend: tuple[LegendItem, ...]
    as_of: float | None
    head: str
    neutral: bool
    known: bool
    upper: tuple[Tick, ...] = ()
    overview: Overview | None = None
    earlier: Earlier | None = None
    silence: Break | None = None
    right: float = 100.0
    axis: bool = False
    note: str = ""
    hidden: int = 0
    all_href: str = ""
    all_text: str = ""
    place: str = ""
    back_href: str = ""
    elements: int = 0

    @property
    def axis_height(self) -> int:
        """Pixels of its axis, with names above the dates or without."""
        return 44 if self.upper else 26

    @property
    def veil(self) -> float:
        """The width of the time after the moment shown."""
        return 0 if self.as_of is None else round(100 - self.as_of, 3)

    def opens(self, slug: str) -> bool:
        """Tell whether a lane is drawn with the mark whose proof is open."""
        drawing = self.lane(slug)
        return drawing is not None and drawing.open_x is not None

    @property
    def is_lettered(self) -> bool:
        """Whether notes beside the chart tell its developments."""
        return any(mark.letter for mark in self.developments)

    @property
    def lanes(self) -> tuple[LaneDrawing, ...]:
        """Every lane, top to bottom."""
        return tuple(lane for group in self.groups for lane in group.lanes)

    def lane(self, slug: str) -> LaneDrawing | None:
        """Return the lane of an actor or topic, if it is drawn."""
        return next((lane for lane in self.lanes if lane.slug == slug), None)
