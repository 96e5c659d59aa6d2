"""The passage that carries a statement: chosen in the text, typed, or added later on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.record.desk import Desk, hidden, statement
from timeline.application.commands import Excerpt
from timeline.domain.statement import StatementPassageAdded, StatementRecorded
from web.record.source_text.article import CONTEXT, anchor

if TYPE_CHECKING:
    from timeline.domain.quote import Passage

SAID = "Bland said it was „kein Thema mehr“ for now."
ARTICLE = f"The talks went on and on in a house by the river for hours, it seems. {SAID} Nobody."


def path(number: int) -> str:
    return f"/record/{number}/passage"


def recorded(desk: Desk) -> Passage:
    (event,) = (one for one in desk.events() if isinstance(one, StatementRecorded))
    assert event.content is not None
    assert event.content.passage is not None
    return event.content.passage


def test_what_is_chosen_in_the_text_is_kept_with_its_place(desk: Desk) -> None:
    start = ARTICLE.index(SAID)
    form = statement(text=ARTICLE, passage=f"{start}-{start + len(SAID)}")
    assert desk.post("/record", form).status_code == 303
    kept = recorded(desk)
    assert (kept.exact, kept.start, kept.end) == (SAID, start, start + len(SAID))
    assert ARTICLE[:start].endswith(kept.prefix)
    assert ARTICLE[kept.end :].startswith(kept.suffix)


def test_a_passage_is_typed_where_there_is_no_text(desk: Desk) -> None:
    assert 'name="passage.text"' in desk.get("/record").text
    assert desk.post("/record", statement(passage__text=f"  {SAID}")).status_code == 303
    assert (recorded(desk).exact, recorded(desk).start) == (SAID, -1)


def test_no_passage_has_more_than_five_hundred_characters(desk: Desk) -> None:
    long = "x" * 501
    for form in (statement(passage__text=long), statement(text=long, passage="0-501")):
        answer = desk.post("/record", form)
        assert answer.status_code == 422
        assert "The passage has 501 characters, 500 are allowed." in answer.text


def test_another_stance_in_these_words_begins_with_their_passage(desk: Desk) -> None:
    number = desk.say(passage=Excerpt(SAID))
    assert f">\n{SAID}</textarea>" in desk.get(f"/record?again={number}").text


def test_a_passage_is_added_to_a_statement_and_found_in_the_text_that_is_kept(desk: Desk) -> None:
    number = desk.say()
    (said,) = (one for one in desk.events() if isinstance(one, StatementRecorded))
    desk.services.newsroom.documents.take_snapshot(desk.byline(), said.document, ARTICLE)
    assert 'lang="en"' in desk.get(path(number)).text
    form = desk.opened(path(number)) | {"passage.text": SAID}
    answer = desk.post(path(number), form)
    assert (answer.status_code, answer.location) == (303, f"/s/{number}#passage")
    event = desk.events()[-1]
    assert isinstance(event, StatementPassageAdded)
    assert event.content is not None
    passage = event.content.passage
    assert (passage.exact, passage.start) == (SAID, ARTICLE.index(SAID))
    assert desk.post(path(number), form).status_code == 303
    assert desk.events()[-1] == event


def test_a_passage_is_needed_in_the_form_that_adds_it(desk: Desk) -> None:
    number = desk.say()
    answer = desk.post(path(number), desk.opened(path(number)) | {"passage.text": " "})
    assert answer.status_code == 422
    assert "Copy the passage from the source." in answer.text


def test_another_passage_is_refused_beside_its_field(desk: Desk) -> None:
    number = desk.say(passage=Excerpt(SAID))
    answer = desk.post(path(number), desk.opened(path(number)) | {"passage.text": "Other words."})
    assert answer.status_code == 422
    assert "Another passage is on record for this statement." in answer.text
    assert 'href="#f-passage-text"' in answer.text
    assert ">\nOther words.</textarea>" in answer.text


def test_what_was_corrected_meanwhile_is_told_and_the_passage_kept(desk: Desk) -> None:
    number = desk.say()
    form = desk.opened(path(number)) | {"passage.text": SAID}
    desk.services.newsroom.statements.correct(desk.byline(), number, {"hedge": "wohl"}, "overseen")
    answer = desk.post(path(number), form)
    assert answer.status_code == 409
    assert f">\n{SAID}</textarea>" in answer.text
    assert desk.post(path(number), form | hidden(answer.text)).status_code == 303


def test_a_development_has_no_passage(desk: Desk) -> None:
    number = desk.happen()
    assert desk.get(path(number)).status_code == 404


@pytest.mark.parametrize("words", ["„kein Thema mehr“", SAID, "Nobody", "The"])
def test_what_stands_beside_words_is_whole_words(words: str) -> None:
    found = anchor(ARTICLE, words)
    before, after = ARTICLE[: found.start], ARTICLE[found.end :]
    assert max(len(found.prefix), len(found.suffix)) <= CONTEXT
    assert before.endswith(found.prefix)
    assert after.startswith(found.suffix)
    assert found.prefix in ("", before) or before[-len(found.prefix) - 1].isspace()
    assert found.suffix in ("", after) or after[len(found.suffix)].isspace()


def test_a_text_without_spaces_is_cut_somewhere() -> None:
    found = anchor("言" * 200 + "話" + "言" * 200, "話")
    assert (len(found.prefix), len(found.suffix)) == (CONTEXT, CONTEXT)
