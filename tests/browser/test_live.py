"""Somebody reads while others record: the page says so, and stays as it is until they ask."""

from __future__ import annotations

import re
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_recording import TOPIC, record
from tests.support.live_site import LiveSite, live_site
from tests.support.store_copies import copied
from tests.support.waiting import wait_until
from timeline.application.commands import RecordStatement, Source
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Request, Route

    from tests.browser.reader import NewReader, Reader

pytestmark = pytest.mark.thorough

SOON = 3.0
"""Seconds within which a reader sees it at least once, on a busy machine; one is promised."""

PAPER = Source(outlet="An evening paper", published_at="2025-12-18", lang="en")


@pytest.fixture
def site(talks_original: str, tmp_path: Path) -> Iterator[LiveSite]:
    """A newsroom with the Berlin talks, as it is served."""
    with (
        copied(talks_original, tmp_path) as store,
        closing(open_store(store)) as services,
        live_site(services) as site,
    ):
        yield site


def say(site: LiveSite, topic: str, actor: str = "germany", **changes: str) -> int:
    """Record a statement, as another process does."""
    newsroom = site.services.newsroom
    given = {"stance": "opposes", "paraphrase": "Says no.", "said_at": "2025-12-17"} | changes
    command = RecordStatement(topic=topic, actor=actor, source=PAPER, **given)  # type: ignore[arg-type]  # text
    return newsroom.statements.record(newsroom.byline("anna"), command).position


def test_who_reads_hears_of_what_another_tab_records_and_takes_it(
    reader: NewReader, site: LiveSite
) -> None:
    me, editor = reader(site.address), reader(site.address)
    me.go(TOPIC)
    me.page.evaluate("scrollTo(0, 400)")
    me.watch_shifts()
    before = me.find("#view").inner_text()
    number = record(editor)
    notice = me.find(".live")
    expect(notice).to_have_text("1 new · Show")
    expect(notice).to_have_role("status")
    me.check_access()
    assert me.shifts() == 0
    assert me.page.evaluate("scrollY") == 400
    assert f"{number}" not in before
    notice.get_by_role("button").click()
    expect(me.find(".live button")).to_have_count(0)
    expect(me.find("#days")).to_contain_text("the question does not arise now")
    expect(me.find("#live")).to_have_text("1 new: shown")
    assert me.where() == TOPIC
    say(site, "nato-membership")
    expect(notice).to_have_text("1 new · Show")


def test_what_the_page_shows_already_is_not_counted_again(
    reader: NewReader, site: LiveSite
) -> None:
    me = reader(site.address)
    told = "id: a\ndata: 1 2\n\nid: b\ndata: 3 999999\n\n"
    me.page.route(
        "**/live/**", lambda asked: asked.fulfill(content_type="text/event-stream", body=told)
    )
    me.go(TOPIC)
    expect(me.find(".live button")).to_have_text("1 new · Show")


def test_only_pages_that_it_concerns_say_so(reader: NewReader, site: LiveSite) -> None:
    me, home = reader(site.address), reader(site.address)
    took = []
    for path, is_told in {
        TOPIC: True,
        "/a/germany": True,
        "/story/berlin-talks": True,
        "/t/eu-accession": False,
        "/a/russia": False,
        f"{TOPIC}?as_of=2025-12-16": False,
    }.items():
        home.go("/")
        me.go(path)
        began = time.monotonic()
        say(site, "nato-membership", said_at="2025-12-16")
        expect(home.find(".live")).to_have_text("1 new · Show")
        took.append(time.monotonic() - began)
        if is_told:
            expect(me.find(".live")).to_have_text("1 new · Show")
        else:
            expect(me.find(".live button")).to_have_count(0)
    assert min(took) < SOON


@pytest.mark.parametrize("path", ["/", "/story/berlin-talks"])
def test_who_takes_the_news_sees_them_in_the_numbers_at_the_top(
    reader: NewReader, site: LiveSite, path: str
) -> None:
    me = reader(site.address)
    me.go(path)
    facts = me.find("#facts")
    before = str(facts.text_content())
    say(site, "nato-membership")
    me.find(".live button").click()
    expect(facts).not_to_have_text(before)
    now = facts.text_content()
    me.go(path)
    assert facts.text_content() == now


def test_many_windows_of_one_browser_stop_none_of_its_pages(
    reader: NewReader, site: LiveSite
) -> None:
    me = reader(site.address)
    for _ in range(8):
        me.another_window().go(TOPIC)
    wait_until(lambda: site.live.count == 3)
    me.go("/")
    expect(me.find("h1")).to_be_visible()


def test_corrections_are_told_apart_and_in_the_reader_s_language(
    reader: NewReader, site: LiveSite
) -> None:
    me = reader(site.address, language="de-DE")
    me.go(TOPIC)
    numbers = [say(site, "nato-membership", said_at=f"2025-12-{day}") for day in (15, 16)]
    expect(me.find(".live")).to_have_text("2 neu · Anzeigen")
    newsroom = site.services.newsroom
    newsroom.statements.retract(newsroom.byline("anna"), numbers[0], "A mistake of ours.")
    expect(me.find(".live")).to_have_text("2 neu, 1 geändert · Anzeigen")


def test_a_step_into_the_past_ends_the_notice_and_the_way_back_begins_it(
    reader: NewReader, site: LiveSite
) -> None:
    me = reader(site.address)
    me.go(TOPIC)
    me.press(",")
    expect(me.find(".replaying")).to_be_visible()
    me.settled()
    expect(me.find(".live")).to_have_count(0)
    say(site, "nato-membership")
    me.find(".replaying").get_by_role("link", name="Back to now").click()
    expect(me.find(".live")).to_have_count(1)
    expect(me.find(".live button")).to_have_count(0)
    say(site, "nato-membership", said_at="2025-12-16")
    expect(me.find(".live")).to_have_text("1 new · Show")


def test_a_tab_that_nobody_looks_at_holds_no_connection_and_catches_up_when_it_is_seen(
    reader: NewReader, site: LiveSite
) -> None:
    me = reader(site.address)
    me.go(TOPIC)
    wait_until(lambda: site.live.count == 1)
    look(me, away=True)
    wait_until(lambda: site.live.count == 0)
    say(site, "nato-membership")
    say(site, "nato-membership", said_at="2025-12-16")
    look(me, away=False)
    expect(me.find(".live")).to_have_text("2 new · Show")


def look(me: Reader, *, away: bool) -> None:
    """Look at another tab, or at this one again."""
    me.page.evaluate(
        """(away) => {
          Object.defineProperty(document, "hidden", { get: () => away, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


@pytest.mark.parametrize("says_no", ["at once", "late"])
def test_a_live_part_that_ends_leaves_pages_as_they_are_and_is_asked_ever_more_seldom(
    reader: NewReader, site: LiveSite, says_no: str
) -> None:
    me = reader(site.address)
    tries: list[str] = []
    under_way: set[Request] = set()
    held: list[Route] = []

    def note(request: Request) -> None:
        if "/live/" in request.url:
            tries.append(request.url)
            under_way.add(request)

    def note_end(request: Request) -> None:
        under_way.discard(request)

    def hold(route: Route) -> None:
        held.append(route)

    me.page.on("request", note)
    for end in ("requestfinished", "requestfailed"):
        me.page.on(end, note_end)
    if says_no == "late":
        me.page.route("**/live/**", hold)
    me.page.clock.install()
    me.go(TOPIC)
    site.live.close()
    for _ in range(40):
        waited = len(held)
        me.page.clock.run_for(10_000)
        me.page.wait_for_timeout(20)
        for one in held[:waited]:
            one.fulfill(status=503)
        del held[:waited]
        while len(under_way) > len(held):
            me.page.wait_for_timeout(20)
    assert 4 <= len(tries) <= 14
    assert all(re.search(r"\?since=\d+$", one) for one in tries)
    me.go("/t/eu-accession")
    expect(me.find("h1")).to_be_visible()
    expect(me.find("#failure")).to_be_hidden()


def test_without_script_nothing_is_said(reader: NewReader, site: LiveSite) -> None:
    me = reader(site.address, script=False)
    me.go(TOPIC)
    say(site, "nato-membership")
    expect(me.find(".live")).to_be_empty()


def test_who_reads_a_statement_hears_of_a_reply_and_of_nothing_else(
    reader: NewReader, site: LiveSite
) -> None:
    newsroom, number = site.services.newsroom, say(site, "eu-accession")
    me = reader(site.address)
    me.go(f"/s/{number}")
    say(site, "eu-accession")
    newsroom.statements.receive_reply(
        newsroom.byline("anna"), number, "2025-12-18", "That was not all.", "en"
    )
    notice = me.find(".live")
    expect(notice).to_have_text("1 amended · Show")
    notice.get_by_role("button").click()
    expect(me.find("#view")).to_contain_text("That was not all.")


def test_who_reads_a_topic_hears_that_it_is_asked_in_other_words(
    reader: NewReader, site: LiveSite
) -> None:
    newsroom = site.services.newsroom
    me = reader(site.address)
    me.go(TOPIC)
    newsroom.topics.reword(
        newsroom.byline("anna"), "nato-membership", "Should it join?", "Shorter.", same_meaning=True
    )
    expect(me.find(".live")).to_have_text("1 amended · Show")
