"""How to read this, in front of a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(("script", "width"), [(True, 1440), (False, 1024), (True, 390)])
def test_from_home_by_way_of_the_guide_back_to_one_change(
    reader: NewReader, *, script: bool, width: int
) -> None:
    me = reader(script=script, width=width)
    me.go("/")
    me.find(".home-facts .button").click()
    me.at("/how-to-read")
    assert not me.is_too_wide()
    me.find(".guide-contents a[href='#silence']").click()
    expect(me.find("#silence")).to_be_in_viewport()
    me.find(".guide-ways .button-primary").click()
    expect(me.find(".example")).to_be_visible()


def test_a_legend_leads_to_the_guide(reader: NewReader) -> None:
    me = reader()
    me.go("/t/cuba-embargo")
    me.find("#legend summary").click()
    me.find(".legend a").click()
    me.at("/how-to-read")
