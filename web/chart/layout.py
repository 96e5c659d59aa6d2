"""From lanes of statements to a chart of at most 1,500 SVG elements."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position.edition2.words import sign
from web.chart import lane as lanes
from web.chart import legend
from web.chart.axis import PHONE, rows
from web.chart.calendar import DAY
from web.chart.counting import elements
from web.chart.detail import Details
from web.chart.developments import developments
from web.chart.drawing import Break, Chart, Earlier, Group, LaneDrawing
from web.chart.frame import frame_of, shown_time
from web.chart.levels import CARD, SPARK, Levels
from web.chart.overview import overview
from web.chart.positions import without_areas
from web.chart.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.domain.scales import Scale
    from web.chart.axis import Window
    from web.chart.frame import Frame
    from web.chart.model import ChartInput, Lane

MOST_ELEMENTS = 1_500
"""What a browser lays out without effort and a page carries without weight."""

TALL = 180
"""Pixels of lanes along which the words of a break fit."""

MANY_LANES, LATEST = 24, 12
"""Of more lanes than the first, only as many as the second are shown until asked for."""

MOST_LANES = MANY_LANES
"""Lanes of one chart, however many the reader asks for: those beyond them have a page each."""

CARD_OPENINGS, CARD_MARKS, CARD_ARROWS = 3, 40, 6
"""Openings that a card marks, statements up to which it marks all, and risers up to which they
carry arrows."""


def draw(chart_input: ChartInput, words: Wording | None = None) -> Chart:
    """Lay a chart out; where it would grow too large, the fullest lanes lose detail first."""
    words = words or Wording()
    chart_input = _with_text_of_now(chart_input, words)
    window, edge = shown_time(chart_input)
    every = choose_lanes(chart_input)
    shown = tuple(lane for lane in every if not lane.folded)
    folded = [lane for lane in every if lane.folded]
    still = [_folded_lane(chart_input, lane, words) for lane in folded]
    is_unsigned = any(_differs(lane) for lane in folded)
    empty = _without_lanes(chart_input, window, edge, words, hidden=_hidden(chart_input, every))
    scales = _scales(chart_input, every)
    room = MOST_ELEMENTS - legend.most(scales, words) - elements(empty) - sum(map(elements, still))
    drawings = Details(chart_input, shown, words, room).drawn()
    chart = msgspec.structs.replace(
        empty,
        groups=(
            *_groups(shown, drawings, words),
            *([Group(words.of_no_change(is_unsigned=is_unsigned), tuple(still))] if still else []),
        ),
        legend=legend.legend(
            scales,
            (*drawings, *still),
            empty.developments,
            words,
            known=chart_input.known,
            restated=_rhythms(chart_input, shown),
        ),
        note=_note(drawings, empty.earlier, words),
    )
    chart = _with_room_for_silence(chart)
    return msgspec.structs.replace(chart, elements=elements(chart))


def _differs(lane: Lane) -> bool:
    """Tell whether a lane has words of several classes: for, undecided, against."""
    return len({sign(run.level) for run in lane.runs if isinstance(run.level, int)}) > 1


def _folded_lane(chart: ChartInput, lane: Lane, words: Wording) -> LaneDrawing:
    """Return a lane as one line, without marks and below nobody."""
    alone = msgspec.structs.replace(lane, is_below=False)
    drawing = spark(msgspec.structs.replace(chart, lanes=(alone,)), words)
    lines = without_areas(drawing.segments)
    return msgspec.structs.replace(drawing, detail="folded", segments=lines)


def _note(drawings: Sequence[LaneDrawing], earlier: Earlier | None, words: Wording) -> str:
    """Say where the chart draws changes only: on the earlier of two scales, and on full lanes."""
    is_simplified = any(drawing.detail not in ("marks", "bins", "folded") for drawing in drawings)
    parts = [
        words.closer_together(earlier.label) if earlier is not None and earlier.has_dates else "",
        words.changes_only() if is_simplified else "",
    ]
    return "; ".join(filter(None, parts))


def _rhythms(chart: ChartInput, chosen: Sequence[Lane]) -> set[int]:
    """Return the seconds for which lines are solid after a statement."""
    return {lane.restated or chart.restated for lane in chosen} or {chart.restated}


def _with_room_for_silence(chart: Chart) -> Chart:
    """Return a low chart with the length of its silence above the column, not along the break."""
    silence = chart.silence
    is_tall = sum(lane.height for lane in chart.lanes) >= TALL
    if silence is None or not silence.text or is_tall:
        return chart
    head = f"{chart.head}; {silence.text}"
    return msgspec.structs.replace(chart, silence=Break(silence.x), head=head)


def _is_now(chart: ChartInput) -> bool:
    return chart.as_of is None and not chart.known


def _is_any(chart: ChartInput, *, is_fresh: bool) -> bool:
    """Tell whether somebody's position was said lately, or long ago."""
    standings = (lane.standing for lane in chart.lanes if lane.standing.level is not None)
    return any(position.is_fresh == is_fresh for position in standings)


def _with_text_of_now(chart: ChartInput, words: Wording) -> ChartInput:
    """Return a chart whose lanes say who stands there now, where that is not everybody."""
    if not _is_now(chart) or not _is_any(chart, is_fresh=False):
        return chart
    lanes = [
        msgspec.structs.replace(
            lane,
            standing=msgspec.structs.replace(lane.standing, text=words.still(lane.standing.text)),
        )
        if lane.standing.is_fresh and lane.standing.level is not None
        else lane
        for lane in chart.lanes
    ]
    return msgspec.structs.replace(chart, lanes=tuple(lanes))


def _head(chart: ChartInput, window: Window, words: Wording) -> str:
    """Return what stands above where everybody stands; a moment that is not drawn has its day."""
    if _is_now(chart):
        return words.now(is_fresh=chart.now <= window.end and not _is_any(chart, is_fresh=False))
    is_after = chart.as_of is not None and chart.as_of > window.end
    is_today = not chart.known and chart.moment >= chart.now
    return words.then(chart.moment // DAY if is_after else None, is_today=is_today)


def _earlier(chart: ChartInput, window: Window, words: Wording) -> Earlier | None:
    """Return the column of what lies before the window."""
    if window.earlier is None:
        return None
    first, last = window.earlier // DAY, window.start // DAY - 1
    since, until = words.iso(first)[:7], words.iso(last)
    href = ""
    if chart.links and chart.zoom_href and since and until:
        href = chart.zoom_href.replace("{from}", since).replace("{to}", until)
    is_wide = window.has_two_scales
    return Earlier(window.left, words.years(first, last, in_full=is_wide), href, is_wide)


def _silence(chart: ChartInput, window: Window, words: Wording) -> Break | None:
    """Return the break up to now; how long it lasts is known at now alone."""
    if chart.silent_since is None:
        return None
    days = chart.now // DAY - chart.silent_since // DAY
    text = words.nothing_said if chart.watched else words.nothing_recorded
    return Break(window.right, text(days) if _is_now(chart) else "")


def _without_lanes(
    chart: ChartInput, window: Window, edge: int, words: Wording, *, hidden: int
) -> Chart:
    upper, lower = rows(window, words, chart.zoom_href if chart.links else "")
    count = len(chart.lanes)
    is_paged = chart.expanded and count > MOST_LANES
    return Chart(
        title=words.title(chart.start // DAY, chart.end // DAY),
        groups=(),
        ticks=lower,
        upper=upper,
        overview=overview(chart, window, words),
        earlier=_earlier(chart, window, words),
        developments=developments(window, edge, chart.developments, words, lettered=chart.lettered),
        right=window.right,
        legend=(),
        as_of=None if chart.moment > window.end else window.x(edge),
        head=_head(chart, window, words),
        neutral=not chart.scale.partisan,
        known=chart.known,
        silence=_silence(chart, window, words),
        axis=chart.axis or bool(chart.developments),
        hidden=hidden,
        all_href=chart.all_href if hidden else "",
        all_text=_ahead(chart, words, hidden) if hidden else "",
        place=words.lanes_of(chart.first + 1, count - hidden, count) if is_paged else "",
        back_href=chart.back_href if is_paged else "",
    )


def _ahead(chart: ChartInput, words: Wording, hidden: int) -> str:
    if chart.expanded:
        return words.following_lanes(min(hidden, MOST_LANES))
    return words.all_lanes(hidden)


def _scales(chart: ChartInput, chosen: Sequence[Lane]) -> tuple[Scale, ...]:
    """Return each scale that a lane is read by; without lanes the chart's own."""
    read_by = [lane.scale or chart.scale for lane in chosen] or [chart.scale]
    return tuple({scale.name: scale for scale in read_by}.values())


def _groups(
    chosen: Sequence[Lane], drawings: Sequence[LaneDrawing], words: Wording
) -> tuple[Group, ...]:
    """Return the lanes side by side; beside sides, those of none are headed as such.

    The first sides have no heading where it would only repeat the name of the lane below it.
    """
    groups: dict[str, list[LaneDrawing]] = {}
    for lane, drawing in zip(chosen, drawings, strict=True):
        groups.setdefault(lane.side, []).append(drawing)
    rest = words.of_no_side() if any(groups) else ""
    named = list(takewhile(lambda side: _names_itself(side, groups[side]), groups))
    return tuple(
        Group("" if side in named else side or rest, tuple(members))
        for side, members in groups.items()
    )


def _names_itself(side: str, members: Sequence[LaneDrawing]) -> bool:
    own, *others = members
    return own.name == side and all(drawing.is_below for drawing in others)


def _hidden(chart: ChartInput, chosen: Sequence[Lane]) -> int:
    return max(len(chart.lanes) - len(chosen) - chart.first, 0)


def choose_lanes(chart: ChartInput) -> tuple[Lane, ...]:
    """Return every lane, or of too many those named and the latest to change, in order."""
    if chart.expanded:
        return chart.lanes[chart.first : chart.first + MOST_LANES]
    if len(chart.lanes) <= MANY_LANES:
        return chart.lanes
    by_change = sorted(
        range(len(chart.lanes)),
        key=lambda at: (not chart.lanes[at].named, -_latest_change(chart.lanes[at])),
    )
    named = sum(lane.named for lane in chart.lanes)
    places = set(by_change[: min(max(LATEST, named), MOST_LANES)])
    return tuple(lane for at, lane in enumerate(chart.lanes) if at in places)


def drop_lanes(chart: ChartInput, count: int) -> ChartInput:
    """Return a chart with so many lanes less.

    Those go first that nobody names, and of them people who also speak for a side, the oldest
    changes first. Who loses the lane above stands by themselves.
    """
    by_weight = sorted(
        chart.lanes, key=lambda lane: (lane.named, not lane.is_below, _latest_change(lane))
    )
    dropped = {lane.slug for lane in by_weight[:count]}
    lanes: list[Lane] = []
    above = ""
    for lane in chart.lanes:
        above = above if lane.is_below else lane.slug
        if lane.slug not in dropped:
            is_below = lane.is_below and above not in dropped
            lanes.append(msgspec.structs.replace(lane, is_below=is_below))
    return msgspec.structs.replace(chart, lanes=tuple(lanes))


def _latest_change(lane: Lane) -> int:
    return max((run.start for run in lane.runs if run.kind), default=-(2**63))


def card(chart: ChartInput, words: Wording | None = None) -> LaneDrawing:
    """Return the one lane of a card, 58 px high, with rings but without links.

    Without statements the latest openings of its runs are marked.
    """
    lane = chart.lanes[0]
    spoken = lane.statements or tuple(
        filter(None, (run.opening for run in lane.runs[-CARD_OPENINGS:]))
    )
    frame = _small_frame(chart, CARD, words or Wording())
    many = sum(frame.window.shows(said.at) for said in lane.statements) > CARD_MARKS
    marked = msgspec.structs.replace(lane, statements=spoken)
    drawing = lanes.draw(frame, marked, "changes" if many else "marks", labelled=False)
    silent = tuple(msgspec.structs.replace(mark, sentence="") for mark in drawing.marks)
    calm = len(drawing.risers) > CARD_ARROWS
    rose = tuple(
        msgspec.structs.replace(riser, arrow="" if calm else riser.arrow)
        for riser in drawing.risers
    )
    return msgspec.structs.replace(drawing, marks=silent, risers=rose)


def spark(chart: ChartInput, words: Wording | None = None) -> LaneDrawing:
    """Return the one lane of a spark, 22 px high: lines and changes, no marks."""
    drawing = lanes.lines(_small_frame(chart, SPARK, words or Wording()), chart.lanes[0])
    dots = tuple((riser.x, riser.y2) for riser in drawing.risers if riser.kind == "first")
    rose = tuple(msgspec.structs.replace(riser, arrow="", other_y=None) for riser in drawing.risers)
    return msgspec.structs.replace(drawing, risers=rose, dots=dots)


def _small_frame(chart: ChartInput, levels: Levels, words: Wording) -> Frame:
    """Return the frame of a chart's one lane where it is drawn in small, without links."""
    small = msgspec.structs.replace(chart, known=False, links=False, plot=PHONE)
    return frame_of(small, chart.lanes[0], levels, words, finest=lanes.SPECK)
