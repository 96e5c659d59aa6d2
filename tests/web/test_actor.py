from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.paper import TIMES
from tests.web.site import plain
from timeline.application.commands import RecordDevelopment
from web.actor import changes, directory_page
from web.actor import lanes as actor_lanes
from web.actor import lists as actor_lists
from web.actor import page as actor_page
from web.chart import layout
from web.lanes import long_lane, reading

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site
    from web.chart.drawing import Chart
    from web.chart.model import ChartInput
    from web.chart.wording import Wording


def counts(page: str) -> dict[str, int]:
    """Return the four counts at the head."""
    found = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page.partition('class="actor-sums"')[2])
    return {name: int(count) for name, count in found[:4]}


def test_the_head_says_who_it_is_and_for_whom_it_speaks(paper: Paper) -> None:
    paper.newsroom.actors.add_alias(paper.dora(), "dora", "Дора Экземпл")
    page = paper.page("/a/dora")
    head = page.words(class_="page-head")
    assert head.startswith("Dora Example person")
    assert "President, speaks for Aland" in head
    assert "Дора Экземпл" in head
    assert "/a/aland" in page.links()


def test_a_mandate_that_is_only_known_by_a_day_stands_once_with_the_day_on_which_it_began(
    paper: Paper,
) -> None:
    def said(since: str) -> str:
        paper.newsroom.actors.mandate(paper.dora(), "bland", "aland", "Speaker", since=since)
        return paper.page("/a/bland").words(class_="facts")

    assert said("../2025-12-15").count("Speaker, speaks for Aland") == 1
    assert "Speaker, speaks for Aland , from 6 May 2025" in said("2025-05-06")
    assert said("2025-05-06").count("Speaker, speaks for Aland") == 1
    assert said("2026-01-01").count("Speaker, speaks for Aland") == 2


def test_four_counts_add_up(paper: Paper) -> None:
    paper.sign()
    assert counts(paper.open("/a/aland").text) == {
        "statements on record": 4,
        "topics": 2,
        "positions changed": 1,
        "positions unchanged": 0,
    }


def test_what_was_said_then_stands_beside_what_is_said_now(paper: Paper) -> None:
    paper.sign()
    page = paper.open("/a/aland").text
    pair = Page(page).words(class_="pair")
    n = paper.numbers
    assert "Should Aland join the union?" in pair
    assert f"Before 2 Jul 2025 opposes Dora Example #{n['no']} Rejects it." in pair
    assert f"Latest 2 Sep 2025 accepts Dora Example #{n['yes']}" in pair
    assert pair.index("Before") < pair.index("Latest")


def test_of_an_old_position_the_first_words_stand_and_the_day_of_the_last(paper: Paper) -> None:
    first = paper.say("first", "cland", "opposes", "2024-01-05", paraphrase="Will not have it.")
    again = paper.say("again", "cland", "opposes", "2024-03-01", paraphrase="Still not.")
    paper.say("newer", "cland", "opposes", "2024-06-01", paraphrase="No.")
    turned = paper.say("turned", "cland", "supports", "2025-11-01", paraphrase="Now wants it.")
    latest = paper.say("now", "cland", "supports", "2025-12-01", paraphrase="Wants it again.")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["newer"], "Not said.")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["if"], "Not said.")
    paper.sign()
    page = paper.open("/a/cland").text
    pair = Page(page).words(class_="pair")
    assert f"Before 5 Jan 2024 opposes #{first} Will not have it." in pair
    assert "last said 1 Mar 2024" in pair
    assert "changed 1 Nov 2025" in pair
    assert f"/s/{turned}" in Page(page).links()
    assert f"Latest 1 Dec 2025 supports #{latest} Wants it again." in pair
    assert f"/s/{again}" in Page(page).links()
    assert "(before, first said: 5 Jan 2024, last said: 1 Mar 2024; said: 1 Nov 2025;" in pair
    paper.put_into_german()
    german = plain(paper.open("/a/cland", Accept_Language="de").text)
    assert "zuvor zuerst gesagt: 5. Jan. 2024, zuletzt: 1. März 2024;" in german


def test_an_old_position_that_stood_again_was_first_said_before_the_words_taken_back(
    paper: Paper,
) -> None:
    said = {"topic": "deal", "paraphrase": "Says so."}
    first = paper.say("first", "cland", "expects", "2024-01-05", **said)
    paper.say("again", "cland", "expects", "2024-03-01", **said)
    doubt = paper.say("doubt", "cland", "thinks unlikely", "2024-05-01", **said)
    none = {"no_position_reason": "unstated"}
    back = paper.say("back", "cland", "no_position", "2024-06-01", **said, **none)
    paper.newsroom.statements.link(paper.dora(), back, "withdraws", doubt)
    paper.say("turned", "cland", "rules out", "2025-11-01", **said)
    paper.sign()
    pair = paper.page("/a/cland").words(class_="pair neutral")
    assert f"Before 5 Jan 2024 expects #{first}" in pair
    assert "last said 1 Mar 2024" in pair


def test_differing_answers_of_one_day_are_shown_and_are_no_change(paper: Paper) -> None:
    paper.say("on one hand", "bland", "opposes", "2025-12-16", paraphrase="No.")
    paper.say("on the other", "bland", "supports", "2025-12-16", paraphrase="Yes.")
    assert paper.sign() == 1, "that of Aland alone"
    page = paper.open("/a/bland").text
    assert counts(page)["positions changed"] == 0
    assert counts(page)["positions unchanged"] == 2
    assert "mixed Should Aland join the union?" in plain(page)


def test_the_last_change_ends_where_the_actor_stands_also_after_differing_answers(
    paper: Paper,
) -> None:
    paper.say("turned", "bland", "opposes", "2025-09-01", paraphrase="No.")
    paper.say("on one hand", "bland", "opposes", "2025-12-01", paraphrase="No.")
    paper.say("on the other", "bland", "supports", "2025-12-01", paraphrase="Yes.")
    paper.say("settled", "bland", "opposes", "2025-12-05", paraphrase="No after all.")
    paper.sign()
    pair = paper.page("/a/bland").words(class_="pair")
    assert "Before 15 Aug 2025 supports" in pair
    assert "Latest 5 Dec 2025 opposes" in pair


def test_words_that_no_editor_signed_do_not_stand_for_the_change_before_them(paper: Paper) -> None:
    paper.say("turned", "bland", "opposes", "2025-12-08", paraphrase="Will not have it.")
    paper.sign()
    back = paper.say("back", "bland", "supports", "2025-12-12", paraphrase="Wants it again.")
    page = paper.open("/a/bland").text
    pair = Page(page).words(class_="pair")
    assert "After 8 Dec 2025 opposes" in pair
    assert "Will not have it." in pair
    assert "latest words 12 Dec 2025: supports" in pair
    assert f"/s/{back}" in Page(page).links()


def test_the_lane_stands_under_the_two_in_small_with_its_days(paper: Paper) -> None:
    paper.sign()
    pair = paper.open("/a/aland").text.partition('class="pair-lane"')[2].partition("</div>")[0]
    assert pair.count("<svg") == 1
    assert 'class="riser' in pair
    assert pair.partition('class="pair-axis"')[2].count("2025") == 2


def test_the_small_lane_begins_no_later_than_the_words_before_the_change(paper: Paper) -> None:
    paper.say("first", "cland", "opposes", "2024-01-05", paraphrase="Will not have it.")
    paper.say("turned", "cland", "supports", "2025-11-01", paraphrase="Now wants it.")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["if"], "Not said.")
    paper.sign()
    pair = paper.open("/a/cland").text.partition('class="pair-lane"')[2].partition("</div>")[0]
    assert "2023" in pair.partition('class="pair-axis"')[2]


def test_of_many_changes_the_words_of_the_latest_stand_and_the_others_are_named(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PAIRS", 0)
    paper.sign()
    page = paper.open("/a/aland").text
    assert Page(page).words(class_="pair") == ""
    assert "Should Aland join the union? changed from opposes to accepts" in plain(page)


def test_developments_between_the_two_are_named_without_a_cause(paper: Paper) -> None:
    paper.say("turn", "bland", "opposes", "2025-12-15", paraphrase="Never, after all.")
    paper.sign()
    pair = paper.page("/a/bland").words(class_="pair")
    assert "In between: Talks in the capital end without a text , 14 Dec 2025" in pair
    assert "because" not in pair.lower()


def test_what_happened_between_stands_in_the_order_in_which_it_happened(paper: Paper) -> None:
    earlier = RecordDevelopment(
        topics=("union",),
        title="Envoys meet",
        status="confirmed",
        happened_at="2025-12-03",
        source=TIMES,
    )
    paper.newsroom.developments.record(paper.dora(), earlier)
    paper.say("turn", "bland", "opposes", "2025-12-15", paraphrase="Never, after all.")
    paper.sign()
    pair = paper.page("/a/bland").words(class_="pair")
    assert pair.index("Envoys meet") < pair.index("Talks in the capital")


def test_unchanged_positions_say_how_often_and_when_last(paper: Paper) -> None:
    told = plain(paper.open("/a/bland").text).partition("Unchanged")[2]
    assert "supports Should Aland join the union? said 2 times, last 1 Dec 2025" in told
    assert "thinks likely Will there be a deal by spring? said once, 15 Dec 2025" in told


ACTORS = ("russia", "united-states", "united-kingdom", "ukraine")


def test_of_a_lane_of_very_many_words_those_of_its_turn_are_told(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Page(opened(demo, "united-states"))
    monkeypatch.setattr(reading, "ALTOGETHER", 0)
    monkeypatch.setattr(reading, "AT_LEAST", 0)
    monkeypatch.setattr(reading, "MARKS", 0)
    page = opened(demo, "united-states")
    counted = Page(page)
    for part in ("actor-sums", "pair-facts", "position-list"):
        assert counted.words(class_=part) == whole.words(class_=part) != ""
    assert 'class="bin"' in page
    drawn = page.partition('id="chart"')[2]
    assert "Before: " in drawn.partition('class="bin"')[2]


def counted_from(patch: pytest.MonkeyPatch, words: int) -> None:
    """Let charts of actors count lanes of more statements than that."""
    patch.setattr(reading, "ALTOGETHER", 0)
    patch.setattr(reading, "AT_LEAST", words)


@pytest.mark.parametrize("moment", ["", "&as_of=2024-09-09", "&known_at=@3000"])
def test_the_sentence_of_a_counted_lane_counts_what_lies_outside_the_window_too(
    demo: Site, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def sentences() -> list[str]:
        page = opened(demo, f"united-states?from=2000&to=2010{moment}")
        return re.findall(r'aria-label="([^"]+: [\d,]+ statements?; at the moment[^"]*)"', page)

    whole = sentences()
    counted_from(monkeypatch, 5)
    assert sentences() == whole
    assert len(whole) > 5


@pytest.mark.parametrize("told", [2, 3, 4])
def test_the_first_words_of_a_counted_lane_are_none_of_the_changes_that_are_too_many(
    demo: Site, monkeypatch: pytest.MonkeyPatch, told: int
) -> None:
    counted_from(monkeypatch, 5)
    monkeypatch.setattr(long_lane, "TOLD", told)
    page = opened(demo, "ukraine?from=1980&to=2025")
    found = [*map(int, re.findall(r"by [a-z-]+; (\d+) changes?<", page))]
    assert found
    assert min(found) > told


def test_no_part_of_a_time_is_told_beside_the_rest_where_a_lane_is_counted(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[ChartInput] = []

    def draw(given: ChartInput, words: Wording) -> Chart:
        drawn.append(given)
        return layout.draw(given, words)

    monkeypatch.setattr(actor_page, "draw", draw)
    opened(demo, "ukraine")
    counted_from(monkeypatch, 5)
    opened(demo, "ukraine")
    told, counted = drawn
    assert told.earlier_share > 0
    assert any(lane.counted for lane in counted.lanes)
    assert not counted.earlier_share


def opened(site: Site, slug: str) -> str:
    """Return the page of an actor, made anew."""
    site.app.extensions["pages"].forget()
    return site.open(f"/a/{slug}").text


def say_on_many_topics(paper: Paper, turns: int, steady: int) -> None:
    """Let Cland take a position on many topics, and another one on some of them."""
    room = paper.newsroom
    for number in range(turns + steady):
        slug = f"matter-{number}"
        room.topics.open(paper.dora(), f"Matter {number}?", "position", slug=slug)
        said = {"topic": slug, "paraphrase": "Says so."}
        paper.say("", "cland", "opposes", "2025-01-01", **said)
        if number < turns:
            paper.say("", "cland", "supports", "2025-02-01", **said)
    paper.sign()


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every list of the page hold two."""
    for module, name in ((changes, "PAIRS"), (actor_lists, "LISTED"), (actor_lists, "DRAWN")):
        monkeypatch.setattr(module, name, 2)


def walked(paper: Paper, path: str, anchor: str, way: str) -> list[tuple[list[str], str, str]]:
    """Return the topics of each part of a list, what is said of it, and its address."""
    parts = []
    while path:
        text = paper.open(path).text
        part = text.partition(f'id="{anchor}"')[2].partition("</section>")[0]
        here = [*dict.fromkeys(re.findall(r'href="/t/([\w-]+)[?#"]', part))]
        match = re.search(r'class="list-more" hx-disable><span>(.*?)</span>', part)
        assert here
        assert match
        parts.append((here, match[1], path))
        onward = re.search(rf'rel="{way}" href="([^"]+)"', part)
        path = onward[1].partition("#")[0].replace("&amp;", "&") if onward else ""
    return parts


@pytest.mark.thorough
@pytest.mark.parametrize("moment", ["", "?as_of=2025-12-01"])
@pytest.mark.parametrize(("anchor", "size"), [("named", 3), ("un", 4), ("chart", 9)])
@pytest.mark.usefixtures("short_lists")
def test_the_page_of_an_actor_with_many_topics_has_parts_in_both_directions(
    paper: Paper, moment: str, anchor: str, size: int
) -> None:
    say_on_many_topics(paper, turns=5, steady=3)
    parts = walked(paper, f"/a/cland{moment}", anchor, "next")
    found = [topic for here, _, _ in parts for topic in here]
    assert len(found) == len({*found}) == size
    assert all(moment.lstrip("?") in path for _, _, path in parts)
    assert [told for _, told, _ in parts] == [
        f"1 to 2 of {size}",
        *(f"{len(here)} of {size}" for here, _, _ in parts[1:]),
    ]
    back = walked(paper, parts[-1][2], anchor, "prev")
    assert len(back) == len(parts)
    assert [*reversed([here for here, _, _ in back])][-2:] == [here for here, _, _ in parts][-2:]
    assert back[-1][:2] == parts[0][:2]


@pytest.mark.thorough
@pytest.mark.usefixtures("short_lists")
def test_a_part_stays_where_it_is_when_something_comes_before_it(paper: Paper) -> None:
    say_on_many_topics(paper, turns=5, steady=3)
    second = walked(paper, "/a/cland", "chart", "next")[1]
    paper.newsroom.topics.open(paper.dora(), "Brand new?", "position", slug="brand-new")
    paper.say("new", "cland", "opposes", "2025-11-30", topic="brand-new", paraphrase="No.")
    again = walked(paper, second[2], "chart", "next")[0]
    assert again[0] == second[0]
    assert again[1] == "2 of 10"


@pytest.mark.parametrize("name", ["changed", "lanes", "unchanged"])
@pytest.mark.parametrize(
    "written", ["soon", "24", "after,union", "after,soon,union", "beside,1,union", "after,1,nobody"]
)
def test_what_is_no_place_in_a_list_of_lanes_is_refused(
    paper: Paper, name: str, written: str
) -> None:
    answer = paper.open(f"/a/cland?{name}={written}")
    assert answer.status_code == 422
    assert "is not a place in the list" in plain(answer.text)


def test_those_who_speak_for_it_are_named_with_where_they_differ(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Max Muster", "person", slug="max")
    paper.newsroom.actors.mandate(paper.dora(), "max", "aland", "Minister", since="2025")
    paper.say("max", "max", "doubts", "2025-08-10", paraphrase="Not sure.", on_behalf_of="aland")
    told = plain(paper.open("/a/aland").text).partition("Who speaks for this side")[2]
    assert "Dora Example President; 3 statements" in told
    assert "Max Muster Minister, from 2025; 1 statement" in told
    assert "on Union: doubts, the latest position is accepts" in told


@pytest.mark.thorough
def test_lanes_lead_to_the_reason_and_the_list_of_their_topic(paper: Paper) -> None:
    page = paper.page("/a/aland")
    assert {"/t/union/why/aland", "/t/deal/why/aland"} <= {*page.links()}
    for link in page.links():
        if link.startswith(("/t/", "/a/", "/s/")):
            assert paper.open(link.partition("#")[0]).status_code in (200, 303), link


def test_at_a_past_moment_the_page_is_that_of_the_moment(paper: Paper) -> None:
    then = paper.open("/a/aland?as_of=2025-08-01").text
    assert counts(then)["statements on record"] == 1
    assert "opposes" in plain(then)
    assert "nous ne nous opposons pas" not in then
    known = paper.open(f"/a/aland?known_at=@{paper.numbers['no']}").text
    assert counts(known)["statements on record"] == 1
    assert "/t/union/why/aland?as_of=2025-08-01" in Page(then).links()


def test_a_past_moment_is_called_one_and_has_the_way_back(paper: Paper) -> None:
    then = paper.open("/a/aland?as_of=2025-08-01").text
    assert "You are looking at the past as of 1 Aug 2025 Back to now" in plain(then)
    assert "You are looking at the past" not in paper.read("/a/aland")
    near = paper.open("/a/aland?as_of=2025-10-01&from=2025-06-01&to=2025-09-30").text
    back = Page(near).find("a", class_="button button-small button-primary")
    assert [element["href"] for element in back] == ["/a/aland?from=2025-06-01&to=2025-09-30"]
    before = paper.read("/a/aland?known_at=2001-01-01")
    assert "Nothing by this actor was on record at that moment." in before
    assert "is on record yet" not in before


def test_the_ways_to_comparisons_take_a_past_moment_along(paper: Paper) -> None:
    at = paper.numbers["no"]
    links = paper.page(f"/a/aland?as_of=2025-08-01&known_at=@{at}").links()
    moved = {
        f"/compare?actor=aland&as_of=2025-08-01&known_at=@{at}",
        f"/matrix?actor=aland&at=2025-08-01&known_at=@{at}",
        f"/analyse?question=agreement&actor=aland&to=2025-08-01&known_at=@{at}",
    }
    assert moved <= {*links}
    assert {paper.open(one).status_code for one in moved} == {200}
    assert {"/compare?actor=aland", "/matrix?actor=aland"} <= {*paper.page("/a/aland").links()}


def test_an_actor_without_words_says_so_and_what_to_do(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    page = paper.open("/a/eland")
    assert page.status_code == 200
    assert "Nothing by this actor is on record yet." in plain(page.text)
    assert "/record?actor=eland" in Page(page.text).links()


def test_a_merged_actor_leads_to_the_other_until_the_merge_is_undone(any_paper: Paper) -> None:
    paper = any_paper
    room = paper.newsroom.actors
    room.introduce(paper.dora(), "Bland Kingdom", "state", slug="kingdom")
    paper.say("crown", "kingdom", "doubts", "2025-10-01", paraphrase="Perhaps not.")
    assert counts(paper.open("/a/bland").text)["statements on record"] == 3
    room.merge(paper.dora(), "kingdom", "bland", "The same country.")
    moved = paper.open("/a/kingdom?as_of=2025-12-14")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/a/bland?as_of=2025-12-14")
    assert moved.headers["Cache-Control"] == "private, no-cache"
    assert paper.open("/a/kingdom").headers["Location"] == "/a/bland"
    merged = paper.open("/a/bland").text
    assert counts(merged)["statements on record"] == 4
    assert "Bland Kingdom" in Page(merged).words(class_="page-head")
    assert "Perhaps not." in plain(merged)
    room.undo_merge(paper.dora(), "kingdom", "Another country after all.")
    assert paper.open("/a/kingdom").status_code == 200
    assert counts(paper.open("/a/bland").text)["statements on record"] == 3


def test_the_list_finds_a_name_in_any_spelling(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Wolodymyr Selenskyj", "person", slug="ze")
    for typed in ("Зеленський", "Zelensky", "selenskyj", "wolod"):
        page = paper.open(f"/actors?q={typed}")
        assert "/a/ze" in Page(page.text).links(), typed
        assert "/a/bland" not in Page(page.text).links()
    for typed in ("xyzzy", "zzz", "sch"):
        assert "Nobody of that name is on record." in paper.read(f"/actors?q={typed}"), typed
    assert "/a/ze" in paper.page("/actors?q=SEL").links()


def test_the_list_names_everybody_with_what_is_on_record_of_them(paper: Paper) -> None:
    paper.sign()
    rows = [plain(row) for row in paper.open("/actors").text.split("<tr>")]
    assert "Aland state 2 4 1" in rows
    assert "Bland state 2 3 0" in rows
    assert [row.split(" ")[0] for row in rows[2:6]] == ["Aland", "Bland", "Cland", "Dora"]


def test_an_utterance_counts_once_for_an_actor_and_on_each_of_its_topics(paper: Paper) -> None:
    once = "entries on the topics: an utterance on several of them counts once."
    assert "8 statements" in paper.read("/")
    assert "The statements come from" not in paper.read("/")
    breath = {"on_behalf_of": "aland", "utterance": "speech"}
    paper.say("one", "dora", "accepts", "2025-12-02", paraphrase="Yes.", **breath)
    paper.say("two", "dora", "expects", "2025-12-02", topic="deal", paraphrase="Yes.", **breath)
    page = paper.open("/a/aland").text
    assert counts(page)["statements on record"] == 5
    assert f"6 {once}" in plain(page)
    front = paper.read("/")
    assert front.count("10 statements") == 2, "at the top, and of the only story"
    assert "The statements come from 9 utterances; one on several questions" in front
    assert "Dora Example President; 4 statements" in plain(page)
    listed = paper.read("/actors")
    assert "Aland state 2 5" in listed
    assert "Dora Example person 2 4" in listed


def test_the_list_is_put_in_order_by_who_is_on_record_most(paper: Paper) -> None:
    def order(query: str) -> list[str]:
        return re.findall(r'href="/a/([\w-]+)" hx-disable', paper.open(f"/actors{query}").text)

    paper.say("one", "cland", "opposes", "2025-12-02", paraphrase="No.", utterance="speech")
    breath = {"topic": "deal", "paraphrase": "No.", "utterance": "speech"}
    for name in ("two", "three"):
        paper.say(name, "cland", "rules out", "2025-12-02", **breath)
    paper.say("before", "bland", "opposes", "2024-01-05", paraphrase="Will not have it.")
    paper.say("between", "bland", "accepts", "2024-03-01", paraphrase="Might.")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["if"], "Not said.")
    paper.sign()
    assert order("") == ["aland", "bland", "cland", "dora"]
    assert order("?order=statements")[0] == "bland"
    assert order("?order=statements")[-1] == "cland", "one utterance"
    assert order("?order=turned")[0] == "aland"
    assert order("?q=land&order=statements") == ["bland", "aland", "cland"]
    assert order("?order=loudest") == order("")
    page = paper.page("/actors?order=statements")
    assert page.words(aria_sort="descending").startswith("Statements")
    assert "/actors?order=turned" in page.links()


@pytest.mark.usefixtures("short_lists")
def test_behind_a_change_that_is_told_in_full_stand_those_behind_all_that_are(paper: Paper) -> None:
    say_on_many_topics(paper, turns=5, steady=3)
    parts = walked(paper, "/a/cland", "named", "next")
    before_all = f"/a/cland?changed=after,{9 * 10**15},union"
    assert [here for here, _, _ in walked(paper, before_all, "named", "next")] == [
        here for here, _, _ in parts
    ]


def named(paper: Paper, path: str) -> list[str]:
    return re.findall(r'href="/a/([\w-]+)" hx-disable', paper.open(path).text)


def ways(paper: Paper, path: str) -> dict[str, str]:
    """Return where the parts before and after a part of the list are."""
    found = re.findall(r'rel="(prev|next)" href="([^"]+)"', paper.open(path).text)
    return {rel: address.replace("&amp;", "&") for rel, address in found}


@pytest.mark.few(2)
@pytest.mark.parametrize("query", ["", "?order=topics", "?order=statements", "?q=and"])
def test_the_list_of_actors_has_parts_in_both_directions(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    for number in range(5):
        room = paper.newsroom.actors
        room.introduce(paper.dora(), f"Sandor {number % 2}", "person", slug=f"sandor-{number}")
    whole = named(paper, f"/actors{query}")
    assert len(whole) > 7
    monkeypatch.setattr(directory_page, "LISTED", 3)
    path, found, last = f"/actors{query}", [], ""
    while path:
        found += named(paper, path)
        assert f"of {len(whole)}" in paper.read(path)
        path, last = ways(paper, path).get("next", ""), path
    assert found == whole
    back = ways(paper, last)["prev"]
    shown = len(named(paper, last))
    assert named(paper, back) == whole[-shown - 3 : -shown]
    assert ways(paper, back)["next"] == last
    first = ways(paper, ways(paper, back)["prev"])
    assert "prev" not in first
    assert named(paper, ways(paper, back)["prev"]) == whole[:3]


def test_a_place_in_the_list_of_actors_is_no_name_that_may_have_to_be_erased(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_page, "LISTED", 1)
    assert ways(paper, "/actors") == {"next": "/actors?after=aland"}
    assert ways(paper, "/actors?order=statements") == {
        "next": "/actors?order=statements&after=4,aland"
    }


@pytest.mark.parametrize(
    "query",
    [
        "after=nobody",
        "before=nobody",
        "q=land&after=dora",
        "order=topics&after=aland",
        "order=topics&before=2,",
        "order=topics&after=99999999999999999999,aland",
    ],
)
def test_what_is_no_place_in_the_list_of_actors_is_refused(paper: Paper, query: str) -> None:
    answer = paper.open(f"/actors?{query}")
    assert answer.status_code == 422
    assert "is not a place in the list" in plain(answer.text)


def test_the_list_is_asked_for_a_sign_that_no_name_has(any_paper: Paper) -> None:
    assert any_paper.open("/actors?q=z%00z").status_code == 200


def test_before_a_place_that_nobody_has_any_more_stand_the_last_of_the_list(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_page, "LISTED", 2)
    gone = "/actors?order=statements&before=0,zora"
    assert named(paper, gone) == ["dora", "cland"]
    assert ways(paper, gone) == {"prev": "/actors?order=statements&before=3,dora"}


def test_behind_the_last_actor_the_list_begins_again(paper: Paper) -> None:
    last = named(paper, "/actors")[-1]
    assert named(paper, f"/actors?after={last}") == named(paper, "/actors")


def test_the_demo_shows_what_changed_for_the_united_states(demo: Site) -> None:
    page = plain(demo.open("/a/united-states").text)
    assert "What changed" in page
    assert "abstained" in page


def test_an_actors_chart_shows_the_time_that_is_asked_for(paper: Paper) -> None:
    page = paper.open("/a/aland?from=2025-09&to=2025-10").text
    assert "1 Sep 2025 – 31 Oct 2025" in Page(page).words(class_="zoom")
    links = Page(page).links()
    assert "/a/aland?from=2025-09-16&to=2025-10-16" in links
    asked = paper.open("/a/aland?known_at=@90&from=2025-09&to=2025-10").text
    assert "/a/aland?known_at=@90&from=2025-09-16&to=2025-10-16" in Page(asked).links()


def test_a_brush_over_all_of_an_actors_words_leads_to_what_it_chose(paper: Paper) -> None:
    for month in range(1, 13):
        for day in (3, 5):
            said = f"2024-{month:02}-{day:02}"
            paper.say("", "cland", "opposes", said, paraphrase="No.")
    page = paper.page("/a/cland?as_of=2025-12-01")
    (brush,) = page.find("form", hx_get="/a/cland")
    assert (brush["action"], brush["method"]) == ("/a/cland", "get")
    (kept,) = (element for element in page.find("input", type="hidden") if brush in element.around)
    assert (kept["name"], kept["value"]) == ("as_of", "2025-12-01")
    answer = paper.open("/a/cland?as_of=2025-12-01&left=2&right=5")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/a/cland?as_of=2025-12-01&from=2024-03&to=2024-05"
    chosen = paper.page(answer.headers["Location"])
    assert chosen.find("input", id="brush-left")[0]["value"] == "2"
    assert paper.open("/a/cland?left=x").status_code == 422


def test_very_many_statements_are_not_counted_by_day(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actor_lanes, "MOST_COUNTED", 1)
    page = paper.page("/a/aland")
    assert not page.find("form", hx_get="/a/aland")
    assert page.words(class_="zoom")
