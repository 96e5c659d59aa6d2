"""Two wordings are chosen and compared, with script and without, on a desk and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES
from tests.support.web_server import served
from tests.web.paper import Paper
from timeline.application.commands import Quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

SAID = {
    "first": ("2025-11-01", "We pledge to join this union as soon as its members are ready."),
    "then": ("2025-11-15", "We hope to join this union as soon as its members are ready."),
    "later": ("2025-12-01", "We hope to join some union when its members are ready, not before."),
}


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """A paper in which Cland words the same position three times, and its numbers."""
    paper = Paper(f"sqlite:///{tmp_path / 'paper.db'}")
    paper.print_first_edition()
    for name, (day, text) in SAID.items():
        quote = Quoted(text=text, lang="en", wording="original")
        paper.say(name, "cland", "supports", day, quote=quote)
    with served(paper.app) as address:
        yield address, paper.numbers
    paper.services.close()


def test_a_proof_leads_to_the_changed_words(
    reader: NewReader, paper: tuple[str, dict[str, int]]
) -> None:
    address, numbers = paper
    me = reader(address)
    me.go(f"/t/union?s={numbers['then']}")
    me.page.get_by_role("link", name="Changed words").click()
    me.at(f"/s/{numbers['first']}..{numbers['then']}")
    expect(me.find(".rewording-two del")).to_have_text("pledge")
    expect(me.find(".rewording-two ins")).to_have_text("hope")
    for theme in THEMES:
        me.check_access(theme)


@pytest.mark.parametrize("choices", [{}, {"script": False}], ids=["script", "none"])
def test_two_radios_choose_a_pair(
    reader: NewReader, paper: tuple[str, dict[str, int]], choices: dict[str, bool]
) -> None:
    address, numbers = paper
    me = reader(address, **choices)
    me.go(f"/s/{numbers['first']}..{numbers['then']}")
    me.page.get_by_label("Later: 1 Dec 2025").check()
    me.page.get_by_role("button", name="Compare the two chosen").click()
    me.at(f"/s/{numbers['first']}..{numbers['later']}")
    expect(me.find("h1")).to_contain_text("1 Nov 2025, then 1 Dec 2025")
    expect(me.find(".rewording-between")).to_contain_text("15 Nov 2025")


def test_on_a_phone_the_two_stand_below_each_other(
    reader: NewReader, paper: tuple[str, dict[str, int]]
) -> None:
    address, numbers = paper
    me = reader(address, width=390)
    for path in (f"/s/{numbers['first']}..{numbers['then']}", f"/s/{numbers['then']}"):
        me.go(path)
        then, later = (me.find(".rewording-two > div").nth(one).bounding_box() for one in (0, 1))
        assert then is not None
        assert later is not None
        assert then["y"] + then["height"] <= later["y"] + 1
        assert not me.is_too_wide()
        me.check_access()
