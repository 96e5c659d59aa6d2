from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from lxml.html import fromstring

from tests.web.record.desk import Desk, hidden, statement
from tests.web.record.test_workbench import filled, opened
from timeline.bootstrap import open_store
from timeline.desk.drafts import MOST
from timeline.interchange.exporting.export import export
from timeline.interchange.formats.contracts import ExportOptions
from timeline.interchange.formats.registry import exporters
from web import create_app
from web.record.drafts import LONGEST
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """An editor at the forms, over either kind of store."""
    services = open_store(store_url)
    opened = Desk(services)
    opened.furnish()
    yield opened
    services.close()


def put_aside(desk: Desk, path: str = "/record", **changes: str) -> str:
    """Save a draft as its button does, and return the address where it goes on."""
    form = statement(**changes) | desk.opened(path) | {"save": "1"}
    answer = desk.post(path, form)
    assert answer.status_code == 303
    return answer.location


def listed(desk: Desk) -> list[str]:
    """Return the words by which the record page lists drafts."""
    return re.findall(r'<p class="draft-words"[^>]*>([^<]*)</p>', desk.get("/record").text)


def sent_as_shown(page: str) -> dict[str, str]:
    """Return what a browser sends of the form of a statement when nobody touches it."""
    form = fromstring(page).get_element_by_id("rec")
    return {name: value.removeprefix("\n") for name, value in form.form_values()}


def draft_id(address: str) -> str:
    return address.partition("draft=")[2]


def test_a_draft_goes_on_where_it_was_left(desk: Desk) -> None:
    head = desk.head()
    address = put_aside(desk, stance="accepts", hedge="könnte", source__title="<b>Ünï</b>")
    page = desk.get(address).text
    for kept in ('value="Bland"', "Wants it now.", "könnte", "&lt;b&gt;Ünï&lt;/b&gt;"):
        assert kept in page
    assert 'value="accepts" checked' in page
    assert "Draft saved" in page
    assert "first position: accepts" in page
    assert 'role="alert" tabindex' not in page
    assert hidden(page)["entry"] == draft_id(address)
    assert desk.head() == head


def test_the_record_page_lists_what_is_known_of_each_draft(desk: Desk) -> None:
    put_aside(desk)
    put_aside(desk, topic="deal", actor="", paraphrase="", source__outlet="Only an outlet")
    page = desk.get("/record").text
    assert listed(desk) == ["No words yet", "Wants it now."]
    for known in ("<b>Bland</b>", "Should A join the union?", "Will there be a deal?", "saved "):
        assert known in page
    assert "2 unfinished drafts" in page
    assert page.count(">Continue</a>") == page.count(">Discard</button>") == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quote__text": "Ja doch", "paraphrase": "Says yes."}, "Ja doch"),
        ({"paraphrase": "", "passage__text": "It ended."}, "It ended."),
        ({"paraphrase": "", "source__title": "A title"}, "A title"),
        ({"paraphrase": "a\n\n  b"}, "a b"),
        ({"paraphrase": "x" * 900}, "x" * LONGEST + "…"),
    ],
)
def test_a_draft_is_known_by_its_best_words(
    desk: Desk, changes: dict[str, str], words: str
) -> None:
    put_aside(desk, **changes)
    assert listed(desk) == [words]


def test_saving_again_keeps_one_draft_and_the_latest_words(desk: Desk) -> None:
    address = put_aside(desk)
    again = put_aside(desk, address, paraphrase="Wants it soon.")
    assert again == address
    assert listed(desk) == ["Wants it soon."]


def test_recording_a_draft_removes_it_and_its_address_leads_to_the_statement(desk: Desk) -> None:
    address = put_aside(desk)
    form = statement() | hidden(desk.get(address).text)
    assert desk.post("/record", form).status_code == 303
    assert desk.services.desk.drafts.count() == 0
    assert listed(desk) == []
    assert desk.get(address).location == f"/s/{desk.head()}"


def test_a_refused_form_keeps_its_draft(desk: Desk) -> None:
    address = put_aside(desk)
    form = statement(stance="") | hidden(desk.get(address).text)
    assert desk.post("/record", form).status_code == 422
    assert listed(desk) == ["Wants it now."]


def test_what_was_refused_or_filled_in_by_a_button_is_kept_unasked(desk: Desk) -> None:
    refused = statement(stance="", paraphrase="Refused.") | desk.opened("/record")
    assert desk.post("/record", refused).status_code == 422
    button = statement(paraphrase="By a button.", use="actor=dora") | desk.opened("/record")
    answer = desk.post("/record", button)
    assert answer.status_code == 303
    assert "Draft saved" in desk.get(answer.headers["Location"].partition("#")[0]).text
    happened = {"title": "Talks end"} | desk.opened("/record/development")
    assert desk.post("/record/development", happened).status_code == 422
    assert sorted(listed(desk)) == ["By a button.", "Refused.", "Talks end"]


def test_a_discarded_draft_is_gone(desk: Desk) -> None:
    address = put_aside(desk)
    put_aside(desk, paraphrase="Another.")
    answer = desk.post(f"/record/drafts/{draft_id(address)}/discard", {})
    assert (answer.status_code, answer.location) == (303, "/record")
    assert listed(desk) == ["Another."]
    gone = desk.get(address)
    assert gone.status_code == 404
    assert "This draft is not there any more." in gone.text


def test_a_check_saves_quietly_once_something_was_typed(desk: Desk) -> None:
    form = desk.opened("/record") | {"precision": "month", "topic": "a-union"}
    quiet = desk.post("/record/check", form, **HTMX)
    assert "Draft saved" not in quiet.text
    assert "HX-Replace-Url" not in quiet.headers
    assert listed(desk) == []
    answer = desk.post("/record/check", form | {"actor": "Bland"}, **HTMX)
    slot = answer.text.partition('<p id="saved"')[2].partition("</p>")[0]
    assert "Draft saved" in slot
    assert answer.headers["HX-Replace-Url"] == f"/record?draft={form['entry']}"
    assert desk.services.desk.drafts.count() == 1


@pytest.mark.parametrize("query", ["actor=bland&topic=a-union", "again={number}"])
def test_a_form_that_its_address_filled_in_makes_no_draft_until_somebody_writes(
    desk: Desk, query: str
) -> None:
    number = desk.say()
    page = desk.get(f"/record?{query.format(number=number)}").text
    form = sent_as_shown(page)
    assert form["actor"] == "Bland"
    for choice in ({"topic": "deal"}, {"precision": "month"}):
        desk.post("/record/check", form | choice, **HTMX)
    assert listed(desk) == []
    desk.post("/record/check", form | {"paraphrase": "Wants it now."}, **HTMX)
    assert listed(desk) == ["Wants it now."]
    desk.post("/record/check", form, **HTMX)
    assert listed(desk) == []


def test_a_draft_goes_on_as_it_is_when_it_is_opened_and_nothing_is_changed(desk: Desk) -> None:
    page = desk.get(put_aside(desk, paraphrase="Mine.")).text
    desk.post("/record/check", sent_as_shown(page), **HTMX)
    assert listed(desk) == ["Mine."]


def test_a_topic_that_was_chosen_beside_a_text_makes_no_draft_alone(desk: Desk) -> None:
    place = opened(desk)
    form = filled(desk.get(place).text, stance="", paraphrase="")
    desk.post(f"{place}/check", form, **HTMX)
    assert listed(desk) == []
    desk.post(f"{place}/check", form | {"stance": "opposes"}, **HTMX)
    assert len(listed(desk)) == 1
    desk.post(f"{place}/check", form, **HTMX)
    assert listed(desk) == []


def test_a_form_that_holds_nothing_is_not_put_aside(desk: Desk) -> None:
    for path in ("/record", "/record/development"):
        response = desk.post(path, desk.opened(path) | {"save": "1"})
        assert "Not kept: nothing is filled in yet." in response.text
    assert listed(desk) == []


def test_a_form_that_is_on_record_already_leaves_no_draft(desk: Desk) -> None:
    form = statement() | desk.opened("/record")
    desk.post("/record", form)
    answer = desk.post("/record/check", form | {"paraphrase": "More."}, **HTMX)
    assert "Draft saved" not in answer.text
    assert listed(desk) == []
    kept = desk.post("/record", form | {"paraphrase": "More.", "save": "1"})
    assert draft_id(kept.location) != form["entry"]
    assert listed(desk) == ["More."]


def test_what_was_recorded_just_before_its_draft_could_go_is_no_draft(desk: Desk) -> None:
    address = put_aside(desk)
    kept = desk.services.desk.drafts.find("anna", draft_id(address))
    desk.post("/record", statement() | hidden(desk.get(address).text))
    desk.services.desk.drafts.save("anna", kept)
    assert listed(desk) == []
    assert desk.services.desk.drafts.count() == 0


@pytest.mark.thorough
def test_one_draft_too_many_is_told_in_a_line_and_loses_nothing(desk: Desk) -> None:
    addresses = [put_aside(desk) for _ in range(MOST)]
    form = statement(paraphrase="One more.") | desk.opened("/record")
    answer = desk.post("/record", form | {"save": "1"})
    line = f"You have {MOST} drafts, and no more are kept. Record or discard one first."
    assert answer.status_code == 422
    assert line in answer.text
    assert "One more." in answer.text
    assert line in desk.post("/record/check", form, **HTMX).text
    desk.post(f"/record/drafts/{draft_id(addresses[0])}/discard", {})
    assert desk.post("/record", form | {"save": "1"}).status_code == 303


def test_only_its_author_sees_opens_or_discards_a_draft(desk: Desk) -> None:
    address = put_aside(desk)
    other = create_app(desk.services, identify=everybody_is("ben")).test_client()
    assert "Wants it now." not in other.get("/record").text
    assert other.get(address).status_code == 404
    other.post(f"/record/drafts/{draft_id(address)}/discard")
    assert listed(desk) == ["Wants it now."]


def test_a_server_for_readers_has_no_drafts(sqlite_url: str) -> None:
    services = open_store(sqlite_url)
    reader = create_app(services).test_client()
    form = statement() | {"save": "1"}
    assert reader.post("/record", data=form).status_code == 403
    assert reader.get("/record?draft=00000000-0000-7000-8000-000000000000").status_code == 403
    assert not services.url.beside("desk.db").exists()
    services.close()


def test_no_draft_is_in_the_log_the_read_models_or_an_export(
    desk: Desk, tmp_path: Path, store_url: str
) -> None:
    whisper = "Whispered behind the curtain"
    put_aside(desk, paraphrase=whisper, source__title=whisper, text=f"{whisper}. {whisper}.")
    desk.services.models.catch_up()
    assert whisper not in repr(desk.events())
    assert whisper not in desk.get("/search?q=Whispered").text
    for page in ("/", "/t/a-union", "/a/bland", "/log", "/index.json", "/t/a-union.csv"):
        assert whisper not in desk.get(page).text
    for name in exporters():
        out = io.BytesIO()
        export(desk.services, out, name, ExportOptions())
        assert whisper.encode() not in out.getvalue()
    if store_url.startswith("sqlite"):
        holding = [path for path in tmp_path.iterdir() if whisper.encode() in path.read_bytes()]
        assert {path.name.partition(".db")[0] for path in holding} == {"newsroom.desk"}


def test_drafts_are_still_there_when_the_server_starts_again(desk: Desk, store_url: str) -> None:
    address = put_aside(desk)
    services = open_store(store_url)
    again = Desk(services)
    assert listed(again) == ["Wants it now."]
    assert "Wants it now." in again.get(address).text
    services.close()


def test_a_development_is_put_aside_and_goes_on(desk: Desk) -> None:
    form = {
        "title": "Talks end",
        "topics": ["a-union", "deal"],
        "according_to": "Aland",
        "happened_at": "15 Dec 2025",
        "source.outlet": "Invented Post",
        "status": "confirmed",
        "precision": "day",
    }
    form |= desk.opened("/record/development")
    kept = desk.post("/record/development", form | {"save": "1"})
    assert kept.location == f"/record/development?draft={form['entry']}"
    assert listed(desk) == ["Talks end"]
    page = desk.get(kept.location).text
    for topic in ("a-union", "deal"):
        assert f'value="{topic}" checked' in page
    assert "Draft saved" in page
    assert desk.get(f"/record?draft={form['entry']}").status_code == 404
    assert desk.post("/record/development", form | hidden(page)).status_code == 303
    assert listed(desk) == []
    assert desk.get(kept.location).location == f"/s/{desk.head()}"


def test_a_development_that_a_button_fills_in_goes_on_at_its_address_and_field(desk: Desk) -> None:
    form = {"title": "Talks end", "use": "title=Talks begin"} | desk.opened("/record/development")
    answer = desk.post("/record/development", form)
    address = f"/record/development?draft={form['entry']}#f-title"
    assert (answer.status_code, answer.location) == (303, address)
    assert 'value="Talks begin"' in desk.get(address.partition("#")[0]).text


def test_all_drafts_of_the_list_are_discarded_at_once_and_none_begun_meanwhile(desk: Desk) -> None:
    for words in ("One thing.", "Another thing."):
        put_aside(desk, paraphrase=words)
    shown = re.findall(r'name="draft" value="([^"]+)"', desk.get("/record").text)
    assert len(shown) == 2
    put_aside(desk, paraphrase="Begun meanwhile.")
    answer = desk.post("/record/drafts/discard", {"draft": [*shown, "no id"]})
    assert (answer.status_code, answer.location) == (303, "/record")
    assert listed(desk) == ["Begun meanwhile."]
    assert 'name="draft"' not in desk.get("/record").text
