"""A topic on paper: what hangs together on the screen hangs together there."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.reader import Reader

pytestmark = pytest.mark.thorough

PAPER = 695
"""Pixels of the text on A4."""

WORDS_OF_A_SHEET = 16
"""Fewer on a sheet of paper are a blank one, with a line of the frame at most."""


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


def printed(me: Reader) -> list[str]:
    """Print a page on A4, and return the text of each sheet."""
    pdf = PdfReader(io.BytesIO(me.page.pdf(format="A4")))
    return [page.extract_text() for page in pdf.pages]


@pytest.mark.parametrize("path", ["/t/cuba-embargo", "/story/berlin-talks", "/a/donald-trump"])
def test_no_sheet_of_a_page_is_blank(reader: Callable[..., Reader], path: str) -> None:
    me = reader()
    me.go(path)
    assert [len(one.split()) for one in printed(me) if len(one.split()) <= WORDS_OF_A_SHEET] == []


def test_of_very_many_entries_paper_has_the_first_and_says_where_all_are(
    reader: Callable[..., Reader],
) -> None:
    me = reader()
    me.go("/t/cuba-embargo")
    text = " ".join(printed(me))
    assert len(set(re.findall(r"/s/(\d+)@", text))) > 100
    assert "/t/cuba-embargo?view=table" in text
