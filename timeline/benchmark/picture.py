"""Draws what grows with the record: a line for each question, with its name at the line's end."""

from __future__ import annotations

import math
from html import escape
from string import Template
from typing import TYPE_CHECKING

from timeline.benchmark.growth import SMALLEST, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timeline.benchmark.growth import Grown

WIDTH, HEIGHT = 960, 560
LEFT, RIGHT, TOP, BOTTOM = 56, 590, 92, 496
"""The sides of the plot; names stand to the right of it."""

NAMES, TO_RATIO, TO_WORDS = RIGHT + 28, 26, 36
"""Where names begin, and how far from there their ratio ends and their words begin."""

LINE_HEIGHT, MIDDLE = 19, 4.5
"""How far apart names stand, and how far their middle is above the line that they stand on."""

TICKS = 8
"""How many ticks the ratios have at most."""

TITLE = "How much longer it takes in a larger record"
UNIT = f"Times what it takes in a record of {SMALLEST:,} statements, of the processor"

LIGHT = {
    "paper": "#fff",
    "ink": "#14161b",
    "quiet": "#5a5f69",
    "rule": "#e4e4df",
    "page": "#0a4f7e",
    "statement": "#b4530a",
}
DARK = {
    "paper": "#0f1114",
    "ink": "#f1f2f3",
    "quiet": "#a3a8b1",
    "rule": "#2b3036",
    "page": "#86cbf3",
    "statement": "#ff9a57",
}
SHAPES = """
text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
.title { font-size: 18px; font-weight: 600 }
.end { text-anchor: end }
.middle { text-anchor: middle }
.ratio { font-variant-numeric: tabular-nums; font-weight: 600 }
.line, .way { fill: none }
.line { stroke-width: 2; stroke-linejoin: round }
.line-of:hover .line { stroke-width: 4 }
.then { stroke-dasharray: 6 4 }
.way { opacity: 0.45 }
.point { stroke-width: 1.5 }
"""
COLOURS = """
.paper { fill: $paper }
text { fill: $ink }
.quiet { fill: $quiet }
.rule { stroke: $rule }
.same { stroke: $quiet }
.page :is(.line, .way) { stroke: $page }
.statement :is(.line, .way) { stroke: $statement }
.page :is(.point, .ratio) { fill: $page }
.statement :is(.point, .ratio) { fill: $statement }
.point { stroke: $paper }
"""
"""Written out for light and for dark: what reads pictures may not know custom properties."""


def draw(lines: Sequence[Grown]) -> str:
    """Return an SVG of what was measured, which needs no other file and follows light and dark."""
    top = _top(lines)
    parts = (*_frame(lines[0].sizes, top), *_lines(lines, top))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" aria-labelledby="title desc">\n'
        f'<title id="title">{TITLE}</title>\n<desc id="desc">{escape(_told(lines))}</desc>\n'
        f"<style>{_style()}</style>\n{body}\n</svg>\n"
    )


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Return places at least so far apart between two ends, each near where it is wanted.

    ``wanted`` rises. The sum of the squares of all distances is the least: places that would be too
    near move as a group, which stands around the mean of what its members want (isotonic
    regression by pooling).
    """
    groups: list[tuple[float, int]] = []
    for number, place in enumerate(wanted):
        total, count = place - number * apart, 1
        while groups and groups[-1][0] / groups[-1][1] >= total / count:
            before, others = groups.pop()
            total, count = total + before, count + others
        groups.append((total, count))
    means = [total / count for total, count in groups for _ in range(count)]
    highest = high - (len(wanted) - 1) * apart
    return [max(low, min(mean, highest)) + number * apart for number, mean in enumerate(means)]


def _top(lines: Sequence[Grown]) -> int:
    """Return the ratio at the top of the plot: the first tick that no line goes beyond."""
    highest = max(max(line.ratios) for line in lines)
    step = _step(highest)
    return max(2, step * math.ceil(highest / step))


def _step(highest: float) -> int:
    """Return the ratio from tick to tick: 1, 2 or 5, or ten or more times as much."""
    tens = 1
    while True:
        for step in (tens, 2 * tens, 5 * tens):
            if highest <= TICKS * step:
                return step
        tens *= 10


def _ticks(top: int) -> list[int]:
    """Return the ratios that are named; 1, which is no growth, wherever there is room for it."""
    named = {*range(0, top + 1, _step(top))}
    return sorted(named | {1} if _y(0, top) - _y(1, top) >= LINE_HEIGHT else named)


def _x(size: int, sizes: Sequence[int]) -> float:
    return LEFT + (RIGHT - LEFT) * math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])


def _y(ratio: float, top: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * ratio / top


def _frame(sizes: Sequence[int], top: int) -> Iterator[str]:
    yield f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>'
    yield _text("title", LEFT - 32, 36, TITLE)
    yield _text("quiet", LEFT - 32, 60, UNIT)
    for ratio in _ticks(top):
        y = _y(ratio, top)
        yield f'<path class="rule" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
        yield _text("quiet end tick", LEFT - 10, y + MIDDLE, f"{ratio} ×")
    y = _y(1, top)
    yield f'<path class="same" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
    for size in sizes:
        x = _x(size, sizes)
        yield f'<path class="rule" d="M{x:.1f} {BOTTOM}v6"/>'
        yield _text("quiet middle tick", x, BOTTOM + 24, f"{size:,}")
    yield _text("quiet middle", (LEFT + RIGHT) / 2, BOTTOM + 46, "statements in the record")


def _lines(lines: Sequence[Grown], top: int) -> Iterator[str]:
    """Yield each line, the highest first, with its name and how many times it ends at."""
    falling = sorted(lines, key=lambda line: -line.ratios[-1])
    ends = [_y(line.ratios[-1], top) for line in falling]
    for line, place in zip(falling, spread(ends, LINE_HEIGHT, TOP, BOTTOM), strict=True):
        yield _line(line, place, top)


def _line(line: Grown, place: float, top: int) -> str:
    pairs = zip(line.sizes, line.ratios, strict=True)
    points = [(_x(size, line.sizes), _y(ratio, top)) for size, ratio in pairs]
    kind = "statement" if line.name in WORDS else "page"
    then = " then" if line.name.endswith("an earlier day") else ""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<g class="line-of {kind}"><title>{escape(_in_words(line))}</title>'
        f'<path class="way" d="M{x:.1f} {y:.1f}L{NAMES - 6} {place:.1f}"/>'
        f'<polyline class="line{then}" points="{joined}"/>'
        + "".join(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points)
        + _text("ratio end", NAMES + TO_RATIO, place + MIDDLE, f"{line.ratios[-1]:.1f}")
        + _text("name", NAMES + TO_WORDS, place + MIDDLE, line.name)
        + "</g>"
    )


def _text(classes: str, x: float, y: float, words: str) -> str:
    return f'<text class="{classes}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def _told(lines: Sequence[Grown]) -> str:
    """Return in words what the picture shows."""
    largest = lines[0].sizes[-1]
    ends = ", ".join(f"{line.name} {line.ratios[-1]:.1f}" for line in lines)
    return f"{UNIT}. In one of {largest:,}: {ends}."


def _in_words(line: Grown) -> str:
    pairs = zip(line.sizes, line.seconds, strict=True)
    return f"{line.name}: " + ", ".join(
        f"{each * 1_000:.1f} ms in {size:,}" for size, each in pairs
    )


def _style() -> str:
    light, dark = (Template(COLOURS).substitute(colours) for colours in (LIGHT, DARK))
    return f"{SHAPES}{light}@media (prefers-color-scheme: dark) {{{dark}}}\n"
