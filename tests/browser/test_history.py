"""The back button: whatever htmx did, going back gives a whole page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader, Reader

pytestmark = pytest.mark.thorough

VOTES = "/t/cuba-embargo"


def is_whole(me: Reader) -> None:
    """Look for what only whole pages have."""
    expect(me.find(".masthead .logo")).to_be_visible()
    expect(me.find("h1")).to_be_visible()
    expect(me.find(".footer")).to_have_count(1)
    assert me.page.evaluate("document.styleSheets.length") > 0


def test_back_undoes_a_proof_and_a_filter_one_by_one(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.unfold()
    me.find("#f-only").check()
    me.at(f"{VOTES}?only=changes")
    me.find("#lane-brazil .point").last.click()
    expect(me.find("#proof")).to_be_visible()
    me.page.go_back()
    me.at(f"{VOTES}?only=changes")
    is_whole(me)
    expect(me.find("#proof")).to_have_count(0)
    expect(me.find("#f-only")).to_be_checked()
    me.page.go_back()
    me.at(VOTES)
    is_whole(me)
    expect(me.find("#f-only")).not_to_be_checked()
    me.page.go_forward()
    me.at(f"{VOTES}?only=changes")
    is_whole(me)


def test_back_from_another_page_gives_the_view_that_was_left(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.press(",")
    me.at(f"{VOTES}?as_of=2019-11-07")
    me.press(",")
    me.at(f"{VOTES}?as_of=2017-11-01")
    left = me.chart()
    me.page.get_by_role("link", name="Actors", exact=True).click()
    me.at("/actors")
    me.page.go_back()
    me.at(f"{VOTES}?as_of=2017-11-01")
    is_whole(me)
    assert me.chart() == left


def test_steps_of_the_replay_do_not_fill_the_history(reader: NewReader) -> None:
    me = reader()
    me.go("/")
    me.go(VOTES)
    for step in ("2019-11-07", "2017-11-01", "2016-10-26"):
        me.press(",")
        me.at(f"{VOTES}?as_of={step}")
    me.page.go_back()
    me.at("/")
    is_whole(me)


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("/log", ".list-more a"),
        ("/log/diff?topic=cuba-embargo", "label:has-text('Said on')"),
        ("/a/russia", "#zoom-wider"),
    ],
)
def test_back_gives_a_whole_page_everywhere(reader: NewReader, path: str, step: str) -> None:
    me = reader()
    me.go(path)
    me.find(step).first.click()
    me.page.wait_for_url(lambda url: not url.endswith(path))
    me.settled()
    me.page.go_back()
    me.at(path)
    is_whole(me)
    me.page.reload()
    is_whole(me)
