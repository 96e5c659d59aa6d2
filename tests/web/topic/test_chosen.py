from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.markup import Page
from tests.web.topic.test_page import lanes

if TYPE_CHECKING:
    from tests.web.paper import Paper


def test_of_chosen_actors_alone_lanes_and_columns_are_shown(paper: Paper) -> None:
    page = paper.open("/t/union?actor=bland&actor=cland").text
    assert sorted(lanes(page)) == ["bland", "cland"]
    columns = Page(page).words(aria_labelledby="spec-h")
    assert "Bland" in columns
    assert "Aland" not in columns
    others = Page(page).words(id="others")
    assert others.startswith("1 other hidden")
    links = Page(page).links()
    assert "/t/union" in links
    assert "/compare?actor=bland&actor=cland&story=talks" in links
    assert 'id="others"' not in paper.open("/t/union").text


def test_who_speaks_for_somebody_else_alone_has_a_lane_when_chosen(paper: Paper) -> None:
    assert "dora" not in lanes(paper.open("/t/union").text)
    page = paper.open("/t/union?actor=dora&asof=2025-08-01").text
    assert lanes(page) == ["dora"]
    assert Page(page).words(id="others").startswith("1 other hidden")
    assert "/compare?actor=dora&story=talks&asof=2025-08-01" in Page(page).links()


def test_the_lanes_of_now_keep_their_places_at_an_earlier_moment_when_chosen(
    paper: Paper,
) -> None:
    chosen = "/t/union?actor=bland&actor=cland"
    assert lanes(paper.open(f"{chosen}&asof=2025-07-10").text) == lanes(paper.open(chosen).text)
