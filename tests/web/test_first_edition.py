"""Pages under `?rule=1`: what edition 1 finds, said to be of edition 1."""

from __future__ import annotations

import re

import pytest

from tests.web.paper import Paper
from tests.web.site import plain
from timeline.domain.nature import Nature

BANNER = "Edition 1 of the position rule speaks here."
PAGES = ("/t/union", "/a/aland", "/story/talks")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_by_edition_1_and_says_so(paper: Paper, path: str) -> None:
    page = paper.open(f"{path}?rule=1").text
    words = plain(page)
    assert BANNER in words
    assert f'href="{path}"' in page
    assert "rule=1" in "".join(re.findall('href="(/api/v1/changes[^"]+)"', page))
    first = paper.data("/api/v1/changes?rule=1&topic=union&actor=aland")["items"]
    assert first
    assert "2 Sep 2025" in words
    for change in first:
        for number in (*change["before"], *change["after"]):
            assert f'href="/s/{number}"' in page
    for plain_path in (path, f"{path}?rule=2"):
        assert BANNER not in paper.read(plain_path)


@pytest.mark.parametrize("path", PAGES)
def test_an_edition_that_there_is_not_is_refused(paper: Paper, path: str) -> None:
    answer = paper.open(f"{path}?rule=3")
    assert answer.status_code == 422
    assert "the rule has no edition" in plain(answer.text).casefold()


def test_edition_1_answers_at_both_clocks(paper: Paper) -> None:
    yes = paper.numbers["yes"]
    for clock in ("as_of=2025-09-01", f"known_at=@{yes - 1}&clock=known"):
        page = paper.open(f"/t/union?rule=1&{clock}").text
        assert f'href="/s/{yes}"' not in page
        assert BANNER in plain(page)
    assert f'href="/s/{yes}"' in paper.open("/t/union?rule=1").text


def test_a_question_of_votes_says_that_both_editions_answer_alike(paper: Paper) -> None:
    rooms = paper.newsroom
    rooms.topics.open(paper.dora(), "Motion on Aland?", "vote", slug="motion")
    assert "1 question asks for votes: both editions answer it alike." in paper.read(
        "/t/motion?rule=1"
    )


UNSIGNED = "Derived by the rule; no editor signed it."
ABGELEITET = "Von der Regel abgeleitet, nicht von der Redaktion bestätigt."
PRINTED = ("/", "/story/talks", "/a/dora", "/t/union", "/t/union.atom", "/story/talks.atom")
RESEARCH = Nature("position", limit_months=24, prints="derived")


def let_union_print_derived_changes(paper: Paper) -> None:
    paper.newsroom.topics.classify(paper.dora(), "union", RESEARCH)


@pytest.mark.parametrize("page", PRINTED)
def test_a_page_with_derived_changes_says_that_no_editor_signed_them(
    paper: Paper, page: str
) -> None:
    assert UNSIGNED not in paper.open(page).text
    let_union_print_derived_changes(paper)
    assert UNSIGNED in paper.open(page).text
    mark = "&" if "?" in page else "?"
    assert ABGELEITET in paper.open(f"{page}{mark}lang=de").text


def test_the_page_of_the_topic_says_it_once_for_all_as_known_then(paper: Paper) -> None:
    before = paper.services.log.head()
    let_union_print_derived_changes(paper)
    said = "The rule derived the changes of position here; no editor signed them"
    assert said in paper.open("/t/union").text
    assert said not in paper.open("/t/deal").text
    assert said not in paper.open(f"/t/union?known_at=@{before}").text


def test_programs_get_the_reason_derived_and_nothing_waits(paper: Paper) -> None:
    before = paper.services.log.head()
    let_union_print_derived_changes(paper)
    found = paper.data("/api/v1/changes?topic=union")
    assert (found["waiting"], [one["because"] for one in found["items"]]) == (0, [["derived"]])
    assert [one["because"] for one in paper.data("/t/union.json")["changes"] if one["from"]] == [
        ["derived"]
    ]
    then = paper.data(f"/api/v1/changes?topic=union&known_at=@{before}")
    assert (then["waiting"], then["items"]) == (1, [])


def test_what_an_editor_signed_there_says_so(paper: Paper) -> None:
    assert paper.sign() == 1
    let_union_print_derived_changes(paper)
    text = paper.open("/story/talks").text
    assert "Signed by an editor on" in text
    assert UNSIGNED not in text
