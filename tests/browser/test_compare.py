"""Actors are chosen, compared and led to their proofs, with script and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import Choices, NewReader

pytestmark = pytest.mark.thorough

WORDS = "/compare?actor=russia&actor=ukraine&story=berlin-talks"
MARKS = WORDS + "&actor=germany&actor=poland&actor=france"


@pytest.mark.parametrize("choices", [{}, {"script": False}], ids=["script", "none"])
def test_actors_are_chosen_by_box_and_by_name(reader: NewReader, choices: Choices) -> None:
    me = reader(**choices)
    me.go("/t/eu-accession")
    me.page.get_by_text("More on this question").click()
    me.page.get_by_role("link", name="Compare actors").click()
    me.page.get_by_text("Choose several", exact=True).click()
    me.page.get_by_role("checkbox", name="Russia").check()
    me.find(".compare-actors .popup-go button").click()
    me.at("/compare?actor=russia&topic=eu-accession")
    me.page.get_by_label("Add an actor by name").fill("Selenskyj")
    me.press("Enter")
    me.at("/compare?actor=russia&actor=volodymyr-zelensky&topic=eu-accession")
    me.page.get_by_role("link", name="Take Russia out").click()
    me.at("/compare?actor=volodymyr-zelensky&topic=eu-accession")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_cell_leads_to_its_statement(reader: NewReader, width: int) -> None:
    me = reader(width=width)
    me.go(WORDS)
    me.find(".compare-head > a").first.click()
    expect(me.find(".statement h1")).to_be_visible()


def test_on_a_phone_each_cell_names_its_actor(reader: NewReader) -> None:
    me = reader(width=390)
    for path in (WORDS, MARKS):
        me.go(path)
        names = me.find("#compare-donetsk-withdrawal .compare-name")
        assert names.first.inner_text() == "Russia"
        expect(names.first).to_be_visible()
        assert not me.is_too_wide()
        me.check_access()


def test_chosen_actors_have_the_chart_to_themselves_and_a_way_back(reader: NewReader) -> None:
    me = reader()
    me.go("/t/cuba-embargo?actor=brazil")
    expect(me.find("[data-lanes] .lane")).to_have_count(1)
    expect(me.find("#others")).to_contain_text("others hidden")
    me.page.get_by_role("link", name="Show everybody").click()
    me.at("/t/cuba-embargo")
    me.go("/t/cuba-embargo?actor=brazil")
    me.page.get_by_role("link", name="Compare with others").click()
    me.at("/compare?actor=brazil&story=un-votes")
