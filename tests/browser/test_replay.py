"""Stepping through history on both clocks, and addresses that bring every view back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.tiers import WIDTHS

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect

    from tests.browser.reader import NewReader, Reader

VOTES = "/t/cuba-embargo"
LAST, BEFORE, THIRD_LAST, FIRST = "2019-11-07", "2017-11-01", "2016-10-26", "1992-11-30"
SLOW, SLOWISH = 600, 200
"""Milliseconds that a line takes for an answer: while a reader acts, and longer than a key."""

TALKS = "/t/security-guarantees"


def slowly(me: Reader, latency: int = SLOW) -> None:
    """Let every answer take its time from here on."""
    line = me.context.new_cdp_session(me.page)
    unbounded = {"downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": latency, **unbounded}
    )


def slider_box(me: Reader) -> FloatRect:
    """Bring the slider of the replay into view, and return where it is."""
    slider = me.find("#rng")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    return box


def test_buttons_step_back_and_forth_on_the_said_clock(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("[data-go=prev]").click()
    me.at(f"{VOTES}?as_of={LAST}")
    me.find("[data-go=prev]").click()
    me.at(f"{VOTES}?as_of={BEFORE}")
    expect(me.find(".replaying")).to_contain_text("What had been said by the end of 1 Nov 2017")
    expect(me.find("#lane-brazil .lane-now")).to_contain_text("for")
    me.find("[data-go=next]").click()
    me.at(f"{VOTES}?as_of={LAST}")
    expect(me.find("#lane-brazil .lane-now")).to_contain_text("against")
    me.find("[data-go=first]").click()
    me.at(f"{VOTES}?as_of={FIRST}")
    me.find("[data-go=last]").click()
    me.at(VOTES)
    expect(me.find(".replaying")).to_have_count(0)


@pytest.mark.thorough
def test_a_page_whose_address_asks_for_a_language_steps_on_in_it(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?lang=de")
    me.find("[data-go=prev]").click()
    me.at(f"{VOTES}?as_of={LAST}&lang=de")
    me.find("[data-go=prev]").click()
    me.at(f"{VOTES}?as_of={BEFORE}&lang=de")
    expect(me.find(".replaying")).to_contain_text("Zurück zu heute")
    me.find('[data-lanes] a[href^="/a/"]').first.click()
    expect(me.find("html")).to_have_attribute("lang", "de")
    me.find("#q").fill("Kuba")
    me.find("#q").press("Enter")
    expect(me.find("h1")).to_have_text("Suche")
    expect(me.find("html")).to_have_attribute("lang", "de")


@pytest.mark.thorough
def test_comma_and_full_stop_step_and_every_step_is_said_aloud(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.press(",")
    me.at(f"{VOTES}?as_of={LAST}")
    me.press(",")
    me.at(f"{VOTES}?as_of={BEFORE}")
    expect(me.find("#live")).to_contain_text(
        "1 Nov 2017, step 26 of 27. United States: now against"
    )
    me.press(".")
    me.at(f"{VOTES}?as_of={LAST}")
    expect(me.find("#live")).to_contain_text("Brazil: now against, before: for. ")


@pytest.mark.thorough
def test_steps_asked_for_faster_than_they_come_all_count(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    slowly(me, SLOWISH)
    for _ in range(3):
        me.press(",")
    me.at(f"{VOTES}?as_of={THIRD_LAST}")


@pytest.mark.thorough
def test_pause_holds_while_the_next_step_is_on_its_way(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of={FIRST}&play=1")
    slowly(me)
    with me.page.expect_request(lambda asked: "go=next" in asked.url):
        pass
    paused = me.where().replace("&play=1", "")
    me.find("#play").click()
    expect(me.find("#play")).to_have_text("Replay")
    me.page.wait_for_timeout(3 * SLOW)
    assert me.where() == paused
    expect(me.find("#play")).to_have_text("Replay")


@pytest.mark.thorough
def test_the_key_for_the_table_puts_the_focus_on_the_view_that_it_chose(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("#lane-brazil svg a").first.focus()
    me.press("t")
    me.at(f"{VOTES}?view=table")
    assert me.focused() == "view-table"
    me.press("t")
    me.at(VOTES)
    assert me.focused() == "view-chart"


@pytest.mark.thorough
def test_a_button_of_the_replay_keeps_the_focus(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("[data-go=prev]").focus()
    me.press("Enter")
    me.at(f"{VOTES}?as_of={LAST}")
    me.press("Enter")
    me.at(f"{VOTES}?as_of={BEFORE}")
    assert me.focused() == "go-prev"


def test_the_known_clock_steps_through_what_the_record_learnt(reader: NewReader) -> None:
    me = reader()
    me.go(TALKS)
    now = me.chart()
    me.press("c")
    me.at(f"{TALKS}?clock=known")
    expect(me.find("#clock-known")).to_have_attribute("aria-current", "true")
    me.press(",")
    expect(me.find("#live")).to_have_text(re.compile(r"step (\d+) of \1\. "))
    expect(me.find(".replaying")).to_contain_text("What this record knew")
    latest = me.where()
    assert latest.startswith(f"{TALKS}?clock=known&known_at=@")
    me.press(",")
    me.leave(latest)
    assert me.chart() != now
    me.press(".")
    me.at(latest)


def test_both_clocks_stand_where_they_were_put(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of={BEFORE}")
    me.find("#clock-known").click()
    me.at(f"{VOTES}?clock=known&as_of={BEFORE}")
    me.find("[data-go=prev]").click()
    expect(me.find("#clock-known .clock-value")).not_to_have_text("now")
    expect(me.find("#clock-said")).to_contain_text("1 Nov 2017")
    assert f"as_of={BEFORE}" in me.where()
    assert "known_at=@" in me.where()


@pytest.mark.thorough
def test_the_slider_goes_from_event_to_event_by_keyboard(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("#rng").focus()
    me.press("ArrowLeft")
    me.at(f"{VOTES}?as_of={LAST}")
    expect(me.find("#rng")).to_be_focused()
    me.press("ArrowLeft")
    me.at(f"{VOTES}?as_of={BEFORE}")
    me.press("ArrowRight")
    me.at(f"{VOTES}?as_of={LAST}")
    me.press("Home")
    me.at(f"{VOTES}?as_of={FIRST}")
    me.press("End")
    me.at(VOTES)


@pytest.mark.thorough
def test_the_slider_reaches_every_day_on_which_something_was_said(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("#rng").focus()
    me.press("Home")
    expect(me.find(".replay-told")).to_contain_text("step 1 of 27")
    seen = [me.where()]
    while "as_of=" in seen[-1]:
        me.press("ArrowRight")
        me.leave(seen[-1])
        seen.append(me.where())
    assert len(seen) == 28
    assert seen[:-1] == sorted({*seen[:-1]})


@pytest.mark.thorough
def test_a_click_on_the_track_goes_to_the_moment_there(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find("#rng").click(position={"x": slider_box(me)["width"] / 2, "y": 12})
    expect(me.find(".replaying")).to_be_visible()
    assert "as_of=2005-11-08" in me.where()


@pytest.mark.thorough
def test_replay_plays_to_the_end_by_itself(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of=2016-10-26&speed=4")
    me.page.get_by_role("link", name="Replay").click()
    expect(me.find("#clock-said")).to_contain_text("1 Nov 2017")
    me.at(f"{VOTES}?as_of={LAST}&speed=4")
    expect(me.page.get_by_role("link", name="Replay")).to_be_visible()


@pytest.mark.thorough
def test_pause_stops_it_and_the_space_bar_plays_on(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.page.get_by_role("link", name="Replay").click()
    expect(me.page.get_by_role("link", name="Pause")).to_be_visible()
    expect(me.find("#clock-said")).to_contain_text("1993")
    me.page.get_by_role("link", name="Pause").click()
    expect(me.page.get_by_role("link", name="Replay")).to_be_visible()
    stopped = me.where()
    assert "play" not in stopped
    me.find("#rng").focus()
    me.press("Space")
    expect(me.page.get_by_role("link", name="Pause")).to_be_visible()
    me.press("Space")
    expect(me.page.get_by_role("link", name="Replay")).to_be_visible()
    assert me.where() != stopped


@pytest.mark.thorough
def test_a_chosen_speed_is_part_of_the_address(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of={BEFORE}")
    me.find("#speed").select_option("2")
    me.at(f"{VOTES}?as_of={BEFORE}&speed=2")
    me.find("#speed").select_option("1")
    me.at(f"{VOTES}?as_of={BEFORE}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_address_brings_every_view_back_in_a_new_window(reader: NewReader, width: int) -> None:
    me, other = reader(width=width), reader(width=width)
    me.go(VOTES)
    me.press(",")
    me.at(f"{VOTES}?as_of={LAST}")
    me.press(",")
    me.at(f"{VOTES}?as_of={BEFORE}")
    me.find("#clock-known").click()
    me.at(f"{VOTES}?clock=known&as_of={BEFORE}")
    me.find("[data-go=prev]").click()
    expect(me.find("#clock-known .clock-value")).not_to_have_text("now")
    me.settled()
    is_phone = width == WIDTHS[-1]
    me.find(f"#lane-united-states {'.opening' if is_phone else '.point'}").last.click()
    expect(me.find("#track" if is_phone else "#proof")).to_be_visible()
    other.go(me.where())
    assert other.chart() == me.chart()


@pytest.mark.thorough
def test_the_past_can_be_compared_with_now(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of={BEFORE}")
    me.page.get_by_role("link", name="Compare with now").click()
    expect(me.find("h1")).to_have_text("Compare two moments")
    expect(me.page.get_by_role("heading", name="New words, new position 3")).to_be_visible()
    me.page.go_back()
    me.page.get_by_role("link", name="Back to now").click()
    me.at(VOTES)


@pytest.mark.thorough
def test_a_slider_held_still_for_a_while_goes_on_following_the_hand(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    box = slider_box(me)
    hand, y = me.page.mouse, box["y"] + box["height"] / 2
    hand.move(box["x"] + box["width"] - 10, y)
    hand.down()
    hand.move(box["x"] + box["width"] * 0.87, y, steps=4)
    me.at(f"{VOTES}?as_of={THIRD_LAST}")
    hand.move(box["x"] + 30, y, steps=12)
    expect(me.page).to_have_url(re.compile(r"as_of=199\d-"))
    hand.move(box["x"] + box["width"] - 3, y, steps=12)
    hand.up()
    me.at(VOTES)


@pytest.mark.thorough
def test_a_slider_let_go_as_an_answer_comes_in_ends_where_it_was_let_go(reader: NewReader) -> None:
    me = reader()
    held = me.hold_next("**/t/cuba-embargo?*")
    me.go(VOTES)
    slider = me.find("#rng")
    slider.focus()
    me.press("Home")
    expect(slider).to_have_class(re.compile("htmx-request"))
    slider.evaluate(
        """it => addEventListener("htmx:beforeSwap", () => {
            it.value = it.max;
            it.dispatchEvent(new Event("input", { bubbles: true }));
        }, { once: true })"""
    )
    with me.page.expect_response(lambda it: it.request != held[0].request):
        held[0].continue_()
    me.at(VOTES)


@pytest.mark.thorough
def test_a_slider_moved_while_an_answer_is_put_in_place_ends_where_the_hand_is(
    reader: NewReader,
) -> None:
    me = reader()
    held = me.hold_next("**/t/cuba-embargo?*")
    me.go(VOTES)
    slider, box = me.find("#rng"), slider_box(me)
    me.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    me.page.mouse.down()
    expect(slider).to_have_class(re.compile("htmx-request"))
    me.page.evaluate(
        """x => addEventListener("htmx:afterSwap", () => document.body.dispatchEvent(
            new PointerEvent("pointermove", { clientX: x, buttons: 1, bubbles: true })
        ), { once: true })""",
        box["x"] + box["width"] - 3,
    )
    with me.page.expect_response(lambda it: it.request != held[0].request):
        held[0].continue_()
    me.page.mouse.up()
    me.at(VOTES)
