"""Names in sentences: as on record, or with the article and case that a language gives them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

import web
from tests.web.paper import TIMES, plain
from timeline.application.commands import RecordDevelopment

if TYPE_CHECKING:
    from tests.web.paper import Paper

CATALOGUE = Path(web.__file__).parent / "translations" / "de" / "LC_MESSAGES" / "messages.po"


@pytest.fixture
def called(paper: Paper) -> Paper:
    """Return a paper in which somebody speaks for a state that takes an article."""
    room = paper.newsroom.actors
    room.introduce(paper.dora(), "Vereinigte Staaten", "state", slug="us")
    room.introduce(paper.dora(), "United States", "state", slug="usa")
    for slug in ("us", "usa"):
        room.mandate(paper.dora(), "dora", slug, "President")
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


@pytest.mark.few(5)
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/t/union", "Dora Example (Vereinigte Staaten): befürwortet."),
        ("/t/union", "Vereinigte Staaten: dafür ("),
        ("/t/union", "so Vereinigte Staaten"),
        ("/t/union?s={us}", "für die Vereinigten Staaten"),
        ("/t/union?view=table", "so Vereinigte Staaten"),
        ("/t/union?expand=us", "Alle, die für diese Seite sprechen, in einer Spur"),
        ("/s/{us}", "Dora Example (Vereinigte Staaten): befürwortet."),
        ("/s/{us tell}", "so Vereinigte Staaten"),
        ("/embed/s/{us tell}", "so Vereinigte Staaten"),
        ("/a/us", "Wer für diese Seite spricht"),
        ("/a/dora", "spricht für die Vereinigten Staaten"),
        ("/search?q=talks go on", "so Vereinigte Staaten"),
        ("/search?q=favours", "für die Vereinigten Staaten"),
        ("/log/said?topic=union", "für die Vereinigten Staaten"),
    ],
)
def test_a_name_stands_as_it_is_on_record(called: Paper, path: str, told: str) -> None:
    page = called.open(path.format(**called.numbers), Accept_Language="de").text
    assert told in plain(page.replace('title="', ">"))
    assert not re.search("(für|laut|mit|bei) Vereinigte", plain(page))


def test_in_english_it_takes_its_article_before_a_verb(called: Paper) -> None:
    page = called.open("/t/union").text
    assert "Dora Example (United States): supports." in page
    assert "The United States supports this" in plain(page)
    assert "”, the United States supported this" in called.read("/t/union/why/usa")
    later = called.read("/t/union/why/usa?as_of=2025-12-01")
    assert "no statement by the United States is on record" in later
    assert "according to United States" in plain(page)
    assert "speaks for the United States" in called.read("/a/dora")


BEFORE_A_NAME = re.compile(
    r"\b(für|laut|von|vom|mit|bei|gegen|an|zu|der|die|das|dem|den)"
    r" %\((actor|side|who|whom|speaker)\)s",
    re.IGNORECASE,
)


def test_no_german_text_puts_a_name_where_it_would_need_an_article() -> None:
    with CATALOGUE.open("rb") as file:
        texts = {str(message.string) for message in read_po(file) if "in person" not in message.id}
    assert {text for text in texts if BEFORE_A_NAME.search(text)} == set()


def test_somebody_unnamed_takes_an_article_in_a_sentence_and_officials_are_several(
    paper: Paper,
) -> None:
    room = paper.newsroom.actors
    called = {"spoke": "Spokesperson for the ministry", "officials": "US officials"}
    for slug, name in called.items():
        room.introduce(paper.dora(), f"{name} (unnamed)", "unnamed", slug=slug)
        paper.say(slug, slug, "supports", "2025-12-10", paraphrase="Favours joining.")
    german = {"actor_name": "Sprecher des Ministeriums (ungenannt)"}
    room.translate(paper.dora(), "spoke", "de", german)
    told = paper.read("/t/union")
    assert "a spokesperson for the ministry and US officials (unnamed) supported this" in told
    assert "A spokesperson for the ministry supports this" in told
    assert "US officials (unnamed): supports (" in told
    assert "ein Sprecher des Ministeriums" in paper.read("/t/union", Accept_Language="de")
