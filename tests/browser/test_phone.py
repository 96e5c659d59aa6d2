"""The chart on a phone: names, where they stand, and what is said of it, each with room."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.reader import Reader

EU = "/t/eu-accession"


def test_what_is_said_of_a_position_has_the_whole_width_and_leaves_the_name_its_own(
    reader: Callable[..., Reader],
) -> None:
    me = reader(width=390)
    me.go(EU)
    lane = me.find("#lane-russia .lane")
    whole = lane.bounding_box()
    name, chip = (lane.locator(f".{one}").bounding_box() for one in ("lane-label", "now-line"))
    assert whole is not None
    assert name is not None
    assert chip is not None
    assert abs(name["width"] + chip["width"] - whole["width"]) < 1
    assert name["width"] > whole["width"] / 2
    plot = lane.locator(".lane-plot").bounding_box()
    assert plot is not None
    line = lane.locator(".now-text").bounding_box()
    assert line is not None
    assert abs(line["width"] - whole["width"]) < 1
    assert name["y"] + name["height"] - 1 <= line["y"] <= plot["y"] - line["height"] + 1
    told = [one.bounding_box() for one in lane.locator(".now-text small").all()]
    assert len(told) == 3
    assert len({one and one["y"] for one in told}) == 1


def test_a_phone_splits_a_lane_into_its_speakers_too(reader: Callable[..., Reader]) -> None:
    me = reader(width=390)
    me.go("/t/nato-membership")
    split = me.find("#lane-ukraine .lane-label").get_by_role("link", name="Zelensky")
    box = split.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    split.click()
    me.at("/t/nato-membership?expand=ukraine#lane-ukraine")
    assert me.find("#lane-volodymyr-zelensky").is_visible()


def test_a_phone_says_the_year_in_which_the_axis_begins(reader: Callable[..., Reader]) -> None:
    me = reader(width=390)
    me.go(EU)
    assert me.find(".chart-axis .lane-label").inner_text() == "2025"
