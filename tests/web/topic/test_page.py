from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import Site, plain
from tests.web.topic.test_filters import entries, standing
from timeline.projections.queries import directory, topic_cache
from timeline.projections.queries.tracks import course

if TYPE_CHECKING:
    from tests.web.paper import Paper


YEAR = re.compile(r"<td>(?:\d+ )?[A-Z][a-z]{2} (\d{4})</td>")


def lanes(page: str) -> list[str]:
    """Return the slugs of the lanes, from above."""
    return re.findall(r'class="lane-block[^>]* id="lane-([\w-]+)"', page)


def test_the_head_says_the_question_and_counts_what_is_on_record(paper: Paper) -> None:
    page = paper.page("/t/union")
    assert page.words(class_="topic-title").startswith("Should Aland join the union?")
    facts = page.words(class_="facts topic-facts")
    assert facts.startswith("3 actors 6 statements 1 development 1 source 1 more is waiting")
    paper.sign()
    facts = paper.page("/t/union").words(class_="facts topic-facts")
    assert facts.startswith("3 actors 6 statements 1 development 1 source recorded up to 16 Dec")
    assert "/story/talks" in page.links()


def test_a_chart_is_made_into_a_table_only_for_who_asks(paper: Paper) -> None:
    page = paper.page("/t/union")
    assert not page.find("table")
    assert "/t/union?view=table" in page.links()
    statements, developments, head = 6, 1, 1
    rows = paper.page("/t/union?view=table").find("tr")
    assert len(rows) == statements + developments + head


def test_counts_of_the_head_are_those_of_the_moment(paper: Paper) -> None:
    facts = paper.page("/t/union?as_of=2025-08-15").words(class_="facts topic-facts")
    assert facts.startswith("2 actors 2 statements 0 developments 1 source recorded up to")


def test_actors_merged_into_one_are_counted_as_one_where_they_are(any_paper: Paper) -> None:
    paper, room = any_paper, any_paper.newsroom.actors
    room.introduce(paper.dora(), "Bland Kingdom", "state", slug="kingdom")
    paper.say("crown", "kingdom", "doubts", "2025-10-01", paraphrase="Perhaps not.")
    before = paper.services.log.head()
    room.merge(paper.dora(), "kingdom", "bland", "The same country.")
    facts = [
        paper.page(f"/t/union{query}").words(class_="facts topic-facts")
        for query in ("", f"?known_at=@{before}")
    ]
    assert facts[0].startswith("3 actors 7 statements")
    assert facts[1].startswith("4 actors 7 statements")


def test_columns_name_who_stands_where_and_from_where_they_came(paper: Paper) -> None:
    paper.sign()
    columns = paper.page("/t/union").words(aria_labelledby="spec-h")
    assert columns == (
        "Where they stand opposes 0 nobody doubts 0 nobody undecided 1 Cland "
        "accepts 1 Aland changed 2 Sep, before: opposes supports 1 Bland"
    )


def test_a_lane_says_when_its_position_was_first_and_last_said(paper: Paper) -> None:
    assert sorted(standing(paper.open("/t/union").text)) == [
        "aland: accepts ? Example, last said 2 Sep 2025 according to government circles: supports",
        "bland: supports ? first said 15 Aug 2025, last said 1 Dec 2025",
        "cland: undecided ? last said Sep 2025 condition: reforms first",
    ]


def test_second_hand_words_beside_a_position_do_not_move_it(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "Not said.")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["no"], "Not said.")
    aland = next(one for one in standing(paper.open("/t/union").text) if one.startswith("aland"))
    assert aland == "aland: no own words on record ? according to government circles: supports"


def test_later_second_hand_words_stand_beside_the_line_dashed_and_named(paper: Paper) -> None:
    lane = paper.open("/t/union").text.partition('id="lane-aland"')[2].partition('id="lane-')[0]
    assert 'class="line line-5 second beside"' in lane
    assert 'class="area area-5 second beside"' not in lane
    assert "beside" not in paper.open("/t/union?as_of=2025-11-30").text.partition("</ol>")[2]


def test_lanes_stand_in_the_order_asked_for(paper: Paper) -> None:
    paper.sign()
    orders = {
        sort: lanes(paper.open(f"/t/union?sort={sort}").text)
        for sort in ("changed", "stance", "name")
    }
    assert orders == {
        "changed": ["cland", "aland", "bland"],
        "stance": ["bland", "aland", "cland"],
        "name": ["aland", "bland", "cland"],
    }


def sides(page: str) -> list[str]:
    """Return the headings over the lanes."""
    return re.findall(r'<h3 class="chart-group"><span>([^<]*)</span>', page)


def test_by_side_lanes_stand_as_the_story_arranges_them(paper: Paper) -> None:
    paper.newsroom.stories.arrange_sides(
        paper.dora(), "talks", [("The neighbours", ["cland"]), ("The country", ["aland"])]
    )
    page = paper.open("/t/union").text
    assert lanes(page) == ["cland", "aland", "bland"]
    assert sides(page) == ["The neighbours", "The country", "Others"]


def test_a_side_that_is_named_as_its_lane_needs_no_heading(paper: Paper) -> None:
    sides_of = paper.newsroom.stories.arrange_sides
    sides_of(paper.dora(), "talks", [("Cland", ["cland"]), ("The country", ["aland"])])
    assert sides(paper.open("/t/union").text) == ["The country", "Others"]
    sides_of(paper.dora(), "talks", [("The country", ["aland"]), ("Cland", ["cland"])])
    assert sides(paper.open("/t/union").text) == ["The country", "Cland", "Others"]


@pytest.mark.parametrize("sort", ["changed", "stance", "name"])
def test_in_any_other_order_lanes_do_not_stand_apart_by_side(paper: Paper, sort: str) -> None:
    paper.sign()
    paper.newsroom.stories.arrange_sides(
        paper.dora(), "talks", [("One", ["cland", "bland"]), ("Another", ["aland"])]
    )
    by_side, page = paper.open("/t/union").text, paper.open(f"/t/union?sort={sort}").text
    assert lanes(by_side) == ["cland", "bland", "aland"]
    assert lanes(page) != lanes(by_side)
    assert sides(page) == []


def test_a_mixed_position_stands_between_its_stances_by_order_of_stance(paper: Paper) -> None:
    paper.say("both", "cland", "supports", "2025-12-10", paraphrase="Wants it today.")
    paper.say("too", "cland", "doubts", "2025-12-10", paraphrase="Has doubts.")
    paper.say("never", "bland", "opposes", "2025-12-10", paraphrase="Never.")
    page = paper.open("/t/union?sort=stance").text
    assert lanes(page) == ["aland", "cland", "bland"]
    assert "mixed" in standing(page)[1]
    columns = Page(page).words(aria_labelledby="spec-h")
    assert "mixed 1 Cland" in columns


def test_somebody_who_only_declined_has_a_lane_and_no_position(paper: Paper) -> None:
    page = paper.open("/t/deal").text
    assert "aland: no position ? 15 Dec 2025" in standing(page)
    assert "bland: thinks likely ? last said 15 Dec 2025" in standing(page)


def headings(page: str) -> list[tuple[str, str]]:
    """Return the headings over the entries, in large and in small."""
    return re.findall(
        r'<span class="day-number">([^<]+)</span><span class="day-month">([^<]+)</span>', page
    )


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("said", "heading", "auf_deutsch"),
    [
        ("2025-03-05", ("5", "Mar 2025, Wednesday"), ("5", "März 2025, Mittwoch")),
        ("2025-03-05T09:00Z", ("5", "Mar 2025, Wednesday"), ("5", "März 2025, Mittwoch")),
        ("../2025-03-05", ("5", "Mar 2025, at the latest"), ("5", "März 2025, spätestens")),
        ("2025-03-04/2025-03-05", ("5", "Mar 2025, at the latest"), ("5", "März 2025, spätestens")),
        ("2025-03", ("Mar", "2025, day unknown"), ("Mär", "2025, Tag unbekannt")),
        ("2025-03-XX", ("Mar", "2025, day unknown"), ("Mär", "2025, Tag unbekannt")),
        ("2024", ("2024", "day unknown"), ("2024", "Tag unbekannt")),
    ],
)
def test_a_heading_names_no_day_that_nobody_knows(
    paper: Paper, said: str, heading: tuple[str, str], auf_deutsch: tuple[str, str]
) -> None:
    paper.say("then", "bland", "doubts", said, paraphrase="Is not sure.")
    assert headings(paper.open("/t/union?order=old").text)[0] == heading
    assert headings(paper.open("/t/union?order=old", accept_language="de").text)[0] == auf_deutsch


def test_a_day_that_one_entry_is_sure_of_is_the_day_of_the_others_but_not_of_a_month(
    paper: Paper,
) -> None:
    for key, said in ("by", "../2025-03-31"), ("month", "2025-03"), ("on", "2025-03-31"):
        paper.say(key, "bland", "doubts", said, paraphrase=f"Is not sure, {said}.")
    page = paper.open("/t/union?order=old").text
    assert headings(page)[:2] == [("31", "Mar 2025, Monday"), ("Mar", "2025, day unknown")]


def test_entries_stand_under_their_day_and_link_to_their_record(paper: Paper) -> None:
    page = paper.open("/t/union").text
    assert headings(page)[:3] == [
        ("Dec", "2025, day unknown"),
        ("14", "Dec 2025, Sunday"),
        ("1", "Dec 2025, Monday"),
    ]
    for number in paper.numbers.values():
        assert (f"/s/{number}" in Page(page).links()) == (number in entries(page))


def test_an_entry_keeps_the_language_of_its_quote_and_labels_the_translation(paper: Paper) -> None:
    page = paper.page("/t/union")
    quote = next(element for element in page.find("blockquote", lang="fr"))
    assert quote["dir"] == "ltr"
    assert "nous ne nous opposons pas" in page.words(lang="fr")
    assert "translation we do not oppose" in plain(paper.open("/t/union").text)


def test_only_words_that_the_source_quotes_stand_in_quotation_marks(demo: Site) -> None:
    page = demo.page("/t/talks-progress")
    marked = [
        text.text
        for text in page.texts
        if any(around.is_of("quoted-words") for around in text.around)
    ]
    assert {words.strip() for words in marked if words.strip()} == {"„echten Fortschritten“"}


@pytest.mark.thorough
@pytest.mark.parametrize("order", ["", "order=old"])
@pytest.mark.parametrize("query", ["", "actor=bland", "as_of=2025-12-14"])
def test_page_by_page_every_entry_comes_once(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, order: str, query: str
) -> None:
    address = "/t/union?" + "&".join(filter(None, (query, order)))
    if query.startswith("as_of"):
        address = "/t/union?" + "&".join(filter(None, (order, query)))
    every = entries(paper.open(address.rstrip("?")).text)
    monkeypatch.setattr("web.topic.page.FIRST", 2)
    monkeypatch.setattr("web.topic.page.PAGE", 2)
    reader = Site(paper.services)
    at: str | None = address.rstrip("?")
    found, parts = [], 0
    while at:
        text = reader.part(at) if parts else reader.open(at).text
        found += entries(text)
        more = re.search(r'<p class="more"><a class="button" href="([^"]+)"', text)
        at, parts = (more[1].replace("&amp;", "&") if more else None), parts + 1
    assert found == every
    assert parts == (len(every) + 1) // 2


def test_without_script_the_next_entries_are_a_page(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.topic.page.FIRST", 2)
    monkeypatch.setattr("web.topic.page.PAGE", 2)
    first = paper.open("/t/union").text
    more = re.search(r'<p class="more"><a class="button" href="([^"]+)"', first)
    assert more is not None
    second = paper.open(more[1]).text
    assert second.startswith("<!doctype html>")
    assert entries(second) == [paper.numbers["still"], paper.numbers["if"]]


def test_the_table_holds_every_statement_of_the_chart_in_order(demo: Site) -> None:
    page = demo.open("/t/cuba-embargo?actor=united-states&view=table").text
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [plain(row) for row in table.split("</tr>") if plain(row)]
    years = [int(year) for year in YEAR.findall(table)]
    assert len(rows) == len(years) == 27
    assert years == sorted(years)
    abstained = next(row for row in rows if "United States: against" in row)
    assert "United States abstained United States: against" in abstained


def test_the_table_says_what_marks_say_without_words(paper: Paper) -> None:
    silent = {"no_position_reason": "declined", "asked": "When?", "paraphrase": "Does not say."}
    paper.say("asked", "bland", "no_position", "2025-12-02", **silent)
    paper.say("half", "cland", "supports", "2025-12-03", paraphrase="Wants it.")
    paper.say("other", "cland", "opposes", "2025-12-03", paraphrase="Does not.")
    for_aland = {"on_behalf_of": "aland", "paraphrase": "Does not."}
    paper.say("turned", "dora", "opposes", "2025-12-04", **for_aland)
    paper.sign()
    page = paper.open("/t/union?view=table").text
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [plain(row) for row in table.split("</tr>")]
    told = {
        key: next(row for row in rows if f"#{paper.numbers[key]} " in row)
        for key in ("asked", "half", "end", "turned")
    }
    assert "no position asked, declined to answer" in told["asked"]
    assert "undecided" not in told["half"]
    assert "Talks in the capital end without a text, confirmed" in told["end"]
    assert "opposes Aland: accepts" in told["turned"]


def test_a_change_to_an_answer_in_another_wording_says_so_everywhere(paper: Paper) -> None:
    paper.newsroom.topics.reword(
        paper.dora(), "union", "Is Aland to join the union?", "Clearer.", same_meaning=True
    )
    paper.say("turned", "bland", "opposes", "2025-12-10", paraphrase="Does not want it any more.")
    paper.sign()
    number = paper.numbers["turned"]
    table = plain(paper.open("/t/union?view=table").text)
    assert "opposes Bland: supports, asked in other words" in table
    assert "changed from supports to opposes asked in other words" in plain(
        paper.open(f"/t/union?s={number}").text
    )
    assert "Asked in other words." in paper.open("/t/union.atom").text
    page = paper.open("/t/union").text
    assert "Asked in other words." in page
    headings = re.findall(r"<h3><a href=\"/s/.*?</h3>", page)
    assert any("Bland turned from supporting to opposing</a>" in one for one in headings)
    for address in ("/", "/a/bland"):
        assert "asked in other words" in paper.open(address).text, address
    (change,) = [one for one in paper.data("/t/union.json")["changes"] if one["other_wording"]]
    assert change["after"] == [number]


def test_a_long_table_has_an_address_of_its_own(demo: Site) -> None:
    page = demo.page("/t/cuba-embargo")
    assert page.find("table") == []
    assert "/t/cuba-embargo?view=table" in page.links()
    table = demo.page("/t/cuba-embargo?view=table")
    assert len(table.find("table")) == 1


def test_a_window_is_what_was_asked_for(paper: Paper) -> None:
    page = paper.read("/t/union?from=2025-08-01&to=2025-12-31")
    assert "1 Aug 2025 – 31 Dec 2025" in page
    backwards = paper.open("/t/union?from=2025-12-01&to=2025-08-01")
    assert backwards.status_code == 200
    assert entries(backwards.text) == []


def test_a_topic_says_what_it_took_the_place_of_and_what_came_after(paper: Paper) -> None:
    room = paper.newsroom.topics
    asked = "Should Aland join the customs union?"
    room.open(paper.dora(), asked, "position", slug="customs", succeeds="union")
    before, after = paper.page("/t/union"), paper.page("/t/customs")
    assert f"A question with another meaning came after it: {asked}" in before.words(
        class_="topic-title"
    )
    assert "/t/customs" in before.links()
    assert "Takes the place of Should Aland join the union?" in after.words(class_="topic-title")
    assert "/t/union" in after.links()


def test_a_closed_topic_says_when_and_why_and_takes_nothing_more(paper: Paper) -> None:
    room = paper.newsroom.topics
    room.close(paper.dora(), "union", "They joined.")
    closed = paper.page("/t/union")
    assert "Closed to new statements. 16 Dec 2025, " in closed.words(class_="topic-title")
    assert "They joined." in closed.words(class_="topic-title")
    assert "/record?topic=union" not in closed.links()
    room.reopen(paper.dora(), "union", "They left.")
    again = paper.page("/t/union")
    assert "Closed" not in again.words(class_="topic-title")
    assert "/record?topic=union" in again.links()


def test_a_reworded_topic_asks_what_it_asks_now(paper: Paper) -> None:
    paper.newsroom.topics.reword(
        paper.dora(), "union", "Should Aland enter the union?", "Plainer.", same_meaning=True
    )
    assert (
        paper.page("/t/union")
        .words(class_="topic-title")
        .startswith("Should Aland enter the union?")
    )


def test_a_retracted_statement_is_struck_through_with_its_reason_and_moves_nothing(
    any_paper: Paper,
) -> None:
    paper = any_paper
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["still"], "Another Bland.")
    page = paper.open("/t/union").text
    entry = page.partition(f'id="s{paper.numbers["still"]}"')[0].rpartition("<article")[2]
    assert "entry-retracted" in entry
    assert "Retracted 16 Dec 2025" in plain(page)
    assert "Another Bland." in plain(page)
    assert "bland: supports ? last said 15 Aug 2025" in standing(page)


def test_a_question_too_large_for_the_cache_is_derived_once_in_a_transaction(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_cache, "KEPT", 0)
    with paper.services.models.engine().connect() as conn:
        topic = directory.topic(conn, "union").id
        assert course(conn, topic) is course(conn, topic)
