"""The picture of what grows says what was measured, and can be read on light and dark."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmark.plotted import SVG, Plotted
from tests.support.contrast import contrast
from timeline.benchmark.growth import PAGES, WORDS, Grown
from timeline.benchmark.picture import (
    DARK,
    LIGHT,
    LINE_HEIGHT,
    NAMES,
    TO_WORDS,
    WIDTH,
    draw,
    spread,
)

SIZES = (1_000, 10_000, 100_000, 250_000)
GROWN = [
    Grown("front page", SIZES, (0.020, 0.031, 0.042, 0.044)),
    Grown("page of a story", SIZES, (0.010, 0.018, 0.040, 0.0425)),
    Grown("topic with half the record, an earlier day", SIZES, (0.050, 0.045, 0.048, 0.0381)),
    Grown("a statement until pages show it", SIZES, (0.008, 0.0081, 0.0061, 0.0056)),
]


def test_each_point_stands_for_what_was_measured() -> None:
    drawn = {line.name: line.points for line in Plotted(draw(GROWN)).lines()}
    assert drawn.keys() == {one.name for one in GROWN}
    for one in GROWN:
        sizes, ratios = zip(*drawn[one.name], strict=True)
        assert sizes == pytest.approx(one.sizes, rel=0.01)
        assert ratios == pytest.approx(one.ratios, abs=0.01)


def test_a_tick_names_each_size_and_each_ratio_up_to_the_highest() -> None:
    plotted = Plotted(draw(GROWN))
    assert [*plotted.sizes] == [*SIZES]
    assert [*plotted.ratios] == [0, 1, 2, 3, 4, 5]


def test_few_ticks_are_enough_for_much_growth() -> None:
    steep = [Grown("front page", SIZES, (0.02, 0.2, 1.0, 4.2))]
    assert [*Plotted(draw(steep)).ratios] == [0, 50, 100, 150, 200, 250]


def test_the_ratio_of_no_growth_is_named_where_there_is_room() -> None:
    some = [Grown("front page", SIZES, (0.02, 0.04, 0.1, 0.17))]
    assert [*Plotted(draw(some)).ratios] == [0, 1, 2, 4, 6, 8, 10]


def test_names_stand_in_the_order_of_their_lines_and_never_on_each_other() -> None:
    alike = [Grown(name, SIZES, (1, 1, 1, 1.001 - 0.0001 * n)) for n, name in enumerate(names())]
    for grown in (GROWN, alike):
        found = Plotted(draw(grown)).lines()
        by_end = sorted(grown, key=lambda one: -one.ratios[-1])
        assert [line.name for line in found] == [one.name for one in by_end]
        places = [line.place for line in found]
        assert all(below - above >= LINE_HEIGHT - 0.1 for above, below in pairwise(places))


def names() -> list[str]:
    return [*PAGES, *WORDS]


def test_the_longest_name_has_room() -> None:
    # The widest of the usual typefaces takes seven pixels a letter at this size.
    assert NAMES + TO_WORDS + 7 * max(map(len, names())) < WIDTH


def test_who_cannot_see_it_hears_what_it_says() -> None:
    root = Plotted(draw(GROWN)).root
    title, desc = (root.find(f"svg:{name}", SVG) for name in ("title", "desc"))
    assert title is not None
    assert desc is not None
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert "front page 2.2" in (desc.text or "")
    assert "a statement until pages show it 0.7" in (desc.text or "")


def test_a_name_is_no_markup() -> None:
    (line,) = Plotted(draw([Grown("<b>&</b>", SIZES, (1, 2, 3, 4))])).lines()
    assert line.name == "<b>&</b>"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_lines_stand_out_from_the_ground(colours: dict[str, str]) -> None:
    for name in ("ink", "quiet", "page", "statement"):
        assert contrast(colours[name], colours["paper"]) >= 4.5


def test_it_follows_light_and_dark_and_fetches_nothing() -> None:
    svg = draw(GROWN)
    light, _, dark = svg.partition("@media (prefers-color-scheme: dark)")
    assert f".paper {{ fill: {LIGHT['paper']} }}" in light
    assert f".paper {{ fill: {DARK['paper']} }}" in dark
    addresses = re.findall(r"https?://[^\"]+", svg)
    assert addresses == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|@import|@font-face|href|<script", svg)


@given(st.lists(st.floats(0, 400), min_size=1, max_size=20).map(sorted))
def test_what_is_spread_is_apart_between_the_ends_and_in_order(wanted: list[float]) -> None:
    placed = spread(wanted, 20, 0, 400)
    assert all(after - before >= 20 - 1e-6 for before, after in pairwise(placed))
    assert placed[0] >= 0
    assert placed[-1] <= 400 + 1e-6


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([50, 80, 120], [50, 80, 120]),
        ([100, 100, 100], [80, 100, 120]),
        ([100, 110, 300], [95, 115, 300]),
        ([0, 5], [0, 20]),
        ([398, 399], [380, 400]),
    ],
)
def test_what_is_spread_stays_as_near_as_it_can(wanted: list[float], placed: list[float]) -> None:
    assert spread(wanted, 20, 0, 400) == pytest.approx(placed)
