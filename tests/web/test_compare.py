from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from tests.web.markup import Page
from tests.web.site import plain
from timeline.application.commands import Quoted
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory
from timeline.projections.queries.compared import compare_positions, speakers, topics_of
from timeline.projections.queries.positions import positions_at
from web.compare import grid

if TYPE_CHECKING:
    import pytest

    from tests.web.paper import Paper
    from tests.web.site import Site
    from timeline.bootstrap import Services

TWO = "actor=aland&actor=bland"
ASKED = "/compare?actor=aland&actor=bland&story=talks"
BERLIN = "actor=russia&actor=ukraine&actor=germany&actor=poland&actor=france"


def cell(page: str, topic: str, place: int) -> str:
    """Return the text of a question's cell."""
    row = page.partition(f'id="compare-{topic}"')[2].partition("</tr>")[0]
    return plain(row.split('<td role="cell">')[1 + place])


def test_each_cell_is_a_position_with_its_day_its_words_and_its_source(paper: Paper) -> None:
    paper.sign()
    page = paper.open(ASKED).text
    assert cell(page, "union", 0).startswith("Aland accepts 2 Sep 2025 said by Dora Example we")
    assert "changed 2 Sep 2025, before: opposes" in cell(page, "union", 0)
    assert cell(page, "union", 1) == "Bland supports 1 Dec 2025 Wants it still. Invented Times"
    links = Page(page).links()
    assert f"/s/{paper.numbers['yes']}" in links
    assert "https://example.org/talks" in links


def test_who_said_nothing_has_a_cell_that_says_so(paper: Paper) -> None:
    page = paper.open(ASKED).text
    assert cell(page, "deal", 0) == "Aland no statement"
    assert cell(page, "deal", 1).startswith("Bland thinks likely 15 Dec 2025")


def test_the_heading_names_few_actors_and_counts_many(demo: Site) -> None:
    assert (
        "<h1>Russia and Ukraine, question by question</h1>"
        in demo.open("/compare?actor=russia&actor=ukraine").text
    )
    assert "<h1>5 actors, question by question</h1>" in demo.open(f"/compare?{BERLIN}").text


def test_without_anybody_page_and_data_compare_those_who_said_most(paper: Paper) -> None:
    page = paper.page("/compare?story=talks&as_of=2025-09-02")
    data = csv.DictReader(io.StringIO(paper.open("/compare.csv?story=talks&as_of=2025-09-02").text))
    compare_positions = {row["actor"] for row in data}
    assert len(compare_positions) > 1
    assert {f"/a/{slug}" for slug in compare_positions} <= set(page.links())
    table = "/matrix?story=talks&at=2025-09-02"
    assert table in page.links()
    assert {"/a/aland", "/a/bland", "/a/cland"} <= set(paper.page(table).links())


def test_actors_stand_in_the_order_of_the_address(paper: Paper) -> None:
    page = paper.open("/compare?actor=bland&actor=aland&story=talks").text
    assert page.index('<th scope="col" role="columnheader"><a href="/a/bland"') < page.index(
        '<th scope="col" role="columnheader"><a href="/a/aland"'
    )


def test_words_in_the_readers_language_are_quoted_if_they_stand_alone(paper: Paper) -> None:
    def said(text: str, lang: str) -> str:
        quote = Quoted(text=text, lang=lang, wording="original")
        paper.say(text, "bland", "supports", "2025-12-10", quote=quote, paraphrase="Wants it.")
        return paper.open(ASKED).text

    assert "“we want this union and we want it now”" in said(
        "we want this union and we want it now", "en"
    )
    assert "Wants it." in cell(said("a big deal", "en"), "union", 1)
    assert "Wants it." in cell(said("nous voulons cette union et vite", "fr"), "union", 1)


def test_a_long_summary_is_cut_between_words(paper: Paper) -> None:
    paper.say("long", "bland", "supports", "2025-12-10", paraphrase="word " * 200)
    assert "word word …" in cell(paper.open(ASKED).text, "union", 1)


def test_a_long_quote_is_never_cut_and_gives_way_to_the_summary(paper: Paper) -> None:
    quote = Quoted(text="yes, " * 90 + "yes", lang="en", wording="original")
    said = {"quote": quote, "paraphrase": "Says yes many times."}
    paper.say("long", "bland", "supports", "2025-12-10", **said)
    shown = cell(paper.open(ASKED).text, "union", 1)
    assert "Says yes many times." in shown
    assert "yes, yes" not in shown
    assert "…" not in shown


def test_a_position_older_than_the_limit_of_its_topic_is_last_known(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    paper.say("ancient", "eland", "opposes", "2020-03-01", paraphrase="Never.")
    asked = "/compare?actor=eland&actor=bland&topic=union"
    for cells in ("", "&cells=marks"):
        now = paper.open(f"{asked}{cells}").text
        assert "last known 1 Mar 2020" in cell(now, "union", 0)
        assert "last known" not in cell(now, "union", 1)
        then = paper.read(f"{asked}&as_of=2020-06-01{cells}")
        assert "last known" not in then
        assert "1 Mar 2020" in then


def test_withheld_words_are_not_shown(paper: Paper) -> None:
    statements = paper.newsroom.statements
    statements.retract(paper.dora(), paper.numbers["still"], "Asked for.", withhold=True)
    for path in (ASKED, ASKED.replace("?", ".json?"), ASKED.replace("?", ".csv?")):
        assert "Wants it still" not in paper.open(path).text, path


def test_answers_of_one_day_that_differ_stand_below_each_other(paper: Paper) -> None:
    paper.say("hand", "bland", "opposes", "2025-12-16", paraphrase="No.")
    paper.say("other", "bland", "supports", "2025-12-16", paraphrase="Yes.")
    mixed = cell(paper.open(ASKED).text, "union", 1)
    assert mixed.startswith("Bland mixed 16 Dec 2025 opposes: No. supports: Yes.")


def test_later_words_that_take_no_position_are_named(paper: Paper) -> None:
    later = {"paraphrase": "Later.", "no_position_reason": "unstated"}
    paper.say("later", "bland", "no_position", "2025-12-14", **later)
    assert "spoke again: 14 Dec 2025 , no position" in cell(paper.open(ASKED).text, "union", 1)


def test_a_position_is_silent_while_the_others_speak_on(paper: Paper) -> None:
    path = "/compare?actor=cland&actor=bland&topic=deal"
    paper.say("then", "cland", "expects", "2025-10-01", topic="deal", paraphrase="Expects it.")
    assert 'class="compare-silent"' not in paper.open(path).text
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["then"], "Not said.")
    paper.say("once", "cland", "expects", "2025-05-01", topic="deal", paraphrase="Expects it.")
    page = paper.open(path).text
    assert page.count('class="compare-silent"') == 1
    assert "1 May 2025" in page.partition('class="compare-silent"')[2].partition("</a>")[0]


def test_from_five_actors_on_cells_hold_mark_word_and_day(demo: Site) -> None:
    page = demo.open(f"/compare?{BERLIN}&story=berlin-talks").text
    assert "compare-table-marks" in page
    assert "<blockquote" not in page
    assert 'aria-label="Cells show"' not in page


def test_few_actors_can_be_compared_by_marks_too(paper: Paper) -> None:
    page = paper.open(f"{ASKED}&cells=marks").text
    assert "compare-table-marks" in page
    assert 'aria-label="Source: Invented Times"' in page
    assert paper.open(f"{ASKED}&cells=stars").status_code == 422


def test_it_says_on_how_many_questions_they_stand_on_opposite_sides(paper: Paper) -> None:
    paper.say("against", "cland", "opposes", "2025-12-10", paraphrase="No.")
    topics = "topic=union&topic=deal"
    three = paper.read(f"/compare?actor=aland&actor=bland&actor=cland&{topics}")
    assert "On none of these two questions" not in three
    assert "All three took a position on one of these two questions." in three
    two = paper.read(f"/compare?actor=aland&actor=bland&{topics}")
    assert "Both took a position on one of these two questions." in two
    assert "On none of them did they last stand on opposite sides." in two
    paper.say("against", "cland", "opposes", "2025-12-10", paraphrase="No.")
    parted = paper.read(f"/compare?actor=aland&actor=bland&actor=cland&{topics}")
    assert "On one they last stood on opposite sides: Union ." in parted
    none = paper.read(f"/compare?actor=bland&actor=dora&{topics}&as_of=2025-07-10")
    assert "On none of these two questions did all take a position." in none


def test_at_an_earlier_moment_it_says_what_reads_differently_now(paper: Paper) -> None:
    then = f"{ASKED}&as_of=2025-08-20"
    page = paper.open(then).text
    assert cell(page, "union", 0).startswith("Aland opposes 2 Jul 2025")
    assert "Two of these four cells read differently now." in plain(page)
    assert "now: accepts" not in page
    marked = paper.open(f"{then}&differs=1").text
    assert "now: accepts" in cell(marked, "union", 0)
    assert cell(marked, "deal", 1) == "Bland no statement now: thinks likely"


def test_both_clocks_turn_back_on_their_own(paper: Paper) -> None:
    known = paper.numbers["no"]
    page = paper.open(f"{ASKED}&known_at=@{known}").text
    assert cell(page, "union", 0).startswith("Aland opposes 2 Jul 2025")
    assert f"/s/{known}@{known}" in Page(page).links()
    assert f"known at event {known} of the log" in plain(page)


def test_without_a_question_all_are_compared_on_which_they_spoke(paper: Paper) -> None:
    page = paper.open("/compare?actor=bland").text
    assert ('id="compare-union"' in page, 'id="compare-deal"' in page) == (True, True)
    assert 'id="compare-deal"' not in paper.open("/compare?actor=cland").text
    assert "One actor alone is compared with nobody" in page


def test_questions_of_a_story_on_which_nobody_spoke_are_folded(paper: Paper) -> None:
    page = paper.open("/compare?actor=cland&story=talks").text
    assert "1 more question without a statement by any of them" in plain(page)
    assert 'id="compare-deal"' in paper.open("/compare?actor=cland&topic=deal").text


def test_nobody_chosen_offers_who_has_spoken(paper: Paper) -> None:
    assert 'value="bland"' in paper.open("/compare").text
    assert "Choose whom to compare" in plain(paper.open("/compare").text)


def test_a_name_that_is_typed_is_added(paper: Paper) -> None:
    answer = paper.open("/compare?actor=aland&topic=union&add=BLAND&as_of=")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/compare?actor=aland&actor=bland&topic=union"
    assert "Several are called “land”. Add: Aland" in plain(
        paper.open("/compare?actor=dora&add=land").text
    )
    assert "Nobody on record is called “Blamd”. Did you mean" in plain(
        paper.open("/compare?add=Blamd").text
    )


def test_a_form_with_empty_fields_leads_to_the_address_of_the_view(paper: Paper) -> None:
    answer = paper.open("/compare?actor=aland&add=&as_of=&known_at=&actor=bland&actor=aland")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/compare?{TWO}")


def test_of_too_many_actors_those_left_out_are_named(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "ACTORS", 2)
    page = paper.read(f"/compare?{TWO}&actor=cland&topic=union")
    assert "Left out: Cland" in page
    assert paper.data(f"/compare.json?{TWO}&actor=cland")["left_out"] == ["cland"]


def test_many_questions_are_shown_in_parts(demo: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.compare.page.ROWS", 2)
    page = demo.open("/compare?actor=russia&actor=ukraine").text
    assert page.count('class="compare-row') == 2
    following = next(link for link in Page(page).links() if link.endswith("from=2"))
    assert demo.open(following).text.count('class="compare-row') == 2


def test_an_unknown_actor_is_named(paper: Paper) -> None:
    answer = paper.open("/compare?actor=blandd")
    assert answer.status_code == 404
    assert "bland" in answer.text


def test_the_same_as_json_has_every_cell(paper: Paper) -> None:
    paper.sign()
    told = paper.data(ASKED.replace("?", ".json?"))
    assert (told["actors"], sorted(told["topics"])) == (["aland", "bland"], ["deal", "union"])
    by_cell = {(one["topic"], one["actor"]): one for one in told["cells"]}
    assert len(by_cell) == 4
    assert by_cell["deal", "aland"]["stance"] is None
    aland = by_cell["union", "aland"]
    assert (aland["stance"], aland["before"], aland["last_said"]) == (
        "accepts",
        "opposes",
        "2025-09-02",
    )
    assert aland["url"] == "https://example.org/talks"
    assert aland["number"] == paper.numbers["yes"]


def test_the_same_as_csv_has_a_line_for_each_cell(paper: Paper) -> None:
    answer = paper.open(ASKED.replace("?", ".csv?") + "&as_of=2025-08-20")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(lines) == 4
    aland = next(line for line in lines if line["actor"] == "aland" and line["topic"] == "union")
    assert (aland["stance"], aland["stance_now"]) == ("opposes", "accepts")


def test_actors_topics_and_searches_lead_to_a_comparison(paper: Paper) -> None:
    assert "/compare?actor=bland" in paper.page("/a/bland").links()
    assert "/compare?topic=union" in paper.page("/t/union").links()
    assert "/compare?actor=bland" in paper.page("/search?q=bland").links()


def test_it_speaks_german(paper: Paper) -> None:
    page = paper.read(ASKED, Accept_Language="de")
    assert "Aland und Bland, Frage für Frage" in page
    assert "no statement" not in page


def test_of_those_who_spoke_on_a_question_who_said_most_is_shown_first(paper: Paper) -> None:
    paper.say("more", "cland", "opposes", "2025-10-01", paraphrase="No.")
    paper.say("again", "cland", "opposes", "2025-10-02", paraphrase="No.")
    paper.say("still", "cland", "opposes", "2025-10-03", paraphrase="No.")
    page = paper.open("/compare?topic=union").text
    shown = re.findall(r'<th scope="col"[^>]*><a href="/a/([a-z]+)"', page)
    assert shown == ["cland", "aland", "bland"]


def test_a_story_without_actors_shows_those_who_said_most_on_it(paper: Paper) -> None:
    page = paper.open("/compare?story=talks").text
    assert "Nobody is chosen, so these are the actors with most statements" in plain(page)
    assert cell(page, "union", 0)
    assert 'href="/a/bland"' in page


LATER = 4_000_000_000
YEAR_2011 = 1_293_840_000


def test_cells_of_now_are_those_of_a_moment_to_come(demo_record: Services) -> None:
    with demo_record.models.engine().connect() as conn:
        topics, actors = directory.topics(conn), {actor.id for actor in directory.actors(conn)}
        now = compare_positions(conn, topics, actors)
        later = compare_positions(conn, topics, actors, TwoClocks(as_of=LATER))
    assert now
    assert {key: one.position.stance for key, one in now.items()} == {
        key: one.position.stance for key, one in later.items()
    }
    assert {key: one.moved for key, one in now.items()} == {
        key: one.moved for key, one in later.items()
    }
    assert {key: (one.spoke_in, one.spoke_at) for key, one in now.items()} == {
        key: (one.spoke_in, one.spoke_at) for key, one in later.items()
    }


def test_cells_of_a_moment_are_its_positions(demo_record: Services) -> None:
    with demo_record.models.engine().connect() as conn:
        topics, actors = directory.topics(conn), {actor.id for actor in directory.actors(conn)}
        cells = compare_positions(conn, topics, actors, TwoClocks(YEAR_2011, 3_000))
        stood = positions_at(conn, TwoClocks(YEAR_2011, 3_000))
    assert {key: one.position.stance for key, one in cells.items()} == {
        (position.topic, position.lane): position.position.stance for position in stood
    }


def test_those_come_first_who_have_spoken_on_most_questions(demo_record: Services) -> None:
    with demo_record.models.engine().connect() as conn:
        found = speakers(conn, None, 3)
        each = {actor: sum(topics_of(conn, {actor}).values()) for actor in found}
    assert found == each
    assert list(found.values()) == sorted(found.values(), reverse=True)
