"""Filters apply to chart, table and entries alike, and never to where somebody stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

VOTES = "/t/cuba-embargo"


def test_a_box_filters_at_once_and_is_in_the_address(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.unfold()
    me.find("#menu-stance summary").click()
    me.find("#f-stance--2").check()
    me.at(f"{VOTES}?stance=-2")
    expect(me.find("#days .stance").first).to_contain_text("against")
    expect(me.find("#days .stance-5")).to_have_count(0)
    expect(me.find("#menu-stance summary b")).to_have_text("against")


def test_a_filter_hides_marks_but_never_a_position(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?stance=-2")
    expect(me.find("#lane-france .point")).to_have_count(0)
    expect(me.find("#lane-france .lane-now")).to_contain_text("for")


def test_counts_respect_the_other_filters(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?actor=brazil")
    me.find("#menu-stance summary").click()
    for stance, count in (("-2", "1"), ("2", "26")):
        expect(me.find(f"label:has(#f-stance-{stance})")).to_have_attribute("data-count", count)
    expect(me.page.get_by_role("checkbox", name="against 1")).to_be_visible()


def test_only_changes_leaves_the_entries_that_changed_something(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.unfold()
    me.find("#f-only").check()
    me.at(f"{VOTES}?only=changes")
    expect(me.find("#days .entry:not(.entry-changes)")).to_have_count(0)
    assert me.find("#days .entry-changes").count() > 1


def test_filters_that_match_nothing_name_the_one_to_take_away(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?actor=france&stance=-2")
    expect(me.find("#days .empty")).to_contain_text("No entry matches these filters.")
    me.page.get_by_role("link", name="Remove “against”").click()
    me.at(f"{VOTES}?actor=france")
    expect(me.find("#days .entry").first).to_be_visible()


def test_lanes_come_in_the_order_that_is_asked_for(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.unfold()
    me.find("#menu-sort summary").click()
    me.find("#f-sort-name").check()
    me.at(f"{VOTES}?sort=name")
    names = me.find("[data-lanes] .lane-name").all_text_contents()
    assert names == sorted(names)


def test_a_period_narrows_the_chart_and_its_entries(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?from=2016-01-01")
    expect(me.find(".chart-axis .axis-label:visible").nth(2)).to_contain_text("2016")
    texts = me.find("#days .day-month").all_text_contents()
    assert all(int(text.split(",")[0][-4:]) >= 2016 for text in texts)


def test_the_end_of_the_list_brings_earlier_entries(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    before = me.find("#days .entry").count()
    me.find("#days .more .button").scroll_into_view_if_needed()
    expect(me.find("#days .entry")).not_to_have_count(before)
    assert me.find("#days .entry").count() > before
    me.at(VOTES)


def test_entries_turn_round(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.page.get_by_role("link", name="Oldest first").click()
    me.at(f"{VOTES}?order=old")
    expect(me.find("#days .day-month").first).to_have_text("1992, day unknown")


def test_a_menu_stays_open_while_several_boxes_are_ticked(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.unfold()
    me.find("#menu-actor summary").focus()
    me.press("Enter", "Tab", "Space")
    expect(me.page).not_to_have_url(me.address + VOTES)
    me.settled()
    first = me.focused()
    assert first.startswith("f-actor-")
    me.press("Tab", "Space")
    expect(me.find("#menu-actor summary b")).to_have_text("2")
    me.settled()
    assert me.focused() not in ("", first)
