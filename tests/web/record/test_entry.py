from __future__ import annotations

import pytest

from tests.web.record.desk import Desk, hidden
from timeline.application.commands import Source


def test_a_retraction_needs_its_reason_and_leads_back_to_the_entry(desk: Desk) -> None:
    number = desk.say()
    path = f"/record/{number}/retract"
    form = desk.opened(path)
    assert desk.post(path, form).status_code == 422
    answer = desk.post(path, form | {"reason": "not him"})
    assert (answer.status_code, answer.location) == (303, f"/s/{number}")
    assert desk.types()[-1] == "statement.retracted"
    assert "not him" in desk.get(f"/s/{number}").text


def test_a_retraction_may_withhold_the_words(desk: Desk) -> None:
    number = desk.say()
    path = f"/record/{number}/retract"
    desk.post(path, desk.opened(path) | {"reason": "not him", "withhold": "yes"})
    assert "Rejects it for good." not in desk.get("/t/a-union").text


def test_what_is_retracted_already_is_refused_in_one_line(desk: Desk) -> None:
    number = desk.say()
    path = f"/record/{number}/retract"
    desk.post(path, desk.opened(path) | {"reason": "not him"})
    answer = desk.post(path, desk.opened(path) | {"reason": "again"})
    assert answer.status_code == 422
    assert "The entry is retracted already." in answer.text
    assert ">\nagain</textarea>" in answer.text


def test_a_retraction_is_taken_back(desk: Desk) -> None:
    number = desk.say()
    desk.services.newsroom.statements.retract(desk.byline(), number, "not him")
    path = f"/record/{number}/reinstate"
    assert desk.post(path, desk.opened(path) | {"reason": "it was him"}).status_code == 303
    assert desk.types()[-1] == "statement.reinstated"


def test_what_was_recorded_meanwhile_is_told_and_the_reason_kept(desk: Desk) -> None:
    number = desk.say()
    path = f"/record/{number}/retract"
    form = desk.opened(path) | {"reason": "not him"}
    desk.services.newsroom.statements.correct(desk.byline(), number, {"hedge": "wohl"}, "overseen")
    head = desk.head()
    answer = desk.post(path, form)
    assert answer.status_code == 409
    assert "hedge is now: wohl" in answer.text
    assert "by ben" in answer.text
    assert ">\nnot him</textarea>" in answer.text
    assert desk.head() == head
    assert desk.post(path, hidden(answer.text) | {"reason": "not him"}).status_code == 303


@pytest.mark.parametrize("written", ["{n}", "#{n}", "/s/{n}", "https://example.org/s/{n}@40?x=1"])
def test_a_link_takes_the_number_or_the_address_of_the_other(desk: Desk, written: str) -> None:
    number, other = desk.say(), desk.say(stance="supports", said_at="2025-12-02")
    path = f"/record/{other}/link"
    form = desk.opened(path) | {"link": "contradicts", "target": written.format(n=number)}
    told = f"#{number} · Bland · opposes · 1 Dec 2025 · Rejects it for good."
    asked, head = desk.post(path, form), desk.head()
    assert (asked.status_code, desk.head()) == (422, head)
    assert f"Is it this one? {told}" in asked.text
    answered = desk.press(path, form | {"use": f"target={told}"})
    assert f'value="{told}"' in answered.text
    assert desk.post(path, form | {"target": told}).status_code == 303
    assert f"#{number}" in desk.get(path).text


def test_the_other_entry_is_found_by_its_number_and_by_its_words(desk: Desk) -> None:
    number = desk.say()
    other = desk.say(paraphrase="Will not have it in 2025.", said_at="2025-12-02")
    desk.services.models.catch_up()
    told = f'data-value="#{number} · Bland · opposes · 1 Dec 2025 · Rejects it for good."'
    for typed in (number, f"%23{number}", "rejects+good"):
        assert told in desk.get(f"/record/entries?but={other}&target={typed}").text
    own = desk.get(f"/record/entries?but={number}&target={number}").text
    assert "No entry on record has this number or these words." in own
    for nothing in ("999999999999", "2025"):
        assert "data-value" not in desk.get(f"/record/entries?target={nothing}").text
    assert "role=" not in desk.get("/record/entries?target=").text


def test_wherever_an_entry_names_another_it_says_that_it_is_retracted(desk: Desk) -> None:
    number, other = desk.say(), desk.say(stance="supports", said_at="2025-12-02")
    rooms = desk.services.newsroom
    rooms.statements.link(desk.byline(), other, "contradicts", number)
    rooms.statements.retract(desk.byline(), number, "not him")
    desk.services.models.catch_up()
    told = f"#{number} · retracted · Bland · opposes · 1 Dec 2025 · Rejects it for good."
    for typed in (number, "rejects+good"):
        assert f'data-value="{told}"' in desk.get(f"/record/entries?target={typed}").text
    path = f"/record/{other}/link"
    form = desk.opened(path) | {"link": "repeats", "target": str(number)}
    assert f"Is it this one? {told}" in desk.post(path, form).text
    assert f'href="/s/{number}" hx-disable>{told}</a>' in desk.get(path).text
    connected = desk.get(f"/s/{other}").text.partition("Connected entries</h2>")[2]
    assert '<span class="tag">retracted</span>' in connected.partition("</dl>")[0]
    assert "Bland, 1 Dec 2025, retracted" in desk.get(f"/t/a-union?s={other}").text


def test_a_link_to_nothing_is_refused_at_its_field(desk: Desk) -> None:
    number = desk.say()
    path = f"/record/{number}/link"
    for target in ("1", "999999", "that one"):
        form = desk.opened(path) | {"link": "repeats", "target": target}
        answer = desk.post(path, form)
        assert answer.status_code in (404, 422)
        assert f'value="{target}"' in answer.text


def test_a_walk_back_of_somebody_else_is_refused_with_the_way_out(desk: Desk) -> None:
    number, other = desk.say(), desk.say(actor="petrow", said_at="2025-12-02")
    path = f"/record/{other}/link"
    label = f"#{number} · Bland · opposes · 1 Dec 2025 · Rejects it for good."
    form = desk.opened(path) | {"link": "withdraws", "target": label}
    answer = desk.post(path, form)
    assert answer.status_code == 422
    assert "Link it as contradicts instead." in answer.text


def test_a_link_is_removed_with_a_reason(desk: Desk) -> None:
    number, other = desk.say(), desk.say(said_at="2025-12-02")
    desk.services.newsroom.statements.link(desk.byline(), other, "repeats", number)
    desk.services.models.catch_up()
    path = f"/record/{other}/unlink"
    form = desk.opened(f"/record/{other}/link")
    assert desk.post(path, form | {"reason": ""}).status_code == 422
    assert desk.post(path, form | {"reason": "another matter"}).status_code == 303
    assert desk.types()[-1] == "statement.unlinked"
    assert f"Repeats #{number}. another matter" in desk.get(f"/s/{other}").text


def test_a_development_can_be_retracted_and_linked_but_withdraws_nothing(desk: Desk) -> None:
    number = desk.happen(status="claimed", happened_at="2025-12-10")
    assert 'value="withdraws"' not in desk.get(f"/record/{number}/link").text
    path = f"/record/{number}/retract"
    assert desk.post(path, desk.opened(path) | {"reason": "untrue"}).status_code == 303
    assert desk.types()[-1] == "development.retracted"


POST = Source(outlet="Invented Post", title="He said it", published_at="2025-12-17")


def test_a_further_source_is_taken_back_with_a_reason(desk: Desk) -> None:
    number = desk.say()
    desk.services.newsroom.statements.second(desk.byline(), number, POST, "quoted")
    path = f"/record/{number}/unsecond"
    form = desk.opened(f"/record/{number}/second")
    assert "Invented Post, He said it" in desk.get(f"/record/{number}/second").text
    answer = desk.post(path, form | {"reason": " "})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1
    assert desk.post(path, form | {"reason": "other words"}).status_code == 303
    assert desk.types()[-1] == "statement.corrected"
    for page in (f"/s/{number}", "/corrections"):
        shown = desk.get(page).text
        assert "ist of further sources: Invented Post, taken out" in shown
        assert "other words" in shown
    assert "Further sources of this entry" not in desk.get(f"/record/{number}/second").text


def test_what_is_no_further_source_is_refused_in_one_line(desk: Desk) -> None:
    number = desk.say()
    form = desk.opened(f"/record/{number}/second") | {"document": "d1", "reason": "wrong"}
    answer = desk.post(f"/record/{number}/unsecond", form | {"act": "unsecond"})
    assert answer.status_code == 422
    assert "That is no further source of this entry" in answer.text
    assert desk.types()[-1] == "statement.recorded"
