"""Whoever records what makes a change signs it in the preview; with four eyes, who agrees."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.stores.test_log_survives import room_for
from tests.support.four_eyes import ask_for_four_eyes
from tests.web.record.desk import hidden, statement
from tests.web.record.test_signing import ask, by, waiting
from tests.web.record.test_workbench import WANTS, at, filled, opened
from timeline.desk.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient

    from tests.web.record.desk import Desk
    from timeline.domain.event import Event

_OFFER = re.compile(r'name="(?:\d\.)?sign" value="([^"]+)"( checked)?')
_SENTENCE = re.compile(r'name="sentence"[^>]*>\n([^<]*)<')


def before(desk: Desk) -> int:
    """Record that Pjotr Petrow opposes, and return the number of it."""
    return desk.say(actor="petrow", stance="opposes", said_at="2025-11-01")


def turned(**changes: str) -> dict[str, Any]:
    """Return the form by which Pjotr Petrow turns."""
    return statement(actor="petrow") | changes


def appends(desk: Desk) -> list[list[str]]:
    """Return what is appended from now on: the types of each append."""
    log, found = desk.services.log, list[list[str]]()
    before_append = log.before_append

    def watched(events: Sequence[Event]) -> None:
        before_append(events)
        found.append([event.TOPIC for event in events])

    log.before_append = watched
    return found


def checked(client: FlaskClient, form: dict[str, Any]) -> str:
    """Return the preview of a form that somebody is filling in."""
    told = {"HX-Request": "true", "HX-Target": "preview"}
    return client.post("/record/check", data=form, headers=told).text


def offered(page: str) -> str:
    """Return what a preview offers to be signed, empty for nothing."""
    match = _OFFER.search(page)
    return unescape(match[1]) if match else ""


def test_the_preview_offers_to_print_what_would_be_changed_with_a_sentence(desk: Desk) -> None:
    number = before(desk)
    page = checked(desk.client, turned())
    assert offered(page).startswith("reversal ")
    assert offered(page).endswith(f" {number}")
    sentence = unescape(_SENTENCE.findall(page)[0])
    assert sentence == "Pjotr Petrow turned from opposing to supporting."
    assert "else it waits" in page
    for same in ({"stance": "opposes"}, {"stance": "no_position", "no_position_reason": "defers"}):
        assert offered(checked(desk.client, turned(**same))) == ""
    assert offered(checked(desk.client, turned(embargo_until="2027-01-01 9:00"))) == ""


def test_a_change_is_signed_in_the_append_of_the_statement_that_makes_it(desk: Desk) -> None:
    before(desk)
    form = turned(sign=offered(checked(desk.client, turned())))
    head, appended = desk.head(), appends(desk)
    also = {"sentence_de": "Petrow will es jetzt.", "caveat_de": "Eine Quelle."}
    given = form | {"sentence": "Petrow now wants it.", "caveat": "One source."} | also
    desk.post("/record", given)
    assert [len(one) for one in appended] == [desk.head() - head]
    *_, recorded, signed = desk.events(head)
    assert [recorded.TOPIC, signed.TOPIC] == ["statement.recorded", "change.signed"]
    content: Any = getattr(signed, "content", None)
    assert (content.sentence, content.caveat) == ("Petrow now wants it.", "One source.")
    assert [one.lang for one in content.also] == ["de"]
    assert signed.recorded_by == "anna"
    desk.post("/record", given)
    assert len(appended) == 1
    assert waiting(ask(desk.client)) == []


def test_without_a_tick_it_waits_and_without_a_sentence_nothing_is_recorded(desk: Desk) -> None:
    before(desk)
    offer, head = offered(checked(desk.client, turned())), desk.head()
    refused = desk.post("/record", turned(sign=offer, sentence=" "))
    assert refused.status_code == 422
    assert "The sentence that is signed is missing" in refused.text
    assert _OFFER.search(refused.text)[2]  # type: ignore[index]
    assert desk.head() == head
    desk.post("/record", turned(sentence="Petrow now wants it."))
    assert "change.signed" not in desk.types(head)
    assert len(waiting(ask(desk.client))) == 1


def test_what_was_typed_stays_and_the_proposal_follows_what_is_coded(desk: Desk) -> None:
    before(desk)
    page = checked(desk.client, turned())
    proposed = hidden(page)["proposed"]
    same = {"proposed": unescape(proposed), "sentence": unescape(proposed), "stance": "accepts"}
    page = checked(desk.client, turned(**same))
    assert "from opposing to accepting" in _SENTENCE.findall(page)[0]
    own = same | {"sentence": "Petrow gives in.", "sign": offered(page)}
    page = checked(desk.client, turned(**own))
    assert _SENTENCE.findall(page) == ["Petrow gives in."]
    assert _OFFER.search(page)[2]  # type: ignore[index]


def test_where_the_statement_makes_another_change_than_was_shown_nothing_is_recorded(
    desk: Desk,
) -> None:
    number = before(desk)
    offer = offered(checked(desk.client, turned()))
    byline = desk.services.newsroom.byline("ben")
    desk.services.newsroom.statements.retract(byline, number, "Misread.")
    head = desk.head()
    refused = desk.post("/record", turned(sign=offer, sentence="Petrow now wants it."))
    assert refused.status_code == 422
    assert "does not make the change that was shown beside it" in refused.text
    assert offered(refused.text) == ""
    assert desk.head() == head
    desk.post("/record", turned())
    assert "statement.recorded" in desk.types(head)
    assert "change.signed" not in desk.types(head)


def test_a_full_disk_takes_neither_the_statement_nor_what_signs_it(desk: Desk) -> None:
    before(desk)
    form = turned(sign=offered(checked(desk.client, turned())), sentence="Petrow now wants it.")
    head = desk.head()
    with room_for(1):
        assert "Nothing can be recorded just now" in desk.post("/record", form).text
    assert desk.head() == head
    desk.post("/record", form)
    assert desk.types(head)[-2:] == ["statement.recorded", "change.signed"]


def test_a_coder_records_and_signs_nothing(desk: Desk) -> None:
    before(desk)
    offer = offered(checked(desk.client, turned()))
    mira = by(desk, "mira", Role.CODER)
    assert offered(checked(mira, turned())) == ""
    head = desk.head()
    mira.post("/record", data=turned(sign=offer, sentence="Petrow now wants it."))
    assert "statement.recorded" in desk.types(head)
    assert "change.signed" not in desk.types(head)


def test_each_stance_of_the_same_words_is_signed_for_itself(desk: Desk) -> None:
    before(desk)
    desk.say(topic="deal", actor="petrow", stance="rules out", said_at="2025-11-02")
    form = turned() | {
        "also": "2",
        "2.topic": "deal",
        "2.stance": "expects",
        "2.paraphrase": "Yes.",
    }
    page = checked(desk.client, form)
    offers = [unescape(one) for one, _ in _OFFER.findall(page)]
    assert len(offers) == 2
    head = desk.head()
    desk.post("/record", form | {"2.sign": offers[1], "2.sentence": "Petrow now expects a deal."})
    signed = [event for event in desk.events(head) if event.TOPIC == "change.signed"]
    assert [event.content.sentence for event in signed] == ["Petrow now expects a deal."]  # type: ignore[attr-defined]


def test_with_four_eyes_who_agrees_signs_and_not_the_author(desk: Desk) -> None:
    before(desk)
    ask_for_four_eyes(desk.services)
    page = checked(desk.client, turned())
    assert offered(page) == ""
    assert "whoever agrees may sign it" in page
    crafted = turned(sign="reversal", sentence="Mine.")
    at = desk.post("/record", crafted).location or ""
    (handed,) = desk.services.desk.reviews.waiting()
    assert handed.id
    cora = by(desk, "cora")
    seen = cora.get(f"/record/review/{handed.id}").text
    assert at
    assert 'name="sign"' in seen
    assert 'form="agree"' in seen
    form = {"seen": re.findall(r'name="seen" value="([^"]+)"', seen)[0], "sign": offered(seen)}
    head = desk.head()
    cora.post(f"/record/review/{handed.id}/agree", data=form | {"sentence": "Petrow now wants it."})
    recorded, signed = (event for event in desk.events(head) if event.TOPIC[:9] != "document.")
    assert (recorded.recorded_by, recorded.via) == ("anna", "review:cora")
    assert (signed.TOPIC, signed.recorded_by) == ("change.signed", "cora")


def test_with_four_eyes_who_recorded_the_earlier_end_is_told_that_another_signs(desk: Desk) -> None:
    number = before(desk)  # by ben
    ask_for_four_eyes(desk.services)
    desk.post("/record", turned())
    (handed,) = desk.services.desk.reviews.waiting()
    seen = by(desk, "ben").get(f"/record/review/{handed.id}").text
    assert f"You recorded or corrected #{number}: somebody else signs it." in seen
    assert 'name="sign"' not in seen


def test_a_change_is_signed_at_the_workbench_too(desk: Desk) -> None:
    before(desk)
    path = opened(desk)
    page = desk.get(f"{path}?at={at(WANTS)}").text
    form = filled(page) | {"actor": "petrow", "on_behalf_of": "self", "precision": "day"}
    told = {"HX-Request": "true", "HX-Target": "preview"}
    offer = offered(desk.client.post(f"{path}/check", data=form, headers=told).text)
    assert offer.startswith("reversal ")
    head = desk.head()
    desk.post(path, form | {"sign": offer, "sentence": "Petrow now wants it."})
    types = desk.types(head)
    assert types[types.index("statement.recorded") + 1] == "change.signed"
    assert waiting(ask(desk.client)) == []
