"""One lane, at the fullest detail that the chart can afford."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from web.chart import bins, labels, room
from web.chart.arrange import arrange
from web.chart.drawing import LaneDrawing, NowChip, UnwatchedSpan
from web.chart.levels import Levels, step
from web.chart.marks import marks, tails, whiskers
from web.chart.positions import plot_positions, plot_positions_at, risers, segments, without_areas
from web.chart.strip import STRIP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.chart.drawing import Label, Riser
    from web.chart.frame import Frame
    from web.chart.model import CurrentPosition, Lane
    from web.chart.spots import Spot
    from web.chart.strip import Strip

WITH_SIGNS = ("marks", "changes", "plain", "quiet")
"""Details at which every change wears its sign."""

QUIET = ("quiet", "risers", "lines")
"""Details at which only the latest change has words, and no riser an arrow."""

SPECK = 1.2
"""Percent of a small or simplified plot below which a solid stretch is only a speck."""

FINEST = {"changes": SPECK} | dict.fromkeys(("plain", *QUIET), 100.0)
"""Percent of the plot below which a solid stretch is drawn with the thin ones around it."""


class CountedLane(msgspec.Struct, frozen=True):
    """A lane's bins of one chart: all lanes share unit and scale."""

    unit: str
    tally: bins.Tally
    by_unit: dict[int, dict[int, int]]
    most: float


def places(frame: Frame, lane: Lane, detail: str = "marks", gap: float = 0) -> tuple[Spot, ...]:
    """Return the places of a lane whose statements and changes are drawn in this detail."""
    every, openings = signs(detail)
    return arrange(frame, lane, gap, every=every, openings=openings)


def signs(detail: str) -> tuple[bool, bool]:
    """Tell whether every statement wears a sign in this detail, and whether every change does."""
    return detail == "marks", detail in WITH_SIGNS


def draw(
    frame: Frame,
    lane: Lane,
    detail: str = "marks",
    gap: float = 0,
    *,
    labelled: bool = True,
    spots: tuple[Spot, ...] | None = None,
) -> LaneDrawing:
    """Return the lane with its statements as marks.

    ``detail`` "marks" draws every statement, "changes" those that changed something, are
    selected or the latest, "plain" those without the solid stretches between them, "quiet" with
    words beside the latest only, "risers" the latest alone, and "lines" also without areas.
    Changes are always drawn; those that ``gap`` pixels more than needed leave no room for are
    counted in a knot. ``spots`` are its `places`, where they are known.
    """
    spots = places(frame, lane, detail, gap) if spots is None else spots
    positions = plot_positions_at(frame, lane.runs, spots)
    coarse = msgspec.structs.replace(frame, finest=FINEST.get(detail, frame.finest))
    areas = segments(coarse, positions)
    areas = without_areas(areas) if detail == "lines" else areas
    every = detail == "marks"
    reported = (
        segments(frame, plot_positions(frame, lane.reported), is_beside=True) if every else ()
    )
    rose = _silent(risers(frame, positions), detail)
    shown = marks(frame, lane, spots)
    statements = lane.statements if every else ()
    bars, lag = whiskers(frame, statements), tails(frame, statements)
    obstacles = room.Obstacles(shown, rose, (*areas, *reported), (*bars, *lag), _ends(frame))
    labels_wanted = _words(labels.label_choices(frame, lane, positions), detail)
    return _drawing(
        frame,
        lane,
        detail=detail,
        segments=(*areas, *reported),
        risers=rose,
        labels=room.fit(labels_wanted, obstacles) if labelled else (),
        whiskers=bars,
        tails=lag,
        marks=shown,
        note="" if every else frame.words.number(_standing(lane)),
    )


def lines(frame: Frame, lane: Lane) -> LaneDrawing:
    """Return the lane without marks and words: its lines and changes alone, each on its day."""
    positions = plot_positions(frame, lane.runs)
    return _drawing(
        frame, lane, segments=segments(frame, positions), risers=risers(frame, positions)
    )


def _ends(frame: Frame) -> tuple[float, float]:
    """Return the percentages between which words stand: none before, none in hatched time."""
    return frame.window.signs_left, frame.window.x(frame.edge)


def _silent(rose: tuple[Riser, ...], detail: str) -> tuple[Riser, ...]:
    if detail not in QUIET:
        return rose
    return tuple(msgspec.structs.replace(riser, arrow="") for riser in rose)


def _words(labels: Iterator[list[Label]], detail: str) -> Iterator[list[Label]]:
    """Return what a lane of this detail has words for, the latest change first."""
    if detail not in QUIET:
        return labels
    return ([label for label in places if not label.note] for places in islice(labels, 1))


def draw_counted(
    frame: Frame, lane: Lane, counted: CountedLane, height: int, line: Strip | None = None
) -> LaneDrawing:
    """Return the lane with its statements counted, ``height`` pixels of it.

    Its ``line`` below tells every change of position; without one it tells where the words leant.
    Room for the line it has in any case: in a replay it may have one at one moment and none at
    another.
    """
    tall = msgspec.structs.replace(frame, levels=Levels(height, 11, 8, bins.HEAD, STRIP))
    lean_by_unit = {} if line else _leans(tall, counted)
    rose, labels_wanted = bins.lean_marks(tall, lean_by_unit, counted.unit)
    if line:
        rose, labels_wanted = line.risers, line.labels
    total = sum(sum(counts.values()) for counts in counted.by_unit.values())
    return _drawing(
        tall,
        lane,
        detail="bins",
        bins=bins.bins(tall, lane, counted.by_unit, counted.unit, counted.most, lean_by_unit),
        segments=line.segments if line else (),
        marks=line.marks if line else (),
        risers=rose,
        labels=room.fit(labels_wanted, room.Obstacles((), rose, (), (), _ends(tall))),
        note=frame.words.counted_by(counted.unit, total, lane.untold),
    )


def _leans(frame: Frame, counted: CountedLane) -> dict[int, tuple[str, str]]:
    changes = bins.leans(counted.tally, sorted(counted.by_unit), counted.unit)
    return bins.turns(frame, changes, counted.unit)


def _standing(lane: Lane) -> int:
    """Count the statements that were not retracted."""
    return lane.total or sum(not said.retracted for said in lane.statements)


def _drawing(frame: Frame, lane: Lane, **parts: object) -> LaneDrawing:
    now = _now(frame, lane.standing)
    count = _standing(lane) or sum(sum(day.counts) for day in lane.daily)
    unwatched = _unwatched(frame, lane)
    gap_texts = [hatched.said for hatched in unwatched if hatched.said]
    return msgspec.structs.replace(
        LaneDrawing(
            slug=lane.slug,
            name=lane.name,
            href=lane.href,
            subtitle=lane.subtitle,
            subtitle_href=lane.subtitle_href if frame.links else "",
            subtitle_hint=lane.subtitle_hint,
            is_below=lane.is_below,
            sentence="; ".join((frame.words.lane(lane.name, count, now.word), *gap_texts)),
            height=frame.levels.height,
            middle=frame.levels.middle,
            right=frame.window.right,
            neutral=not frame.scale.partisan,
            unwatched=unwatched,
            now=now,
        ),
        **parts,
    )


def _unwatched(frame: Frame, lane: Lane) -> tuple[UnwatchedSpan, ...]:
    """Return the times without watching that the plot shows, up to the moment shown."""
    hatched = []
    for gap in lane.unwatched:
        first, after = max(gap.first, frame.window.begin), min(gap.after, frame.edge)
        if first < after:
            x1, x2 = frame.window.x(first), frame.window.x(after)
            hatched.append(UnwatchedSpan(x1, round(x2 - x1, 3), gap.said))
    return tuple(hatched)


def _now(frame: Frame, standing: CurrentPosition) -> NowChip:
    now = NowChip(**msgspec.structs.asdict(standing), word=standing.silence)
    if standing.level is None and not standing.spoke:
        return now
    return msgspec.structs.replace(
        now,
        step=step(frame.scale, standing.level),
        word=frame.words.stance(frame.scale, standing.level),
    )
