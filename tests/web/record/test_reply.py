from __future__ import annotations

from tests.web.markup import Page
from tests.web.record.desk import Desk, hidden
from timeline.domain.statement import StatementReplyReceived


def path(number: int) -> str:
    return f"/record/{number}/reply"


def test_an_answer_is_recorded_to_the_letter_and_stands_beside_the_statement(desk: Desk) -> None:
    number = desk.say()
    words = "  We never said so.\n\nEver. "
    form = desk.opened(path(number)) | {"reply": words, "replied_at": "17 Dec 2025", "lang": "en"}
    answer = desk.post(f"{path(number)}/received", form)
    assert (answer.status_code, answer.location) == (303, f"/s/{number}")
    event = desk.events()[-1]
    assert isinstance(event, StatementReplyReceived)
    assert event.content is not None
    assert (event.replied_at, event.content.text) == ("2025-12-17", words)
    assert "We never said so." in desk.get(f"/s/{number}").text


def test_an_answer_needs_its_day_and_its_words(desk: Desk) -> None:
    number = desk.say()
    head = desk.head()
    form = desk.opened(path(number))
    for given in ({}, {"reply": " \n", "replied_at": "2025-12-17"}, {"reply": "No."}):
        answer = desk.post(f"{path(number)}/received", form | given)
        assert answer.status_code == 422
    assert 'href="#f-received-replied_at"' in answer.text
    assert ">\nNo.</textarea>" in answer.text
    odd = desk.post(f"{path(number)}/received", form | {"reply": "No.", "replied_at": "soon"})
    assert odd.status_code == 422
    assert desk.head() == head


def test_that_an_answer_was_asked_for_is_noted_and_told(desk: Desk) -> None:
    number = desk.say()
    form = desk.opened(path(number)) | {"note": "by letter to the press office"}
    assert desk.post(f"{path(number)}/requested", form).status_code == 303
    assert desk.types()[-1] == "statement.reply_requested"
    shown = desk.get(f"/s/{number}").text
    assert "Reply requested" in shown
    assert "By letter to the press office" in shown


def test_a_reply_sent_twice_is_recorded_once(desk: Desk) -> None:
    number = desk.say()
    form = desk.opened(path(number)) | {"reply": "No.", "replied_at": "2025-12-17"}
    desk.post(f"{path(number)}/received", form)
    head = desk.head()
    assert desk.post(f"{path(number)}/received", form).status_code == 303
    assert desk.head() == head


def test_a_reply_to_what_was_corrected_meanwhile_is_kept_and_can_be_sent_again(desk: Desk) -> None:
    number = desk.say()
    form = desk.opened(path(number)) | {"reply": "No.", "replied_at": "2025-12-17"}
    desk.services.newsroom.statements.correct(desk.byline(), number, {"hedge": "wohl"}, "overseen")
    answer = desk.post(f"{path(number)}/received", form)
    assert answer.status_code == 409
    assert ">\nNo.</textarea>" in answer.text
    assert desk.post(f"{path(number)}/received", form | hidden(answer.text)).status_code == 303


def test_nobody_replies_to_a_development(desk: Desk) -> None:
    number = desk.happen()
    assert desk.get(path(number)).status_code == 404
    assert path(number) not in desk.get(f"/s/{number}").text
    assert desk.get(path(99_999)).status_code == 404


def test_a_reply_is_refused_before_the_statement_and_a_second_time(desk: Desk) -> None:
    number = desk.say(said_at="2025-12-15")
    early = desk.opened(path(number)) | {"reply": "No.", "replied_at": "2020-01-01"}
    response = desk.post(f"{path(number)}/received", early)
    assert response.status_code == 422
    assert "older than the statement" in response.text
    assert desk.post(f"{path(number)}/received", early | {"replied_at": "2025-12-15"}).location
    again = desk.opened(path(number)) | {"reply": " No. ", "replied_at": "2025-12-15"}
    response = desk.post(f"{path(number)}/received", again)
    assert response.status_code == 422
    assert "This reply of that day is on record already" in response.text


def test_a_reply_is_taken_back_with_a_reason_and_stays_in_the_log(desk: Desk) -> None:
    number = desk.say()
    for day, words in (("2025-12-17", "Never said so."), ("2025-12-18", "Nor this.")):
        form = desk.opened(path(number)) | {"reply": words, "replied_at": day}
        desk.post(f"{path(number)}/received", form)
    form = desk.opened(path(number)) | {"which": "1"}
    assert "Never said so." in desk.get(path(number)).text
    assert desk.post(f"{path(number)}/retract", form).status_code == 422
    known = desk.head()
    answer = desk.post(f"{path(number)}/retract", form | {"reason": "by somebody else"})
    assert (answer.status_code, answer.location) == (303, f"/s/{number}")
    shown = desk.get(f"/s/{number}").text
    assert "Never said so." not in shown
    assert "Nor this." in shown
    assert "Reply taken back" in shown
    assert "By somebody else" in shown
    assert "Never said so." in desk.get(f"/s/{number}@{known}").text
    listed = desk.get("/corrections").text
    assert "Never said so." not in listed
    assert "by somebody else" in listed
    assert "Never said so." not in desk.get(path(number)).text
    again = desk.opened(path(number)) | {"which": "1", "reason": "once more"}
    assert desk.post(f"{path(number)}/retract", again).status_code == 422


def test_a_reply_that_another_window_took_back_says_so(desk: Desk) -> None:
    number = desk.say()
    form = desk.opened(path(number)) | {"reply": "Never said so.", "replied_at": "2025-12-17"}
    desk.post(f"{path(number)}/received", form)
    one, other = (
        desk.opened(path(number)) | {"which": "1", "reason": reason}
        for reason in ("by somebody else", "in another window")
    )
    assert desk.post(f"{path(number)}/retract", one).status_code == 303
    late = desk.post(f"{path(number)}/retract", other)
    assert late.status_code == 409
    told = Page(late.text).words(role="alert")
    assert "Reply taken back" in told
