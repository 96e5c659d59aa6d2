"""Statements as marks: those of one day and stance share one, close ones make room."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from web.chart.axis import PHONE, WIDTH
from web.chart.calendar import DAY
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

BADGE_ABOVE = 14


def is_drawn(frame: Frame, statement: Statement) -> bool:
    """Tell whether a statement has a mark in this window."""
    return not statement.hidden and frame.window.start <= statement.at <= frame.window.end


def marks(frame: Frame, lane: Lane) -> tuple[Mark, ...]:
    """Return the lane's marks in order of time, moved apart."""
    openers = {run.opened_by: run for run in lane.runs if run.opened_by}
    groups: dict[tuple[int, int | None, bool, bool], list[Statement]] = defaultdict(list)
    for one in lane.statements:
        if is_drawn(frame, one):
            key = (one.at // DAY, one.stance, one.rank > 0, one.retracted)
            groups[key].append(one)
    drawn = [_mark(frame, lane, group, openers) for group in groups.values()]
    return tuple(_apart(sorted(drawn, key=lambda mark: (mark.x, mark.numbers))))


def _mark(
    frame: Frame, lane: Lane, group: list[Statement], openers: dict[int, Run]
) -> Mark:
    last = max(group, key=lambda one: (one.at, one.number))
    numbers = tuple(sorted(one.number for one in group))
    opener = next((openers[number] for number in numbers if number in openers), None)
    y = frame.levels.y(last.stance)
    return Mark(
        numbers=numbers,
        x=frame.window.at(last.at, timed=last.timed),
        y=y,
        step=step(frame.scale, last.stance),
        sentence=_sentence(frame, lane, group, opener),
        href=_href(frame, lane, group),
        proof=_proof(frame, group),
        changed=_is_ringed(lane, opener),
        second=last.rank > 0,
        is_new=any(one.is_new for one in group),
        selected=frame.selected in numbers,
        corrected=any(one.corrected for one in group),
        retracted=last.retracted,
        condition=any(bool(one.condition) for one in group),
        count_y=y - 19 if y >= BADGE_ABOVE + 5 else y + 4,
    )


def _is_ringed(lane: Lane, opener: Run | None) -> bool:
    """Tell whether a change wears the ring: first-hand words, and nothing mixed."""
    if opener is None or opener.kind not in ("reversal", "shift") or opener.level == MIXED:
        return False
    before = _before(lane, opener)
    return before is not None and before.level != MIXED


def _before(lane: Lane, run: Run) -> Run | None:
    at = lane.runs.index(run)
    return lane.runs[at - 1] if at else None


def _sentence(frame: Frame, lane: Lane, group: list[Statement], opener: Run | None) -> str:
    shown = group[-1]
    before = ""
    if opener is not None:
        shown = next(one for one in group if one.number == opener.opened_by)
        old = _before(lane, opener)
        if old is not None and old.level is not None:
            before = frame.words.stance(frame.scale, old.level)
    sentence = frame.words.statement(frame.scale, shown, before)
    return sentence if len(group) == 1 else frame.words.several(len(group), sentence)


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


def _proof(frame: Frame, group: Sequence[Statement]) -> str:
    if not frame.links or len(group) > 1:
        return ""
    return frame.proof_href.replace("{n}", str(group[0].number))


def whiskers(frame: Frame, statements: Iterable[Statement]) -> tuple[Stretch, ...]:
    """Return a bar for every date that is wider than a day."""
    found = []
    for one in statements:
        if one.earliest is None or one.latest is None or not is_drawn(frame, one):
            continue
        if one.latest // DAY > one.earliest // DAY:
            x1, x2 = frame.window.x(one.earliest), frame.window.x(one.latest)
            found.append(Stretch(x1, x2, frame.levels.y(one.stance)))
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


def _apart(drawn: list[Mark]) -> list[Mark]:
    """Move the earlier of two close marks left; changes keep their place at their riser."""
    placed: list[Mark] = []
    for mark in [one for one in reversed(drawn) if one.changed]:
        placed.append(_moved(mark, placed))
    for mark in [one for one in reversed(drawn) if not one.changed]:
        _join_or_place(mark, placed)
    return sorted(placed, key=lambda mark: (mark.x, mark.numbers))


def _join_or_place(mark: Mark, placed: list[Mark]) -> None:
    """Place a mark beside the others, or let a change just before it count it in."""
    for index, other in enumerate(placed):
        if other.changed and _same(mark, other) and 0 <= _px(mark) - _px(other) < CLEAR:
            placed[index] = _joined(other, mark)
            return
    placed.append(_moved(mark, placed))


def _same(mark: Mark, other: Mark) -> bool:
    alike = (mark.step, mark.second, mark.retracted)
    return alike == (other.step, other.second, other.retracted) and not mark.selected


def _joined(change: Mark, mark: Mark) -> Mark:
    return msgspec.structs.replace(
        change,
        numbers=(*change.numbers, *mark.numbers),
        is_new=change.is_new or mark.is_new,
        corrected=change.corrected or mark.corrected,
        condition=change.condition or mark.condition,
    )


def _px(mark: Mark) -> float:
    return mark.x / 100 * WIDTH


def _moved(mark: Mark, placed: list[Mark]) -> Mark:
    near = sorted(
        (_px(other) + other.shift for other in placed if abs(other.y - mark.y) < CLEAR),
        reverse=True,
    )
    at = _px(mark)
    for other in near:
        if abs(other - at) < CLEAR:
            at = other - CLEAR
    room = min(FARTHEST, mark.x / 100 * PHONE)
    return msgspec.structs.replace(mark, shift=round(max(at - _px(mark), -room), 1))
