"""The keys of the chart: one tab stop, arrows between marks, letters for the rest."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.web_server import served
from tests.web.paper import Paper
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.reader import NewReader, Reader

pytestmark = pytest.mark.thorough

VOTES = "/t/cuba-embargo"
ALL_MARKS = "[data-lanes] svg:not([data-stop]) a"


@pytest.fixture
def restless(tmp_path: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve a paper in which positions change in every way; its address and its numbers."""
    paper = Paper(f"sqlite:///{tmp_path / 'restless.db'}")
    with closing(paper.services):
        paper.print_first_edition()
        for name, slug in (("Eland", "eland"), ("Fland", "fland")):
            paper.newsroom.actors.introduce(paper.dora(), name, "state", slug=slug)
        heard = {"attribution": "second_hand", "reported_via": "an invented envoy"}
        paper.say("heard", "eland", "supports", "2025-09-10", **heard)
        paper.say("heard again", "eland", "opposes", "2025-10-10", **heard)
        paper.say("before", "cland", "opposes", "2025-10-20", paraphrase="Never.")
        paper.say("one", "cland", "supports", "2025-11-10", paraphrase="Yes.")
        paper.say("two", "cland", "opposes", "2025-11-10", paraphrase="No.")
        paper.say("back", "cland", "no_position", "2025-11-20", no_position_reason="unstated")
        for taken in ("if", "before", "one", "two"):
            link = paper.dora(), paper.numbers["back"], "withdraws", paper.numbers[taken]
            paper.newsroom.statements.link(*link)
        begin = date(2025, 7, 1)
        for n in range(44):
            stance = "opposes" if n < 22 else "supports"
            paper.say(f"f{n}", "fland", stance, str(begin + timedelta(days=3 * n)), paraphrase=".")
        paper.sign()
        with served(create_app(paper.services, identify=everybody_is("editor"))) as address:
            yield address, paper.numbers


def lane_of(me: Reader) -> str:
    """Return the lane in which the focus stands."""
    return str(me.page.evaluate("document.activeElement.closest('.lane-block').id"))


def place(me: Reader) -> int:
    """Return which mark of its lane has the focus."""
    return int(
        me.page.evaluate(
            "[...document.activeElement.closest('svg').querySelectorAll('a')]"
            ".indexOf(document.activeElement)"
        )
    )


def test_the_marks_of_a_chart_are_one_tab_stop(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    assert me.find(ALL_MARKS).count() > 1
    assert me.find(f"{ALL_MARKS}[tabindex='0']").count() == 1
    me.tab_to(ALL_MARKS)
    me.press("ArrowRight", "Tab")
    assert not me.page.evaluate("what => document.activeElement.matches(what)", ALL_MARKS)
    me.press("Shift+Tab")
    assert me.page.evaluate("what => document.activeElement.matches(what)", ALL_MARKS)
    assert place(me) == 1


def test_arrows_walk_from_mark_to_mark_and_from_lane_to_lane(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.tab_to(ALL_MARKS)
    first = lane_of(me)
    me.press("ArrowRight")
    assert (lane_of(me), place(me)) == (first, 1)
    me.press("ArrowLeft")
    assert (lane_of(me), place(me)) == (first, 0)
    me.press("ArrowDown")
    assert lane_of(me) != first
    me.press("ArrowUp")
    assert lane_of(me) == first
    me.press("ArrowUp")
    assert lane_of(me) == first


def test_n_and_p_go_from_change_to_change(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.press("n")
    earliest = me.focused()
    expect(me.find(f"#{earliest}")).to_have_accessible_name(re.compile("Before:"))
    me.press("n")
    second = me.focused()
    assert second != earliest
    me.press("p")
    assert me.focused() == earliest
    me.press("p")
    assert me.focused() not in (earliest, second)


def test_n_goes_to_every_change_whoever_says_so_and_however_it_is_drawn(
    reader: NewReader, restless: tuple[str, dict[str, int]]
) -> None:
    address, numbers = restless
    me = reader(address)
    me.go("/t/union")
    found = []
    for _ in range(6):
        me.press("n")
        found.append(me.focused())
    changed = [
        f"pt-aland-{numbers['yes']}",
        f"pt-fland-{numbers['f22']}",
        f"pt-cland-{numbers['back']}",
    ]
    # Neither what others said of Eland nor two words of Cland on one day turned a position.
    assert found == changed * 2


def test_a_slash_goes_to_search_where_letters_are_letters(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.press("/")
    expect(me.find("#q")).to_be_focused()
    me.press("n", "t", "c")
    expect(me.find("#q")).to_have_value("ntc")
    me.at(VOTES)


def test_t_changes_between_chart_and_table(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.press("t")
    me.at(f"{VOTES}?view=table")
    expect(me.find("#table table")).to_be_visible()
    me.press("t")
    me.at(VOTES)
    expect(me.find("[data-lanes]")).to_be_visible()


def test_y_copies_the_link_to_this_moment(reader: NewReader) -> None:
    me = reader()
    me.go(f"{VOTES}?as_of=2017-11-01")
    me.press("y")
    expect(me.find("#live")).to_have_text("Copied")
    assert me.page.evaluate("navigator.clipboard.readText()") == me.page.url


def test_a_question_mark_lists_the_keys(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.press("?")
    me.at("/keys")
    expect(me.find(".keys dd").first).to_be_visible()


def test_letters_can_be_switched_off(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.find(".preferences summary").click()
    me.find('.preferences label:has([name="keys"][value="off"])').click()
    me.page.get_by_role("button", name="Apply").click()
    me.at(VOTES)
    me.press("t", "n", "?")
    me.at(VOTES)
    me.tab_to(ALL_MARKS)
    me.press("ArrowRight")
    assert place(me) == 1


def test_escape_closes_a_menu_and_gives_the_focus_back(reader: NewReader) -> None:
    me = reader()
    me.go(VOTES)
    me.unfold()
    me.find("#menu-actor summary").focus()
    me.press("Enter", "Tab")
    expect(me.find("#menu-actor input").first).to_be_focused()
    me.press("Escape")
    expect(me.find("#menu-actor .popup")).to_be_hidden()
    expect(me.find("#menu-actor summary")).to_be_focused()


def test_escape_in_a_field_leaves_the_proof_open(reader: NewReader) -> None:
    me = reader()
    me.go("/t/eu-accession?s=64")
    me.press("/", "x", "Escape")
    me.at("/t/eu-accession?s=64")
    expect(me.find("#proof")).to_be_visible()
    me.find("#proof").focus()
    me.press("Escape")
    me.at("/t/eu-accession")


def test_a_rebuild_leaves_the_focus_on_its_button(reader: NewReader, desk: str) -> None:
    me = reader(desk)
    me.go("/log")
    button = me.page.get_by_role("button", name="Rebuild", exact=True)
    button.focus()
    me.press("Enter")
    expect(me.find("#rebuild-now .status-value")).to_have_text("Rebuilt")
    expect(button).to_be_focused()
