"""Who codes a paragraph again says who speaks, when and by which words, and is told none of it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.access import check_access
from tests.web.record.desk import TIMES
from tests.web.record.test_second_coding import QUEUE, Colleague
from tests.web.site import plain
from timeline.application.commands import Excerpt, Quoted
from timeline.desk.accounts.roles import Role
from timeline.domain.naming import document_id

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from werkzeug.test import TestResponse

    from tests.support.web_server import Serve
    from tests.web.record.desk import Desk

PASSAGE = "“We shall never join the union”, said the minister."
TEXT = f"""Talks began on Monday.

It was a long day. {PASSAGE} Then he left.

Aland rejects it. Bland rejects it as well.

Nobody knows more."""
MARKED = {
    "stance": "opposes",
    "speaker": "Dora Example",
    "said_at": "30 Nov 2025",
    "passage.text": "We shall never join the union",
}


@pytest.fixture
def mira(desk: Desk) -> Colleague:
    """An editor of a newsroom that has one statement in a paragraph, and two in another."""
    for handle, role in (("mira", Role.EDITOR), ("cora", Role.CODER)):
        desk.services.desk.people.add(handle, handle.title(), role, desk.services.clock())
    passages = {"aland": "Aland rejects it.", "bland": "Bland rejects it as well."}
    for actor, words in passages.items():
        desk.say(actor=actor, passage=Excerpt(text=words), attribution="reported")
    quote = Quoted(text="We shall never join the union", lang="en", wording="original")
    said = {"passage": Excerpt(text=PASSAGE), "quote": quote, "attribution": "quoted"}
    desk.say(actor="petrow", paraphrase="Turns it down.", translation="ours", **said)
    document = document_id(TIMES.url or "", "", "", "")
    desk.services.newsroom.documents.take_snapshot(desk.byline(), document, TEXT)
    return Colleague(desk, "mira", Role.EDITOR)


@pytest.fixture
def cora(mira: Colleague) -> Colleague:
    mira.get("/t/a-union")
    form = {"topic": "a-union", "coder": "cora", "size": "40", "shows": "paragraph"}
    assert mira.post(QUEUE, mira.opened(QUEUE) | form).status_code == 303
    return Colleague(mira, "cora", Role.CODER)


def mark(cora: Colleague, **changes: str) -> TestResponse:
    place = cora.next()
    return cora.post(place, cora.opened(place) | MARKED | changes)


def test_a_paragraph_is_drawn_that_is_kept_and_has_one_statement_on_the_topic(
    cora: Colleague,
) -> None:
    (sample,) = cora.services.desk.second_readings.samples()
    assert (sample.size, sample.shows) == (1, "paragraph")


def test_who_speaks_when_and_by_which_words_is_not_told(cora: Colleague) -> None:
    page = cora.get(cora.next()).text.partition("<main")[2]
    assert "It was a long day. “We shall never" in page
    assert "Talks began on Monday." in page  # what stands around it
    assert "Invented Times" in page
    for leak in ("Petrow", "1 Dec 2025", "Turns it down.", "ours<", "Nobody knows more.", "ben"):
        assert leak not in page, leak
    assert page.count("We shall never join") == 1
    assert "data-at-once" not in page


def test_what_is_marked_is_compared_with_the_record(mira: Colleague, cora: Colleague) -> None:
    assert mark(cora).status_code == 303
    (reading,) = cora.services.desk.second_readings.readings(cora.sample())
    dora = next(marked for marked in (reading.mark,) if marked)
    # It was a long day We shall never join the union said the minister Then he left
    assert (dora.size, dora.passage, dora.words) == (17, (5, 14), (5, 11))
    assert dora.said_at == "2025-11-30"
    page = plain(mira.get("/record/agreement/a-union").text)
    assert "Speaker, day and passage" in page
    assert "ben Pjotr Petrow, 1 Dec 2025 cora Dora Example, 30 Nov 2025" in page
    (line,) = csv.DictReader(io.StringIO(mira.get("/record/agreement/a-union.csv").text))
    told = ("first_speaker", "second_speaker", "first_said_at", "second_said_at", "words")
    assert [line[name] for name in told] == ["petrow", "dora", "2025-12-01", "2025-11-30", "17"]
    places = ("first_from", "first_to", "second_from", "second_to")
    assert [line[name] for name in places] == ["5", "14", "5", "11"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"passage.text": "We shall always join"}, "do not stand in the paragraph"),
        ({"passage.text": "Talks began"}, "do not stand in the paragraph"),
        ({"passage.text": ""}, "Choose the words in the paragraph."),
        ({"speaker": ""}, "Say who speaks."),
        ({"said_at": ""}, "Say when it was said."),
        ({"said_at": "someday"}, "someday"),
        ({"stance": "no_position", "no_position_reason": "silent", "speaker": ""}, "Say who"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    cora: Colleague, changes: dict[str, str], why: str
) -> None:
    answer = mark(cora, **changes)
    assert answer.status_code == 422
    assert why in plain(answer.text)
    assert cora.services.desk.second_readings.readings(cora.sample())[0].read_at == 0


def test_where_nothing_answers_the_question_nothing_is_marked(
    mira: Colleague, cora: Colleague
) -> None:
    nothing = dict.fromkeys(("speaker", "said_at", "passage.text"), "")
    none = {"stance": "no_position", "no_position_reason": "silent"}
    assert mark(cora, **none, **nothing).status_code == 303
    (reading,) = cora.services.desk.second_readings.readings(cora.sample())
    assert reading.mark
    assert (reading.mark.words, reading.mark.is_elsewhere) == ((0, 0), False)
    (pair,) = csv.DictReader(io.StringIO(mira.get("/record/agreement/a-union.csv").text))
    assert (pair["second"], pair["second_from"], pair["second_to"]) == ("no_position", "0", "0")


def test_other_words_of_the_paragraph_are_another_statement(
    mira: Colleague, cora: Colleague
) -> None:
    mark(cora, **{"passage.text": "Then he left", "stance": "supports"})
    page = plain(mira.get("/record/agreement/a-union").text)
    assert "other words of the paragraph" in page
    assert "Nothing waits to be decided on." in page
    assert "other words of the paragraph" in plain(cora.get(f"{QUEUE}/{cora.sample()}").text)


def test_a_name_that_nobody_on_record_has_is_kept_as_it_is_written(
    mira: Colleague, cora: Colleague
) -> None:
    mark(cora, speaker="The Minister")
    assert "cora The Minister, 30 Nov 2025" in plain(mira.get("/record/agreement/a-union").text)


def test_selected_words_go_into_their_field_and_the_form_is_accessible(
    mira: Colleague, cora: Colleague, serve: Serve, page: Page
) -> None:
    page.goto(serve(cora.client.application) + cora.next())
    check_access(page, "light")
    page.get_by_text("It was a long day.").dblclick(position={"x": 5, "y": 8})
    expect(page.get_by_label("The words that answer the question")).to_have_value("It")
    mark(cora)
    page.goto(serve(mira.client.application) + "/record/agreement/a-union")
    check_access(page, "light")
