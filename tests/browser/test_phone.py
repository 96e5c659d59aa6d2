"""A topic on a phone: its sides as lines on one scale, and each of them as a track that opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader
    from tests.support.access import Theme

pytestmark = pytest.mark.thorough

EU = "/t/eu-accession"
VOTES = "/t/mercenaries"


def test_sides_are_lines_without_marks_on_one_scale(reader: NewReader) -> None:
    me = reader(width=390)
    me.go(VOTES)
    plots = [locator.bounding_box() for locator in me.find(".lanes .lane .lane-plot:visible").all()]
    assert len(plots) > 10
    assert len({(plot["x"], plot["width"]) for plot in plots if plot}) == 1
    assert me.find(".lanes .point:visible").count() == 0
    assert me.find(".lanes .area:visible").count() > 10
    assert not me.is_too_wide()


@pytest.mark.parametrize("script", [True, False])
def test_a_side_opens_as_a_track_and_closes(reader: NewReader, *, script: bool) -> None:
    me = reader(width=390, script=script)
    me.go(VOTES)
    line = me.find("#lane-brazil .lane-plot")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box is not None
    me.page.mouse.click(box["x"] + 100, box["y"] + box["height"] / 2)
    expect(me.find("#lane-brazil #track .track-said").first).to_be_visible()
    me.at(f"{VOTES}?open=brazil" + ("" if script else "#lane-brazil"))
    rails = me.find(".track-said .track-rail")
    words = me.find(".track-said .track-words")
    for rail, locator in zip(rails.all(), words.all(), strict=True):
        left, right = rail.bounding_box(), locator.bounding_box()
        assert left is not None
        assert right is not None
        assert left["x"] + left["width"] <= right["x"]
        assert left["height"] >= right["height"]
    me.find("#open-brazil").click()
    expect(me.find("#track")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_the_words_of_a_track_lead_to_their_record(reader: NewReader, *, script: bool) -> None:
    me = reader(width=390, script=script)
    me.go("/t/donetsk-withdrawal?open=russia")  # to other questions its words are ascribed
    me.find("#track .track-head a").first.click()
    expect(me.find("main")).to_contain_text("Recorded by")


def test_a_name_and_a_reason_are_reached_without_opening_the_track(reader: NewReader) -> None:
    me = reader(width=390)
    me.go(EU)
    me.find("#lane-russia .why").click()
    expect(me.find("#lane-russia #why-below")).to_contain_text("Why this position?")
    me.find("#lane-russia .lane-name").click()
    me.at("/a/russia")


def test_a_phone_splits_a_lane_into_its_speakers_too(reader: NewReader) -> None:
    me = reader(width=390)
    me.go("/t/nato-membership")
    split = me.find("#lane-ukraine .lane-label").get_by_role("link", name="Zelensky")
    box = split.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    split.click()
    me.at("/t/nato-membership?expand=ukraine#lane-ukraine")
    assert me.find("#lane-volodymyr-zelensky").is_visible()


def test_a_phone_says_the_year_in_which_the_axis_begins(reader: NewReader) -> None:
    me = reader(width=390)
    me.go(EU)
    assert me.find(".chart-axis .axis-label.big").first.text_content() == "Dec 2025"


@pytest.mark.parametrize("script", [True, False])
def test_sides_that_did_not_change_are_folded_and_unfold(
    reader: NewReader, *, script: bool
) -> None:
    me = reader(width=390, script=script)
    me.go(VOTES)
    still = me.find(".lane-block:has(.opening-still)")
    assert still.count() > 5
    assert all(not locator.is_visible() for locator in still.all())
    me.find(".lanes-fold").click()
    assert all(locator.is_visible() for locator in still.all())
    name = still.first.get_attribute("id")
    me.go("/")
    me.go(f"{VOTES}#{name}")
    expect(me.find(f"#{name}")).to_be_visible()


def test_what_a_step_tells_takes_the_whole_width(reader: NewReader) -> None:
    me = reader(width=390)
    me.go(f"{VOTES}?as_of=2005-12-31")
    told, bar = (me.find(part).bounding_box() for part in (".replay-told", ".replay-bar"))
    assert told is not None
    assert bar is not None
    assert told["width"] == bar["width"]


@pytest.mark.parametrize("path", [VOTES, EU, "/t/cuba-embargo", "/t/right-to-development"])
def test_a_topic_with_twenty_sides_is_no_endless_page(reader: NewReader, path: str) -> None:
    me = reader(width=390, script=False)
    me.go(path)
    assert me.page.evaluate("document.documentElement.scrollHeight") < 9_000


@pytest.mark.parametrize(
    ("path", "language", "theme"),
    [
        (f"{VOTES}?open=brazil", "en-GB", "light"),
        (f"{VOTES}?open=brazil", "de-DE", "dark"),
        (f"{EU}?open=russia", "en-GB", "dark"),
        (f"{EU}?open=russia", "de-DE", "light"),
    ],
)
def test_nothing_of_a_track_is_out_of_reach(
    reader: NewReader, theme: Theme, language: str, path: str
) -> None:
    me = reader(width=390, language=language)
    me.go(path)
    me.check_access(theme)
    assert not me.is_too_wide()


def test_wider_pages_show_marks_and_no_lines_for_phones(reader: NewReader) -> None:
    me = reader(width=1024)
    me.go(VOTES)
    assert me.find(".lanes .point:visible").count() > 10
    assert me.find(".opening:visible").count() == 0
    me.go(f"{VOTES}?open=brazil")
    expect(me.find("#track")).to_be_visible()


def test_the_replay_is_a_bar_of_one_line_until_somebody_takes_it_up(reader: NewReader) -> None:
    me = reader(width=390)
    me.go("/t/cuba-embargo")
    bar = me.find("#replay")
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box
    assert box["height"] < 70
    me.find("#play").focus()
    expect(me.find("#clock-known")).to_be_visible()
    me.find("#go-prev").click()
    expect(me.find("#rng")).to_be_visible()
    expect(me.find("#clock-known")).to_be_visible()
    assert not me.is_too_wide()
