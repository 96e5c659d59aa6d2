from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.record.desk import Desk, hidden, statement
from tests.web.site import plain
from timeline.domain.actor import Actor
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.naming import stable_id
from timeline.domain.statement import StatementRecorded
from timeline.domain.topic import Topic

DEVELOPMENT = {
    "title": "Talks end",
    "topics": ["a-union", "deal"],
    "status": "claimed",
    "according_to": "Bland",
    "happened_at": "14 Dec 2025",
    "precision": "day",
    "source.outlet": "Invented Post",
    "source.published_at": "2025-12-16",
}


def topic(desk: Desk, slug: str) -> Topic:
    found = desk.services.log.load(Topic, stable_id("topic", slug))
    assert found is not None
    return found


def actor(desk: Desk, slug: str) -> Actor:
    found = desk.services.log.load(Actor, stable_id("actor", slug))
    assert found is not None
    return found


# Developments


def test_a_development_is_recorded_and_shown_on_the_chart(desk: Desk) -> None:
    answer = desk.post("/record/development", DEVELOPMENT)
    number = desk.head()
    assert (answer.status_code, answer.location) == (303, f"/t/a-union#dv-{number}")
    event = desk.events()[-1]
    assert isinstance(event, DevelopmentRecorded)
    assert (event.happened_at, event.status) == ("2025-12-14", "claimed")
    assert event.according_to == stable_id("actor", "bland")


def test_a_development_sent_twice_is_recorded_once(desk: Desk) -> None:
    form = DEVELOPMENT | desk.opened("/record/development")
    first = desk.post("/record/development", form)
    head = desk.head()
    assert desk.post("/record/development", form).location == first.location
    assert desk.head() == head


def test_a_development_much_like_another_is_recorded_once_its_author_says_that_it_is_not(
    desk: Desk,
) -> None:
    desk.post("/record/development", DEVELOPMENT)
    number = desk.head()
    like = DEVELOPMENT | {"title": "The talks end", "happened_at": "15 Dec 2025"}
    answer = desk.post("/record/development", like)
    assert (answer.status_code, desk.head()) == (409, number)
    assert "Possibly recorded already" in answer.text
    assert f'<a href="/s/{number}" target="_blank">#{number}</a>' in answer.text
    answer = desk.press("/record/development", like | {"use": f"distinct={number}"})
    assert f'name="distinct" value="{number}"' in answer.text
    assert desk.post("/record/development", like | {"distinct": [str(number)]}).status_code == 303
    assert desk.head() > number


@pytest.mark.parametrize(
    "other",
    [{"title": "A treaty is signed"}, {"happened_at": "14 Nov 2025"}, {"topics": ["deal"]}],
    ids=["title", "day", "topic"],
)
def test_a_development_of_another_title_day_or_topic_is_taken_at_once(
    desk: Desk, other: dict[str, Any]
) -> None:
    desk.post("/record/development", DEVELOPMENT | {"topics": ["a-union"]})
    form = DEVELOPMENT | {"title": "The talks end", "topics": ["a-union"]} | other
    assert desk.post("/record/development", form).status_code == 303


def test_a_development_without_topic_or_title_says_so_at_both(desk: Desk) -> None:
    answer = desk.post("/record/development", DEVELOPMENT | {"topics": [], "title": ""})
    assert answer.status_code == 422
    for field in ("title", "topics"):
        assert f'href="#f-{field}"' in answer.text
    assert 'value="Invented Post"' in answer.text


def test_what_is_announced_may_lie_ahead(desk: Desk) -> None:
    ahead = DEVELOPMENT | {"happened_at": "2099-01-01"}
    assert desk.post("/record/development", ahead).status_code == 422
    answer = desk.post("/record/development", ahead | {"status": "announced"})
    assert answer.status_code == 303


# Topics


def test_a_topic_opens_with_a_new_story(desk: Desk) -> None:
    form = {
        "topic_question": "Should B leave?",
        "topic_name": "B leaves",
        "scale": "position",
        "story": "new",
        "new_story": "The long way out",
    }
    answer = desk.post("/record/topic", form)
    assert (answer.status_code, answer.location) == (303, "/t/b-leaves")
    assert topic(desk, "b-leaves").story == stable_id("story", "the-long-way-out")
    assert "Should B leave?" in desk.get("/t/b-leaves").text


def test_a_topic_may_succeed_another(desk: Desk) -> None:
    form = {"topic_question": "Should A stay?", "scale": "position", "succeeds": "a-union"}
    assert desk.post("/record/topic", form).location == "/t/should-a-stay"


def test_a_topic_without_a_short_name_is_called_by_its_question(desk: Desk) -> None:
    form = {"topic_question": "Soll Grünau den Bürgermeister wählen?", "scale": "position"}
    opened = desk.post("/record/topic", form).location
    assert opened == "/t/soll-gruenau-den-buergermeister-waehlen"
    assert (
        'aria-current="page">Soll Grünau den Bürgermeister wählen</span>' in desk.get(opened).text
    )


def test_a_slug_that_is_taken_is_a_conflict_and_keeps_the_question(desk: Desk) -> None:
    form = {"topic_question": "Another question?", "scale": "claim", "slug": "deal"}
    answer = desk.post("/record/topic", form)
    assert answer.status_code == 409
    assert "Another question?" in answer.text


def test_a_topic_without_question_or_with_an_odd_slug_is_refused(desk: Desk) -> None:
    assert desk.post("/record/topic", {"scale": "position"}).status_code == 422
    form = {"topic_question": "Why?", "scale": "position", "slug": "Not A Slug"}
    answer = desk.post("/record/topic", form)
    assert answer.status_code == 422
    assert 'value="Not A Slug"' in answer.text


def test_a_question_is_worded_anew_only_if_it_asks_the_same(desk: Desk) -> None:
    path, changed = "/record/topic/a-union/reword", {"topic_question": "Should A enter?"}
    form = desk.opened("/record/topic/a-union") | changed | {"reason": "clearer"}
    answer = desk.post(path, form)
    assert answer.status_code == 422
    assert "A new meaning needs a new topic" in answer.text
    assert "/record/topic?succeeds=a-union" in answer.text
    answer = desk.post(path, form | {"same_meaning": "yes"})
    assert (answer.status_code, answer.location) == (303, "/t/a-union")
    assert topic(desk, "a-union").question == "Should A enter?"


def test_two_who_word_a_question_at_once_see_each_other(desk: Desk) -> None:
    path = "/record/topic/a-union/reword"
    form = desk.opened("/record/topic/a-union") | {"same_meaning": "yes", "reason": "clearer"}
    desk.services.newsroom.topics.reword(
        desk.byline(), "a-union", "Should A be let in?", "tone", same_meaning=True
    )
    answer = desk.post(path, form | {"topic_question": "Should A enter?"})
    assert answer.status_code == 409
    assert "Worded anew" in answer.text
    assert "On record: Should A be let in?" in answer.text
    again = hidden(answer.text) | {"same_meaning": "yes", "reason": "clearer"}
    assert desk.post(path, again | {"topic_question": "Should A enter?"}).status_code == 303


def test_a_topic_that_looks_like_another_in_other_letters_is_asked_about(desk: Desk) -> None:
    form = {"topic_question": "Should А join the union?", "scale": "position"}
    answer = desk.post("/record/topic", form | {"slug": "other"})
    assert answer.status_code == 422
    assert "In other letters this is the topic" in plain(answer.text)
    kept = desk.press("/record/topic", form | {"slug": "other", "use": "distinct=a-union"})
    assert 'name="distinct" value="a-union"' in kept.text
    again = form | {"slug": "other", "distinct": "a-union"}
    assert desk.post("/record/topic", again).status_code == 303


def test_a_topic_reworded_to_look_like_another_is_asked_about(desk: Desk) -> None:
    asked, path = "Is it А?", "/record/topic/a-union/reword"
    desk.services.newsroom.topics.open(desk.byline(), "Is it A?", "position", slug="a")
    words = {"topic_question": asked, "same_meaning": "yes", "reason": "clearer"}
    form = desk.opened("/record/topic/a-union") | words
    answer = desk.post(path, form)
    assert answer.status_code == 422
    assert "In other letters this is the topic" in plain(answer.text)
    kept = desk.press(path, form | {"use": "distinct=a"})
    assert 'name="distinct" value="a"' in kept.text
    assert topic(desk, "a-union").question != asked
    assert desk.post(path, form | {"distinct": "a"}).status_code == 303
    assert topic(desk, "a-union").question == asked


def test_a_topic_s_own_words_in_other_letters_are_no_other_topic(desk: Desk) -> None:
    own = topic(desk, "a-union").question.replace("A", "А")
    words = {"topic_question": own, "same_meaning": "yes", "reason": "clearer"}
    form = desk.opened("/record/topic/a-union") | words
    assert desk.post("/record/topic/a-union/reword", form).status_code == 303


def test_a_question_that_takes_a_side_is_asked_about_and_stays_if_somebody_says_so(
    desk: Desk,
) -> None:
    asked = "Muss Bland endlich die hässliche Brücke abreißen?"
    form = {"topic_question": asked, "scale": "position", "slug": "bridge"}
    response = desk.post("/record/topic", form)
    assert response.status_code == 422
    assert "takes a side by “Muss”, “endlich”, “hässliche”." in plain(response.text)
    answer = "words:Muss+endlich+hässliche"
    assert answer in desk.press("/record/topic", form | {"use": f"distinct={answer}"}).text
    fairer = form | {"topic_question": "Must it rain?", "distinct": answer}
    assert desk.post("/record/topic", fairer).status_code == 422
    neutral = form | {"topic_question": "Soll Bland die Brücke abreißen?", "slug": "other"}
    assert desk.post("/record/topic", neutral).status_code == 303
    kept = form | {"distinct": [answer, "other"]}
    assert desk.post("/record/topic", kept).status_code == 303


@pytest.mark.parametrize(
    ("standing", "asked"),
    [
        ("Should Germany deliver Taurus?", "Should Germany supply Taurus missiles?"),
        (
            "Soll Deutschland Taurus liefern?",
            "Sollte Deutschland der Ukraine Taurus-Marschflugkörper liefern?",
        ),
        ("Should the wall come down?", "Should the wall come down?"),
        ("Is it raining?", "Is it raining"),
    ],
)
def test_a_question_that_stands_in_other_words_is_asked_back_and_opens_if_it_is_another(
    desk: Desk, standing: str, asked: str
) -> None:
    topics = desk.services.newsroom.topics
    topics.open(desk.byline(), standing, "position", slug="standing")
    topics.open(desk.byline(), "Should Germany deliver tanks?", "position", slug="tanks")
    form = {"topic_question": asked, "scale": "position", "slug": "other"}
    response = desk.post("/record/topic", form)
    assert (response.status_code, 'href="/t/standing"' in response.text) == (422, True)
    assert ("This question stands already." in response.text) == (asked == standing)
    assert ("Is it the same?" in response.text) == (asked != standing)
    kept = desk.press("/record/topic", form | {"use": "distinct=standing"})
    assert 'name="distinct" value="standing"' in kept.text
    assert desk.post("/record/topic", form | {"distinct": "standing"}).status_code == 303


@pytest.mark.parametrize(
    "asked",
    [
        "Should Germany deliver howitzers?",
        "Will A win?",
        "Should Bland and Aland hold talks?",
        "Soll es Gespräche zwischen den Ländern und ihren Gegnern geben?",
        "Was the bridge blown up by Bland?",
        "Is it ready if Bland does not agree?",
    ],
)
def test_a_question_of_its_own_opens_at_once(desk: Desk, asked: str) -> None:
    topics = desk.services.newsroom.topics
    topics.open(desk.byline(), "Should Germany deliver tanks?", "position", slug="tanks")
    form = {"topic_question": asked, "scale": "claim", "slug": "other"}
    assert desk.post("/record/topic", form).status_code == 303


@pytest.mark.parametrize(
    ("asked", "answer", "told"),
    [
        ("Why does Bland oppose it?", "Why", "asks for reasons"),
        ("Warum lehnt Bland das ab?", "Warum", "asks for reasons"),
        ("Who should pay?", "Who", "has many answers"),
        ("Was soll Bland tun?", "Was", "has many answers"),
        ("Should Bland not leave?", "not", "turns the answers around"),
        ("Soll Bland keine Panzer liefern?", "keine", "turns the answers around"),
        ("Should Bland leave and pay its debts?", "and", "may join two questions"),
        ("Soll Bland gehen und seine Schulden zahlen?", "und", "may join two questions"),
        ("Should Bland leave? Should it pay?", "??", "two questions"),
    ],
)
def test_a_question_that_a_scale_can_hardly_answer_is_asked_back_and_stays_if_somebody_says_so(
    desk: Desk, asked: str, answer: str, told: str
) -> None:
    form = {"topic_question": asked, "scale": "position", "slug": "other"}
    asked_back = desk.post("/record/topic", form)
    assert (asked_back.status_code, told in asked_back.text) == (422, True), asked_back.text
    kept = {"distinct": f"shape:{answer}"}
    assert desk.post("/record/topic", form | kept).status_code == 303


def test_how_much_is_asked_where_the_scale_says_how_much(desk: Desk) -> None:
    form = {"topic_question": "How high should the toll be?", "slug": "toll"}
    assert desk.post("/record/topic", form | {"scale": "position"}).status_code == 422
    assert desk.post("/record/topic", form | {"scale": "direction"}).status_code == 303


def test_a_question_is_not_worded_anew_into_another_that_stands(desk: Desk) -> None:
    words = {"topic_question": "Will there be a deal?", "same_meaning": "yes", "reason": "clearer"}
    form = desk.opened("/record/topic/a-union") | words
    path = "/record/topic/a-union/reword"
    response = desk.post(path, form)
    assert (response.status_code, "This question stands already." in response.text) == (422, True)
    assert desk.post(path, form | {"distinct": "deal"}).status_code == 303


def test_enter_in_the_form_of_a_topic_only_looks_at_it(desk: Desk) -> None:
    head = desk.head()
    form = desk.get("/record/topic").text.split('action="/record/topic"')[1]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert 'name="use" value="checked=1"' in first[0]
    sent = {"topic_question": "Should it rain?", "scale": "position", "use": "checked=1"}
    assert desk.post("/record/topic", sent).status_code == 200
    assert desk.head() == head


# Actors


def test_a_spelling_that_looks_like_another_actor_is_asked_about(desk: Desk) -> None:
    told = "In other letters this is the name of Bland."
    form = {"actor_name": "Boris", "actor_kind": "person", "aliases": "Boria\nВland"}
    answer = desk.post("/record/actor", form)
    assert answer.status_code == 422
    assert told in plain(answer.text)
    assert desk.post("/record/actor", form | {"distinct": "bland"}).status_code == 303
    for act, field in (("alias", "alias"), ("rename", "actor_name")):
        path = f"/record/actor/aland/{act}"
        words = {field: "Вland", "reason": "It is spelt so."}
        sent = desk.opened("/record/actor/aland") | words
        answer = desk.post(path, sent)
        assert answer.status_code == 422
        assert told in plain(answer.text)
        assert desk.post(path, sent | {"distinct": ["bland", "boris"]}).status_code == 303


def test_who_is_written_much_like_another_is_introduced_once_somebody_tells_them_apart(
    desk: Desk,
) -> None:
    form = {"actor_name": "Dorra Exempel", "actor_kind": "person"}
    assert desk.post("/record/actor", form).status_code == 303
    form["actor_name"] = "Dora Exampel"
    response = desk.post("/record/actor", form)
    assert response.status_code == 422
    assert "Much like Dora Example: is it the same?" in plain(response.text)
    assert 'href="/a/dora"' in response.text
    kept = desk.press("/record/actor", form | {"use": "distinct=dora"})
    assert 'name="distinct" value="dora"' in kept.text
    told_apart = {"distinct": ["dora", "dorra-exempel"]}
    assert desk.post("/record/actor", form | told_apart).status_code == 303


def test_a_name_that_is_on_record_is_said_to_be_and_leads_to_who_bears_it(desk: Desk) -> None:
    head = desk.head()
    response = desk.post("/record/actor", {"actor_name": "dora example", "actor_kind": "person"})
    assert (response.status_code, desk.head()) == (422, head)
    assert "There is an actor of this name already: Dora Example." in plain(response.text)
    sent = desk.opened("/record/actor/petrow") | {"actor_name": "Dora Example", "reason": "so"}
    assert "of this name already" in desk.post("/record/actor/petrow/rename", sent).text


def test_exact_beginnings_are_offered_first_and_the_field_shows_the_name(desk: Desk) -> None:
    for name in ("Otilie Brandmoor", "Ottilie Brandmoor"):
        desk.services.newsroom.actors.introduce(desk.byline(), name, "person")
    desk.say(actor="otilie-brandmoor")
    for typed in ("Ottilie", "Otilie", "ottilie brand"):
        offered = re.findall(r'data-value="([^"]+)"', desk.get(f"/record/actors?a={typed}").text)
        assert offered[0].lower().startswith(typed.lower()), offered
    sent = desk.post("/record", statement(actor="Otilie Brandmoor", stance=""))
    assert 'value="Otilie Brandmoor"' in sent.text
    assert desk.post("/record", statement(actor="Otilie Brandmoor")).status_code == 303
    said = desk.services.log.event(desk.head())
    assert isinstance(said, StatementRecorded)
    assert said.speaker == stable_id("actor", "otilie-brandmoor")


def test_an_actor_s_own_name_in_other_letters_is_a_spelling_of_it(desk: Desk) -> None:
    sent = desk.opened("/record/actor/bland") | {"alias": "Вland"}
    assert desk.post("/record/actor/bland/alias", sent).status_code == 303


def test_an_actor_is_introduced_with_spellings_and_a_mandate(desk: Desk) -> None:
    form = {
        "actor_name": "Ursula Sprecher",
        "actor_kind": "person",
        "aliases": "U. Sprecher\n\nУрсула Шпрехер",
        "on_behalf_of": "Bland",
        "role": "spokesperson",
        "since": "Mar 2022",
    }
    asked = desk.post("/record/actor", form)
    assert asked.status_code == 422
    assert "Does the actor only speak for it?" in asked.text
    form["standing"] = "speaks"
    answer = desk.post("/record/actor", form)
    assert (answer.status_code, answer.location) == (303, "/a/ursula-sprecher")
    found = actor(desk, "ursula-sprecher")
    assert found.aliases == {"U. Sprecher", "Урсула Шпрехер"}
    held = next(iter(found.mandates.values()))
    assert (held.on_behalf_of, held.since) == (stable_id("actor", "bland"), "2022-03")
    assert held.standing == "speaks"


def test_a_mandate_that_would_not_hold_keeps_the_actor_from_being_introduced(desk: Desk) -> None:
    head = desk.head()
    form = {"actor_name": "Uwe", "actor_kind": "person", "on_behalf_of": "nobody known"}
    answer = desk.post("/record/actor", form)
    assert answer.status_code == 422
    form |= {"on_behalf_of": "Bland", "role": "head", "since": "2025", "until": "2020"}
    assert desk.post("/record/actor", form).status_code == 422
    form = {"actor_name": "They", "actor_kind": "collective", "on_behalf_of": "Bland", "role": "x"}
    assert desk.post("/record/actor", form).status_code == 422
    assert desk.head() == head


def test_an_actor_gets_another_spelling_and_is_found_by_it(desk: Desk) -> None:
    path = "/record/actor/petrow"
    answer = desk.post(f"{path}/alias", desk.opened(path) | {"alias": "P. P."})
    assert (answer.status_code, answer.location) == (303, path)
    assert 'data-value="Pjotr Petrow"' in desk.get("/record/actors?actor=P. P.").text


def test_an_actor_gets_a_mandate_that_ends(desk: Desk) -> None:
    path = "/record/actor/petrow"
    form = {"on_behalf_of": "Bland", "role": "minister", "since": "2024", "standing": "speaks"}
    assert desk.post(f"{path}/mandate", desk.opened(path) | form).status_code == 303
    key = next(iter(actor(desk, "petrow").mandates))
    form = {"mandate": key, "until": "2025-06"}
    assert desk.post(f"{path}/end-mandate", desk.opened(path) | form).status_code == 303
    assert actor(desk, "petrow").mandates[key].until == "2025-06"


def test_an_actor_gets_a_mandate_of_the_past(desk: Desk) -> None:
    path = "/record/actor/petrow"
    form = {"on_behalf_of": "Bland", "role": "minister", "standing": "speaks"}
    form |= {"since": "2019", "until": "2021-03"}
    assert desk.post(f"{path}/mandate", desk.opened(path) | form).status_code == 303
    (mandate,) = actor(desk, "petrow").mandates.values()
    assert (mandate.since, mandate.until) == ("2019", "2021-03")


def test_whether_a_mandate_decides_is_asked_once_and_what_its_role_suggests_is_filled_in(
    desk: Desk,
) -> None:
    path = "/record/actor/petrow"
    form = desk.opened(path) | {"on_behalf_of": "Bland", "role": "Bundeskanzler"}
    asked = desk.post(f"{path}/mandate", form)
    assert asked.status_code == 422
    assert "Does the actor decide for it?" in asked.text
    assert re.search(r'value="decides" checked', asked.text)
    assert desk.post(f"{path}/mandate", form | {"standing": "decides"}).status_code == 303
    (held,) = actor(desk, "petrow").mandates.values()
    assert held.standing == "decides"


def test_that_a_mandate_only_speaks_on_a_topic_is_said_later(desk: Desk) -> None:
    path = "/record/actor/petrow"
    form = {"on_behalf_of": "Bland", "role": "President", "standing": "decides"}
    desk.post(f"{path}/mandate", desk.opened(path) | form)
    (held,) = actor(desk, "petrow").mandates.values()
    said = {"mandate": held.id, "standing": "speaks", "topic": "a-union", "since": "May 2025"}
    answer = desk.post(f"{path}/standing", desk.opened(path) | said)
    assert "reason is missing" in answer.text
    said["reason"] = "Parliament decides on treaties."
    assert desk.post(f"{path}/standing", desk.opened(path) | said).status_code == 303
    (stated,) = actor(desk, "petrow").standings[held.id]
    assert (stated.standing, stated.topic) == ("speaks", stable_id("topic", "a-union"))
    assert stated.since == "2025-05"
    page = desk.get("/a/petrow").text
    assert "decides for" in page
    assert "only speaks on “A union”" in page


def test_an_actor_gets_another_name(desk: Desk) -> None:
    path = "/record/actor/petrow"
    form = desk.opened(path) | {"actor_name": "Peter Petrow", "reason": "as he writes it"}
    assert desk.post(f"{path}/rename", form).status_code == 303
    assert actor(desk, "petrow").names == {"Peter Petrow", "Pjotr Petrow"}


def test_the_kind_of_an_actor_is_corrected_with_a_reason(desk: Desk) -> None:
    path = "/record/actor/petrow"
    form = desk.opened(path) | {"actor_kind": "office"}
    assert "Nothing is recorded yet" in desk.post(f"{path}/kind", form).text
    assert desk.post(f"{path}/kind", form | {"reason": "It is a post."}).status_code == 303
    assert actor(desk, "petrow").kind == "office"


def test_the_site_says_that_a_kind_is_not_known(desk: Desk) -> None:
    desk.services.newsroom.actors.introduce(desk.byline(), "Kite", "unknown")
    assert "kind not known" in desk.get("/a/kite").text
    form = desk.opened("/record/actor/kite") | {"actor_kind": "organisation"}
    assert desk.post("/record/actor/kite/kind", form).status_code == 303
    assert "kind not known" not in desk.get("/a/kite").text


def test_who_was_merged_by_somebody_else_meanwhile_is_shown_with_the_form(desk: Desk) -> None:
    path = "/record/actor/petrow"
    form = desk.opened(path) | {"into": "Bland", "reason": "mine"}
    desk.services.newsroom.actors.merge(desk.byline(), "petrow", "dora", "theirs")
    answer = desk.post(f"{path}/merge", form)
    assert answer.status_code == 409
    assert "Somebody recorded something here while you were typing." in answer.text
    assert 'value="mine"' in answer.text
    assert "Merged into Dora Example" in answer.text


def test_two_actors_that_are_one_are_merged_and_parted_again(desk: Desk) -> None:
    path = "/record/actor/petrow"
    form = desk.opened(path) | {"into": "Dora Example", "reason": "one person"}
    assert desk.post(f"{path}/merge", form).status_code == 303
    assert actor(desk, "petrow").merged_into == stable_id("actor", "dora")
    assert "Merged into Dora Example" in desk.get(path).text
    way_back = f'href="{path}#h-undo-merge"'
    assert way_back in desk.get("/record/actor/dora").text
    form = desk.opened(path) | {"reason": "two after all"}
    assert desk.post(f"{path}/undo-merge", form).status_code == 303
    assert actor(desk, "petrow").merged_into is None
    assert way_back not in desk.get("/record/actor/dora").text


def test_what_is_wrong_is_told_in_the_form_that_was_sent(desk: Desk) -> None:
    path = "/record/actor/petrow"
    answer = desk.post(f"{path}/merge", desk.opened(path) | {"into": "petrow", "reason": "x"})
    assert answer.status_code == 422
    assert 'id="f-merge-into"' in answer.text
    assert "An actor cannot be merged into itself." in answer.text
    ids = [part.partition('"')[0] for part in answer.text.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_an_unknown_actor_or_topic_is_not_found(desk: Desk) -> None:
    assert desk.get("/record/actor/nobody").status_code == 404
    assert desk.get("/record/topic/nothing").status_code == 404
