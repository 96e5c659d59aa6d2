"""What is on record and was agreed to is changed by two people, whatever form does it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.support.four_eyes import ask_for_four_eyes
from tests.web.record.desk import Desk, hidden
from tests.web.record.test_review import Colleague
from tests.web.site import plain
from timeline.application.texts import text
from timeline.desk.erased_words import ErasedWords
from timeline.desk.promises import ALONE
from timeline.domain.catalogue import EVENT_TYPES
from timeline.stores.mapper import CODECS

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from timeline.domain.event import Event

WHY = {"reason": "Misheard."}
QUEUE = "/record/review"

Form = tuple[str, str, dict[str, Any]]

FORMS: dict[str, Form] = {
    "statement.corrected": (
        "/record/{n}/correct",
        "/record/{n}/correct",
        {"paraphrase": "Other words.", "material": "material"} | WHY,
    ),
    "statement.retracted": ("/record/{n}/retract", "/record/{n}/retract", WHY),
    "statement.linked": (
        "/record/{n}/link",
        "/record/{n}/link",
        {"link": "repeats", "target": "#{other} · Bland · supports · 3 Dec 2025 · Now for it."},
    ),
    "actor.renamed": (
        "/record/actor/bland",
        "/record/actor/bland/rename",
        {"actor_name": "Blandia"} | WHY,
    ),
    "actor.merged": (
        "/record/actor/dora",
        "/record/actor/dora/merge",
        {"into": "Pjotr Petrow"} | WHY,
    ),
    "topic.lede_set": (
        "/record/topic/deal",
        "/record/topic/deal/lead",
        {"lede": "It began with a letter."},
    ),
    "story.renamed": (
        "/record/story/talks",
        "/record/story/talks/rename",
        {"title": "The way out"} | WHY,
    ),
    "topic.closed": ("/record/topic/deal", "/record/topic/deal/close", WHY),
}


@pytest.fixture
def numbers(desk: Desk) -> tuple[int, int]:
    """Two statements that were agreed to."""
    return desk.say(), desk.say(stance="supports", said_at="2025-12-03", paraphrase="Now for it.")


@pytest.fixture
def colleague(desk: Desk, numbers: tuple[int, int]) -> Callable[[str], Colleague]:
    del numbers
    return lambda handle: Colleague(desk, handle)


def sent(person: Desk, form: Form, numbers: tuple[int, int]) -> TestResponse:
    """Send a form as a browser would that opened it before."""
    opened, to, typed = form
    named = {"n": numbers[0], "other": numbers[1]}
    filled = {name: value.format(**named) for name, value in typed.items()}
    carried = hidden(person.get(opened.format(**named)).text)
    return person.post(to.format(**named), carried | filled)


@pytest.mark.parametrize("type_", FORMS)
def test_a_change_of_what_is_on_record_waits_for_a_second_person(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int], type_: str
) -> None:
    anna, ben = colleague("anna"), colleague("ben")
    head = anna.head()
    answer = sent(anna, FORMS[type_], numbers)
    (waits,) = anna.services.desk.reviews.waiting()
    assert (answer.status_code, answer.location) == (303, f"{QUEUE}/{waits.id}")
    assert anna.head() == head
    assert "It is not on record until somebody else agrees." in plain(
        anna.get(answer.location).text
    )
    assert anna.agree().status_code == 422
    assert anna.head() == head
    assert waits.id in ben.get(QUEUE).text
    agreed = ben.agree()
    assert agreed.status_code == 303
    said = ben.events()[-1]
    assert (said.TOPIC, said.recorded_by, said.via) == (type_, "anna", "review:ben")
    assert ben.get(agreed.location).status_code == 200
    assert ben.services.desk.reviews.waiting() == []


def test_whoever_agrees_sees_what_stands_there_and_what_would(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna, ben = colleague("anna"), colleague("ben")
    there = sent(anna, FORMS["statement.corrected"], numbers).location
    page = plain(ben.get(there).text)
    for words in ("Rejects it for good.", "Other words.", "Misheard.", f"#{numbers[0]}"):
        assert words in page


def test_of_two_changes_of_one_thing_the_later_is_told_that_it_moved_on(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna, ben = colleague("anna"), colleague("ben")
    first = sent(anna, FORMS["statement.corrected"], numbers).location
    later = sent(anna, FORMS["statement.retracted"], numbers).location
    assert ben.post(f"{first}/agree", hidden(ben.get(first).text)).status_code == 303
    head = ben.head()
    response = ben.post(f"{later}/agree", hidden(ben.get(later).text))
    assert response.status_code == 409
    assert "somebody else recorded something there in between" in plain(response.text).lower()
    assert ben.head() == head


def test_who_does_not_agree_says_why_and_the_author_takes_it_off_the_list(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna, ben = colleague("anna"), colleague("ben")
    there = sent(anna, FORMS["statement.retracted"], numbers).location
    assert ben.post(f"{there}/back", {"note": "It was said so."}).location == QUEUE
    assert there not in ben.get(QUEUE).text
    assert "Sent back by ben" in plain(anna.get(QUEUE).text)
    assert "It was said so." in plain(anna.get(there).text)
    assert anna.post(f"{there}/back", {}).location == QUEUE
    assert anna.services.desk.reviews.waiting() == []


def test_who_does_not_agree_while_another_does_brings_back_nothing(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, ben, cora = colleague("anna"), colleague("ben"), colleague("cora")
    there = sent(anna, FORMS["statement.retracted"], numbers).location
    agreed = []

    def meanwhile(words: str | None, field: str) -> str:
        agreed.append(ben.agree().status_code)
        return text(words, field)

    monkeypatch.setattr("web.record.reviewing.pages.text", meanwhile)
    assert cora.post(f"{there}/back", {"note": "It was said so."}).status_code == 404
    assert agreed == [303]
    assert anna.services.desk.reviews.waiting() == []


def test_a_change_of_an_entry_that_cannot_be_shown_waits_with_its_number(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna, ben = colleague("anna"), colleague("ben")
    there = sent(anna, FORMS["statement.retracted"], numbers).location
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(CODECS, "statement.recorded")
        anna.services.models.rebuild()
    for page in (QUEUE, there):
        answer = ben.get(page)
        assert answer.status_code == 200
        assert f"#{numbers[0]}" in plain(answer.text)


def test_a_form_that_changes_several_things_waits_as_a_whole(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna, ben = colleague("anna"), colleague("ben")
    opened, to, typed = FORMS["statement.corrected"]
    both = (opened, to, typed | {"source.title": "Another title"})
    assert sent(anna, both, numbers).status_code == 303
    assert ben.agree().status_code == 303
    assert [event.TOPIC for event in ben.events()[-2:]] == [
        "statement.corrected",
        "document.corrected",
    ]
    assert {event.via for event in ben.events()[-2:]} == {"review:ben"}


def test_a_form_sent_twice_waits_once(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna = colleague("anna")
    carried = hidden(anna.get(f"/record/{numbers[0]}/retract").text) | WHY
    for _ in range(2):
        anna.post(f"/record/{numbers[0]}/retract", carried)
    assert len(anna.services.desk.reviews.waiting()) == 1


def test_what_is_refused_waits_for_nobody(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna = colleague("anna")
    answer = sent(anna, ("/record/{n}/retract", "/record/{n}/retract", {"reason": ""}), numbers)
    assert answer.status_code == 422
    assert anna.services.desk.reviews.waiting() == []


def test_an_erasure_finds_the_words_of_a_change_that_waits(
    colleague: Callable[[str], Colleague], numbers: tuple[int, int]
) -> None:
    anna = colleague("anna")
    sent(anna, FORMS["statement.corrected"], numbers)
    assert anna.services.desk.forget(ErasedWords({"Other words."})) == 1
    assert anna.services.desk.reviews.waiting() == []


def test_without_four_eyes_a_form_changes_the_record_at_once(
    desk: Desk, numbers: tuple[int, int]
) -> None:
    head = desk.head()
    assert sent(desk, FORMS["statement.retracted"], numbers).location == f"/s/{numbers[0]}"
    assert desk.head() > head


def test_every_type_of_event_needs_a_second_person_but_for_those_that_are_named(desk: Desk) -> None:
    """A type that comes later needs a second person until somebody names it."""
    ask_for_four_eyes(desk.services)
    promises = desk.services.promises
    for type_ in EVENT_TYPES:
        alone, own, two = (
            cast("Event", SimpleNamespace(TOPIC=type_, via=via, recorded_by="anna"))
            for via in ("form", "review:anna", "review:ben")
        )
        assert promises.need_a_second([alone]) is (type_ not in ALONE)
        assert promises.need_a_second([own]) is (type_ not in ALONE)
        assert not promises.need_a_second([two])
    assert EVENT_TYPES.keys() > ALONE
