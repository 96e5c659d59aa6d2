from __future__ import annotations

from typing import Any

import pytest

from tests.web.record.desk import Desk, hidden
from timeline.application.commands import Quoted
from timeline.domain.entry import Corrected
from timeline.domain.naming import stable_id
from timeline.domain.statement import Statement


def corrected(desk: Desk, after: int) -> dict[str, Any]:
    """Return what was corrected after a position: new values by field."""
    return {
        event.field: event.new if event.new is not None else event.content and event.content.new
        for event in desk.events(after)
        if isinstance(event, Corrected)
    }


def form_of(desk: Desk, number: int, **changes: str) -> dict[str, Any]:
    """Return the correction form as it opens, with these changes; names have __ for the dot."""
    entry = desk.services.log.event(number)
    assert entry is not None
    told = {"reason": "misread", **{k.replace("__", "."): v for k, v in changes.items()}}
    return desk.opened(f"/record/{number}/correct") | told


def test_the_form_shows_every_field_with_what_is_on_record(desk: Desk) -> None:
    number = desk.say(quote=Quoted(text="Niemals", lang="de"), hedge="wohl", translation="Never")
    page = desk.get(f"/record/{number}/correct").text
    for shown in (
        "On record: Bland",
        "On record: opposes",
        "On record: “Niemals”",
        "On record: wohl",
        "On record: 1 Dec 2025",
        "On record: Rejects it for good.",
        "On record: Their words",
        'value="https://example.org/x"',
    ):
        assert shown in page


def test_only_what_was_changed_is_corrected(desk: Desk) -> None:
    number = desk.say()
    head = desk.head()
    form = form_of(desk, number, stance="doubts", paraphrase="Rejects it for now.")
    answer = desk.post(f"/record/{number}/correct", form)
    assert (answer.status_code, answer.location) == (303, f"/s/{number}")
    assert corrected(desk, head) == {"stance": -1, "paraphrase": "Rejects it for now."}
    event = desk.events(head)[-1]
    assert isinstance(event, Corrected)
    assert event.content is not None
    assert (event.recorded_by, event.content.reason) == ("anna", "misread")


def test_who_translated_a_quote_is_corrected_too(desk: Desk) -> None:
    number = desk.say(quote=Quoted(text="Never", lang="en", wording="translated"))
    head = desk.head()
    form = form_of(desk, number, quote__translated_by="the outlet")
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    assert corrected(desk, head) == {"quote_translated_by": "the outlet"}


def test_a_correction_may_be_clerical(desk: Desk) -> None:
    number = desk.say()
    form = form_of(desk, number, said_at="2.12.2025", material="clerical")
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    event = desk.events()[-1]
    assert isinstance(event, Corrected)
    assert (event.new, event.material) == ("2025-12-02", False)


def test_a_correction_needs_a_reason_and_a_change(desk: Desk) -> None:
    number = desk.say()
    path, head = f"/record/{number}/correct", desk.head()
    form = form_of(desk, number, stance="doubts", reason="")
    answer = desk.post(path, form)
    assert answer.status_code == 422
    assert "Say why." in answer.text
    assert 'value="doubts" checked' in answer.text
    answer = desk.post(path, form_of(desk, number))
    assert answer.status_code == 422
    assert "Nothing is changed" in answer.text
    assert desk.head() == head


def test_a_correction_sent_twice_counts_once(desk: Desk) -> None:
    number = desk.say()
    form = form_of(desk, number, stance="doubts")
    desk.post(f"/record/{number}/correct", form)
    head = desk.head()
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    assert desk.head() == head


def test_an_actor_is_corrected_by_any_of_its_names(desk: Desk) -> None:
    number = desk.say()
    head = desk.head()
    form = form_of(desk, number, actor="Pjotr Petrov")
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    assert corrected(desk, head) == {"speaker": stable_id("actor", "petrow")}


def test_a_topic_on_another_scale_asks_for_the_stance_anew(desk: Desk) -> None:
    number = desk.say()
    head = desk.head()
    form = form_of(desk, number, topic="deal", stance="opposes")
    answer = desk.post(f"/record/{number}/correct", form)
    assert answer.status_code == 422
    assert "Choose the stance anew." in answer.text
    assert "thinks unlikely" in answer.text
    answer = desk.post(f"/record/{number}/correct", form | {"stance": "rules out"})
    assert answer.status_code == 303
    assert corrected(desk, head)["topic"] == stable_id("topic", "deal")


def test_what_somebody_else_mended_meanwhile_is_shown_and_not_undone(desk: Desk) -> None:
    number = desk.say()
    path = f"/record/{number}/correct"
    form = form_of(desk, number, stance="doubts", paraphrase="Rejects it for good.", hedge="")
    desk.services.newsroom.statements.correct(
        desk.byline(), number, {"paraphrase": "Rejects it for ever."}, "wording"
    )
    head = desk.head()
    answer = desk.post(path, form)
    assert answer.status_code == 409
    assert "Somebody recorded something here while you were typing." in answer.text
    assert "paraphrase is now: Rejects it for ever." in answer.text
    assert ">\nRejects it for ever.</textarea>" in answer.text
    assert 'value="doubts" checked' in answer.text
    assert desk.head() == head
    again = hidden(answer.text) | {
        "stance": "doubts",
        "paraphrase": "Rejects it for ever.",
        "reason": "misread",
    }
    assert desk.post(path, again).status_code == 303
    assert corrected(desk, head) == {"stance": -1}


def test_the_words_of_one_breath_are_mended_in_one_step(desk: Desk) -> None:
    quote = Quoted(text="Nie", lang="de")
    first = desk.say(utterance="u", quote=quote)
    second = desk.say(utterance="u", quote=quote, topic="deal", stance="rules out")
    page = desk.get(f"/record/{first}/correct").text
    assert f'href="/s/{second}"' in page
    head = desk.head()
    form = form_of(desk, first, said_at="2025-12-02", stance="doubts", together="yes")
    assert desk.post(f"/record/{first}/correct", form).status_code == 303
    fields = [e.field for e in desk.events(head) if isinstance(e, Corrected)]
    assert fields == ["said_at", "said_at", "stance"]
    other = desk.services.log.load(Statement, desk.services.newsroom.statements.stream(second))
    assert other is not None
    assert (other.fields["said_at"], other.fields["stance"]) == ("2025-12-02", -2)


def test_a_source_is_mended_for_all_that_is_taken_from_it(desk: Desk) -> None:
    number = desk.say()
    head = desk.head()
    form = form_of(desk, number, source__outlet="Invented Times", source__published_at="2025-12-15")
    form["source.title"] = ""
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    assert desk.types(head) == ["document.corrected"]


def test_an_entry_may_stand_in_another_source(desk: Desk) -> None:
    number = desk.say()
    head = desk.head()
    form = form_of(
        desk,
        number,
        source_how="other",
        source__url="https://example.org/other",
        source__outlet="Other",
        source__published_at="2025-12-16",
    )
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    assert desk.types(head) == ["document.filed", "statement.corrected"]


def test_a_development_is_corrected_too(desk: Desk) -> None:
    number = desk.happen(status="claimed", happened_at="2025-12-10")
    head = desk.head()
    form = form_of(desk, number, title="Talks end", status="confirmed", topics_shown="1")
    form["topics"] = ["a-union", "deal"]
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    assert set(corrected(desk, head)) == {"status", "topics"}
    form = form_of(desk, number, title="Talks end", topics_shown="1")
    answer = desk.post(f"/record/{number}/correct", form)
    assert answer.status_code == 422
    assert "bears on no topic" in answer.text


def test_an_unknown_number_is_not_found(desk: Desk) -> None:
    for act in ("correct", "retract", "reinstate", "link", "second"):
        assert desk.get(f"/record/999/{act}").status_code == 404
        assert desk.post(f"/record/999/{act}", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "99", "-1"])
def test_a_version_that_never_was_loses_nothing(desk: Desk, version: str) -> None:
    number = desk.say()
    form = form_of(desk, number, stance="doubts") | {"version": version}
    answer = desk.post(f"/record/{number}/correct", form)
    assert answer.status_code in (303, 409)


def test_a_quote_that_a_correction_brings_has_the_language_of_its_source_or_its_own(
    desk: Desk,
) -> None:
    number = desk.say(paraphrase="Rejects it.")
    head = desk.head()
    quote = {"quote__text": "Wir werden nicht beitreten, sagte er", "attribution": "quoted"}
    form = form_of(desk, number, **quote)
    shown = desk.post(f"/record/{number}/correct", form | {"use": "checked=1"}).text
    assert "taken to be German" in shown
    assert desk.post(f"/record/{number}/correct", form).status_code == 303
    assert corrected(desk, head)["quote_lang"] == "de"
