"""Who was asked for a reply gets their time: until then what it is about is not recorded."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.web.record.desk import Desk, statement
from tests.web.record.test_replies import ask, only
from tests.web.record.test_review import Colleague
from tests.web.site import plain
from timeline.desk.accounts.roles import Role
from timeline.domain.instants import MICROSECONDS
from timeline.domain.naming import keyed_id
from timeline.releasing import release
from web import create_app
from web.shell.identity import SignedIn

AWAITED = "Press office of Bland was asked for a reply to this"
SAID = {
    "topic": "a-union",
    "actor": "bland",
    "stance": "supports",
    "paraphrase": "Wants it now.",
    "said_at": "2025-12-15",
    "source": {"outlet": "Invented Post", "published_at": "2025-12-16"},
}


def asked_first(desk: Desk) -> dict[str, Any]:
    """Return a form about whose entry somebody was asked before it is sent."""
    form = desk.opened("/record") | statement()
    desk.post("/record", form | {"save": "1"})
    assert ask(desk, entry=form["entry"]).status_code == 303
    return form


def let_pass(desk: Desk) -> None:
    """Let the deadline of the only request have passed."""
    asked = only(desk)
    now = desk.services.clock()
    over = {"asked_at": now - 2 * MICROSECONDS, "deadline": now - MICROSECONDS}
    desk.services.desk.inquiries.keep(msgspec.structs.replace(asked, **over))


def settle(desk: Desk, outcome: str) -> None:
    there = f"/record/replies/{only(desk).id}/settle"
    assert desk.post(there, {"outcome": outcome}).status_code == 303


@pytest.mark.parametrize("outcome", ["declined", "no_answer"])
def test_an_entry_waits_for_the_reply_until_it_is_noted_what_came_of_it(
    desk: Desk, outcome: str
) -> None:
    form = asked_first(desk)
    head = desk.head()
    answer = desk.post("/record", form)
    assert answer.status_code == 422
    assert f"{AWAITED}, and has until 2099-11-28" in plain(answer.text)
    assert desk.head() == head
    settle(desk, outcome)
    assert desk.post("/record", form).status_code == 303
    assert desk.head() > head


def test_after_the_deadline_it_is_recorded_without_a_reply(desk: Desk) -> None:
    form, head = asked_first(desk), desk.head()
    let_pass(desk)
    assert desk.post("/record", form).status_code == 303
    assert desk.head() > head


def test_a_request_about_another_entry_holds_up_nothing(desk: Desk) -> None:
    asked_first(desk)
    assert desk.post("/record", desk.opened("/record") | statement()).status_code == 303


def test_what_is_due_before_the_reply_stays_on_the_list_with_the_reason(desk: Desk) -> None:
    form = asked_first(desk)
    desk.post("/record", form | {"embargo_until": "28 Nov 2098 9:00"})
    (waits,) = desk.services.desk.embargoes.waiting()
    head = desk.head()
    came = release(desk.services, waits.id)
    assert came is not None
    assert came.trouble is not None
    assert AWAITED in str(came.trouble)
    assert AWAITED in plain(desk.get("/record/embargo").text)
    desk.post(f"/record/embargo/{waits.id}/release", {})
    assert desk.head() == head
    let_pass(desk)
    desk.post(f"/record/embargo/{waits.id}/release", {})
    assert desk.head() > head


def test_a_second_person_agrees_once_the_reply_is_settled(desk: Desk) -> None:
    anna, ben = Colleague(desk, "anna"), Colleague(desk, "ben")
    form = asked_first(anna)
    assert anna.post("/record", form).location == "/record/review"
    head = anna.head()
    answer = ben.agree()
    assert answer.status_code == 422
    assert AWAITED in plain(answer.text)
    assert anna.head() == head
    settle(anna, "declined")
    assert ben.agree().status_code == 303
    assert anna.head() > head


def test_a_program_waits_for_the_reply_too(desk: Desk) -> None:
    services = desk.services
    now = services.clock()
    services.desk.people.add("mira", "Mira", Role.EDITOR, now)
    token = services.desk.tokens.make("mira", "a script", "record", 30, now)
    entry = keyed_id("api", "mira/one")
    assert ask(desk, entry=entry).status_code == 303
    app = create_app(services, identify=SignedIn(services))
    head = services.log.head()
    sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
    answer = app.test_client().post("/api/v1/statements", json=SAID, headers=sent)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "reply_awaited")
    assert services.log.head() == head
