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


def answered(page: Page) -> list[str]:
    """Return the sentence of each side, in order."""
    said = page.find("p", class_="answer-said")
    return [" ".join("".join(t.text for t in page.texts if p in t.around).split()) for p in said]


def test_a_page_of_few_chosen_actors_opens_with_the_sentence_of_each_alone(paper: Paper) -> None:
    text = paper.open("/t/union?actor=bland&actor=cland").text
    assert [one.split(" (")[0] for one in answered(Page(text))] == [
        "Bland supports this",
        "Cland makes this conditional",
    ]
    assert text.index("answer-said") < text.index('id="spec-h"')
    of_all = paper.open("/t/union").text
    assert of_all.index('id="spec-h"') < of_all.index("answer-said")


def test_the_number_of_changes_leads_to_what_changed_oldest_first(paper: Paper) -> None:
    paper.say("back", "aland", "opposes", "2025-11-01", paraphrase="No, after all.")
    page = Page(paper.open("/t/union?asof=2025-12-01").text)
    (way,) = (one for one in page.links() if "only=changes&order=old" in one)
    assert way == "/t/union?actor=aland&only=changes&order=old&asof=2025-12-01#tl-h"
    listed = paper.open(way.partition("#")[0])
    assert listed.status_code == 200
    said = listed.text.partition('id="tl-h"')[2]
    yes, back = paper.numbers["yes"], paper.numbers["back"]
    assert f"#{paper.numbers['no']}" not in said
    assert said.index(f"#{yes}") < said.index(f"#{back}")
