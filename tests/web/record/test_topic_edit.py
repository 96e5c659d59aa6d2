from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from tests.web.record.desk import Desk, hidden, statement
from timeline.domain.naming import stable_id
from timeline.domain.nature import Nature
from timeline.domain.topic import Topic
from web.record.corrections import entry, reply
from web.record.nouns import actor, topic_edit

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from web.record.acts import Act

EDIT = "/record/topic/a-union"


def topic(desk: Desk) -> Topic:
    found = desk.services.log.load(Topic, stable_id("topic", "a-union"))
    assert found is not None
    return found


def test_the_page_of_a_topic_leads_to_its_forms(desk: Desk) -> None:
    assert f'href="{EDIT}"' in desk.get("/t/a-union").text


def test_a_topic_is_closed_with_a_reason_and_opened_again(desk: Desk) -> None:
    answer = desk.post(f"{EDIT}/close", desk.opened(EDIT) | {"reason": "it was decided"})
    assert (answer.status_code, answer.location) == (303, "/t/a-union")
    closed = desk.get("/t/a-union").text
    assert "Closed to new statements." in closed
    assert "it was decided" in closed
    assert 'href="/record?topic=a-union"' not in closed
    assert f'href="{EDIT}"' in closed
    page = desk.get(EDIT).text
    assert f'action="{EDIT}/reopen"' in page
    assert f'action="{EDIT}/close"' not in page
    assert desk.post(f"{EDIT}/reopen", hidden(page) | {"reason": "it was not"}).status_code == 303
    assert not topic(desk).closed
    assert desk.types()[-2:] == ["topic.closed", "topic.reopened"]


def test_what_a_topic_asks_for_is_said_in_its_form(desk: Desk) -> None:
    page = desk.get(EDIT).text
    assert "On record: a position: should something be?, old after 24 months" in page
    form = desk.opened(EDIT) | {"asks": "decision", "recurring": "yes"}
    assert desk.post(f"{EDIT}/classify", form).status_code == 303
    assert topic(desk).nature == Nature("decision", recurring=True)
    form = desk.opened(EDIT) | {"asks": "fact", "limit_months": "soon", "reason": "It is one."}
    assert desk.post(f"{EDIT}/classify", form).status_code == 422
    assert desk.post(f"{EDIT}/classify", form | {"limit_months": "6"}).status_code == 303
    assert topic(desk).nature == Nature("fact", limit_months=6)
    form = desk.opened(EDIT) | {"asks": "fact", "derived": "yes", "reason": "It is research."}
    assert desk.post(f"{EDIT}/classify", form).status_code == 303
    assert topic(desk).nature.prints == "derived"
    assert "changes derived by the rule" in desk.get(EDIT).text


def test_a_closed_topic_takes_no_statement_until_it_is_opened_again(desk: Desk) -> None:
    desk.post(f"{EDIT}/close", desk.opened(EDIT) | {"reason": "it was decided"})
    head = desk.head()
    assert desk.post("/record", statement()).status_code == 422
    assert desk.head() == head


@pytest.mark.parametrize("act", ["close", "reword"])
def test_a_form_without_a_reason_says_so_where_it_stands(desk: Desk, act: str) -> None:
    head = desk.head()
    answer = desk.post(f"{EDIT}/{act}", desk.opened(EDIT))
    assert answer.status_code == 422
    assert f'id="f-{act}-reason"' in answer.text
    assert f'href="#f-{act}-reason"' in answer.text
    assert desk.head() == head


def test_a_form_that_was_sent_twice_closes_once(desk: Desk) -> None:
    form = desk.opened(EDIT) | {"reason": "it was decided"}
    assert desk.post(f"{EDIT}/close", form).status_code == 303
    head = desk.head()
    assert desk.post(f"{EDIT}/close", form).status_code == 303
    assert desk.head() == head


def test_a_topic_that_was_closed_already_stays_closed_and_says_so(desk: Desk) -> None:
    form = desk.opened(EDIT) | {"reason": "mine"}
    desk.services.newsroom.topics.close(desk.byline(), "a-union", "theirs")
    answer = desk.post(f"{EDIT}/close", form)
    assert answer.status_code == 409
    assert "Closed" in answer.text
    assert "by ben" in answer.text


def test_a_topic_is_filed_under_a_story_and_out_of_it(desk: Desk) -> None:
    answer = desk.post(f"{EDIT}/file", desk.opened(EDIT) | {"story": "talks"})
    assert (answer.status_code, answer.location) == (303, "/t/a-union")
    assert "Invented talks" in desk.get("/t/a-union").text
    page = desk.get(EDIT).text
    assert '<option value="talks" selected>' in page
    assert 'href="/record/story/talks"' in page
    desk.post(f"{EDIT}/file", hidden(page) | {"story": ""})
    assert topic(desk).story is None


def test_a_story_that_is_none_is_refused_at_its_field(desk: Desk) -> None:
    head = desk.head()
    answer = desk.post(f"{EDIT}/file", desk.opened(EDIT) | {"story": "nowhere"})
    assert answer.status_code == 422
    assert 'href="#f-file-story"' in answer.text
    assert desk.head() == head


def test_what_was_typed_into_one_form_stays_out_of_the_others(desk: Desk) -> None:
    answer = desk.post(f"{EDIT}/close", desk.opened(EDIT) | {"reason": "x" * 3_000})
    assert answer.status_code == 422
    assert answer.text.count("x" * 3_000) == 1


ACTS = {
    f"{module.__name__.rpartition('.')[2]} {name}": act
    for module in (actor, topic_edit, entry, reply)
    for name, act in module.ACTS.items()
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_what_a_form_gives_is_what_its_command_takes(paper: Paper, act: Act) -> None:
    filled = dict.fromkeys(act.schema().load_fields, "17")
    with paper.app.test_request_context():
        given = act.arguments(filled)
    taken = inspect.signature(act.command).bind("room", "byline", "thing", **given)
    assert {name for name in given if name not in taken.arguments} == set()


def test_a_form_sends_each_act_to_an_address_of_its_own(paper: Paper) -> None:
    rules = {rule.rule for rule in paper.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert {f"/record/topic/<thing>/{name}" for name in topic_edit.ACTS} <= rules
    assert {f"/record/actor/<thing>/{name}" for name in actor.ACTS} <= rules
    assert {f"/record/<int:thing>/{name}" for name in entry.ACTS} <= rules
    assert {f"/record/<int:thing>/reply/{name}" for name in reply.ACTS} <= rules
