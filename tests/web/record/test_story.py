from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.record.desk import Desk, hidden
from timeline.domain.naming import stable_id
from timeline.domain.story import Story

if TYPE_CHECKING:
    import pytest

EDIT = "/record/story/talks"


def story(desk: Desk, slug: str = "talks") -> Story:
    found = desk.services.log.load(Story, stable_id("story", slug))
    assert found is not None
    return found


def arranged(desk: Desk, *sides: tuple[str, str]) -> dict[str, object]:
    """Return the form with these sides, as a browser sends it."""
    labels, actors = zip(*sides, ("", ""), strict=True)
    return desk.opened(EDIT) | {"side_label": list(labels), "side_actors": list(actors)}


def test_a_story_is_opened_and_leads_on_to_its_sides(desk: Desk) -> None:
    answer = desk.post("/record/story", {"title": "The long way out"})
    assert (answer.status_code, answer.location) == (303, "/record/story/the-long-way-out")
    assert desk.get(answer.location).status_code == 200


def test_a_story_without_a_title_or_with_one_that_is_taken_is_refused(desk: Desk) -> None:
    head = desk.head()
    assert desk.post("/record/story", {}).status_code == 422
    answer = desk.post("/record/story", {"title": "Other talks", "slug": "talks"})
    assert answer.status_code == 409
    assert 'value="Other talks"' in answer.text
    assert desk.head() == head


def test_sides_are_arranged_by_name_and_set_the_order_of_lanes(desk: Desk) -> None:
    desk.services.newsroom.topics.file_under(desk.byline(), "a-union", "talks")
    desk.say(actor="aland", stance="supports")
    desk.say(actor="bland")
    page = desk.get("/t/a-union").text
    assert page.index('id="lane-aland"') < page.index('id="lane-bland"')
    form = arranged(desk, ("The east", "Bland"), ("The west", "Aland\nDora Example"))
    answer = desk.post(EDIT, form)
    assert (answer.status_code, answer.location) == (303, "/#story-talks")
    assert story(desk).labels == ("The east", "The west")
    page = desk.get("/t/a-union").text
    assert page.index('id="lane-bland"') < page.index('id="lane-aland"')
    shown = desk.get(EDIT).text
    assert 'value="The east"' in shown
    assert ">\nAland\nDora Example</textarea>" in shown


def test_who_stands_on_no_side_is_named(desk: Desk) -> None:
    desk.services.newsroom.topics.file_under(desk.byline(), "a-union", "talks")
    desk.say(actor="bland")
    assert "On no side yet, and after the others: Bland" in desk.get(EDIT).text


def test_a_side_moves_up_before_anything_is_recorded(desk: Desk) -> None:
    head = desk.head()
    form = arranged(desk, ("One", "Aland"), ("Two", "Bland"))
    moved = desk.post(EDIT, form | {"use": "up=1"})
    assert moved.status_code == 200
    assert moved.text.index('value="Two"') < moved.text.index('value="One"')
    for nonsense in ("up=0", "up=9", "up=x", "up=²", "up=-1"):
        answer = desk.post(EDIT, form | {"use": nonsense})
        assert answer.text.index('value="One"') < answer.text.index('value="Two"')
    assert desk.head() == head


def test_an_actor_that_is_unknown_or_named_twice_is_refused_and_nothing_lost(desk: Desk) -> None:
    head = desk.head()
    for actors, told in (("Nobody Here", "there is no actor"), ("Aland\naland", "twice")):
        answer = desk.post(EDIT, arranged(desk, ("One", actors)))
        assert answer.status_code == 422
        assert told in answer.text.replace("There", "there")
        assert 'href="#f-sides"' in answer.text
        assert f">\n{actors}</textarea>" in answer.text
    assert "A side has no name" in desk.post(EDIT, arranged(desk, ("", "Aland"))).text
    assert desk.head() == head


def test_sides_that_were_arranged_meanwhile_are_told_of(desk: Desk) -> None:
    form = arranged(desk, ("One", "Aland"))
    desk.services.newsroom.stories.arrange_sides(desk.byline(), "talks", [("Two", ["bland"])])
    answer = desk.post(EDIT, form)
    assert answer.status_code == 409
    assert "Sides arranged" in answer.text
    again = hidden(answer.text) | {"side_label": ["One"], "side_actors": ["Aland"]}
    assert desk.post(EDIT, again).status_code == 303
    assert story(desk).labels == ("One",)


def test_the_same_order_sent_twice_is_recorded_once(desk: Desk) -> None:
    form = arranged(desk, ("One", "Aland"))
    desk.post(EDIT, form)
    head = desk.head()
    assert desk.post(EDIT, form).status_code == 303
    assert desk.head() == head


def test_rows_that_are_left_empty_are_taken_out(desk: Desk) -> None:
    desk.post(EDIT, arranged(desk, ("One", "Aland"), ("Two", "Bland")))
    desk.post(EDIT, arranged(desk, ("", " \n "), ("Two", "Bland")))
    assert story(desk).labels == ("Two",)


def test_questions_of_no_story_are_filed_under_one_together(desk: Desk) -> None:
    head = desk.head()
    form = desk.opened(EDIT)
    refused = desk.post(f"{EDIT}/questions", form)
    assert (refused.status_code, "Choose a question." in refused.text) == (422, True)
    for _ in range(2):
        answer = desk.post(f"{EDIT}/questions", form | {"topics": ["a-union", "deal"]})
        assert (answer.status_code, answer.location) == (303, "/story/talks")
    assert desk.types(head) == ["topic.filed_under"] * 2
    assert "Questions of no story yet" not in desk.get(EDIT).text


def test_of_several_questions_all_are_filed_or_none_is(desk: Desk) -> None:
    form, rooms = desk.opened(EDIT), desk.services.newsroom
    rooms.stories.open(desk.byline(), "Other talks", slug="others")
    rooms.topics.file_under(desk.byline(), "deal", "others")
    head = desk.head()
    for other, told in (("nope", "There is no topic"), ("deal", "belongs to another story by now")):
        answer = desk.post(f"{EDIT}/questions", form | {"topics": ["a-union", other]})
        assert (answer.status_code, desk.head()) == (422, head)
        assert told in answer.text
        assert 'href="#f-topics"' in answer.text
        assert 'value="a-union" checked' in answer.text


def test_how_many_questions_of_no_story_are_not_listed_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not listed" not in desk.get(EDIT).text
    monkeypatch.setattr("web.record.nouns.story.NAMED", 1)
    page = desk.get(EDIT).text
    assert "1 older question of no story is not listed" in page
    assert ('value="a-union"' in page, 'value="deal"' in page) == (False, True)


def test_a_story_that_is_none_is_not_found(desk: Desk) -> None:
    answer = desk.get("/record/story/talk")
    assert answer.status_code == 404
    assert "talks" in answer.text


def test_a_story_gets_another_title_with_a_reason_and_keeps_its_address(desk: Desk) -> None:
    head = desk.head()
    named = {"title": "The way out"}
    answer = desk.post(f"{EDIT}/rename", desk.opened(EDIT) | named)
    assert answer.status_code == 422
    assert 'href="#f-reason"' in answer.text
    assert 'value="The way out"' in answer.text
    assert desk.head() == head
    answer = desk.post(f"{EDIT}/rename", desk.opened(EDIT) | named | {"reason": "It grew."})
    assert (answer.status_code, answer.location) == (303, "/story/talks")
    assert "The way out" in desk.get(answer.location).text
    assert story(desk).names == {"Invented talks", "The way out"}
    assert "Story renamed" in desk.get("/log").text
