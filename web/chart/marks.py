"""Statements as marks: those of one day and stance share one, close ones make room."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from web.chart.axis import PHONE, WIDTH
from web.chart.calendar import DAY, noon
from web.chart.drawing import Mark, Stretch
from web.chart.levels import step
from web.chart.model import MIXED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from web.chart.frame import Frame
    from web.chart.model import Lane, Run, Statement

CLEAR = 16
"""Pixels between two marks, in x or in y."""

FARTHEST = 48
"""Pixels that a mark may stand from its date to make room."""

OPEN = 3
"""Percent of the plot that the bar of a date without a beginning takes."""

BADGE = 19
"""Pixels from a mark's middle up to the top of its count."""


def is_drawn(frame: Frame, statement: Statement) -> bool:
    """Tell whether a statement has a mark in this window."""
    return not statement.hidden and frame.window.start <= statement.at <= frame.window.end


def marks(frame: Frame, lane: Lane, most: int | None = None) -> tuple[Mark, ...]:
    """Return the lane's marks in order of time, moved apart.

    With ``most`` they are the latest one, the selected one, and so many of the last openings.
    """
    openers = _openers(lane)
    groups = _gather(frame, lane)
    if most is not None:
        groups = _telling(frame, groups, openers, most)
    drawn = [_mark(frame, lane, group, openers) for group in groups]
    return tuple(_apart(drawn, frame.window.x(frame.edge)))


def count(frame: Frame, lane: Lane) -> int:
    """Return how many marks the lane has, without making them."""
    return len(_gather(frame, lane))


def _openers(lane: Lane) -> dict[int, Run]:
    return {run.opened_by: run for run in lane.runs if run.opened_by}


def _telling(
    frame: Frame, groups: list[list[Statement]], openers: dict[int, Run], most: int
) -> list[list[Statement]]:
    """Return the groups that are drawn where most statements are not."""
    in_order = sorted(groups, key=lambda group: _order(group, openers))
    opening = [group for group in in_order if any(one.number in openers for one in group)]
    kept = [*opening[len(opening) - most :], *in_order[-1:]] if most else in_order[-1:]
    kept += [group for group in groups if any(one.number == frame.selected for one in group)]
    return list({id(group): group for group in kept}.values())


def _order(group: list[Statement], openers: dict[int, Run]) -> tuple[int, list[int]]:
    shown = _shown(group, openers)
    return shown.at if shown.timed else noon(shown.at), sorted(one.number for one in group)


def _shown(group: list[Statement], openers: dict[int, Run]) -> Statement:
    """Return whose place and stance a mark has."""
    return next((one for one in group if one.number in openers), group[-1])


def _gather(frame: Frame, lane: Lane) -> list[list[Statement]]:
    """Group what shares a mark: what was said on one day, with one stance."""
    days: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for one in sorted(lane.statements, key=lambda one: (one.at, one.number)):
        if is_drawn(frame, one):
            days[one.at // DAY, *_alike(one)].append(one)
    return list(days.values())


def _alike(one: Statement) -> tuple[object, ...]:
    return one.stance, one.rank > 0, one.retracted


def _at(frame: Frame, one: Statement) -> float:
    return frame.window.at(one.at, timed=one.timed)


def _place(mark: Mark) -> tuple[float, tuple[int, ...]]:
    return mark.x, mark.numbers


def _mark(frame: Frame, lane: Lane, group: list[Statement], openers: dict[int, Run]) -> Mark:
    shown = _shown(group, openers)
    opener = openers.get(shown.number)
    y = frame.levels.y(shown.stance)
    return Mark(
        numbers=tuple(sorted(one.number for one in group)),
        x=_at(frame, shown),
        y=y,
        step=step(frame.scale, shown.stance),
        sentence=_sentence(frame, lane, group, shown, opener),
        href=_href(frame, lane, group),
        proof=_proof(frame, shown),
        opens=opener is not None,
        changed=_is_change(lane, opener),
        ringed=_is_ringed(lane, opener),
        rank=shown.rank,
        is_new=any(one.is_new for one in group),
        selected=any(one.number == frame.selected for one in group),
        corrected=any(one.corrected for one in group),
        retracted=shown.retracted,
        condition=any(bool(one.condition) for one in group),
        count_y=y - BADGE if y > BADGE else y + 4,
    )


def _is_change(lane: Lane, opener: Run | None) -> bool:
    if opener is None or opener.kind in ("", "first"):
        return False
    before = _before(lane, opener)
    return before is None or before.level != opener.level


def _is_ringed(lane: Lane, opener: Run | None) -> bool:
    """Tell whether a change wears the ring: first-hand words, and nothing mixed."""
    if opener is None or opener.kind not in ("reversal", "shift"):
        return False
    before = _before(lane, opener)
    if before is None or before.level in (MIXED, opener.level):
        return False
    return isinstance(opener.level, int)


def _before(lane: Lane, run: Run) -> Run | None:
    at = lane.runs.index(run)
    return lane.runs[at - 1] if at else None


def _sentence(
    frame: Frame, lane: Lane, group: list[Statement], shown: Statement, opener: Run | None
) -> str:
    sentence = frame.words.statement(frame.scale, shown, _changed(frame, lane, opener))
    return sentence if len(group) == 1 else frame.words.several(len(group), sentence)


def _changed(frame: Frame, lane: Lane, opener: Run | None) -> str:
    """Return what a position changed from; own words that repeat hearsay change nothing."""
    old = _before(lane, opener) if opener else None
    if opener is None or old is None or old.level in (None, opener.level):
        return ""
    told = frame.words.changed(frame.scale, old.level, opener.level)
    if opener.other_speaker:
        told += f" {frame.words.another_speaker()}"
    return f"{told} {frame.words.other_wording()}" if opener.other_wording else told


def _href(frame: Frame, lane: Lane, group: Sequence[Statement]) -> str:
    if not frame.links:
        return ""
    if len(group) > 1 and lane.list_href:
        days = [one.at // DAY for one in group]
        return listed(lane, frame, min(days), max(days))
    return f"/s/{group[-1].number}"


def listed(lane: Lane, frame: Frame, first: int, last: int) -> str:
    """Return the address of the lane's statements from one day to another."""
    glue = "&" if "?" in lane.list_href else "?"
    since, until = frame.words.iso(first), frame.words.iso(last)
    return f"{lane.list_href}{glue}from={since}&to={until}" if since and until else lane.list_href


def _proof(frame: Frame, shown: Statement) -> str:
    return frame.proof_href.replace("{n}", str(shown.number)) if frame.links else ""


def whiskers(frame: Frame, statements: Iterable[Statement]) -> tuple[Stretch, ...]:
    """Return a bar for every date that is wider than a day; one without a beginning is short."""
    found = []
    for one in statements:
        if one.latest is None or not is_drawn(frame, one):
            continue
        y = frame.levels.y(one.stance)
        if one.earliest is None:
            end = frame.window.at(one.at, timed=one.timed)
            found.append(Stretch(max(end - OPEN, 0), end, y))
        elif one.latest // DAY > one.earliest // DAY:
            found.append(Stretch(frame.window.x(one.earliest), frame.window.x(one.latest), y))
    return tuple(found)


def tails(frame: Frame, statements: Iterable[Statement]) -> tuple[Stretch, ...]:
    """Return, on the known clock, the way from said to recorded."""
    if not frame.known:
        return ()
    drawn = [one for one in statements if one.recorded is not None and is_drawn(frame, one)]
    return tuple(
        Stretch(
            frame.window.at(one.at, timed=one.timed),
            frame.window.x(one.recorded or one.at),
            frame.levels.y(one.stance),
        )
        for one in drawn
        if (one.recorded or one.at) // DAY > one.at // DAY
    )


def _apart(drawn: list[Mark], edge: float) -> list[Mark]:
    """Move the earlier of two close marks left, so that they stand in the order of their days.

    What opens a position stays at its riser if what is said right after it can make room to the
    right: not past the moment shown, nor onto what comes next.
    """
    openings = [mark for mark in drawn if mark.opens]
    placed: list[Mark] = []
    for mark in sorted(drawn, key=lambda one: (-one.x, not one.opens, -one.numbers[0])):
        beside = _beside_opening(mark, openings, placed, edge)
        placed.append(beside or _moved_left(mark, placed))
    return sorted(placed, key=_place)


def _close(mark: Mark, others: list[Mark]) -> list[Mark]:
    return [other for other in others if abs(other.y - mark.y) < CLEAR]


def _px(mark: Mark) -> float:
    return mark.x / 100 * WIDTH + mark.shift


def _beside_opening(
    mark: Mark, openings: list[Mark], placed: list[Mark], edge: float
) -> Mark | None:
    before = [one for one in _close(mark, openings) if 0 <= _px(mark) - _px(one) < CLEAR]
    if not before or mark.opens:
        return None
    shift = max(map(_px, before)) + CLEAR - _px(mark)
    moved = msgspec.structs.replace(mark, shift=round(shift, 1))
    fits = shift <= (edge - mark.x) / 100 * PHONE
    later = [one for one in _close(mark, placed) if one.x > mark.x]
    free = all(_px(other) - _px(moved) >= CLEAR - 1 for other in later)
    return moved if fits and free else None


def _moved_left(mark: Mark, placed: list[Mark]) -> Mark:
    at = _px(mark)
    for other in sorted(map(_px, _close(mark, placed)), reverse=True):
        if abs(other - at) < CLEAR:
            at = other - CLEAR
    room = min(FARTHEST, mark.x / 100 * PHONE)
    return msgspec.structs.replace(mark, shift=int(max(at - _px(mark), -room) * 10) / 10)
