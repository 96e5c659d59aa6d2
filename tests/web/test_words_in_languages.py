from __future__ import annotations

import pytest

from tests.web.paper import Paper
from timeline.domain.errors import Refused

GERMAN = {"Accept-Language": "de"}


@pytest.fixture
def bilingual(paper: Paper) -> Paper:
    """A paper whose topic, actors and one statement are in German, too."""
    room = paper.newsroom
    asked = {"topic_question": "Soll Aland der Union beitreten?"}
    room.topics.translate(paper.dora(), "union", "de", asked, "the newsroom")
    room.stories.translate(paper.dora(), "talks", "de", {"title": "Erfundene Gespräche"})
    room.actors.translate(paper.dora(), "bland", "de", {"actor_name": "Blanden"})
    words = {"paraphrase": "Will es."}
    room.statements.translate(paper.dora(), paper.numbers["wants"], "de", words)
    happened = {"title": "Gespräche enden ohne Text"}
    room.developments.translate(paper.dora(), paper.numbers["end"], "de", happened)
    return paper


def test_a_german_page_reads_what_was_put_into_german(bilingual: Paper) -> None:
    page = bilingual.open("/t/union", **GERMAN).text
    assert "Soll Aland der Union beitreten?" in page
    assert "Should Aland join the union?" not in page
    assert "Blanden" in page
    assert "Will es." in page
    assert "Gespräche enden ohne Text" in page


def test_words_without_a_translation_keep_theirs_and_say_in_which_language(
    bilingual: Paper,
) -> None:
    page = bilingual.open("/t/union", **GERMAN).text
    assert 'lang="en">Wants it still.' in page
    assert 'lang="en">Will es.' not in page


def test_an_english_page_reads_as_it_was_recorded(bilingual: Paper) -> None:
    page = bilingual.open("/t/union").text
    assert "Should Aland join the union?" in page
    assert "Will es." not in page


def test_a_form_shows_what_was_recorded_whatever_the_reader_speaks(bilingual: Paper) -> None:
    number = bilingual.numbers["wants"]
    assert "Wants it." in bilingual.open(f"/record/{number}/correct", **GERMAN).text


def test_a_translation_no_longer_fits_words_that_were_corrected(bilingual: Paper) -> None:
    number = bilingual.numbers["wants"]
    statements = bilingual.newsroom.statements
    statements.correct(bilingual.dora(), number, {"paraphrase": "Asks for it."}, "Closer.")
    page = bilingual.open(f"/s/{number}", **GERMAN).text
    assert 'lang="en">Asks for it.' in page
    assert "Will es." not in bilingual.read("/search?q=will", **GERMAN)


def test_an_entry_and_an_actor_are_found_by_their_translated_words(bilingual: Paper) -> None:
    assert "Gespräche enden ohne Text" in bilingual.read("/search?q=Gespr%C3%A4che", **GERMAN)
    assert "Blanden" in bilingual.read("/actors?q=Blanden", **GERMAN)


@pytest.mark.parametrize("lang", ["en", "de"])
def test_withheld_words_are_withheld_in_every_language(bilingual: Paper, lang: str) -> None:
    number = bilingual.numbers["wants"]
    bilingual.newsroom.statements.retract(bilingual.dora(), number, "Wrong.", withhold=True)
    position = bilingual.services.log.head()
    addresses = (f"/s/{number}", "/t/union", f"/t/union?known_at=@{position - 1}", "/search?q=will")
    for address in addresses:
        assert "Will es." not in bilingual.open(address, **{"Accept-Language": lang}).text


@pytest.mark.thorough
def test_erased_words_are_erased_in_every_language(bilingual: Paper) -> None:
    number = bilingual.numbers["wants"]
    bilingual.newsroom.statements.redact(bilingual.dora(), number, "GDPR 17")
    assert "Will es." not in bilingual.open("/t/union", **GERMAN).text
    bilingual.services.models.rebuild()
    assert "Will es." not in bilingual.open("/t/union", **GERMAN).text
    assert bilingual.services.models.check() == ()


def test_what_has_no_words_cannot_be_translated(bilingual: Paper) -> None:
    number = bilingual.numbers["wants"]
    with pytest.raises(Refused, match="holds no words"):
        bilingual.newsroom.statements.translate(bilingual.dora(), number, "de", {"asked": "?"})
    with pytest.raises(Refused, match="is no language"):
        bilingual.newsroom.statements.translate(
            bilingual.dora(), number, "German", {"paraphrase": "?"}
        )


def test_the_same_translation_twice_is_recorded_once(bilingual: Paper) -> None:
    head = bilingual.services.log.head()
    words = {"paraphrase": "Will es."}
    again = bilingual.newsroom.statements.translate(
        bilingual.dora(), bilingual.numbers["wants"], "de", words
    )
    assert not again.fresh
    assert bilingual.services.log.head() == head
