"""Words beside changes: who says what now, what was said before, how a lane enters the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.chart.drawing import Label
from web.chart.model import MIXED
from web.chart.positions import PlottedPosition, plot_positions, plot_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Run, Statement

LINE = 12.5
"""Pixels between the baselines of a label and its note."""

BESIDE_RISER = 9
BESIDE_RING = 13
BESIDE_KNOT = 16
ENTRY = 8
TWO_LINES = 60
"""Lane height from which a label may carry its note."""


def label_choices(
    frame: Frame, lane: Lane, positions: Sequence[PlottedPosition]
) -> Iterator[list[Label]]:
    """Return, for each thing worth a label, its places, best first; the latest change leads."""
    spoken = {statement.number: statement for statement in lane.statements}
    marked = {statement.number for statement in lane.statements if not statement.hidden}
    shown = [position for position in positions if not position.early and not _is_passed(position)]
    for position in reversed(shown):
        if position.before is not None and _differ(position.before, position.run):
            yield _change(
                frame, position, position.before, _name(lane, spoken.get(position.run.opened_by))
            )
    entering = [position.run for position in positions if position.early]
    if entering and entering[-1].level is not None and _stays(frame, entering[-1]):
        yield _entry(frame, entering[-1])
    for position in reversed(shown):
        is_first = position.before is None or position.before.level is None
        if is_first and position.run.opened_by in marked and position.run.level is not None:
            yield _first(frame, position, _name(lane, spoken[position.run.opened_by]))
    for position in reversed(plot_positions(frame, lane.reported)):
        if position.run.level is not None and _stays(frame, position.run):
            yield _reported(frame, position.run)


def _is_passed(position: PlottedPosition) -> bool:
    """Tell whether a position begins and ends in one knot."""
    return position.in_knot and position.x2 <= position.x1


def _differ(before: Run, run: Run) -> bool:
    """Tell whether readers are told that a position changed, or that it was mixed."""
    if None in (before.level, run.level):
        return False
    return run.is_published or (before.level != run.level and MIXED in (before.level, run.level))


def _stays(frame: Frame, run: Run) -> bool:
    return run.end is None or run.end > frame.window.signs_from


def _name(lane: Lane, statement: Statement | None) -> str:
    """Return who speaks, unless the lane bears that name already."""
    return (
        "" if statement is None or statement.speaker in (lane.name, lane.actor) else statement.short
    )


def _change(frame: Frame, position: PlottedPosition, before: Run, name: str) -> list[Label]:
    words, run, x = frame.words, position.run, position.x1
    if MIXED in (before.level, run.level):
        label, note, style = _mixed_text(frame, run), "", "change-label first-label"
    elif run.kind == "terms":
        label, note, style = words.terms(name), "", "change-label"
    else:
        label = words.turn(run, name, words.stance(frame.scale, run.level))
        note, style = words.before(before, words.stance(frame.scale, before.level)), "change-label"
    label_offset = BESIDE_KNOT if position.in_knot else BESIDE_RISER
    right = [_label(frame, x, label_offset, half, label, note, style) for half in _free_halves(run)]
    left = [
        _label(frame, x, -BESIDE_RING, half, label, note, style) for half in _free_halves(before)
    ]
    return [*right, *left, *(_short(position) for position in (*right, *left) if position.note)]


def _mixed_text(frame: Frame, run: Run) -> str:
    words, scale = frame.words, frame.scale
    if run.level != MIXED:
        return words.stance(scale, run.level)
    return words.mixed(words.stance(scale, run.lowest), words.stance(scale, run.highest))


def _free_halves(run: Run) -> tuple[str, ...]:
    if run.level == MIXED or not run.level:
        return ("lower", "upper")
    return ("lower",) if run.level > 0 else ("upper",)


def _first(frame: Frame, position: PlottedPosition, name: str) -> list[Label]:
    run, word = position.run, _mixed_text(frame, position.run)
    label = word if run.level == MIXED else frame.words.says(name, word)
    x = position.x1
    halves = _free_halves(run)
    right = [
        _label(frame, x, BESIDE_RISER, half, label, "", "change-label first-label")
        for half in halves
    ]
    left = [
        _label(frame, x, -BESIDE_RING, half, label, "", "change-label first-label")
        for half in ("upper", "lower")
    ]
    return [*right, *left]


def _reported(frame: Frame, run: Run) -> list[Label]:
    label = frame.words.reported(frame.words.stance(frame.scale, run.level))
    x, y = frame.window.x(plot_start(run)), frame.levels.edges(run)[0]
    rows = [row for row in (y + 13.5, y - 5.5) if _is_inside(frame, row)]
    sides = ((BESIDE_RING, "start"), (-BESIDE_RING, "end"))
    return [Label(x, dx, row, label, anchor, "chart-note") for dx, anchor in sides for row in rows]


def _entry(frame: Frame, run: Run) -> list[Label]:
    label = frame.words.entry(run, _mixed_text(frame, run))
    top, height = frame.levels.band_of(run)
    under, over = top + height + 12, top - 5
    rows = (under, over) if run.level == MIXED or (run.level or 0) >= 0 else (over, under)
    inside = [y for y in rows if _is_inside(frame, y)]
    return [Label(frame.window.signs_left, ENTRY, y, label, "start", "chart-note") for y in inside]


def _is_inside(frame: Frame, y: float) -> bool:
    """Tell whether a line of small type stays in its lane."""
    return 10 <= y <= frame.levels.height - 3  # noqa: PLR2004


def _label(
    frame: Frame, x: float, dx: float, half: str, label: str, note: str, style: str
) -> Label:
    two = bool(note) and frame.levels.height >= TWO_LINES
    upper, lower = (
        (15.0, frame.levels.middle + 14)
        if two
        else (frame.levels.middle - 11, frame.levels.middle + 17)
    )
    y = upper if half == "upper" else lower
    anchor = "start" if dx > 0 else "end"
    note_y = y + LINE if two else 0
    return Label(x, dx, y, label, anchor, style, "", note if two else "", note_y)


def _short(label: Label) -> Label:
    """Return the label without its note, where the two lines found no room."""
    return msgspec.structs.replace(label, note="", note_y=0)
