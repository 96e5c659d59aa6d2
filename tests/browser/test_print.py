"""A topic on paper: what hangs together on the screen hangs together there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.reader import Reader

pytestmark = pytest.mark.thorough

PAPER = 695
"""Pixels of the text on A4."""


@pytest.mark.parametrize("topic", ["eu-accession", "cuba-embargo"])
def test_on_paper_the_time_of_the_grid_is_that_of_the_lanes(
    reader: Callable[..., Reader], topic: str
) -> None:
    me = reader()
    me.go(f"/t/{topic}")
    me.page.emulate_media(media="print")
    me.page.set_viewport_size({"width": PAPER, "height": 1_000})
    grid = me.find(".chart-grid").bounding_box()
    assert grid is not None
    plots = me.find(".lane-plot").all()
    assert len(plots) > 2
    for plot in plots:
        box = plot.bounding_box()
        assert box is not None
        assert abs(box["x"] - grid["x"]) < 1
        assert abs(box["width"] - grid["width"]) < 1
