"""Everything of a text at once: collected on the desk, looked over, and recorded in one append."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.support.four_eyes import four_eyes_lifted
from tests.web.record.desk import Desk, hidden
from tests.web.record.test_passage import open_text
from tests.web.record.test_review import Colleague
from tests.web.record.test_several import ARTICLE, SECOND, fill_first, numbers, said
from tests.web.record.test_workbench import NOTHING, REFUSES, WANTS, at, filled, opened
from tests.web.site import plain
from timeline.desk.accounts.roles import Role
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest
    from playwright.sync_api import Page
    from werkzeug.test import TestResponse

    from tests.support.web_server import Serve
    from timeline.domain.event import Event
    from timeline.stores.recordable import Numbered

COLLECT = {"save": "collected"}
HAPPENED = {
    "title": "Nothing happened.",
    "topics": "a-union",
    "status": "confirmed",
    "happened_at": "16 Dec 2025",
    "precision": "day",
    "source.outlet": "Invented Times",
    "source.published_at": "2025-12-16",
}


def collect(desk: Desk, place: str, words: str, **changes: str) -> TestResponse:
    """Fill in the form for a passage and put it to the others."""
    page = desk.get(f"{place}?at={at(words)}").text
    return desk.post(place, filled(page, **changes) | COLLECT)


def collect_three(desk: Desk) -> str:
    """Collect a statement, one with two stances, and a development; return where the text lies."""
    place = opened(desk)
    collect(desk, place, WANTS)
    page = desk.get(f"{place}?at={at(REFUSES)}").text
    two = filled(page, stance="opposes", paraphrase="Rejects it.") | {"also": "2"} | SECOND
    desk.post(place, two | COLLECT)
    page = desk.get(f"{place}?kind=development&at={at(NOTHING)}").text
    told = {"title": "Nothing happened.", "topics": "a-union", "status": "confirmed"}
    desk.post(f"{place}/development", hidden(page) | told | COLLECT)
    return place


def ticked(page: str) -> list[str]:
    return re.findall(r'name="entry" value="([^"]+)"[^>]* checked', page)


def test_what_waits_on_the_desk_already_is_not_ticked(desk: Desk) -> None:
    place = collect_three(desk)
    other = Colleague(desk, "ben")
    page = other.get(f"{place}?at={at(WANTS)}").text
    other.post(place, filled(page))
    (waits,) = desk.services.desk.reviews.waiting()
    shown = desk.get(f"{place}/together").text
    assert f'href="/record/review/{waits.id}"' in shown
    assert len(ticked(shown)) == 2


def test_what_waits_is_asked_back_before_it_is_recorded_and_no_tick_is_lost(desk: Desk) -> None:
    place = collect_three(desk)
    other = Colleague(desk, "ben")
    other.post(place, filled(other.get(f"{place}?at={at(WANTS)}").text))
    (waits,) = desk.services.desk.reviews.waiting()
    every = re.findall(r'name="entry" value="([^"]+)"', desk.get(f"{place}/together").text)
    head, answer = desk.head(), desk.post(f"{place}/together", {"entry": every})
    assert (answer.status_code, desk.head()) == (422, head)
    assert "One that ben handed over may be the same. Nothing is recorded yet." in plain(
        answer.text
    )
    assert ticked(answer.text) == every
    (button,) = re.findall(rf'name="answer" value="(\S+ distinct={waits.id})"', answer.text)
    answered = desk.post(f"{place}/together", {"entry": every[1:], "answer": button})
    assert (answered.status_code, desk.head()) == (200, head)
    assert ticked(answered.text) == every
    assert ticked(desk.get(f"{place}/together").text) == every
    with four_eyes_lifted(desk.services):
        assert "recorded=" in desk.post(f"{place}/together", {"entry": every}).location
    assert len(said(desk)) == 3


def test_the_same_words_on_record_are_asked_back_and_others_that_were_shown_are_not(
    desk: Desk,
) -> None:
    place = opened(desk)
    collect(desk, place, WANTS)
    collect(desk, place, REFUSES, stance="opposes")
    first, second = ticked(desk.get(f"{place}/together").text)
    desk.post(place, filled(desk.get(f"{place}?at={at(WANTS)}").text))
    (same,) = numbers(desk)
    like = desk.say(actor="petrow", said_at="2025-12-15")
    desk.services.models.catch_up()
    shown = desk.get(f"{place}/together").text
    seen = re.findall(r'name="seen" value="([^"]+)"', shown)
    assert f"{first} {same}" in seen
    assert f"{second} {like}" in seen
    unseen = plain(desk.post(f"{place}/together", {"entry": [second]}).text)
    assert f"#{like} may say the same in other words." in unseen
    answer = desk.post(f"{place}/together", {"entry": [first, second], "seen": seen})
    assert answer.status_code == 422
    assert f"This stands already as #{same}." in plain(answer.text)
    assert f"#{like} may say" not in plain(answer.text)
    assert "recorded=" in desk.post(f"{place}/together", {"entry": [second], "seen": seen}).location


def test_two_that_are_collected_in_the_same_words_are_asked_about(desk: Desk) -> None:
    place = opened(desk)
    collect(desk, place, WANTS)
    collect(desk, place, WANTS)
    both = ticked(desk.get(f"{place}/together").text)
    head, answer = desk.head(), desk.post(f"{place}/together", {"entry": both})
    assert (answer.status_code, desk.head()) == (422, head)
    assert "This and another that you collected may be the same." in plain(answer.text)
    (button,) = re.findall(r'name="answer" value="([^"]+)"', answer.text)
    desk.post(f"{place}/together", {"entry": both, "answer": button})
    assert "recorded=" in desk.post(f"{place}/together", {"entry": both}).location


def test_a_development_that_is_on_record_is_asked_back_too(desk: Desk) -> None:
    place = collect_three(desk)
    every = ticked(desk.get(f"{place}/together").text)
    desk.post("/record/development", HAPPENED)
    number, answer = desk.head(), desk.post(f"{place}/together", {"entry": every})
    assert answer.status_code == 422
    assert f"#{number} may be the same." in plain(answer.text)
    assert "It is a different development" in answer.text


def test_whom_words_stand_for_is_answered_where_they_are_looked_over(desk: Desk) -> None:
    desk.say(actor="aland")
    place = opened(desk)
    collect(desk, place, WANTS, said_at="10 Dec 2025", precision="day")
    page = desk.get(f"{place}/together").text
    assert "Does Dora Example speak for Aland here?" in plain(page)
    assert ticked(page) == []
    (button,) = re.findall(r'name="answer" value="(\S+ spoke_for=dora aland)"', page)
    page = desk.post(f"{place}/together", {"answer": button}).text
    assert "Does Dora Example" not in page
    assert "recorded=" in desk.post(f"{place}/together", {"entry": ticked(page)}).location


def test_an_answer_to_what_is_somebody_elses_is_refused(desk: Desk) -> None:
    place = collect_three(desk)
    (entry, *_) = ticked(desk.get(f"{place}/together").text)
    other = create_app(desk.services, identify=everybody_is("cora", Role.CODER)).test_client()
    response = other.post(f"{place}/together", data={"answer": f"{entry} distinct=1"})
    assert response.status_code == 422
    kept = desk.services.desk.drafts.find("anna", entry)
    assert "distinct" not in kept.fields


def record_all(desk: Desk, place: str, **changes: Any) -> TestResponse:  # noqa: ANN401
    form = {"entry": ticked(desk.get(f"{place}/together").text)} | changes
    return desk.post(f"{place}/together", form)


def test_what_is_collected_is_not_on_record_and_leads_to_the_next_passage(desk: Desk) -> None:
    place, head = opened(desk), desk.head()
    answer = collect(desk, place, WANTS)
    assert answer.location == f"{place}?at={at(REFUSES)}&collected=1#here"
    assert desk.head() == head
    page = desk.get(answer.location.partition("#")[0]).text
    assert "It is not on record until you record what you collected." in plain(page)
    assert "1 of about 3" in plain(page)
    assert f'<span class="sentence-pending">{WANTS}</span>' in page
    assert "Look over 1 that is not on record" in plain(page)


def test_a_whole_text_is_recorded_in_one_append(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, log, appends = collect_three(desk), desk.services.log, list[list[str]]()
    append = log.append

    def counted(events: Sequence[Event], numbered: Sequence[Numbered] = ()) -> list[int]:
        appends.append([event.TOPIC for event in events])
        return append(events, numbered)

    monkeypatch.setattr(log, "append", counted)
    answer = record_all(desk, place)
    first, *rest = appends
    assert sorted(first) == [
        "development.recorded",
        "document.filed",
        *["statement.recorded"] * 3,
    ]
    assert rest == [["document.snapshot_taken"]]
    named = re.search(r"recorded=([\d.]+)", answer.location)
    assert named is not None
    assert len(named[1].split(".")) == 4
    assert desk.services.desk.drafts.count() == 0
    assert desk.services.desk.texts.waiting() == []
    page = desk.get(answer.location.partition("#")[0]).text
    for number in named[1].split("."):
        assert f'aria-label="recorded as {number}"' in page


def test_utterances_stay_apart(desk: Desk) -> None:
    record_all(desk, collect_three(desk))
    event, two, three = said(desk)
    assert event.utterance != two.utterance == three.utterance


def test_they_are_looked_over_in_the_order_of_the_text(desk: Desk) -> None:
    page = plain(desk.get(f"{collect_three(desk)}/together").text)
    assert "3 ready, 0 open." in page
    places = [page.index(words) for words in (WANTS, NOTHING, REFUSES)]
    assert places == sorted(places)
    for words in ("Should A join the union?", "Will there be a deal?", "Rejects it.", "opposes"):
        assert words in page


def test_what_lacks_something_is_not_ticked_and_stays(desk: Desk) -> None:
    place = opened(desk)
    collect(desk, place, WANTS)
    collect(desk, place, REFUSES, stance="", paraphrase="Half of it.")
    page = desk.get(f"{place}/together").text
    assert "1 ready, 1 open." in plain(page)
    assert "Choose the stance that the words take." in page
    assert len(ticked(page)) == 1
    record_all(desk, place)
    assert len(said(desk)) == 1
    (left,) = desk.services.desk.drafts.of("anna")
    assert left.gist.words == "Half of it."


def test_one_that_is_refused_stops_all_and_says_why(desk: Desk) -> None:
    place = opened(desk)
    collect(desk, place, WANTS)
    collect(desk, place, REFUSES, topic="deal", stance="expects")
    ids = ticked(desk.get(f"{place}/together").text)
    head = desk.head()
    newsroom = desk.services.newsroom
    newsroom.topics.close(desk.byline(), "deal", "It is over.")
    answer = desk.post(f"{place}/together", {"entry": ids})
    assert answer.status_code == 422
    assert "Nothing is recorded yet" in answer.text
    assert desk.types(head) == ["topic.closed"]
    assert desk.services.desk.drafts.count() == 2


def test_nothing_ticked_records_nothing(desk: Desk) -> None:
    place = collect_three(desk)
    answer = desk.post(f"{place}/together", {})
    assert answer.status_code == 422
    assert "Tick what is to be recorded." in answer.text
    assert said(desk) == []


def test_what_may_be_on_record_is_told_and_not_ticked(desk: Desk) -> None:
    place = opened(desk)
    number = desk.say(actor="dora", stance="supports", said_at="2025-12-15")
    collect(desk, place, WANTS)
    page = desk.get(f"{place}/together").text
    assert f">#{number}</a>" in page
    assert ticked(page) == []


def test_sent_twice_it_is_recorded_once(desk: Desk) -> None:
    place = collect_three(desk)
    form = {"entry": ticked(desk.get(f"{place}/together").text)}
    desk.post(f"{place}/together", form)
    head = desk.head()
    assert desk.post(f"{place}/together", form).status_code == 422
    assert desk.head() == head


def test_each_can_be_opened_mended_and_discarded(desk: Desk) -> None:
    place = opened(desk)
    collect(desk, place, WANTS)
    page = desk.get(f"{place}/together").text
    href = re.search(r'href="(/record/text/[^"]+draft=[^"]+)"', page)
    assert href is not None
    form = desk.get(href[1].replace("&amp;", "&")).text
    assert ">\nWants to join.</textarea>" in form
    desk.post(place, filled(form, paraphrase="Wants to join at last.") | COLLECT)
    (draft,) = desk.services.desk.drafts.of("anna")
    assert draft.gist.words == "Wants to join at last."
    answer = desk.post(f"/record/drafts/{draft.id}/discard", {"document": place[-36:]})
    assert answer.location == f"{place}/together"
    assert "Nothing is collected from this text." in desk.get(answer.location).text


def test_what_is_collected_is_its_authors_alone(desk: Desk) -> None:
    place = collect_three(desk)
    ids = ticked(desk.get(f"{place}/together").text)
    other = create_app(desk.services, identify=everybody_is("cora", Role.CODER)).test_client()
    assert "Nothing is collected" in other.get(f"{place}/together").text
    assert other.post(f"{place}/together", data={"entry": ids}).status_code == 422
    assert "Look over" not in other.get(place).text
    assert said(desk) == []


def test_readers_have_nothing_to_look_over(desk: Desk) -> None:
    place = opened(desk)
    readers = create_app(desk.services).test_client()
    assert readers.get(f"{place}/together").status_code == 403
    assert readers.post(f"{place}/together").status_code == 403


def test_with_four_eyes_all_are_handed_over(desk: Desk) -> None:
    anna, ben = Colleague(desk, "anna"), Colleague(desk, "ben")
    place = collect_three(anna)
    page = anna.get(f"{place}/together").text
    assert "Hand over what is ticked" in page
    assert "What is ticked is handed over: all of it or nothing." in page
    assert "handed=1" in record_all(anna, place).location
    assert said(anna) == []
    assert len(anna.services.desk.reviews.waiting()) == 3
    assert anna.services.desk.drafts.count() == 0
    assert anna.get(place).text.count('class="sentence-pending"') >= 3
    for entry in ben.services.desk.reviews.waiting():
        there = f"/record/review/{entry.id}"
        ben.post(f"{there}/agree", hidden(ben.get(there).text))
    assert {event.via for event in said(ben)} == {"review:ben"}
    assert len(said(ben)) == 3


def test_one_under_embargo_waits_while_the_others_are_recorded(desk: Desk) -> None:
    place = opened(desk)
    collect(desk, place, WANTS)
    collect(desk, place, REFUSES, embargo_until="2999-01-01T00:00Z")
    location = record_all(desk, place).location
    assert "recorded=" in location
    assert "held=1" in location
    assert len(said(desk)) == 1
    assert len(desk.services.desk.embargoes.waiting()) == 1


def test_a_reload_loses_nothing_of_what_is_collected(desk: Desk, serve: Serve, page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_text(page, serve(desk.client.application), ARTICLE)
    fill_first(page)
    page.keyboard.press("l")
    expect(page.locator(".bench-just")).to_contain_text("Collected")
    expect(page.locator('[name="actor"]')).to_have_value("Pjotr Petrow")
    expect(page.locator(".sentence-pending")).to_have_count(1)
    page.reload()
    expect(page.locator(".sentence-pending")).to_have_count(1)
    page.keyboard.press("w")
    expect(page.locator(".together > li")).to_have_count(1)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            check_access(page, theme)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Record what is ticked").click()
    expect(page.locator(".sentence-recorded")).to_have_count(1)
    assert len(said(desk)) == 1
