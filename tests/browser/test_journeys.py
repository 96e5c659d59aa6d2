"""What a newcomer comes for, on the whole demo: an answer, who moved and when, one side alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import newsroom
from tests.browser.reader import HEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Request

    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

TOPIC = "/t/eu-accession"
ELEMENTS, REQUESTS, KILOBYTES = 1_800, 8, 270
WORDS_OF_A_YEAR = 1_300
LOWEST = """() => {
  const foot = Math.min(innerHeight, document.querySelector("#replay").getBoundingClientRect().top);
  const parts = [".answer-all", ".turning-told h3"].map((one) => document.querySelector(one));
  return parts.filter((one) => one && one.getBoundingClientRect().bottom > foot)
    .map((one) => one.textContent);
}"""
"""Of the opening and the first turning point, what reaches below the first screen."""


@pytest.fixture(scope="module")
def whole(whole_demo_original: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of all of the demo, which these tests only read."""
    with newsroom(whole_demo_original, tmp_path_factory.mktemp("whole")) as address:
        yield address


def test_a_question_typed_in_full_is_answered_in_a_sentence_that_leads_to_its_lane(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    me.go("/")
    me.press("/")
    me.page.keyboard.type("What is Russia's position on Ukraine joining the EU?")
    answer = me.find("#hits").get_by_text("Russia accepted this")
    expect(answer).to_contain_text("When last heard, on 4 Jun 2026")
    answer.click()
    me.at(f"{TOPIC}#lane-russia")
    expect(me.find("#lane-russia")).to_be_in_viewport()


def test_a_name_among_those_who_stand_somewhere_leads_to_a_lane_that_is_marked(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    me.go(TOPIC)
    me.find(".spectrum").get_by_role("link", name="Russia").click()
    label = me.find("#lane-russia .lane-label")
    expect(label).to_be_in_viewport()
    assert label.evaluate("one => getComputedStyle(one).boxShadow") != "none"


def test_on_a_phone_a_heading_of_lanes_is_folded_with_them(reader: NewReader, whole: str) -> None:
    me = reader(whole, width=390)
    me.go(TOPIC)
    assert me.find(".lane-group > .chart-group").count() > 1
    for group in me.find(".lane-group:has(> .chart-group:visible)").all():
        assert group.locator(".lane-block:visible").count()
    me.find(".spectrum").get_by_role("link", name="Hungary").click()
    expect(me.find("#lane-hungary")).to_be_in_viewport()
    expect(me.find(".lane-group:has(#lane-hungary) > .chart-group")).to_be_visible()


@pytest.mark.parametrize(("width", "language"), [(1440, "en-GB"), (390, "de-DE")])
def test_the_first_screen_of_every_topic_says_who_moved_and_when(
    reader: NewReader, whole: str, width: int, language: str
) -> None:
    me = reader(whole, width=width, language=language)
    me.page.set_viewport_size({"width": width, "height": HEIGHT if width > 400 else 844})
    me.go("/")
    every = me.page.eval_on_selector_all(
        'a[href^="/t/"]', "all => all.map(one => new URL(one.href).pathname)"
    )
    topics = sorted({one for one in every if "/why/" not in one})
    assert len(topics) > 20
    below = {}
    for topic in topics:
        me.go(topic)
        below[topic] = me.page.evaluate(LOWEST)
    assert {topic: found for topic, found in below.items() if found} == {}


def test_a_topic_comes_in_few_elements_requests_and_bytes(reader: NewReader, whole: str) -> None:
    me = reader(whole)
    asked: list[Request] = []
    me.page.on("requestfinished", lambda worker: asked.append(worker))  # noqa: PLW0108 - no builtin
    me.go(TOPIC)
    me.page.wait_for_load_state("networkidle")
    assert me.page.evaluate("document.querySelectorAll('*').length") <= ELEMENTS
    fetched = [request for request in asked if request.url.startswith("http")]
    assert len(fetched) <= REQUESTS, [request.url for request in fetched]
    sent = sum(request.sizes()["responseBodySize"] for request in fetched)
    assert sent <= KILOBYTES * 1024


def test_a_year_of_a_story_is_told_in_short_with_words_before_and_after(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    me.go("/story/berlin-talks")
    me.find(".story-years").get_by_role("link", name=re.compile("^2025")).click()
    expect(me.find("main")).to_contain_text("In 2025, four sides changed their position")
    point = me.find(".turning-point").first
    expect(point.locator(".turning-who")).to_have_count(2)
    assert point.locator(".permalink").count() == 2
    assert len(me.find("main").inner_text().split()) < WORDS_OF_A_YEAR


def test_one_side_one_year_and_only_changes_are_chosen_and_taken_away_again(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    me.go("/t/taurus")
    me.unfold()
    me.find("#menu-actor summary").click()
    me.find("#f-actor-germany").check()
    me.at("/t/taurus?actor=germany")
    me.press("Escape")
    me.find("#f-only").check()
    me.at("/t/taurus?actor=germany&only=changes")
    me.find(".chart-axis").get_by_role("link", name="2024", exact=True).click()
    me.at("/t/taurus?actor=germany&only=changes&from=2024&to=2024")
    expect(me.find("#days .day-month").first).to_contain_text("2024")
    expect(me.find("#days .entry:not(.entry-changes)")).to_have_count(0)


def test_a_year_on_the_axis_of_all_that_is_on_record_is_that_year_alone(
    reader: NewReader, whole: str
) -> None:
    me = reader(whole)
    me.go(TOPIC)
    me.find(".overview").get_by_role("link", name="2022", exact=True).click()
    me.at(f"{TOPIC}?from=2022&to=2022")
