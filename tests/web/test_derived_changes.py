"""What a topic of research prints without an editor's signature, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.nature import Nature

if TYPE_CHECKING:
    from tests.web.paper import Paper

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
