"""The inbox searched, counted, folded, undone, looked at now, and gone through by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.desk.test_inbox import REPORT
from tests.support.access import THEMES, check_access
from tests.support.press import Press, atom
from tests.web.record.desk import Desk, hidden
from tests.web.record.test_inbox import Coder, arrived
from tests.web.site import plain
from timeline.application.commands import Source
from timeline.desk.accounts.roles import Role
from timeline.desk.inbox import ASIDE, DONE, LATER, NEW
from timeline.domain.instants import iso_us
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.web_server import Serve


@pytest.fixture
def anna(desk: Desk) -> Coder:
    return Coder(desk, "anna")


class Looking(Coder):
    """Somebody at the inbox of a site that may ask feeds."""

    def __init__(self, desk: Desk, folder: Path, *addresses: str, role: Role = Role.CODER) -> None:
        super().__init__(desk, "anna", role)
        watched = folder / "feeds.toml"
        watched.write_text(
            "".join(f"[[feed]]\nurl = '{address}'\n" for address in addresses), "utf-8"
        )
        app = create_app(desk.services, identify=everybody_is("anna", role), watched=watched)
        self.client = app.test_client()


def test_a_search_finds_texts_wherever_they_lie(anna: Coder) -> None:
    arrived(anna, 1, text="Nothing of tea.", source__title="Of crates")
    done = arrived(anna, 2, text="Of crates of tea.", source__title="Port")
    anna.move(done, DONE)
    page = plain(anna.get("/record/inbox?q=CRATES+tea").text)
    assert "Port" in page
    assert "Of crates" not in page.partition("Port")[0]
    assert "Done" in page.partition("Port")[2]
    nothing = plain(anna.get("/record/inbox?q=marmalade").text)
    assert "No text of the inbox has these words." in nothing
    assert 'value="&lt;b&gt;"' in anna.get("/record/inbox?q=<b>").text


def test_what_is_suggested_and_what_is_on_record_is_counted(anna: Coder) -> None:
    item = arrived(anna, 1, text=REPORT)
    copy = arrived(anna, 2, text=f"{REPORT} And so on.", source__outlet="Other Post")
    anna.say(source=Source(url="https://example.org/1", published_at="2025-12-15"))
    number = anna.say(
        stance="supports", source=Source(url="https://example.org/2", published_at="2025-12-15")
    )
    page = plain(anna.get("/record/inbox").text)
    assert "2 on record" in page
    assert "suggested" not in page.partition("How it is counted")[0]
    anna.services.newsroom.statements.retract(anna.byline(), number, "Not so.")
    assert "1 on record" in plain(anna.get(f"/record/inbox/{item}").text)
    assert anna.services.desk.inbox.find(copy).same_as == item


def test_what_is_much_the_same_is_folded_and_can_stand_by_itself(anna: Coder) -> None:
    arrived(anna, 1, text=REPORT)
    copy = arrived(anna, 2, text=f"{REPORT} And so on.", source__outlet="Other Post")
    page = plain(anna.get("/record/inbox").text)
    assert "1 more with much the same words: also Other Post" in page
    assert re.search(r"9\d% the same words", page)
    assert "New 1 " in page
    assert anna.post(f"/record/inbox/{copy}/apart", {}).status_code == 303
    assert "New 2 " in plain(anna.get("/record/inbox").text)


def test_the_last_move_is_told_and_undone(anna: Coder) -> None:
    item = arrived(anna, 1)
    anna.move(item, LATER)
    address = anna.move(item, ASIDE, tray=LATER, reason="Opinion or satire.").location
    page = anna.get(address).text
    assert "lies in “Not coded” now." in plain(page)
    undo = page[page.index('class="notice inbox-moved"') : page.index('id="undo"')]
    assert anna.tray(item) == ASIDE
    answer = anna.post(f"/record/inbox/{item}/move", hidden(undo) | {"to": LATER})
    assert answer.location == "/record/inbox?tray=later"
    assert anna.tray(item) == LATER


def test_nobody_is_offered_to_undo_what_another_did(anna: Coder, desk: Desk) -> None:
    item = arrived(anna, 1)
    anna.move(item, LATER)
    ben = Coder(desk, "ben")
    for address in (f"/record/inbox?moved={item}", "/record/inbox?moved=x"):
        assert 'id="undo"' not in ben.get(address).text


def test_a_look_asks_the_feeds_now_and_tells_what_came_of_it(
    desk: Desk, press: Press, tmp_path: Path
) -> None:
    press.answers["/a"] = atom("One", "Two", day=_today(desk))
    anna = Looking(desk, tmp_path, press.at("/a"), press.at("/missing"))
    assert "Look now" in anna.get("/record/inbox").text
    answer = anna.post("/record/inbox/look", {})
    page = plain(anna.get(answer.location).text)
    assert "2 sources asked: 2 new texts; 1 source failed." in page
    assert "New 2 " in page
    again = anna.post("/record/inbox/look", {})
    assert again.status_code in (303, 422)
    assert len([path for path, _ in press.asked if path == "/a"]) <= 2


def test_feeds_are_left_alone_for_a_minute(desk: Desk, press: Press, tmp_path: Path) -> None:
    press.answers["/a"] = atom("One", day=_today(desk))
    anna = Looking(desk, tmp_path, press.at("/a"))
    anna.post("/record/inbox/look", {})
    again = anna.post("/record/inbox/look", {})
    assert again.status_code == 422
    assert "asked less than a minute ago" in plain(again.text)
    assert len(press.asked) == 1


def test_a_site_that_may_ask_nothing_asks_nothing(anna: Coder) -> None:
    assert "Look now" not in anna.get("/record/inbox").text
    answer = anna.post("/record/inbox/look", {})
    assert answer.status_code == 422
    assert "asks no feeds" in plain(answer.text)


def test_readers_ask_no_feed(desk: Desk, press: Press, tmp_path: Path) -> None:
    rosa = Looking(desk, tmp_path, press.at("/a"), role=Role.READER)
    assert rosa.post("/record/inbox/look", {}).status_code == 403
    assert rosa.post("/record/inbox/x/apart", {}).status_code in (403, 404)
    assert press.asked == []


@pytest.mark.parametrize("told", ["", "x", "1.2.3", "1.2.3.4.5", "1.2.3.-4"])
def test_what_no_look_told_is_not_told(anna: Coder, told: str) -> None:
    assert 'id="looked"' not in anna.get(f"/record/inbox?looked={told}").text


@pytest.mark.journey
def test_the_inbox_is_gone_through_by_keyboard(anna: Coder, serve: Serve, page: Page) -> None:
    for number in (1, 2, 3):
        arrived(anna, number, text=f"Text {number}.")
    copied = arrived(anna, 4, text=REPORT)
    arrived(anna, 5, text=f"{REPORT} And so on.")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{serve(anna.client.application)}/record/inbox")
    keys, rows = page.keyboard, page.locator(".inbox-list > li")
    keys.press("j")
    expect(rows.nth(0).get_by_role("button", name="Code")).to_be_focused()
    keys.press("o")
    expect(rows.nth(0).locator(".inbox-folded")).to_have_attribute("open", "")
    keys.press("j")
    keys.press("j")
    keys.press("k")
    expect(rows.nth(1).get_by_role("button", name="Code")).to_be_focused()
    title = rows.nth(1).locator(".inbox-title").inner_text()
    keys.press("l")
    expect(page.locator(".inbox-moved")).to_contain_text(f"{title} lies in “Later” now.")
    expect(rows).to_have_count(3)
    expect(rows.nth(1).get_by_role("button", name="Code")).to_be_focused()
    keys.press("u")
    expect(rows).to_have_count(4)
    keys.press("j")
    keys.press("x")
    reason = rows.nth(0).locator('[name="reason"]')
    expect(reason).to_be_focused()
    keys.type("Opinion or satire.")
    keys.press("Enter")
    expect(rows).to_have_count(3)
    assert anna.tray(copied) == ASIDE
    keys.press("k")
    keys.press("Enter")
    expect(page.locator("#bench")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_can_use_the_inbox(anna: Coder, serve: Serve, page: Page, width: int) -> None:
    for number in (1, 2):
        arrived(anna, number, text=f"{REPORT} {number}")
    item = arrived(anna, 3, text="Of something else.")
    anna.move(item, LATER)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{serve(anna.client.application)}/record/inbox?moved={item}")
    page.locator(".inbox-folded > summary").click()
    for theme in THEMES:
        check_access(page, theme)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert anna.services.desk.inbox.counts()[NEW] == 1


def _today(desk: Desk) -> str:
    return iso_us(desk.services.clock())
