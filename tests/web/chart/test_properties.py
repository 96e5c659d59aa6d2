"""Whatever was said, the chart stays readable: random histories, laid out and rendered."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as every
from hypothesis import strategies as st

from tests.support.tiers import scaled
from tests.web.chart import page
from tests.web.chart.histories import DAY, END, START, given, instant, lane
from timeline.domain.scales import SCALES, Scale
from web.chart.axis import NARROW, PHONE, SPACIOUS, WIDEST, WIDTH
from web.chart.developments import boxes
from web.chart.drawing import DevelopmentMark, LaneDrawing, Mark
from web.chart.layout import MOST_ELEMENTS, card, draw, spark
from web.chart.model import (
    MARKED,
    MIXED,
    ChartInput,
    DayCount,
    Development,
    Lane,
    Run,
    Statement,
    Whole,
)
from web.chart.positions import plot_start
from web.chart.room import Box, Obstacles, extent

BEGIN, FINISH = instant(START), instant(END)
NAMES = ("Anna Arlen", "Bo", "Constantin von und zu Hohenwartburg", "Дмитро Кулеба", "王毅")
WORDS = st.sampled_from(NAMES)


@st.composite
def statements(draw_one: st.DrawFn, number: int, scale: Scale) -> Statement:
    """One statement, usually inside the window."""
    at = draw_one(st.integers(BEGIN - 400 * DAY, FINISH))
    name = draw_one(WORDS)
    wide = draw_one(st.booleans())
    return Statement(
        number=number,
        at=at,
        said="2 Sep 2025",
        speaker=name,
        short=name.split()[-1],
        stance=draw_one(st.sampled_from((*scale.steps, None))),
        timed=draw_one(st.booleans()),
        earliest=at - 30 * DAY if wide else None,
        latest=at if wide else None,
        rank=draw_one(st.sampled_from((0, 0, 0, 1, 2))),
        condition=draw_one(st.sampled_from(("", "guarantees"))),
        retracted=draw_one(st.booleans()) and draw_one(st.booleans()),
        corrected=draw_one(st.booleans()),
        is_new=draw_one(st.booleans()),
        hidden=draw_one(st.booleans()) and draw_one(st.booleans()),
        recorded=at + draw_one(st.integers(0, 100)) * DAY,
    )


def held(said: list[Statement], *, mixed: bool) -> tuple[Run, ...]:
    """Any sequence of runs, with levels that follow the statements or are mixed."""
    runs: list[Run] = []
    ordered = sorted(said, key=lambda statement: (statement.at, statement.number))
    for one, after in zip(ordered, [*ordered[1:], None], strict=False):
        is_mixed = mixed and one.number % 5 == 0
        runs.append(
            Run(
                start=one.at,
                end=after.at if after else None,
                level="mixed" if is_mixed else one.stance,
                timed=one.timed,
                lowest=-2 if is_mixed else None,
                highest=2 if is_mixed else None,
                rank=one.rank,
                said=(one.at,),
                first_said="Feb 2022",
                last_said="2 Jul",
                kind=("changed", "terms", "")[one.number % 3] if runs else "first",
                opened_by=one.number,
                other_speaker=one.number % 2 == 0,
            )
        )
    return tuple(runs)


@st.composite
def lanes(draw_one: st.DrawFn, at: int, most: int) -> Lane:
    """A lane of some statements."""
    size = draw_one(st.integers(0, most))
    scale = draw_one(st.sampled_from((None, *SCALES.values())))
    spoken = scale or SCALES["vote"]
    said = [draw_one(statements(at * 100 + n + 1, spoken)) for n in range(size)]
    runs = held(said, mixed=draw_one(st.booleans()))
    return lane(
        *said,
        runs=runs,
        reported=runs[-1:] if draw_one(st.booleans()) else (),
        slug=f"a{at}",
        name=draw_one(WORDS),
        side=draw_one(st.sampled_from(("", "One", "Two"))),
        scale=scale,
    )


@st.composite
def crowds(draw_one: st.DrawFn, at: int) -> Lane:
    """A lane of more statements than have a mark each, given one by one or by day."""
    size = draw_one(st.integers(41, 120))
    seed = draw_one(st.integers(1, 997))
    scale = SCALES["position"]
    said = [
        Statement(
            number=at * 1_000 + n,
            at=BEGIN + (n * seed) % 202 * DAY,
            said="",
            speaker=NAMES[n % 5],
            short=NAMES[n % 5],
            stance=(n * seed + n // 9) % 5 - 2,
        )
        for n in range(size)
    ]
    if draw_one(st.booleans()):
        return lane(*said, runs=held(said, mixed=False), slug=f"c{at}", scale=scale)
    daily = tuple(
        DayCount(day=statement.at // DAY, counts=(size, n % 3, n % 7, 1, n % 2))
        for n, statement in enumerate(said)
    )
    return lane(slug=f"c{at}", daily=daily, scale=scale)


@st.composite
def charts(draw_one: st.DrawFn) -> ChartInput:
    """A chart of few or many lanes."""
    number = draw_one(st.integers(0, 8))
    shown = [draw_one(lanes(at, 14)) for at in range(number)]
    shown += [draw_one(crowds(number + at)) for at in range(draw_one(st.integers(0, 3)))]
    days = draw_one(st.lists(st.integers(0, 202), max_size=12))
    return given(
        *shown,
        developments=tuple(
            Development(
                number=90_000 + at, at=BEGIN + day * DAY, when="", title="", label=NAMES[at % 5]
            )
            for at, day in enumerate(days)
        ),
        as_of=draw_one(st.none() | st.integers(BEGIN, FINISH)),
        known=draw_one(st.booleans()),
        earlier=draw_one(st.none() | st.integers(BEGIN - 900 * DAY, BEGIN - 1)),
        whole=draw_one(st.none() | st.just(Whole(BEGIN - 900 * DAY, FINISH))),
        zoom_href=draw_one(st.sampled_from(("", "/t/x?from={from}&to={to}"))),
        silent_since=draw_one(st.none() | st.integers(BEGIN, FINISH)),
        density=draw_one(st.sampled_from(("roomy", "compact"))),
        selected=draw_one(st.integers(0, 200)),
        scale=draw_one(st.sampled_from(list(SCALES.values()))),
    )


def check_marks(drawn: LaneDrawing) -> None:
    """No mark leaves its lane, and none is out of the order of its days."""
    assert [mark.x for mark in drawn.marks] == sorted(mark.x for mark in drawn.marks)
    for mark in drawn.marks:
        assert 0 <= mark.y <= drawn.height
        assert 0 <= mark.x <= drawn.right
        assert mark.pin is None or 0 <= mark.pin.x <= drawn.right


SIGN, RING = 6.6, 9.5
"""Half of what a sign and its ring are wide and high."""


def sign_of(mark: Mark, width: int) -> Box:
    """Return the rectangle of a sign, or of all of a knot, whose number is its sign."""
    x = mark.x / 100 * width
    if mark.knot:
        return Box(x - 12, mark.y - 11, x + 12, mark.bottom + 11)
    return Box(x - SIGN, mark.y - SIGN, x + SIGN, mark.y + SIGN)


def cover_of(mark: Mark, width: int) -> Box:
    """Return the rectangle that a mark paints over: its sign, ring, capsule or knot.

    Percentages have three decimals, which are some hundredths of a pixel.
    """
    x, reach = mark.x / 100 * width, RING if mark.ringed or mark.second else SIGN
    if mark.knot:
        return sign_of(mark, width)
    if mark.count:
        return Box(x - 10.5, mark.y - RING, x - 10.5 + mark.width, mark.y + RING)
    return Box(x - reach, mark.y - reach, x + reach, mark.y + reach)


def flags_of(mark: Mark, width: int) -> list[Box]:
    """Return the rectangles of what a mark wears outside of its sign, which no knot does."""
    x, y = mark.x / 100 * width, mark.y
    flags = {
        Box(x - 5.5, y + 8.7, x + 5.5, y + 13): mark.condition,
        Box(x + 3.7, y - 10.3, x + 11.3, y - 2.7): mark.corrected and not mark.selected,
        Box(x - 8.7, y - 6.7, x + 8.7, y + 6.7): mark.retracted,
        Box(x - 11, y - 11, x + 11, y + 11): mark.is_new,
    }
    return [] if mark.knot else [box for box, is_worn in flags.items() if is_worn]


def check_signs(drawn: LaneDrawing) -> None:
    """No mark or flag covers another's sign, on any plot as wide as they are laid out for."""
    for width in (MARKED, WIDTH, SPACIOUS, WIDEST):
        signs = [sign_of(mark, width) for mark in drawn.marks]
        inner = [Box(sign.left + 0.05, sign.top, sign.right - 0.05, sign.bottom) for sign in signs]
        covered = [(cover_of(mark, width), *flags_of(mark, width)) for mark in drawn.marks]
        for one, other in permutations(range(len(drawn.marks)), 2):
            assert not any(box.meets(inner[other]) for box in covered[one])


def check_changes(given_lane: Lane, drawn: LaneDrawing, chart: ChartInput) -> None:
    """Every change in the window that is told is drawn as a riser or counted in a knot.

    Nothing else is counted; thin risers tell of what is mixed or lost, too.
    """
    if drawn.detail == "bins":
        return
    edge = min(chart.now if chart.as_of is None else chart.as_of, chart.end)
    start = chart.start if chart.earlier is None else chart.earlier
    begun = [
        (before, run)
        for before, run in pairwise(given_lane.runs)
        if start < plot_start(run) <= edge
    ]
    changes = sum(
        run.kind == "changed" and before.level not in (None, run.level) for before, run in begun
    )
    most = sum(
        run.is_published or run.level is None or MIXED in (before.level, run.level)
        for before, run in begun
    )
    risers = sum(riser.kind not in ("first", "step") for riser in drawn.risers)
    shown = risers + sum(mark.knot for mark in drawn.marks)
    assert changes <= shown <= most


TIERS = {NARROW: "if-narrow", WIDTH: "if-wide", SPACIOUS: "if-spacious"}
"""The plot from which labels of a kind are shown."""

SHORT = "if-not-wide"
"""What gives way to longer words from the width on that the chart is laid out for."""


def shown_at(width: int) -> set[str]:
    """Return the kinds of labels that a plot of this width shows."""
    return {tier for least, tier in TIERS.items() if width >= least}


def check_labels(drawn: LaneDrawing) -> None:
    """No label covers another, or a mark, riser or line, at any width that shows it.

    None leaves its lane, where it would meet those of the next.
    """
    stretches = (*drawn.whiskers, *drawn.tails)
    around = Obstacles(drawn.marks, drawn.risers, drawn.segments, stretches, (0, drawn.right))
    assert {label.tier for label in drawn.labels} <= set(TIERS.values())
    for width in range(NARROW, WIDEST + 1, 2):
        tiers = shown_at(width)
        placed = [extent(label, width) for label in drawn.labels if label.tier in tiers]
        assert not any(a.meets(b) for a, b in combinations(placed, 2))
        end = drawn.right / 100 * width
        assert all(box.left >= 0 and box.right <= end for box in placed)
        assert all(box.top >= 0 and box.bottom <= drawn.height for box in placed)
        if width in (NARROW, WIDTH, SPACIOUS, WIDEST):
            flags = [flag for mark in drawn.marks for flag in flags_of(mark, width)]
            taken = (*around.boxes(width), *flags)
            assert not any(box.meets(other) for box in placed for other in taken)
        for label in (one for one in drawn.labels if one.tier in tiers):
            box = extent(label, width)
            assert not any(box.meets(other) for other in around.columns(label, width))


def check_lane(drawn: LaneDrawing) -> None:
    """Nothing of a lane leaves it: lines, bands, risers, bars, bins and tails."""
    for held in drawn.segments:
        assert 0 <= held.x1 <= held.x2 <= 100
        assert 0 <= held.band_y <= held.band_y + held.band_height <= drawn.height
    for riser in drawn.risers:
        assert 0 <= riser.x <= 100
        assert 0 <= min(riser.y1, riser.y2) <= max(riser.y1, riser.y2) <= drawn.height
    for stretch in (*drawn.whiskers, *drawn.tails):
        assert 0 <= stretch.x1 <= stretch.x2 <= 100
        assert 0 <= stretch.y <= drawn.height
    for bin_ in drawn.bins:
        assert 0 <= bin_.x <= bin_.x + bin_.width <= 100.001
        assert all(0 <= b.y <= b.y + b.height <= drawn.height + 0.05 for b in bin_.blocks)


def is_shown(tier: str, width: int) -> bool:
    """Tell whether a plot of this width shows what is of a kind."""
    kinds = set(tier.split())
    return kinds - {SHORT} <= shown_at(width) and not (SHORT in kinds and width >= WIDTH)


def check_happened(marks: tuple[DevelopmentMark, ...]) -> None:
    """No name of a development covers another, and no mark leaves the plot."""
    for width in (PHONE, NARROW, WIDTH, SPACIOUS, WIDEST):
        assert all(0 <= mark.x / 100 * width + mark.shift <= width for mark in marks)
        named = [label for mark in marks for label in mark.labels if is_shown(label.tier, width)]
        words = [boxes(label, width)[0] for label in named]
        assert not any(a.meets(b) for a, b in combinations(words, 2))


@pytest.mark.timeout(900)  # a hundred and fifty whole charts, on a busy machine too
@settings(
    deadline=None,
    max_examples=scaled(75),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@pytest.mark.thorough
@every(st.data())
def test_any_history_is_laid_out_readably(drawn_from: st.DataObject) -> None:
    """A chart is drawn inside: as an argument its length alone would be what is reported."""
    asked = drawn_from.draw(charts())
    chart = draw(asked)
    of_slug = {one.slug: one for one in asked.lanes}
    for drawn in chart.lanes:
        check_marks(drawn)
        check_signs(drawn)
        check_changes(of_slug[drawn.slug], drawn, asked)
        check_labels(drawn)
        check_lane(drawn)
    check_happened(chart.developments)
    rendered = page.chart(chart)
    assert len(rendered.in_svg()) == chart.elements <= MOST_ELEMENTS


def spoken(number: int, days: float, stance: int | None, **more: Any) -> Statement:  # noqa: ANN401
    """A statement so many days after the window begins."""
    at = BEGIN + int(days * DAY)
    return Statement(
        number=number, at=at, said="", speaker="A", short="A", stance=stance, timed=True, **more
    )


def drawn_alone(said: list[Statement], *, mixed: bool) -> LaneDrawing:
    """Return the lane of these statements, which counts some of its changes in a knot."""
    (drawn,) = draw(given(lane(*said, runs=held(said, mixed=mixed)))).lanes
    assert any(mark.knot for mark in drawn.marks)
    return drawn


@pytest.mark.parametrize(
    ("worn", "value"),
    [("condition", "guarantees"), ("corrected", True), ("is_new", True), ("retracted", True)],
)
@pytest.mark.parametrize("side", [-1, 1])
def test_what_a_sign_wears_covers_no_knot_beside_it(worn: str, value: object, side: int) -> None:
    turns = [spoken(n, 100 + n / 24, (2, -2)[n % 2]) for n in range(1, 9)]
    for days in range(1, 12):
        beside = spoken(100, 100 + side * days, 0, **{worn: value})
        check_signs(drawn_alone([*turns, beside], mixed=False))


def test_a_knot_leaves_room_beside_all_that_a_mixed_position_covers() -> None:
    mixed = spoken(30, 7.93, None, corrected=True)
    around = [spoken(32, 5.5, -2), spoken(31, 8.5, None), spoken(17, 9.5, 2)]
    later = [spoken(27, 10.5, 2, retracted=True), spoken(33, 11.5, 2, is_new=True)]
    check_signs(drawn_alone([mixed, *around, *later], mixed=True))


@settings(deadline=None, max_examples=scaled(6))
@every(st.integers(1, 60), st.integers(0, 60), st.sampled_from(("roomy", "compact")))
def test_a_chart_of_any_size_stays_below_its_limit(
    number: int, statements_each: int, density: str
) -> None:
    shown = tuple(
        lane(
            *(
                Statement(
                    number=at * 100 + n,
                    at=BEGIN + (n * 997 + at * 31) % 200 * DAY,
                    said="",
                    speaker=NAMES[n % 5],
                    short=NAMES[n % 5],
                    stance=(n * 7 + at) % 5 - 2,
                )
                for n in range(statements_each)
            ),
            slug=f"a{at}",
        )
        for at in range(number)
    )
    asked = given(*shown, expanded=True, density=density)
    chart = draw(asked)
    assert len(page.chart(chart).in_svg()) == chart.elements <= MOST_ELEMENTS
    for one, drawn in zip(shown, chart.lanes, strict=False):
        check_marks(drawn)
        check_signs(drawn)
        check_labels(drawn)
        check_changes(one, drawn, asked)


@settings(deadline=None, max_examples=scaled(12), suppress_health_check=[HealthCheck.too_slow])
@every(lanes(1, 20))
def test_sparks_and_cards_stay_small_and_in_place(one: Lane) -> None:
    for drawn in (spark(given(one)), card(given(one))):
        check_marks(drawn)
        assert len(page.small(drawn).in_svg()) < 2 * 150


@settings(deadline=None, max_examples=scaled(20))
@every(
    st.integers(-13_800_000_000 * 366 * DAY, 9_000 * 366 * DAY),
    st.integers(1, 13_800_000_000 * 366 * DAY),
)
def test_any_time_since_the_big_bang_can_be_drawn(start: int, span: int) -> None:
    statement = Statement(number=1, at=start + span // 2, said="", speaker="A", short="A", stance=1)
    chart = draw(given(lane(statement), start=start, end=start + span, now=start + span))
    assert len(page.chart(chart).in_svg()) == chart.elements <= MOST_ELEMENTS
