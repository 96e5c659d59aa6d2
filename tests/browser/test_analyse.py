"""A question is put together, answered and taken along, with script and without."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from timeline.analysis.inquiry import QUESTIONS

if TYPE_CHECKING:
    from tests.browser.reader import Choices, NewReader

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("choices", [{}, {"script": False}], ids=["script", "none"])
def test_a_question_is_put_together_from_choices(reader: NewReader, choices: Choices) -> None:
    me = reader(**choices)
    me.go("/t/cuba-embargo")
    me.page.get_by_text("More on this question").click()
    me.page.get_by_role("link", name="Analysis").first.click()
    me.at("/analyse?topic=cuba-embargo")
    me.page.get_by_role("link", name="Agreement").click()
    me.at("/analyse?question=agreement&topic=cuba-embargo")
    me.page.get_by_label("Add an actor by name").fill("Brazil")
    me.press("Enter")
    me.at("/analyse?question=agreement&topic=cuba-embargo&actor=brazil")
    me.page.get_by_label("At the end of each").select_option("decade")
    me.page.get_by_role("button", name="Show", exact=True).last.click()
    me.at("/analyse?question=agreement&topic=cuba-embargo&actor=brazil&every=decade")
    expect(me.find(".analyse-lane").nth(1)).to_be_visible()
    me.page.get_by_role("link", name="Take Brazil out").click()
    me.at("/analyse?question=agreement&topic=cuba-embargo&every=decade")


@pytest.mark.parametrize(("question", "width"), [*zip(QUESTIONS, cycle((390, 1440)), strict=False)])
def test_every_picture_fits_its_page_and_is_open_to_all(
    reader: NewReader, question: str, width: int
) -> None:
    me = reader(width=width)
    asked = "" if question == "polarisation" else f"question={question}&"
    me.go(f"/analyse?{asked}story=un-votes")
    expect(me.find("figure svg").first).to_be_visible()
    assert not me.is_too_wide()
    assert me.find("figure *").count() < 1_500
    me.check_access()


def test_names_in_a_network_do_not_cover_each_other(reader: NewReader) -> None:
    me = reader()
    me.go("/analyse?question=networks&story=un-votes")
    boxes = [locator.bounding_box() for locator in me.find(".analyse-actor-name").all()]
    assert len(boxes) > 10
    for at, box in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert box
            assert other
            apart = (
                box["y"] + box["height"] * 0.75 <= other["y"] + other["height"] * 0.25
                or other["y"] + other["height"] * 0.75 <= box["y"] + box["height"] * 0.25
                or box["x"] + box["width"] <= other["x"]
                or other["x"] + other["width"] <= box["x"]
            )
            assert apart
