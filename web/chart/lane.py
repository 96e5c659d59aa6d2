"""One lane, at the fullest detail that the chart can afford."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from web.chart import bins, labels, room
from web.chart.drawing import LaneDrawing, Now, Segment
from web.chart.held import drawn_at, risers, segments
from web.chart.levels import Levels, step
from web.chart.marks import marks, tails, whiskers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.chart.drawing import Label, Riser
    from web.chart.frame import Frame
    from web.chart.model import Lane, Run, Standing

MOST_RUNS = {"marks": 40, "changes": 16, "plain": 16, "quiet": 16, "few": 3, "bare": 1}
"""Changes drawn one by one; what lies before them is a grey bar."""

MOST_MARKS = {name: most for name, most in MOST_RUNS.items() if name != "marks"} | {"bare": 0}
"""Openings that are marked where not every statement is."""

QUIET = ("quiet", "few", "bare")
"""Details at which only the latest change has words, and no riser an arrow."""

SPECK = 1.2
"""Percent of a small or simplified plot below which a solid stretch is only a speck."""

FINEST = {"changes": SPECK} | dict.fromkeys(("plain", *QUIET), 100.0)
"""Percent of the plot below which a solid stretch is drawn with the thin ones around it."""


class Counted(msgspec.Struct, frozen=True):
    """A lane's bins of one chart: all lanes share unit and scale."""

    unit: str
    tally: bins.Tally
    by_unit: dict[int, dict[int, int]]
    most: float


def draw(frame: Frame, lane: Lane, detail: str = "marks", *, labelled: bool = True) -> LaneDrawing:
    """Return the lane with its statements as marks.

    ``detail`` "marks" draws every statement, "changes" those that changed something, are
    selected, new or the latest, "plain" those without the solid stretches between them, "quiet"
    with words beside the latest only, "few" no more than three, and "bare" the latest alone.
    """
    inside = _inside(frame, lane.runs)
    kept = inside[-MOST_RUNS[detail] :]
    before = inside[-len(kept) - 1 : -len(kept)]
    early = _busy(frame, inside, kept)
    coarse = msgspec.structs.replace(frame, finest=FINEST.get(detail, frame.finest))
    held = segments(coarse, kept)
    beside = segments(frame, lane.beside, beside=True) if detail == "marks" else ()
    rose = _silent(risers(frame, kept, before), detail)
    shown = marks(frame, lane, MOST_MARKS.get(detail))
    statements = lane.statements if detail == "marks" else ()
    bars, lag = whiskers(frame, statements), tails(frame, statements)
    obstacles = room.Obstacles(shown, rose, (*early, *held, *beside), (*bars, *lag), _end(frame))
    changed = msgspec.structs.replace(lane, runs=kept)
    wanted = _words(labels.wanted(frame, changed, before), detail)
    return _drawing(
        frame,
        lane,
        detail=detail,
        segments=(*early, *held, *beside),
        risers=rose,
        labels=room.fit(wanted, obstacles) if labelled else (),
        whiskers=bars,
        tails=lag,
        marks=shown,
        note=frame.words.number(len(lane.statements)) if detail != "marks" else "",
    )


def _end(frame: Frame) -> float:
    """Return the percentage of the plot at which words end: nothing stands in hatched time."""
    return frame.window.x(frame.edge)


def _silent(rose: tuple[Riser, ...], detail: str) -> tuple[Riser, ...]:
    if detail not in QUIET:
        return rose
    return tuple(msgspec.structs.replace(one, arrow="") for one in rose)


def _words(wanted: Iterator[list[Label]], detail: str) -> Iterator[list[Label]]:
    """Return what a lane of this detail has words for, the latest change first."""
    if detail == "bare":
        return iter(())
    if detail not in QUIET:
        return wanted
    return ([one for one in places if not one.note] for places in islice(wanted, 1))


def draw_counted(frame: Frame, lane: Lane, counted: Counted, height: int) -> LaneDrawing:
    """Return the lane with its statements counted."""
    tall = msgspec.structs.replace(frame, levels=Levels(height, 11, 8, bins.HEAD))
    changes = bins.leans(counted.tally, sorted(counted.by_unit), counted.unit)
    turned = bins.turns(tall, changes, counted.unit)
    rose, wanted = bins.lean_marks(tall, turned, counted.unit)
    total = sum(sum(counts.values()) for counts in counted.by_unit.values())
    return _drawing(
        tall,
        lane,
        detail="bins",
        bins=bins.bins(tall, lane, counted.by_unit, counted.unit, counted.most, turned),
        risers=rose,
        labels=room.fit(wanted, room.Obstacles((), rose, (), (), _end(tall))),
        note=frame.words.counted_by(counted.unit, total),
    )


def _drawing(frame: Frame, lane: Lane, **parts: object) -> LaneDrawing:
    now = _now(frame, lane.standing)
    count = len(lane.statements) or sum(sum(day.counts) for day in lane.daily)
    return msgspec.structs.replace(
        LaneDrawing(
            slug=lane.slug,
            name=lane.name,
            href=lane.href,
            subtitle=lane.subtitle,
            subtitle_href=lane.subtitle_href if frame.links else "",
            subtitle_hint=lane.subtitle_hint,
            is_below=lane.is_below,
            sentence=frame.words.lane(lane.name, count, now.word),
            height=frame.levels.height,
            middle=frame.levels.middle,
            right=frame.window.right,
            neutral=not frame.scale.partisan,
            now=now,
        ),
        **parts,
    )


def _now(frame: Frame, standing: Standing) -> Now:
    now = Now(
        word=standing.silence,
        text=standing.text,
        via=standing.via,
        condition=standing.condition,
        beside=standing.beside,
        why_href=standing.why_href,
    )
    if standing.level is None and not standing.spoke:
        return now
    return msgspec.structs.replace(
        now,
        step=step(frame.scale, standing.level),
        word=frame.words.stance(frame.scale, standing.level),
        second=standing.rank > 0,
    )


def _inside(frame: Frame, runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return the runs that the window touches, with the one that it is entered in."""
    begun = [run for run in runs if drawn_at(run) <= frame.edge]
    entered = [at for at, run in enumerate(begun) if drawn_at(run) <= frame.window.start]
    return tuple(begun[entered[-1] if entered else 0 :])


def _busy(frame: Frame, inside: tuple[Run, ...], kept: tuple[Run, ...]) -> tuple[Segment, ...]:
    """Return a grey bar over changes too many to draw one by one."""
    if len(kept) == len(inside) or not kept:
        return ()
    x1, x2 = frame.window.x(drawn_at(inside[0])), frame.window.x(drawn_at(kept[0]))
    top = frame.levels.middle - frame.levels.band / 2
    if x2 <= x1:
        return ()
    return (Segment("busy", x1, x2, frame.levels.middle, top, frame.levels.band, line=False),)
