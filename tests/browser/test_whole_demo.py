"""The whole demo in a browser: everybody can use its main pages, and proof is two clicks away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.reader import HEIGHT
from tests.browser.test_print import WORDS_OF_A_SHEET, printed
from tests.support.access import THEMES
from tests.support.tiers import WIDTHS

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.browser.reader import NewReader, Reader

pytestmark = pytest.mark.thorough

MAIN = (
    "/",
    "/story/berlin-talks",
    "/t/taurus?s=4158",
    "/t/federal-funds-rate",
    "/t/inflation-transitory?view=table",
    "/t/federal-funds-rate/why/federal-open-market-committee",
    "/a/donald-trump",
    "/s/5332",
    "/s/9023",
    "/s/8996..9023",
    "/compare?actor=russia&actor=ukraine&actor=united-states&story=berlin-talks",
)
TOPICS = ("eu-accession", "taurus", "cuba-embargo", "federal-funds-rate")
"""One of each kind: of states, of persons, of votes, and of quantities."""

MARKS = "[data-lanes] svg:not([data-stop]) a"
LANE = "document.activeElement.closest('.lane-block')?.id"


@pytest.mark.parametrize("path", MAIN)
def test_everybody_can_use_a_main_page_and_on_a_phone_it_does_not_scroll_sideways(
    reader: NewReader, whole: str, path: str
) -> None:
    me = reader(whole)
    me.go(path)
    for theme in THEMES:
        me.check_access(theme)
    me.page.set_viewport_size({"width": WIDTHS[-1], "height": HEIGHT})
    assert not me.is_too_wide()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_count_by_which_actors_stand_is_shown_and_no_column_cut_off(
    reader: NewReader, whole: str, width: int
) -> None:
    me = reader(whole, width=width, language="de-DE")
    for order, count in (
        ("topics", "Themen"),
        ("statements", "Aussagen"),
        ("turned", "Positionen"),
    ):
        me.go(f"/actors?order={order}")
        expect(me.find(".actors-table [aria-sort]")).to_be_visible()
        expect(me.find(".actors-table [aria-sort]")).to_contain_text(count)
        is_wide = "one => one.scrollWidth > one.clientWidth"
        assert not me.find(".scroll:has(.actors-table)").evaluate(is_wide), order


@pytest.mark.parametrize("topic", TOPICS)
def test_a_source_is_two_clicks_away_from_a_topic_without_script(
    reader: NewReader, whole: str, topic: str
) -> None:
    me = reader(whole, script=False)
    went = catch_what_leaves(me)
    me.go("/")
    link = me.find(f'a[href="/t/{topic}"]').first
    link.evaluate("one => one.closest('details')?.setAttribute('open', '')")
    link.click()
    me.at(f"/t/{topic}")
    assert go_to_the_source(me)
    me.page.wait_for_url(went[0])
    assert went == [me.page.url]


def test_a_source_is_two_clicks_away_from_every_topic_whose_answer_is_seen_at_once(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    went = catch_what_leaves(me, with_a_page=False)
    me.go("/")
    every = me.page.eval_on_selector_all(
        'a[href^="/t/"]', "all => all.map(one => new URL(one.href).pathname)"
    )
    topics = sorted({one for one in every if "/why/" not in one})
    assert len(topics) > 20
    reached, narrow = 0, []
    for topic in topics:
        me.go(topic)
        assert shows_the_answer(me, 1440, 900), topic
        narrow += [topic] * shows_the_answer(me, 1024, 768)
        reached += go_to_the_source(me)
    assert len(went) == reached > 15
    assert len(narrow) > len(topics) * 0.6


def shows_the_answer(me: Reader, width: int, height: int) -> bool:
    """Tell whether what a topic opens with stands above the bar at the foot of a screen.

    That is who stands where, in a sentence (where anybody who decides took a position) and by
    stance, and then the heading of the first turning point or, where nobody turned, the first lane.
    """
    me.page.set_viewport_size({"width": width, "height": height})
    first = ".turning-told h3" if me.find(".turning-told").count() else ".lane-block"
    sentence = [".answer-all"] * (me.find(".answer-all").count() > 0)
    foot = me.find("#replay").bounding_box()
    assert foot
    for part in (*sentence, ".spectrum", first):
        box = me.find(part).first.bounding_box()
        assert box, part
        if box["y"] + box["height"] > min(foot["y"], height):
            return False
    return True


def test_a_topic_is_printed_whole_and_its_table_with_the_addresses_of_sources(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    me.go("/t/eu-accession?view=table")
    numbers = re.findall(r"#(\d+)", me.find("#table tbody").inner_text())
    sources = me.find("#table tbody a[rel]").count()
    assert " ".join(printed(me)).count("(http") >= sources > 50
    me.go("/t/eu-accession")
    assert len(numbers) > me.find("#days .entry").count() > 0
    sheets = printed(me)
    assert all(len(sheet.split()) > WORDS_OF_A_SHEET for sheet in sheets)
    text = " ".join(sheets)
    assert [number for number in numbers if f"/s/{number}@" not in text] == []


def go_to_the_source(me: Reader) -> bool:
    """Click from a topic to what somebody said and on to where it stands, if it has an address."""
    me.find(
        ".turning-point h3 a:visible, #in-words .answer-said a:visible, .entry .permalink:visible"
    ).first.click()
    if ".." in me.page.url:
        me.find(".rewording-head a[href^='/s/']").last.click()
    expect(me.page).to_have_url(re.compile(r"/s/\d+"))
    row = me.find("#source")
    if not row.locator("a").count():
        expect(row).to_contain_text("no address on record")
        return False
    with me.page.expect_response(lambda answer: not answer.url.startswith(me.address)) as left:
        row.locator("a").first.click()
    assert left.value.request.is_navigation_request()
    return True


@pytest.mark.parametrize("topic", TOPICS)
def test_the_source_of_any_position_is_reached_from_home_by_keyboard_alone(
    reader: NewReader, whole: str, topic: str
) -> None:
    me = reader(whole)
    went = catch_what_leaves(me)
    go_by_keys(me, topic)
    me.tab_to(MARKS)
    if not me.page.evaluate(LANE):
        me.press("ArrowDown")  # from what happened to what was said
    lanes: list[str] = []
    while (lane := me.page.evaluate(LANE)) not in lanes:
        lanes.append(lane)
        open_proof(me)
        assert me.find("#proof .sources a[rel], #proof .sources:has-text('no address')").count()
        me.press("ArrowDown")
    assert len(lanes) == me.find(".lane-block:has(svg a)").count()
    me.tab_to("#proof .sources a[rel]")
    address = me.page.evaluate("document.activeElement.href")
    me.press("Enter")
    me.page.wait_for_url(address)
    assert went == [address]


def open_proof(me: Reader) -> None:
    """Open the proof at the focus, or at the next words along the lane if that counts changes.

    One that is open elsewhere is closed by that.
    """
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):
        if not me.page.evaluate("document.activeElement.matches('.point:not(.knot)')"):
            me.press(key)
    opened = str(me.page.evaluate("document.activeElement.getAttribute('hx-get')"))
    if me.where() != opened:  # the words of a speaker may stand in two lanes
        me.press("Enter")
    me.at(opened)
    expect(me.find("#proof")).to_be_visible()


def go_by_keys(me: Reader, topic: str) -> None:
    """Go from the front page to a topic by Tab and Enter, into a fold if it is folded."""
    link = f'a[href="/t/{topic}"]'
    me.go("/")
    if not me.find(link).first.is_visible():
        me.tab_to(f"details:has({link}) > summary")
        me.press("Enter")
    me.tab_to(link)
    me.press("Enter")
    me.at(f"/t/{topic}")


def test_the_drawer_of_a_statement_leads_to_its_source_in_the_same_tab(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    went = catch_what_leaves(me)
    me.go("/t/taurus?s=4158")
    link = me.find("#proof .drawer-now .sources a").first
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    windows = len(me.context.pages)
    link.click()
    me.page.wait_for_url(lambda address: not address.startswith(whole))
    assert len(went) == 1
    assert len(me.context.pages) == windows


def catch_what_leaves(me: Reader, *, with_a_page: bool = True) -> list[str]:
    """Answer requests that leave the site with an empty page, and note them.

    Without a page the browser stays where it is, which spares it two processes.
    """
    went: list[str] = []

    def answer(route: Route) -> None:
        went.append(route.request.url)
        me.complaints.clear()  # whoever follows a link to a source leaves on purpose
        if with_a_page:
            route.fulfill(body="<!doctype html><title>elsewhere</title>", content_type="text/html")
        else:
            route.fulfill(status=204)

    me.page.route(lambda address: not address.startswith(me.address), answer)
    return went
