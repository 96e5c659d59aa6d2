"""Pages under `?rule=1`: what edition 1 finds, said to be of edition 1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.site import plain

if TYPE_CHECKING:
    from tests.web.paper import Paper

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
