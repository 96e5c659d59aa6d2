from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.record.desk import Desk, statement
from tests.web.site import plain
from timeline.application.commands import Condition, Source
from timeline.domain.document import DocumentSnapshotTaken
from timeline.domain.instants import day_of, iso_day
from timeline.domain.naming import stable_id
from timeline.domain.statement import StatementRecorded
from web import create_app


def recorded(desk: Desk) -> StatementRecorded:
    """Return the last statement on record."""
    events = [event for event in desk.events() if isinstance(event, StatementRecorded)]
    return events[-1]


def test_a_form_that_is_filled_in_leads_to_the_chart_with_its_proof_open(desk: Desk) -> None:
    answer = desk.post("/record", statement())
    number = desk.head()
    assert (answer.status_code, answer.location) == (303, f"/t/a-union?s={number}")
    assert f"#{number}" in desk.get(f"/t/a-union?s={number}").text
    assert recorded(desk).recorded_by == "anna"
    assert recorded(desk).via == "form"


def test_htmx_is_told_where_to_go(desk: Desk) -> None:
    answer = desk.post("/record", statement(), **{"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/t/a-union?s={desk.head()}"


def test_a_form_sent_twice_records_once_and_leads_to_the_same_page(desk: Desk) -> None:
    form = statement() | desk.opened("/record")
    first = desk.post("/record", form)
    head = desk.head()
    again = desk.post("/record", form)
    assert (again.status_code, again.location) == (303, first.location)
    assert desk.head() == head


def test_a_form_sent_at_once_from_two_windows_records_once(desk: Desk) -> None:
    form = statement() | desk.opened("/record")
    clients = [desk.client.application.test_client() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post("/record", data=form), clients))
    assert {answer.status_code for answer in answers} == {303}
    assert desk.types().count("statement.recorded") == 1


def test_the_same_form_with_other_words_is_a_conflict_that_offers_both_ways_on(desk: Desk) -> None:
    form = statement() | desk.opened("/record")
    desk.post("/record", form)
    number, head = desk.head(), desk.head()
    answer = desk.post("/record", form | {"stance": "opposes"})
    assert answer.status_code == 409
    assert f'href="/s/{number}"' in answer.text
    assert 'value="entry="' in answer.text
    assert "Wants it now." in answer.text
    assert desk.head() == head


def test_an_empty_form_names_every_field_and_records_nothing(desk: Desk) -> None:
    head = desk.head()
    answer = desk.post("/record", {})
    assert answer.status_code == 422
    for field in ("actor", "topic", "stance", "paraphrase", "said_at", "source-url"):
        assert f'href="#f-{field}"' in answer.text
    assert 'id="problems" role="alert" tabindex="-1" autofocus' in answer.text
    assert desk.head() == head


@pytest.mark.parametrize("path", ["", "/development", "/actor", "/topic"])
def test_what_is_to_fix_is_listed_in_the_order_of_the_fields(desk: Desk, path: str) -> None:
    wrong = {
        "topic": "a-union",
        "stance": "no_position",
        "no_position_reason": "declined",
        "attribution": "second_hand",
        "quote.lang": "no language",
        "source.published_at": "whenever",
        "said_at": "some day",
        "happened_at": "some day",
        "on_behalf_of": "other",
        "behalf_other": "Nobody Known",
        "story": "new",
        "slug": "No slug!",
    }
    page = desk.post(f"/record{path}", wrong).text
    listed = re.findall(
        r'<a href="#(f-[^"]+)">', page.partition('id="problems"')[2].partition("</ul>")[0]
    )
    places = [page.index(f'id="{one}"') for one in listed]
    assert len(listed) > 1
    assert places == sorted(places), listed


def test_a_refused_form_keeps_everything_as_typed(desk: Desk) -> None:
    typed = statement(
        actor="Nobody Known",
        paraphrase="Ünïcode “kept”",
        hedge="könnte",
        source__title="<b>Title</b>",
        condition__text="if it pays",
    )
    answer = desk.post("/record", typed)
    assert answer.status_code == 422
    for kept in ("Nobody Known", "Ünïcode “kept”", "könnte", "if it pays"):
        assert kept in answer.text
    assert "&lt;b&gt;Title&lt;/b&gt;" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_unknown_actor_is_refused_with_the_names_that_come_close(desk: Desk) -> None:
    answer = desk.post("/record", statement(actor="Dora Exampel"))
    assert answer.status_code == 422
    assert 'name="use" value="actor=dora"' in answer.text


def test_an_unknown_actor_is_told_together_with_what_is_missing(desk: Desk) -> None:
    form = desk.opened("/record") | statement(actor="Blond", stance="")
    page = desk.post("/record", form).text
    assert "2 fields to fix" in page
    assert "There is no actor “Blond”." in page


def test_a_name_is_found_in_any_spelling_and_any_case(desk: Desk) -> None:
    stances = ("opposes", "doubts", "accepts", "supports")
    names = ("петров", "Pjotr Petrov", "petrow", "PJOTR PETROW")
    for name, stance in zip(names, stances, strict=True):
        desk.services.newsroom.actors.add_alias(desk.byline(), "petrow", "Petrow")
        desk.services.models.catch_up()
        assert desk.post("/record", statement(actor=name, stance=stance)).status_code == 303
        assert recorded(desk).speaker == stable_id("actor", "petrow")


def test_a_button_fills_in_what_it_offers_and_records_nothing(desk: Desk) -> None:
    head = desk.head()
    answer = desk.press("/record", statement(actor="Dora Exampel", use="actor=dora"))
    assert answer.status_code == 200
    assert 'value="Dora Example"' in answer.text
    assert desk.head() == head


def test_words_after_their_source_are_refused_with_the_day_of_the_source(desk: Desk) -> None:
    answer = desk.post("/record", statement(said_at="17.12.2025"))
    assert answer.status_code == 422
    assert "after the source was published (16 Dec 2025)" in answer.text
    assert 'value="said_at=2025-12-16"' in answer.text


@pytest.mark.parametrize(
    ("said", "precision", "edtf"),
    [
        ("15 Dec 2025", "day", "2025-12-15"),
        ("15 Dec 2025", "month", "2025-12"),
        ("15 Dec 2025", "year", "2025"),
        ("15 Dec 2025", "before", "../2025-12-15"),
        ("2025-12-15~", "day", "2025-12-15~"),
        ("", "day", "../2025-12-16"),
    ],
)
def test_a_date_is_kept_as_exactly_as_it_is_known(
    desk: Desk, said: str, precision: str, edtf: str
) -> None:
    assert desk.post("/record", statement(said_at=said, precision=precision)).status_code == 303
    assert recorded(desk).said_at == edtf


def test_who_holds_a_mandate_is_not_recorded_before_somebody_chose_for_whom(desk: Desk) -> None:
    form = statement(actor="Dora Example") | {"shown_behalf": ""}
    answer = desk.post("/record", form)
    assert answer.status_code == 422
    assert "Choose whom the words stand for." in answer.text
    assert "Aland, as President" in answer.text
    shown = form | {"shown_behalf": "Dora Example aland", "on_behalf_of": "aland"}
    assert desk.post("/record", shown).status_code == 303
    assert recorded(desk).on_behalf_of == stable_id("actor", "aland")


def test_a_mandate_is_offered_only_for_its_time(desk: Desk) -> None:
    form = statement(
        actor="Dora Example", said_at="2019", source__published_at="2019-12-31", on_behalf_of=""
    )
    answer = desk.press("/record/check", form)
    assert "as President" not in answer.text
    assert "has no mandate on record for that day" in answer.text


def test_a_mandate_is_offered_to_the_actor_that_its_holder_is_merged_into(desk: Desk) -> None:
    actors = desk.services.newsroom.actors
    by = desk.services.newsroom.byline("anna")
    actors.introduce(by, "Dora E.", "person")
    actors.merge(by, "dora", "dora-e", "the same woman")
    form = statement(actor="Dora E.") | {"shown_behalf": "Dora E. aland", "on_behalf_of": "aland"}
    assert desk.post("/record", form).status_code == 303
    assert recorded(desk).on_behalf_of == stable_id("actor", "aland")


def test_without_a_mandate_a_reason_is_needed_to_speak_for_another(desk: Desk) -> None:
    form = statement(actor="petrow", on_behalf_of="other", behalf_other="Bland")
    answer = desk.post("/record", form)
    assert answer.status_code == 422
    assert "had no mandate to speak for Bland" in answer.text
    answer = desk.post("/record", form | {"mandate_reason": "He read out their text."})
    assert answer.status_code == 303
    assert recorded(desk).on_behalf_of == stable_id("actor", "bland")


def test_a_stance_of_another_scale_has_to_be_chosen_again(desk: Desk) -> None:
    answer = desk.post("/record", statement(topic="deal"))
    assert answer.status_code == 422
    assert "another scale" in answer.text
    assert "thinks likely" in answer.text


def test_no_position_needs_its_reason(desk: Desk) -> None:
    assert desk.post("/record", statement(stance="no_position")).status_code == 422
    form = statement(stance="no_position", no_position_reason="declined", asked="Will you?")
    assert desk.post("/record", form).status_code == 303
    assert (recorded(desk).stance, recorded(desk).no_position_reason) == (None, "declined")


def test_a_question_that_was_declined_is_asked_for(desk: Desk) -> None:
    form = statement(stance="no_position", no_position_reason="declined")
    answer = desk.post("/record", form)
    assert answer.status_code == 422
    assert "Give the question that was declined." in answer.text


def test_second_hand_words_need_the_one_who_says_so(desk: Desk) -> None:
    answer = desk.post("/record", statement(attribution="second_hand"))
    assert answer.status_code == 422
    assert "Name who says so" in answer.text


def test_what_other_choices_put_out_of_sight_is_not_recorded(desk: Desk) -> None:
    form = statement(reported_via="circles", no_position_reason="declined", quote__text="Yes")
    assert desk.post("/record", form).status_code == 303
    event = recorded(desk)
    assert event.no_position_reason is None
    assert event.content is not None
    assert (event.content.reported_via, event.content.quote) == ("", None)


ARTICLE = "The talks went on. Bland said it was „kein Thema mehr“ for now.\n\nNobody else spoke."


def test_the_text_is_kept_and_the_quote_anchored_in_it(desk: Desk) -> None:
    form = statement(
        attribution="quoted",
        quote__text="kein Thema mehr",
        quote__wording="unknown",
        text=ARTICLE.replace("\n", "\r\n"),
    )
    assert desk.post("/record", form).status_code == 303
    content = recorded(desk).content
    assert content is not None
    assert content.quote is not None
    quote = content.quote
    kept = next(
        event for event in desk.events() if isinstance(event, DocumentSnapshotTaken)
    ).content
    assert kept is not None
    assert kept.text[quote.start : quote.end] == quote.exact == "kein Thema mehr"
    assert kept.text[: quote.start].endswith(quote.prefix)
    assert kept.text[quote.end :].startswith(quote.suffix)


def test_a_source_whose_text_is_kept_is_coded_from_its_text(desk: Desk) -> None:
    desk.post("/record", statement(text=ARTICLE, source__url="https://example.org/talks"))
    document = next(event for event in desk.events() if isinstance(event, DocumentSnapshotTaken))
    there = f"/record/text/{document.originator_id}"
    for named in ("https://example.org/talks", document.originator_id):
        answer = desk.get(f"/record?u={named}&from=0&to=18")
        assert answer.location == f"{there}?at=0-18"
    form = statement(source__url="https://example.org/talks", use="load=1")
    loaded = desk.press("/record", form).text
    assert "This source is on file. A copy of its text is kept." in loaded
    assert f'href="{there}"' in loaded


def test_words_are_anchored_in_the_text_that_is_on_file(desk: Desk) -> None:
    source = {"source__url": "https://example.org/talks"}
    desk.post("/record", statement(text=ARTICLE, **source))
    passage = "Nobody else spoke."
    more = {"passage__text": passage, "stance": "doubts"}
    desk.post("/record", statement(paraphrase="Says nothing.", **more, **source))
    content = recorded(desk).content
    assert content is not None
    assert content.passage is not None
    assert content.passage.start == ARTICLE.index(passage)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("source.url", "ftp://example.org", "neither https:// nor http://"),
        ("source.url", "http://169.254.169.254/", "not on the public internet"),
        ("paraphrase", "a\x00b", "control character"),
        ("said_at", "next week", "is not a date"),
        ("said_at", "31.02.2025", "31"),
        ("actor", "x" * 300, "200 are allowed"),
        ("quote.text", "x" * 501, "500 are allowed"),
    ],
)
def test_bad_input_gives_one_clear_line_at_its_field(
    desk: Desk, field: str, value: str, message: str
) -> None:
    head = desk.head()
    answer = desk.post("/record", statement(attribution="quoted") | {field: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'href="#f-{field.replace(".", "-")}"' in answer.text
    assert desk.head() == head


def test_a_statement_of_long_ago_is_shown_in_its_own_time(desk: Desk) -> None:
    today = iso_day(day_of(desk.services.clock() // 1_000_000))
    desk.say(said_at=today, source=Source(outlet="Today", published_at=today))
    form = statement(said_at="1999-05-01", source__published_at="1999-05-02")
    answer = desk.post("/record", form)
    assert "from=1999-04-01" in (answer.location or "")
    assert 'id="proof"' in desk.get(answer.location or "").text


def test_a_further_position_of_the_same_breath_starts_with_its_words(desk: Desk) -> None:
    form = statement(attribution="quoted", quote__text="Ja doch", quote__lang="de")
    desk.post("/record", form | desk.opened("/record"))
    number, first = desk.head(), recorded(desk)
    again = desk.opened(f"/record?again={number}")
    assert again["utterance"] == first.utterance
    assert again["entry"] != first.originator_id
    page = desk.get(f"/record?again={number}").text
    assert "Ja doch" in page
    assert "Wants it now." not in page


def test_a_server_for_readers_shows_no_form_and_takes_none(desk: Desk) -> None:
    app = create_app(desk.services)
    client = app.test_client()
    for path in ("/record", "/record/topic", "/record/actor", "/record/1/correct"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "read-only" in answer.text
        assert "<form class" not in answer.text.partition("<main")[2]
    assert client.post("/record", data=statement()).status_code == 403


def test_the_actor_list_answers_transliterations_and_offers_the_new_one(desk: Desk) -> None:
    answer = desk.get("/record/actors?actor=Петров")
    assert 'data-value="Pjotr Petrow"' in answer.text
    assert "/record/actor?name=" in answer.text


def test_a_field_that_is_empty_offers_whom_and_what_somebody_coded_last(desk: Desk) -> None:
    assert 'role="option"' not in desk.get("/record/actors?actor=").text
    for actor in ("Bland", "Pjotr Petrow"):
        desk.post("/record", statement(actor=actor))
    offered = re.findall(r'data-value="([^"]+)"', desk.get("/record/actors?actor=").text)
    assert offered == ["Pjotr Petrow", "Bland"]
    desk.post("/record", statement(topic="deal", stance="expects"))
    offered = re.findall(r'data-value="([^"]+)"', desk.get("/record/topics?topic=").text)
    assert offered == ["deal", "a-union"]


def test_the_best_match_by_name_stands_before_whom_somebody_coded_last(desk: Desk) -> None:
    actors = desk.services.newsroom.actors
    for name in ("Merzig council", "Friedrich Merz", "Merz"):
        actors.introduce(desk.byline(), name, "person")
    for name in ("Friedrich Merz", "Merzig council"):
        desk.post("/record", statement(actor=name))
    offered = re.findall(r'data-value="([^"]+)"', desk.get("/record/actors?actor=merz").text)
    assert offered == ["Merz", "Friedrich Merz", "Merzig council"]
    offered = re.findall(r'data-value="([^"]+)"', desk.get("/record/actors?actor=mer").text)
    assert offered[0] == "Merzig council"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("union", ["a-union"]),
        ("unión", ["a-union"]),
        ("be deal", ["deal"]),
        ("e", []),
        ("beitre", ["a-union"]),
        ("deal union", []),
    ],
)
def test_questions_are_found_by_words_of_any_language(
    desk: Desk, typed: str, found: list[str]
) -> None:
    question = {"topic_question": "Soll A der Union beitreten?"}
    desk.services.newsroom.topics.translate(desk.byline(), "a-union", "de", question)
    answer = desk.get(f"/record/topics?topic={typed}").text
    assert re.findall(r'data-value="([^"]+)"', answer) == found
    assert "/record/topic?name=" in answer


SAID = "„Abriss? Nie mit uns“, sagte Vellwitz. „Und“, fuhr sie fort, „nicht vor der Wahl.“"


@pytest.mark.parametrize(
    ("quote", "changes", "status"),
    [
        ("fuhr sie fort", {}, 422),
        ("fuhr sie fort", {"attribution": "second_hand", "reported_via": "aides"}, 303),
        ("fuhr sie fort", {"source__author": "Bland"}, 303),
        ("Und nicht vor der Wahl", {}, 303),
        (SAID, {}, 303),
    ],
)
def test_what_the_source_tells_in_its_own_words_is_no_quote(
    desk: Desk, quote: str, changes: dict[str, str], status: int
) -> None:
    said = {"attribution": "quoted", "quote__text": quote, "passage__text": SAID}
    answer = desk.post("/record", statement(**said | changes))
    assert answer.status_code == status
    told = plain(answer.text)
    assert ("The source tells this in its own words" in told) == (status == 422)
    assert ("sagte Vellwitz" in told) == (status == 422)


@pytest.mark.parametrize(
    ("quote", "wording", "status"),
    [
        ("Abriss? Nicht mit uns.", "original", 422),
        ("Abriss? Nicht mit uns.", "translated", 303),
        ("Abriss? Nie mit uns.", "original", 303),
        ("»abriss?  nie mit UNS«", "original", 303),
        ("Abriss? … nicht vor der Wahl", "unknown", 303),
        ("nicht vor […] Wahl", "unknown", 303),
        ("Und nicht vor der Wahl.", "unknown", 303),
        ("nicht vor der Wahl … Abriss? Nie mit uns", "unknown", 422),
    ],
)
def test_a_quote_that_its_passage_does_not_hold_is_refused(
    desk: Desk, quote: str, wording: str, status: int
) -> None:
    said = {"attribution": "quoted", "quote__text": quote, "passage__text": SAID}
    answer = desk.post("/record", statement(**said, quote__wording=wording))
    assert answer.status_code == status
    assert ("The passage has other words" in answer.text) == (status == 422)


def test_a_conditional_stance_asks_for_its_condition_or_for_a_tick(desk: Desk) -> None:
    asked = desk.post("/record", statement(stance="conditional"))
    assert asked.status_code == 422
    assert "Say on which condition, or tick that the source names none." in asked.text
    ticked = desk.press("/record", statement(stance="conditional", use="condition.unnamed=1"))
    assert 'name="condition.unnamed" value="1" checked' in ticked.text
    for day, told in ((9, {"condition__text": "if it pays"}), (3, {"condition__unnamed": "1"})):
        form = statement(stance="conditional", said_at=f"{day} Dec 2025", **told)
        assert desk.post("/record", form).status_code == 303


def test_a_conditional_becomes_a_direction_with_its_condition_in_one_correction(desk: Desk) -> None:
    number = desk.say(stance="conditional", condition=Condition(text="if it pays"))
    path = f"/record/{number}/correct"
    page = desk.get(path).text
    assert re.search(r'value="conditional" checked', page)
    assert "Choose a direction: the condition stays beside it." in page
    form = desk.opened(path) | {"stance": "supports", "reason": "It wants it."}
    assert desk.post(path, form).status_code == 303
    shown = plain(desk.get(f"/s/{number}").text)
    assert "supports" in shown
    assert "Condition: if it pays" in shown
    assert 'value="conditional"' not in desk.get(path).text


def test_a_form_takes_whose_act_a_condition_is_and_which_condition_is_dropped(desk: Desk) -> None:
    first = desk.say(condition=Condition(text="if it pays"))
    told = {"condition__text": "if Bland pays", "condition__actor": "Bland", "drops": str(first)}
    assert desk.post("/record", statement(said_at="3 Dec 2025", **told)).status_code == 303
    shown = plain(desk.get(f"/s/{desk.head()}").text)
    assert "Whose act it is: Bland" in shown
    assert f"Drops the condition of #{first}" in shown


def test_who_refuses_to_answer_was_asked(desk: Desk) -> None:
    form = {"stance": "no_position", "no_position_reason": "refuses", "said_at": "3 Dec 2025"}
    assert desk.post("/record", statement(**form)).status_code == 422
    assert desk.post("/record", statement(**form, asked="Will you?")).status_code == 303


def test_who_leaves_it_to_others_takes_no_position(desk: Desk) -> None:
    page = desk.get("/record?topic=a-union").text
    offered = ("refuses", "silent", "defers", "forecast", "comments")
    assert all(f'name="no_position_reason" value="{one}"' in page for one in offered)
    assert 'value="declined"' not in page
    form = {"stance": "no_position", "no_position_reason": "defers", "said_at": "3 Dec 2025"}
    assert desk.post("/record", statement(**form)).status_code == 303
    assert "leaves it to somebody else" in desk.get(f"/s/{desk.head()}").text


def test_what_somebody_recorded_is_not_new_to_them_unless_more_came(desk: Desk) -> None:
    desk.post("/record", statement())
    desk.get("/t/a-union")
    again = statement(said_at="2 Nov 2025", stance="opposes", paraphrase="Never.")
    assert desk.post("/record", again).status_code == 303
    assert "Since your last visit" not in desk.get("/t/a-union").text
    newsroom = desk.services.newsroom
    newsroom.topics.open(newsroom.byline("bert", "form"), "Is it so?", "claim", slug="so")
    third = statement(said_at="4 Oct 2025", stance="accepts", paraphrase="Why not?")
    assert desk.post("/record", third).status_code == 303
    assert "Since your last visit" in desk.get("/t/a-union").text


def test_a_long_run_of_one_s_own_is_not_looked_through(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.post("/record", statement())
    desk.get("/t/a-union")
    monkeypatch.setattr("timeline.projections.queries.log.LOOKED_BACK", 0)
    again = statement(said_at="2 Nov 2025", stance="opposes", paraphrase="Never.")
    assert desk.post("/record", again).status_code == 303
    assert "Since your last visit" in desk.get("/t/a-union").text


def test_the_next_statement_of_the_same_source_is_one_click_away(desk: Desk) -> None:
    number = desk.say()
    for path in (f"/s/{number}", f"/t/a-union?s={number}"):
        (way,) = re.findall(r'href="(/record\?u=[^"]+)"', desk.get(path).text)
        form = desk.get(way).text
        assert 'value="Invented Times"' in form
        assert 'value="https://example.org/x"' in form
        assert "Rejects it for good." not in form


MANDATED = {"shown_behalf": "Dora Example aland", "on_behalf_of": "aland"}


@pytest.mark.parametrize("stance", ["supports", "doubts"])
def test_a_mandate_that_would_move_a_side_is_asked_back_before_it_is_recorded(
    desk: Desk, stance: str
) -> None:
    desk.say(actor="aland")
    desk.services.models.catch_up()
    head, form = desk.head(), statement(actor="Dora Example", stance=stance) | MANDATED
    shown = desk.post("/record/check", form, **{"HX-Request": "true"}).text
    assert "Does Dora Example speak for Aland here?" in shown
    answer = desk.post("/record", form)
    assert (answer.status_code, desk.head()) == (422, head)
    assert "and not at “opposes” as before." in answer.text
    assert 'name="use" value="on_behalf_of=self"' in answer.text
    again = desk.press("/record", form | {"use": "spoke_for=dora aland"})
    assert "Does Dora Example speak" not in again.text
    answered = re.search(r'name="spoke_for" value="([^"]+)"', again.text)
    assert answered is not None
    assert desk.post("/record", form | {"spoke_for": answered[1]}).status_code == 303
    assert recorded(desk).on_behalf_of == stable_id("actor", "aland")


def test_a_mandate_that_moves_nobody_is_not_asked_back(desk: Desk) -> None:
    first = statement(actor="Dora Example", said_at="1 Dec 2025") | MANDATED
    assert desk.post("/record", first).status_code == 303
    said = statement(actor="Dora Example", paraphrase="Says it once more.")
    assert desk.post("/record", said | MANDATED).status_code == 303
    assert desk.post("/record", said | {"stance": "opposes"}).status_code == 303


def test_whom_words_stand_for_is_asked_of_what_is_said_between_others(desk: Desk) -> None:
    for day in ("2025-12-01", "2025-12-14"):
        desk.say(actor="aland", said_at=day)
    desk.services.models.catch_up()
    form = statement(actor="Dora Example", said_at="2 Dec 2025") | MANDATED
    assert "Does Dora Example speak for Aland here?" in desk.post("/record", form).text


@pytest.mark.parametrize(
    ("given", "lang", "told"),
    [
        ({"source__lang": "German"}, "de", "taken to be German"),
        ({}, "en", "taken to be English"),
        ({"source__lang": "German", "quote__lang": "fr"}, "fr", ""),
        ({"quote__text": "Ja doch"}, "", ""),
        ({"quote__text": "Nous voulons que les pays de la région et des îles y soient"}, "", ""),
    ],
)
def test_a_quote_typed_by_hand_has_the_language_of_its_source_or_that_in_which_it_stands(
    desk: Desk, given: dict[str, str], lang: str, told: str
) -> None:
    quoted = {"attribution": "quoted", "quote__text": "We will not join them for that"}
    form = desk.opened("/record") | statement(**quoted | given)
    checked = desk.post("/record/check", form, **{"HX-Request": "true"}).text
    assert ("taken to be" in checked, told in checked) == (bool(told), True)
    assert desk.post("/record", form).status_code == 303
    said = desk.events()[-1]
    assert isinstance(said, StatementRecorded)
    assert said.content is not None
    assert said.content.quote is not None
    assert said.content.quote.lang == lang
