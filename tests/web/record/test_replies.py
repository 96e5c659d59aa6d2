"""The right of reply: whom the desk asked and until when, on the desk and nowhere else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from tests.support.access import THEMES, check_access
from tests.web.record.desk import Desk, hidden, statement
from tests.web.site import plain
from timeline.desk.accounts.roles import Role
from timeline.desk.inquiries import Inquiry
from timeline.domain.instants import MICROSECONDS
from web import create_app
from web.shell.identity import Identity, everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page
    from werkzeug.test import TestResponse

    from tests.support.access import Theme
    from tests.support.web_server import Serve

LIST = "/record/replies"
HOUR = 3_600 * MICROSECONDS


def ask(desk: Desk, **changes: str) -> TestResponse:
    form = desk.opened(LIST) | {
        "whom": "Press office of Bland",
        "way": "email",
        "deadline": "28 Nov 2099 9:00",
        "about": "That Bland rejects it.",
        "note": "Call back before six.",
    }
    return desk.post(LIST, form | changes)


@contextmanager
def queries() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def only(desk: Desk) -> Inquiry:
    (inquiry,) = desk.services.desk.inquiries.open()
    return inquiry


def test_whom_somebody_asked_stands_on_the_list_with_the_deadline(desk: Desk) -> None:
    number, head = desk.say(), desk.head()
    answer = ask(desk, entry=f"#{number}")
    assert answer.location == f"{LIST}#q-{only(desk).id}"
    page = plain(desk.get(LIST).text)
    told = ("Press office of Bland", "until 28 Nov 2099, 09:00 UTC", "asked by e-mail by anna")
    for words in (*told, "That Bland rejects it.", f"#{number}", "Call back before six."):
        assert words in page
    assert desk.head() == head
    for reader_sees in (f"/s/{number}", "/t/a-union", "/log", f"/s/{number}.json"):
        assert "Press office" not in desk.get(reader_sees).text


def test_what_is_missing_or_cannot_be_is_told_and_what_was_typed_is_kept(desk: Desk) -> None:
    for wrong, told in (
        ({"whom": ""}, "It is not said who was asked"),
        ({"deadline": "soon"}, "is no moment"),
        ({"deadline": "2020-01-01 9:00"}, "The deadline is before they were asked"),
        ({"entry": "#999"}, "999"),
        ({"entry": "Rejects it"}, "“Rejects it” is not the number of an entry"),
        ({"way": "pigeon"}, "There is no way"),
    ):
        answer = ask(desk, **wrong)
        assert answer.status_code in (404, 422)
        assert told in plain(answer.text)
        assert "Call back before six." in answer.text
    assert desk.services.desk.inquiries.open() == []


def test_all_that_is_wrong_is_told_at_once(desk: Desk) -> None:
    told = plain(ask(desk, entry="#999", deadline="soon", asked_at="then").text)
    for words in ("3 fields to fix", "“soon” is no moment", "“then” is no moment", "number 999"):
        assert words in told


def test_who_was_asked_about_a_draft_is_known_by_its_number_once_it_is_on_record(
    desk: Desk,
) -> None:
    form = desk.opened("/record") | statement(paraphrase="Wants it, it is said.")
    desk.post("/record", form | {"save": "1"})
    (draft,) = desk.services.desk.drafts.of("anna")
    assert f"{LIST}?entry={draft.id}" in desk.get("/record").text
    page = desk.get(f"{LIST}?entry={draft.id}").text
    assert "Wants it, it is said.</textarea>" in page
    ask(desk, entry=draft.id, id=hidden(page)["id"])
    assert "#" not in plain(desk.get(LIST).text).partition("Press office")[2].partition("Ask")[0]
    desk.post(f"{LIST}/{only(desk).id}/settle", {"outcome": "no_answer"})
    number = desk.post("/record", form).location.partition("s=")[2].partition("&")[0]
    assert f"/s/{number}" in desk.get(LIST).text


def test_what_came_of_it_is_noted_with_the_statement_that_was_the_answer(desk: Desk) -> None:
    number = desk.say()
    ask(desk)
    place = f"{LIST}/{only(desk).id}/settle"
    wrong = desk.post(place, {"outcome": "answered", "answer": "1"})
    assert wrong.status_code == 422
    assert "Number 1 is no statement. Give the number" in plain(wrong.text)
    assert "Press office" in wrong.text
    field = wrong.text.partition('name="answer"')
    assert 'value="1"' in field[0].rpartition("<")[2]
    assert 'hx-get="/record/entries"' in field[2].partition(">")[0]
    assert desk.post(place, {"outcome": "perhaps"}).status_code == 422
    told = f"#{number} · Bland · opposes · 1 Dec 2025 · Rejects it for good."
    asked = desk.post(place, {"outcome": "answered", "answer": f"#{number}"})
    assert asked.status_code == 422
    assert f"Is it this one? {told}" in asked.text
    yes = desk.press(place, {"outcome": "answered", "answer": "", "use": f"answer={told}"})
    assert f'value="{told}"' in yes.text
    assert '<option value="answered" selected>' in yes.text
    assert len(desk.services.desk.inquiries.open()) == 1
    desk.post(place, {"outcome": "answered", "answer": told})
    assert desk.services.desk.inquiries.open() == []
    page = plain(desk.get(LIST).text)
    assert "Nobody owes a reply." in page
    assert "answered, noted by anna," in page
    assert f"#{number} · Bland · opposes · 1 Dec 2025 · Rejects it for good." in page
    desk.post(place, {"outcome": ""})
    desk.post(place, {"outcome": "no_answer"})
    assert "no answer, noted by anna," in plain(desk.get(LIST).text)


def test_all_answers_are_read_together(desk: Desk) -> None:
    asked = []
    for day in (1, 2, 3):
        ask(desk)
        number = desk.say(said_at=f"2025-12-0{day}", paraphrase=f"Day {day}.")
        settled = (only(desk).id, "answered", number, "anna", desk.services.clock())
        desk.services.desk.inquiries.settle(*settled)
        with queries() as sent:
            assert f"Day {day}." in desk.get(LIST).text
        asked.append(len(sent))
    assert asked[1] == asked[2]


def test_what_is_due_soon_comes_first_and_is_marked(desk: Desk) -> None:
    now = desk.services.clock()
    for number, left in ((1, 40 * HOUR), (2, HOUR), (3, -HOUR)):
        inquiry = Inquiry(
            id=f"00000000-0000-7000-8000-{number:012}",
            entry="",
            about="",
            whom=f"Number {number}",
            way="phone",
            asked_by="anna",
            asked_at=now - 48 * HOUR,
            deadline=now + left,
        )
        desk.services.desk.inquiries.keep(inquiry)
    page = plain(desk.get(LIST).text)
    order = ["Number 3", "Deadline over", "Number 2", "Less than a day left", "Number 1"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert page.count("Less than a day left") == 1


def test_only_who_asked_and_editors_remove_it_and_readers_see_nothing(desk: Desk) -> None:
    ask(desk)
    place = f"{LIST}/{only(desk).id}/remove"
    for role, status in ((Role.READER, 403), (Role.CODER, 422), (Role.EDITOR, 303)):
        app = create_app(
            desk.services,
            identify=lambda _, role=role: Identity("cora", role),  # type: ignore[misc]
        )
        app.testing = True
        client = app.test_client()
        assert (client.get(LIST).status_code == 200) is (role > Role.READER)
        assert client.post(place, data={}).status_code == status
    assert desk.services.desk.inquiries.open() == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_list_is_within_reach_of_everybody(
    desk: Desk, page: Page, serve: Serve, theme: Theme
) -> None:
    ask(desk)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(serve(create_app(desk.services, identify=everybody_is("anna"))) + LIST)
    check_access(page, theme)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
