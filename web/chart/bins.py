"""Bins of many statements: counted by day, week or more, stacked around the middle."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING

import msgspec

from web.chart import marks
from web.chart.calendar import DAY, UNITS, first_day, unit_of
from web.chart.drawing import Bin, Block, Label, Riser
from web.chart.levels import tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from web.chart.axis import Window
    from web.chart.frame import Frame
    from web.chart.model import Lane

TOO_MANY_MARKS = 400
"""The most marks of a lane in the window; more are counted instead."""

FOUR_WEEKS = 28
LEANS = 0.5
"""The mean stance of four weeks from which they lean to one side."""

HEIGHT = {"roomy": 108, "compact": 80}
HEAD, FOOT = 15, 5
"""Pixels above the stacks for words, and below them."""

MOST_TURNS = 6
"""The most changes with a label: the latest."""

STANCES = (-2, -1, 0, 1, 2)


class Tally(msgspec.Struct, frozen=True):
    """Statements of one lane by running day, from −2 to +2, oldest first."""

    days: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]

    def within(self, window: Window) -> range:
        """Return the indexes of the days inside the window."""
        first = bisect_left(self.days, window.start // DAY)
        return range(first, bisect_right(self.days, window.end // DAY))

    def units(self, unit: str, window: Window) -> int:
        """Return how many units inside the window have statements."""
        return len({unit_of(self.days[at], unit) for at in self.within(window)})

    def by(self, unit: str, window: Window) -> dict[int, dict[int, int]]:
        """Return counts by stance for each unit inside the window."""
        counts_by_unit: dict[int, dict[int, int]] = {}
        for number, places in groupby(self.within(window), lambda at: unit_of(self.days[at], unit)):
            days = [self.counts[at] for at in places]
            counts_by_unit[number] = dict(
                zip(STANCES, map(sum, zip(*days, strict=True)), strict=True)
            )
        return counts_by_unit


def base_unit(window: Window) -> str:
    """Return the unit that the window's length asks for."""
    if window.days < 60:  # noqa: PLR2004
        return "day"
    return "week" if window.days <= 730 else "month"  # noqa: PLR2004


def coarser(unit: str) -> str | None:
    """Return the next longer unit, if there is one."""
    at = UNITS.index(unit) + 1
    return UNITS[at] if at < len(UNITS) else None


def tally(lane: Lane) -> Tally:
    """Count a lane by day, from the caller's counts or from its statements."""
    if lane.daily:
        ordered = sorted(
            (count for count in lane.daily if any(count.counts)), key=lambda count: count.day
        )
        return Tally(tuple(d.day for d in ordered), tuple(d.counts for d in ordered))
    days: dict[int, list[int]] = {}
    for statement in lane.statements:
        if statement.stance is not None and not statement.retracted and not statement.hidden:
            days.setdefault(statement.at // DAY, [0] * 5)[statement.stance + 2] += 1
    return Tally(tuple(sorted(days)), tuple(tuple(days[day]) for day in sorted(days)))


def tallest(counted: Iterable[dict[int, dict[int, int]]]) -> float:
    """Return the largest number of statements that any bin stacks on one side."""
    sides = [
        max(
            counts[0] / 2 + counts[1] + counts[2],
            counts[0] / 2 + counts[-1] + counts[-2],
        )
        for lane in counted
        for counts in lane.values()
    ]
    return max(sides, default=1) or 1


def bins(
    frame: Frame,
    lane: Lane,
    counted: dict[int, dict[int, int]],
    unit: str,
    most: float,
    lean_by_unit: dict[int, tuple[str, str]],
) -> tuple[Bin, ...]:
    """Return the bins of a lane; ``most`` statements fill half the height."""
    levels = frame.levels
    pixels = (levels.height - levels.foot - levels.middle - FOOT) / most
    drawn_bins = []
    for number in sorted(counted):
        x1, x2 = _edges(frame.window, number, unit)
        if x2 > x1:
            drawn_bin = _bin(frame, lane, number, unit, counted[number], (x1, x2), pixels)
            drawn_bins.append(_mark_change(drawn_bin, *lean_by_unit.get(number, ())[:1]))
    return tuple(drawn_bins)


def _mark_change(drawn_bin: Bin, lean: str = "") -> Bin:
    if not lean:
        return drawn_bin
    return msgspec.structs.replace(
        drawn_bin, changed=True, sentence=f"{drawn_bin.sentence} {lean}."
    )


def _edges(window: Window, number: int, unit: str) -> tuple[float, float]:
    """Return the edges of a bin in percent, clipped to the window."""
    return (
        window.x(max(first_day(number, unit) * DAY, window.start)),
        window.x(first_day(number + 1, unit) * DAY),
    )


def _bin(
    frame: Frame,
    lane: Lane,
    number: int,
    unit: str,
    counts: dict[int, int],
    edges: tuple[float, float],
    pixels: float,
) -> Bin:
    begin, last = first_day(number, unit), first_day(number + 1, unit) - 1
    first = max(begin, frame.window.start // DAY)
    span = frame.words.span(number, unit) if first == begin else frame.words.days(first, last)
    in_order = {stance: counts[stance] for stance in reversed(STANCES)}
    return Bin(
        x=edges[0],
        width=round(edges[1] - edges[0], 3),
        sentence=frame.words.bin(frame.scale, span, in_order),
        href=marks.listed(lane, frame, first, last) if frame.links and lane.list_href else "",
        blocks=_stack(frame, counts, pixels),
    )


def _stack(frame: Frame, counts: dict[int, int], pixels: float) -> tuple[Block, ...]:
    """Stack stances outward from the middle, weak ones inside, strong ones outside."""
    middle = frame.levels.middle
    half = counts[0] * pixels / 2
    blocks = []
    if counts[0]:
        blocks.append(Block(tone(frame.scale, 0), round(middle - half, 2), round(half * 2, 2)))
    for sign in (1, -1):
        edge = half
        for stance in (sign, 2 * sign):
            height = counts[stance] * pixels
            if height:
                top = middle - edge - height if sign > 0 else middle + edge
                blocks.append(Block(tone(frame.scale, stance), round(top, 2), round(height, 2)))
            edge += height
    return tuple(blocks)


def leans(tallied: Tally, units: Sequence[int], unit: str) -> list[tuple[int, int]]:
    """Return (running unit, lean) wherever the lean of the last four weeks changes."""
    sums = list(accumulate(map(_weight, tallied.counts), initial=0))
    totals = list(accumulate(map(sum, tallied.counts), initial=0))
    changes: list[tuple[int, int]] = []
    for number in units:
        first, last = first_day(number, unit), first_day(number + 1, unit) - 1
        low = bisect_left(tallied.days, min(first, last - FOUR_WEEKS + 1))
        high = bisect_right(tallied.days, last)
        count = totals[high] - totals[low]
        mean = (sums[high] - sums[low]) / count if count else 0
        lean = (mean >= LEANS) - (mean <= -LEANS)
        if not changes or changes[-1][1] != lean:
            changes.append((number, lean))
    return changes


def _weight(counts: tuple[int, ...]) -> int:
    strongly_no, no, _, yes, strongly_yes = counts
    return 2 * (strongly_yes - strongly_no) + yes - no


def turns(frame: Frame, changes: list[tuple[int, int]], unit: str) -> dict[int, tuple[str, str]]:
    """Return, by running unit, the latest changes of lean in the window, in words and in short."""
    words, scale = frame.words, frame.scale
    return {
        number: (
            words.leaning(words.lean(scale, old), words.lean(scale, new)),
            f"→ {words.lean(scale, new)}",
        )
        for (_, old), (number, new) in list(pairwise(changes))[-MOST_TURNS:]
        if frame.window.start < first_day(number, unit) * DAY <= frame.edge
    }


def lean_marks(
    frame: Frame, lean_by_unit: dict[int, tuple[str, str]], unit: str
) -> tuple[tuple[Riser, ...], list[list[Label]]]:
    """Return risers, and the possible labels of each, the latest first."""
    across = frame.levels.height - FOOT / 2
    places = [
        (frame.window.x(first_day(number, unit) * DAY), words)
        for number, words in lean_by_unit.items()
    ]
    rose = tuple(Riser(x, 3, across, "lean") for x, _ in places)
    return rose, [turn_labels(x, words) for x, words in places[::-1]]


def turn_labels(x: float, words: Iterable[str]) -> list[Label]:
    """Return possible labels above the stacks for a change, best first."""
    sides = ((6, "start"), (-6, "end"))
    return [Label(x, dx, 11, text, anchor, "lean-label") for text in words for dx, anchor in sides]
