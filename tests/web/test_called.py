"""Names after prepositions: with the article that the language of the reader gives them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.paper import TIMES, plain
from timeline.application.commands import RecordDevelopment

if TYPE_CHECKING:
    from tests.web.paper import Paper


@pytest.fixture
def called(paper: Paper) -> Paper:
    """Return a paper in which somebody speaks for a state that takes an article."""
    room = paper.newsroom.actors
    room.introduce(paper.dora(), "Vereinigte Staaten", "state", slug="us")
    room.introduce(paper.dora(), "United States", "state", slug="usa")
    for slug in ("us", "usa"):
        room.mandate(paper.dora(), "dora", slug, "Envoy")
        how = {"on_behalf_of": slug, "paraphrase": "Favours joining."}
        paper.say(slug, "dora", "supports", "2025-12-10", **how)
        paper.numbers[f"{slug} tell"] = paper.newsroom.developments.record(
            paper.dora(),
            RecordDevelopment(
                topics=("union",),
                title=f"Talks go on, says {slug}",
                status="claimed",
                happened_at="2025-12-11",
                according_to=slug,
                source=TIMES,
            ),
        ).position
    return paper


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/t/union", "für die Vereinigten Staaten"),
        ("/t/union", "laut den Vereinigten Staaten"),
        ("/t/union", "Dora Example für die Vereinigten Staaten: befürwortet."),
        ("/t/union?s={us}", "Dora Example für die Vereinigten Staaten befürwortet"),
        ("/t/union?view=table", "laut den Vereinigten Staaten"),
        ("/t/union?expand=us", "Alle, die für die Vereinigten Staaten sprechen, in einer Spur"),
        ("/s/{us}", "für die Vereinigten Staaten"),
        ("/s/{us tell}", "laut den Vereinigten Staaten"),
        ("/embed/s/{us tell}", "laut den Vereinigten Staaten"),
        ("/a/us", "Wer für die Vereinigten Staaten spricht"),
        ("/a/dora", "spricht für die Vereinigten Staaten"),
        ("/search?q=talks go on", "laut den Vereinigten Staaten"),
        ("/search?q=favours", "für die Vereinigten Staaten"),
        ("/log/said?topic=union", "für die Vereinigten Staaten"),
    ],
)
def test_a_name_after_a_preposition_has_its_article(called: Paper, path: str, told: str) -> None:
    page = called.open(path.format(**called.numbers), Accept_Language="de").text
    assert told in plain(page.replace('title="', ">"))
    assert not re.search("(für|laut) Vereinigte", plain(page))


def test_so_it_has_in_english(called: Paper) -> None:
    page = called.open("/t/union").text
    assert "Dora Example, for the United States: supports." in page
    assert "for the United States" in plain(page)
    assert "according to the United States" in plain(page)
    assert "Who speaks for the United States" in plain(called.open("/a/usa").text)
