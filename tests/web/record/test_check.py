from __future__ import annotations

import re

import pytest

from tests.web.record.desk import TIMES, Desk, hidden, statement
from tests.web.site import plain
from timeline.application.commands import Source

HTMX = {"HX-Request": "true"}


def verdict(desk: Desk, **changes: str) -> str:
    """Return what a check says of where the statement lands."""
    answer = desk.post("/record/check", statement(**changes), **HTMX)
    assert answer.status_code == 200
    match = re.search(r'class="(?:badge|tag)">([^<]+)<', answer.text)
    return match[1] if match else ""


def test_the_first_words_are_a_first_position(desk: Desk) -> None:
    assert verdict(desk) == "first position: supports"


def test_other_words_later_change_the_position(desk: Desk) -> None:
    desk.say()
    assert verdict(desk) == "now supports, before: opposes"


def test_the_same_words_change_nothing(desk: Desk) -> None:
    desk.say()
    assert verdict(desk, stance="opposes") == "no change: opposes, as before"


def test_earlier_words_change_nothing_now(desk: Desk) -> None:
    desk.say()
    assert verdict(desk, said_at="1 Nov 2025") == "no change now: later words stand, opposes"


def test_second_hand_words_stand_beside_first_hand_ones(desk: Desk) -> None:
    desk.say()
    said = verdict(desk, attribution="second_hand", reported_via="circles")
    assert said == ("no change: what others say of somebody holds no position, opposes stands")


def test_differing_words_of_one_day_are_mixed(desk: Desk) -> None:
    desk.say()
    assert verdict(desk, said_at="1 Dec 2025") == "now mixed, before: opposes"


def test_no_position_leaves_the_lane_as_it_is(desk: Desk) -> None:
    desk.say()
    said = verdict(desk, stance="no_position", no_position_reason="unstated")
    assert said == "no change: takes no position"


def test_words_on_behalf_of_a_state_land_in_its_lane(desk: Desk) -> None:
    form = statement(actor="Dora Example", on_behalf_of="")
    answer = desk.post("/record/check", form, **HTMX)
    assert '<span class="lane-name">Aland</span>' in answer.text
    assert "first position: supports" in answer.text


def test_the_lane_is_drawn_as_it_would_be_with_the_step_under_the_mark(desk: Desk) -> None:
    desk.say(said_at="2025-11-20")
    page = desk.post("/record/check", statement(), **HTMX).text
    lane = page.partition('class="row lane')[2]
    stands = lane.partition('class="lane-now">')[2].partition("</div>")[0]
    assert plain(stands) == "supports"
    (mark,) = re.findall(r'<circle class="ghost" cx="([\d.]+)%"', lane)
    (step,) = re.findall(r'<line class="riser step" x1="([\d.]+)%"', lane)
    assert mark == step


def test_the_lane_carries_a_dashed_mark_and_no_number(desk: Desk) -> None:
    number = desk.say()
    answer = desk.post("/record/check", statement(), **HTMX)
    assert answer.text.count('<circle class="ghost"') == 1
    saved = re.compile(r'<p[^>]* id="saved".*?</p>')
    assert str(number + 1) not in re.sub(r"[\d.]+%|\"[\d.]+\"", "", saved.sub("", answer.text))
    assert "#mark-5" in answer.text


def test_a_check_records_nothing_and_asks_for_nothing(desk: Desk) -> None:
    head = desk.head()
    answer = desk.post("/record/check", {"actor": "Bland"}, **HTMX)
    assert answer.status_code == 200
    assert 'class="error"' not in answer.text.replace('<p id="todo" class="error"', "")
    assert desk.head() == head


def test_a_preview_does_not_wait_for_the_source(desk: Desk) -> None:
    said = verdict(desk, source__outlet="", source__published_at="")
    assert said == "first position: supports"


def test_a_message_is_put_at_its_field(desk: Desk) -> None:
    answer = desk.post("/record/check", statement(said_at="17.12.2025"), **HTMX)
    slot = answer.text.partition('<div id="m-said_at" hx-swap-oob="true">')[2]
    assert "after the source was published" in slot.partition("</div>")[0]
    assert 'href="#f-said_at"' in answer.text


def test_the_words_of_the_scale_come_with_the_topic(desk: Desk) -> None:
    form = statement(topic="deal", stance="", shown_scale="position")
    answer = desk.post("/record/check", form, **HTMX)
    assert 'id="f-stance"' in answer.text
    assert "thinks unlikely" in answer.text
    form = statement(shown_scale="position")
    assert 'id="f-stance"' not in desk.post("/record/check", form, **HTMX).text


def test_without_htmx_a_check_leads_to_the_whole_form_which_can_be_reloaded(desk: Desk) -> None:
    answer = desk.post("/record/check", statement())
    assert answer.status_code == 303
    for _ in range(2):
        page = desk.client.get(answer.headers["Location"])
        assert page.status_code == 200
        assert "<!doctype html>" in page.text
        assert "first position" in page.text


def test_a_choice_offered_by_a_button_leads_on_to_its_field(desk: Desk) -> None:
    answer = desk.post("/record", statement(use="actor=Bland"))
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#f-actor")
    page = desk.client.get(answer.headers["Location"].partition("#")[0])
    assert 'value="Bland"' in page.text
    odd = desk.post("/record", statement(use='a\nb"<=x'))
    assert odd.status_code == 303


def test_a_form_in_which_nothing_was_typed_is_shown_at_once(desk: Desk) -> None:
    answer = desk.post("/record/check", {"topic": "a-union"})
    assert answer.status_code == 200
    assert "<!doctype html>" in answer.text


@pytest.mark.parametrize("said", ["2025-12-12", "2025-12-16"])
def test_the_same_actor_within_three_days_may_be_a_duplicate(desk: Desk, said: str) -> None:
    number = desk.say(said_at=said, paraphrase="Something else entirely.")
    answer = desk.post("/record/check", statement(), **HTMX)
    assert "Possibly recorded already" in answer.text
    assert f'formaction="/record/{number}/second"' in answer.text


def test_the_same_actor_earlier_is_no_duplicate(desk: Desk) -> None:
    desk.say(said_at="2025-12-11", paraphrase="Something else entirely.")
    answer = desk.post("/record/check", statement(), **HTMX)
    assert "Possibly recorded already" not in answer.text


def test_much_the_same_words_may_be_a_duplicate_whenever_they_were_said(desk: Desk) -> None:
    desk.say(said_at="2025-06-01", actor="aland", paraphrase="Wants it right now.")
    answer = desk.post("/record/check", statement(), **HTMX)
    assert "same wording" in answer.text
    assert "other source" in answer.text


def test_what_is_a_different_statement_is_not_offered_again(desk: Desk) -> None:
    number = desk.say(said_at="2025-12-15")
    answer = desk.press("/record", statement(use=f"distinct={number}"))
    assert "Possibly recorded already" not in answer.text
    assert f'name="distinct" value="{number}"' in answer.text


def test_the_same_statement_is_recorded_twice_only_by_who_says_that_it_is_another(
    desk: Desk,
) -> None:
    desk.post("/record", statement())
    number = desk.head()
    response = desk.post("/record", statement())
    assert (response.status_code, desk.head()) == (409, number)
    assert f"This stands already as #{number}." in response.text
    assert f'href="/s/{number}"' in response.text
    other = desk.press("/record", statement(use=f"distinct={number}"))
    assert (f'name="distinct" value="{number}"' in other.text, desk.head()) == (True, number)
    assert desk.post("/record", statement(distinct=str(number))).status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"stance": "accepts"},
        {"said_at": "14 Dec 2025", "source__outlet": "Another Post"},
        {"on_behalf_of": "other", "behalf_other": "Aland", "mandate_reason": "says so"},
    ],
)
def test_what_differs_in_stance_day_or_lane_is_no_repetition(
    desk: Desk, changes: dict[str, str]
) -> None:
    desk.post("/record", statement())
    assert desk.post("/record", statement(**changes)).status_code == 303


def test_what_stands_in_other_words_is_asked_back_unless_it_was_shown_beside_the_form(
    desk: Desk,
) -> None:
    desk.post("/record", statement())
    number, other = desk.head(), statement(paraphrase="Said something else entirely.")
    response = desk.post("/record", other)
    assert (response.status_code, desk.head()) == (409, number)
    assert f"#{number} may say the same in other words." in response.text
    assert f'name="use" value="distinct={number}"' in response.text
    shown = hidden(desk.post("/record/check", other, **HTMX).text)
    assert shown["seen_twin"] == str(number)
    assert desk.post("/record", other | {"seen_twin": str(number)}).status_code == 303
    assert desk.post("/record", statement() | {"seen_twin": str(number)}).status_code == 409


def test_a_retracted_statement_is_no_duplicate(desk: Desk) -> None:
    number = desk.say(said_at="2025-12-15")
    desk.services.newsroom.statements.retract(desk.byline(), number, "not him")
    answer = desk.post("/record/check", statement(), **HTMX)
    assert "Possibly recorded already" not in answer.text


def test_the_form_of_a_second_source_opens_filled_in(desk: Desk) -> None:
    number = desk.say(said_at="2025-12-15")
    head = desk.head()
    answer = desk.post(f"/record/{number}/second", statement(open="1"))
    assert answer.status_code == 200
    assert 'value="Invented Post"' in answer.text
    assert desk.head() == head
    form = desk.opened(f"/record/{number}/second")
    form |= {"source.outlet": "Invented Post", "attribution": "reported"}
    assert desk.post(f"/record/{number}/second", form).location == f"/s/{number}"
    assert desk.types(head) == ["document.filed", "statement.seconded"]


def test_a_second_source_that_is_too_early_is_refused(desk: Desk) -> None:
    number = desk.say(said_at="2025-12-15")
    form = desk.opened(f"/record/{number}/second")
    form |= {"source.outlet": "Early Post", "source.published_at": "2025-12-01/2025-12-02"}
    answer = desk.post(f"/record/{number}/second", form, Accept_Language="de")
    assert answer.status_code == 422
    assert "Early Post" in answer.text
    told = plain(answer.text)
    assert "1.–2. Dez. 2025" in told
    assert "15. Dez. 2025" in told


def test_a_check_of_a_long_lane_stays_quick(desk: Desk) -> None:
    for day in range(1, 29):
        source = Source(outlet=f"Paper {day}", published_at=TIMES.published_at)
        desk.say(said_at=f"2025-11-{day:02d}", source=source, stance="doubts")
    assert verdict(desk) == "now supports, before: doubts"


def test_garbled_words_are_told_with_what_may_be_meant_and_stand_in_the_way_of_nothing(
    desk: Desk,
) -> None:
    form = statement(paraphrase="Will es fÃ¼r alle.", entry=desk.opened("/record")["entry"])
    told = desk.post("/record/check", form, **HTMX).text
    assert "This looks as if it had been read in the wrong encoding." in told
    assert 'value="paraphrase=Will es für alle."' in told
    mended = desk.press("/record", form | {"use": "paraphrase=Will es für alle."}).text
    assert ">\nWill es für alle.</textarea>" in mended
    assert "wrong encoding" not in mended
    assert desk.post("/record", form).status_code == 303


def test_a_source_that_the_entry_has_already_is_said_to_be_known(desk: Desk) -> None:
    number = desk.say(said_at="2025-12-15")
    form = desk.opened(f"/record/{number}/second")
    form |= {"source.outlet": "Invented Post", "attribution": "reported"}
    for _ in range(2):  # the very same form counts once
        assert desk.post(f"/record/{number}/second", form).location == f"/s/{number}"
    head = desk.head()
    fresh = desk.opened(f"/record/{number}/second")
    response = desk.post(f"/record/{number}/second", form | fresh)
    assert (response.status_code, desk.head()) == (422, head)
    assert "This source is on record for this entry already." in response.text


def test_a_second_source_and_a_link_lead_to_where_they_are_taken_back(desk: Desk) -> None:
    number, other = desk.say(said_at="2025-12-15"), desk.say(said_at="2025-12-14", actor="aland")
    form = desk.opened(f"/record/{number}/second") | {"source.outlet": "Invented Post"}
    desk.post(f"/record/{number}/second", form)
    linked = desk.opened(f"/record/{number}/link") | {"link": "contradicts"}
    linked["target"] = f"#{other} · Aland · opposes · 14 Dec 2025 · Rejects it for good."
    assert desk.post(f"/record/{number}/link", linked).status_code == 303
    page = desk.get(f"/s/{number}").text
    assert page.count(f'href="/record/{number}/second#h-further"') == 1
    assert f'href="/record/{number}/link#h-links"' in page
    assert f'href="/record/{number}/link#h-links"' in desk.get(f"/s/{other}").text
    assert 'id="h-further"' in desk.get(f"/record/{number}/second").text
    assert 'id="h-links"' in desk.get(f"/record/{number}/link").text
