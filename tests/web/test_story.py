"""A story as a timeline: its order, months, filters, clocks, states and data."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, get_args

import pytest

from tests.web.markup import Page
from tests.web.site import HTMX, plain
from timeline.application.commands import Condition, RecordDevelopment, Source
from timeline.domain.coverage import Watch
from timeline.domain.instants import NEWEST, OLDEST, day_number, day_of, month_number
from timeline.projections.queries import directory
from timeline.projections.queries.historical_changes import changes_at
from timeline.projections.queries.story_changes import By, DayCounts, StoryChanges, StoryFilter
from web.story import parts
from web.story.months import Span, by_month

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site

FAR = 2**40
STORY = "/story/talks"


def sentences(text: str) -> list[str]:
    """Return the sentences of the changes in the order of the page."""
    found = re.findall(r'<p class="turn-said">.*?</p>', text, re.DOTALL)
    return [plain(one).replace(" ,", ",") for one in found]


def months(text: str) -> list[str]:
    """Return the months in the order of the page."""
    return re.findall(r'id="m-(\d{4}-\d{2})"', text)


MOVED = re.compile(r"(?:, for )?(\w+),? (?:turned|returned)")


def movers(text: str) -> list[str]:
    """Return who moved, or for whom, by the sentences of a story."""
    return [found.group(1) for one in sentences(text) if (found := MOVED.search(one))]


def move_twice(paper: Paper) -> None:
    """Let Bland move in October and in November."""
    paper.say("turn", "bland", "doubts", "2025-10-03", paraphrase="Not so sure.")
    paper.say("turned", "bland", "supports", "2025-11-04", paraphrase="All for it.")
    paper.sign()


def test_a_change_is_one_sentence_with_both_proofs(paper: Paper) -> None:
    paper.sign()
    text = paper.open(STORY).text
    (told,) = sentences(text)
    assert "Dora Example, for Aland, turned from opposing to accepting" in told
    assert "Signed by an editor on 16 Dec 2025." in told
    links = Page(text).links()
    assert {f"/s/{paper.numbers['no']}", f"/s/{paper.numbers['yes']}"} <= set(links)
    assert "https://example.org/talks" in links
    assert "Talks in the capital end without a text" in plain(text)


def test_months_are_read_oldest_first_and_turn_round_where_asked(paper: Paper) -> None:
    move_twice(paper)
    assert months(paper.open(STORY).text) == ["2025-09", "2025-10", "2025-11", "2025-12"]
    turned = paper.open(f"{STORY}?order=new").text
    assert months(turned) == ["2025-12", "2025-11", "2025-10", "2025-09"]
    assert "Newest first" in plain(turned)
    assert movers(turned) == ["Bland", "Bland", "Aland"]


def test_the_order_is_remembered(paper: Paper) -> None:
    move_twice(paper)
    paper.open(f"{STORY}?order=new")
    assert months(paper.open(STORY).text)[0] == "2025-12"
    paper.open(f"{STORY}?order=old")
    assert months(paper.open(STORY).text)[0] == "2025-09"


def test_who_comes_back_to_something_new_reads_the_newest_month_first(paper: Paper) -> None:
    paper.sign()
    paper.open(STORY)
    move_twice(paper)
    text = paper.open(STORY).text
    assert months(text)[0] == "2025-12"
    assert "Since your last visit" in plain(text)
    assert text.count('class="turn-new"') == 2
    new = paper.open(f"{STORY}?only=new").text
    assert len(sentences(new)) == 2


def test_a_story_is_marked_as_seen(paper: Paper) -> None:
    paper.open(STORY)
    move_twice(paper)
    assert paper.post("/seen/story/talks").status_code == 303
    assert "Since your last visit" not in paper.read(STORY)
    paper.say("again", "bland", "opposes", "2025-12-10", paraphrase="Never.")
    assert "Since your last visit" not in paper.read(STORY)
    paper.sign()
    assert "Since your last visit" in paper.read(STORY)


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("topic=union", ["Aland", "Bland", "Bland"]),
        ("topic=deal", []),
        ("actor=bland", ["Bland", "Bland"]),
        ("kind=reversal", ["Aland", "Bland", "Bland"]),
        ("kind=terms", []),
        ("kind=development", []),
        ("actor=aland&kind=reversal", ["Aland"]),
    ],
)
def test_filters_let_through_what_they_name(paper: Paper, query: str, shown: list[str]) -> None:
    move_twice(paper)
    found = paper.open(f"{STORY}?{query}").text
    assert movers(found) == shown


def test_first_words_are_shown_where_they_are_asked_for(paper: Paper) -> None:
    found = sentences(paper.open(f"{STORY}?topic=union&actor=bland&kind=first").text)
    assert found == ["Bland : first words on record, supports."]


def test_filters_count_what_a_person_and_their_side_changed_by_the_same_words_once(
    paper: Paper,
) -> None:
    paper.sign()
    told = plain(paper.open(STORY).text)
    for box in ("turns from one side to the other 1", "Union 2", "Aland 1", "Dora Example 1"):
        assert f" {box} " in told, box


def test_where_nothing_matches_the_page_names_the_filters_to_remove(paper: Paper) -> None:
    page = paper.open(f"{STORY}?actor=cland&kind=reversal")
    assert "Nothing matches these filters." in plain(page.text)
    assert {f"{STORY}?kind=reversal", f"{STORY}?actor=cland", STORY} <= set(Page(page.text).links())


def test_a_change_that_names_no_day_stands_under_all_that_its_words_say(paper: Paper) -> None:
    paper.say("turn", "bland", "doubts", "2025-10-03/2025-10-04", paraphrase="Not so sure.")
    paper.say("turned", "bland", "supports", "2025-11", paraphrase="All for it.")
    paper.sign()
    heads = re.findall(r'<h3 class="day-head day-head-vague">(.*?)</h3>', paper.open(STORY).text)
    assert heads == ["3–4 Oct", "Nov"]


def test_a_month_of_developments_alone_is_quiet(paper: Paper) -> None:
    assert "Quiet No position on record changed." in paper.read(f"{STORY}?from=2025-12&to=2025-12")


def test_a_folded_month_without_changes_names_what_happened_alone(paper: Paper) -> None:
    fill_months(paper)
    source = Source(outlet="Invented Times", url="https://example.org/jan")
    talks = RecordDevelopment(
        topics=("union",),
        title="Talks",
        status="confirmed",
        happened_at="2024-01-20",
        source=source,
    )
    paper.newsroom.developments.record(paper.dora(), talks)
    told = plain(paper.open(f"{STORY}?from=2024&to=2024").text)
    assert "no changes 1 development" in told
    assert "No position on record changed." not in told


def test_a_story_says_that_it_shows_its_latest_months(demo: Site) -> None:
    assert ", the latest months" in demo.read("/story/un-votes")
    assert ", the latest months" not in demo.read("/story/un-votes?from=1995&to=1995")


def test_a_month_of_many_changes_is_dense_and_draws_each_line(paper: Paper) -> None:
    for day in range(1, 9):
        stance = ("opposes", "accepts", "doubts", "supports")[day % 4]
        paper.say(f"d{day}", "cland", stance, f"2025-11-0{day}", paraphrase="Changes its mind.")
    paper.sign()
    text = paper.open(STORY).text
    found = plain(text)
    assert "A busy month: seven changes, all on “Union”; each time Cland." in found
    assert text.count('<ul class="month-lines"') == 1


def test_many_alike_on_one_day_stand_together(paper: Paper) -> None:
    names = ["eland", "fland", "gland", "hland"]
    for slug in names:
        paper.newsroom.actors.introduce(paper.dora(), slug.title(), "state", slug=slug)
        paper.say(f"{slug}1", slug, "opposes", "2025-10-01", paraphrase="No.")
        paper.say(f"{slug}2", slug, "supports", "2025-11-01", paraphrase="Yes.")
    paper.sign()
    text = paper.read(STORY)
    assert "3 others did the same: Fland, Gland, Hland" in text


def test_months_without_anything_are_one_row(paper: Paper) -> None:
    paper.sign()
    told = "Oct 2025 – Nov 2025 No change and no development on record."
    assert told in paper.read(STORY)


@pytest.mark.parametrize("query", ["actor=cland", "actor=bland&from=2025-08&to=2025-09"])
def test_what_a_filter_left_out_is_not_said_to_be_missing_from_the_record(
    paper: Paper, query: str
) -> None:
    move_twice(paper)
    read = paper.read(f"{STORY}?{query}")
    assert "on record." not in read.partition("Filters")[0]
    assert "Nothing matches these filters." in read
    if "from" in query:
        told = "Between Aug 2025 and Sep 2025, no change on record matches these filters."
        assert told in read
        assert "This tells only what the filters let through." in read
        assert "no position on record changed" not in read


def test_bars_lead_to_their_months(paper: Paper) -> None:
    move_twice(paper)
    links = paper.page(STORY).links()
    assert f"{STORY}?from=2025&to=2025&open=2025-10#m-2025-10" in links
    assert months(paper.open(f"{STORY}?from=2025-11").text) == ["2025-11", "2025-12"]
    assert months(paper.open(f"{STORY}?to=2025-10").text) == ["2025-09", "2025-10"]


def test_each_year_of_a_story_is_a_link_away(paper: Paper) -> None:
    move_twice(paper)
    paper.say("early", "bland", "supports", "2021-05-03", paraphrase="Yes.")
    paper.say("turn-early", "bland", "opposes", "2021-06-03", paraphrase="No.")
    paper.sign()
    text = paper.open(f"{STORY}?from=2021&to=2021").text
    assert {f"{STORY}?from=2021&to=2021", f"{STORY}?from=2025&to=2025"} <= {*Page(text).links()}
    assert {one[:4] for one in months(text)} == {"2021"}
    assert "In 2021, one side changed its position: Bland, on 3 Jun 2021." in plain(text)


def fill_months(paper: Paper) -> None:
    """Let somebody change in each of eleven months of a year, and in one more twice."""
    for month in range(1, 13):
        stance = ("opposes", "supports")[month % 2]
        paper.say(f"m{month}", "cland", stance, f"2024-{month:02d}-05", paraphrase=f"Word {month}.")
    paper.sign()


def test_months_with_much_to_read_are_told_in_short_and_open_on_a_click(paper: Paper) -> None:
    fill_months(paper)
    year = f"{STORY}?from=2024&to=2024"
    text = paper.open(year).text
    found = plain(text)
    assert "one side changed its position: Cland eleven times, last on 5 Dec 2024." in found
    assert "Union : Cland turned from supporting to opposing (5 Feb)." in found
    assert "the latest months" not in found
    assert sentences(text) == []
    opened = paper.open(f"{year}&open=2024-03")
    assert f"{year}&open=2024-03#m-2024-03" in Page(text).links()
    assert len(sentences(opened.text)) == 1
    assert "Word 3." in plain(opened.text)
    assert len(sentences(paper.open(f"{year}&open=all").text)) == 11


def test_a_story_opens_with_its_turning_points_and_their_words(paper: Paper) -> None:
    fill_months(paper)
    text = paper.open(f"{STORY}?from=2024&to=2024").text
    assert text.count('class="turning-point"') == 5
    assert "Word 12." in plain(text)


def test_many_years_are_told_in_a_sentence_each(paper: Paper) -> None:
    fill_months(paper)
    text = paper.open(f"{STORY}?from=2022&to=2025").text
    found = plain(text)
    assert "In 2025, one side changed its position: Aland, on 2 Sep 2025." in found
    assert f"{STORY}?from=2024&to=2024" in Page(text).links()
    assert sentences(text) == []


def test_a_side_that_moved_under_a_new_decider_is_counted_as_a_side(paper: Paper) -> None:
    actors = paper.newsroom.actors
    for slug, kind in (("eland", "state"), ("fay", "person"), ("gil", "person")):
        actors.introduce(paper.dora(), slug.title(), kind, slug=slug)
    actors.mandate(paper.dora(), "gil", "eland", "President", since="2023", until="2024-05-31")
    actors.mandate(paper.dora(), "fay", "eland", "President", since="2024-06-01")
    for_eland = {"on_behalf_of": "eland"}
    paper.say("fay-no", "fay", "opposes", "2024-02-01", paraphrase="Against it.")
    paper.say("gil-no", "gil", "opposes", "2024-03-01", paraphrase="Is against it.", **for_eland)
    paper.say("fay-yes", "fay", "supports", "2024-07-01", paraphrase="For it.", **for_eland)
    paper.sign()
    found = paper.read(f"{STORY}?from=2024&to=2024")
    assert "In 2024, one side changed its position: Eland, on 1 Jul 2024." in found


def test_a_month_outside_of_those_shown_cannot_open_in_them(paper: Paper) -> None:
    fill_months(paper)
    year = f"{STORY}?from=2024&to=2024"
    assert sentences(paper.open(f"{year}&open=2025-12").text) == []
    assert paper.open(f"{year}&open=soon").status_code == 422


def fill_october(paper: Paper, *, on_the_first: int = 5) -> None:
    """Let five things happen on each of 28 days, or on the first another number."""
    for day in range(1, 29):
        for place in range(on_the_first if day == 1 else 5):
            happened = RecordDevelopment(
                topics=("union",),
                title=f"Round {day}.{place}",
                status="confirmed",
                happened_at=f"2025-10-{day:02d}",
                source=Source(outlet="Invented Times", url=f"https://example.org/{day}/{place}"),
            )
            paper.newsroom.developments.record(paper.dora(), happened)
    paper.services.models.catch_up()


def rounds(paper: Paper, path: str) -> list[int]:
    """Return the days of the rounds that a page shows, in its order."""
    return [*dict.fromkeys(map(int, re.findall(r"Round (\d+)\.", paper.read(path))))]


def ways(paper: Paper, path: str) -> dict[str, tuple[str, str]]:
    """Return the addresses of the parts before and after one, each with what its link says."""
    found = re.findall(r'rel="(prev|next)" href="([^"]+)">(.*?)</a>', paper.open(path).text)
    return {rel: (way.replace("&amp;", "&"), label) for rel, way, label in found}


OCTOBER = f"{STORY}?from=2025-10&to=2025-10"


@pytest.mark.parametrize("order", ["old", "new"])
def test_too_full_months_come_in_parts(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    fill_october(paper)
    monkeypatch.setattr(parts, "FULL", 50)
    path = f"{OCTOBER}&order={order}"
    first, second, third = [*range(1, 11)], [*range(11, 21)], [*range(21, 29)]
    if order == "new":
        first, second, third = [*range(28, 18, -1)], [*range(18, 8, -1)], [*range(8, 0, -1)]
    assert rounds(paper, path) == first
    start = ways(paper, path)
    assert start.keys() == {"next"}
    assert start["next"][1] == ("After 10 Oct 2025" if order == "old" else "Before 19 Oct 2025")
    assert rounds(paper, start["next"][0]) == second
    middle = ways(paper, start["next"][0])
    assert rounds(paper, middle["next"][0]) == third
    end = ways(paper, middle["next"][0])
    assert end.keys() == {"prev"}
    assert rounds(paper, end["prev"][0]) == second
    assert rounds(paper, middle["prev"][0]) == first
    assert ways(paper, middle["prev"][0]) == start


def test_a_part_that_reaches_the_first_day_is_the_first_one(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_october(paper)
    monkeypatch.setattr(parts, "FULL", 50)
    assert rounds(paper, f"{OCTOBER}&part=before,2025-10-06&order=old") == [*range(1, 11)]
    assert rounds(paper, f"{OCTOBER}&part=after,2025-10-28&order=old") == [*range(1, 11)]
    assert rounds(paper, f"{OCTOBER}&part=after,2025-10-25&order=new") == [*range(28, 18, -1)]


def test_the_way_back_to_the_first_day_leaves_no_day_out(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_october(paper, on_the_first=8)
    monkeypatch.setattr(parts, "FULL", 8)
    path, found = f"{OCTOBER}&part=after,2025-10-26&order=old", set[int]()
    while path:
        found |= {*rounds(paper, path)}
        path, _ = ways(paper, path).get("prev", ("", ""))
    assert found == {*range(1, 29)}


@pytest.mark.parametrize(
    "written", ["soon", "2", "after,", "after,soon", "beside,2025-10-01", "before,2025-02-30"]
)
def test_what_is_no_place_in_a_story_is_refused(paper: Paper, written: str) -> None:
    answer = paper.open(f"{STORY}?part={written}")
    assert answer.status_code == 422
    assert "is not a place in the list" in plain(answer.text)


class NotedChanges(StoryChanges):
    """Notes of which months the days are counted."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - those of the other
        super().__init__(*args, **options)
        self.noted: list[tuple[int, int]] = []

    def days(self, start: int = OLDEST, end: int = NEWEST) -> list[DayCounts]:
        self.noted.append((month_number(day_of(start)), month_number(day_of(end))))
        return super().days(start, end)


@pytest.mark.parametrize("newest_first", [False, True])
def test_only_those_months_are_counted_by_day_in_which_a_part_lies(
    paper: Paper,
    monkeypatch: pytest.MonkeyPatch,
    newest_first: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    fill_october(paper)
    move_twice(paper)
    monkeypatch.setattr(parts, "FULL", 10)
    with paper.services.models.engine().connect() as conn:
        topics = tuple(directory.topics(conn))
        found = NotedChanges(conn, StoryFilter(topics=topics))
        months = by_month(found.months())
        span = Span(months[0].number, months[-1].number)
        days = parts.Days(found, months, span)
        october = month_number(day_number(2025, 10, 1))
        shown = days.part(
            parts.DayPlace(day_number(2025, 10, 14), later=True), newest_first=newest_first
        )
    assert (shown.first, shown.last) == (day_number(2025, 10, 15), day_number(2025, 10, 16))
    assert {*found.noted} == {(october, october)}


def test_the_clocks_show_the_story_as_it_was(paper: Paper) -> None:
    paper.sign()
    move_twice(paper)
    earlier = paper.open(f"{STORY}?as_of=2025-10-31").text
    assert movers(earlier) == ["Aland", "Bland"]
    assert "You are looking at the past" in plain(earlier)
    known = paper.numbers["turn"] - 1
    assert len(sentences(paper.open(f"{STORY}?known_at=@{known}").text)) == 1
    assert sentences(paper.open(f"{STORY}?known_at=@2").text) == []


def test_before_the_record_began_the_story_says_so_and_leads_to_what_had_been_said(
    paper: Paper,
) -> None:
    text = paper.open(f"{STORY}?known_at=2001-01-01").text
    assert "This record begins on 16 Dec 2025: nothing was in it then." in plain(text)
    assert "What this record knew on 1 Jan 2001" in plain(text)
    assert "has no question yet" not in plain(text)
    assert f"{STORY}?as_of=2001-01-01" in Page(text).links()
    opened = plain(paper.open(f"{STORY}?known_at=@2").text)
    assert "Nothing on this story was on record then." in opened
    assert "1 question 0 statements" in opened


def test_before_the_first_words_the_story_says_so_and_counts_none(paper: Paper) -> None:
    text = paper.read(f"{STORY}?as_of=2001-01-01")
    assert "2 questions 0 statements" in text
    assert "Nothing was on record at this moment." in text
    then = paper.open(f"{STORY}?as_of=2025-08-01").text
    assert "2 questions 1 statement 0 changes" in plain(then)
    assert "No position had changed here by then." in plain(then)


def test_the_ways_from_a_story_take_a_past_moment_along(paper: Paper) -> None:
    for headers in ({}, HTMX):
        page = paper.open(f"{STORY}?as_of=2025-10-31&known_at=@12", **headers)
        links = Page(page.text).links()
        assert "/matrix?story=talks&at=2025-10-31&known_at=@12" in links
        assert "/analyse?story=talks&to=2025-10-31&known_at=@12" in links


def test_a_story_without_changes_says_so_and_leads_to_its_questions(paper: Paper) -> None:
    room = paper.newsroom
    room.stories.open(paper.dora(), "Quiet matters", slug="quiet")
    assert "This story has no question yet." in paper.read("/story/quiet")
    room.topics.open(paper.dora(), "Will it rain?", "expectation", slug="rain", story="quiet")
    page = paper.open("/story/quiet")
    assert "No position has changed here yet." in plain(page.text)
    assert "/t/rain" in Page(page.text).links()


@pytest.mark.parametrize("query", ["from=2025-13", "to=soon", "kind=x", "order=up"])
def test_an_address_that_means_nothing_is_refused(paper: Paper, query: str) -> None:
    assert paper.open(f"{STORY}?{query}").status_code == 422


def test_equal_views_have_one_address(paper: Paper) -> None:
    answer = paper.open(f"{STORY}?kind=terms&actor=bland&as_of=")
    assert answer.headers["Location"] == f"{STORY}?actor=bland&kind=terms"


def test_a_part_of_the_page_is_the_same_view(paper: Paper) -> None:
    part = paper.part(f"{STORY}?actor=aland")
    assert "<html" not in part
    view, facts = part.split('<p class="facts" id="facts" hx-swap-oob="true">')
    facts, actions = facts.split('<div class="page-actions" id="actions" hx-swap-oob="true">')
    page = paper.open(f"{STORY}?actor=aland").text
    assert view.strip() in page
    assert f'<p class="facts" id="facts">{facts.strip()}' in page
    assert f'<div class="page-actions" id="actions">{actions.strip()}' in page


def test_as_json_each_change_has_the_proof_of_both_sides(paper: Paper) -> None:
    paper.sign()
    told = paper.data(f"{STORY}.json")
    aland = next(one for one in told["changes"] if one["actor"] == "aland")
    assert (aland["from"], aland["to"]) == ("opposes", "accepts")
    assert aland["proof_before"][0]["statement"] == paper.numbers["no"]
    assert aland["proof"] == [
        {
            "statement": paper.numbers["yes"],
            "said": "2025-09-02",
            "speaker": "dora",
            "outlet": "Invented Times",
            "url": "https://example.org/talks",
        }
    ]
    assert [one["title"] for one in told["developments"]] == [
        "Talks in the capital end without a text"
    ]
    assert paper.data(f"{STORY}.json?actor=bland")["changes"] == []
    assert paper.data(f"{STORY}.json?from=2025-12")["changes"] == []


def test_as_csv_changes_and_developments_are_in_order(paper: Paper) -> None:
    paper.sign()
    rows = list(csv.DictReader(io.StringIO(paper.open(f"{STORY}.csv").text)))
    assert [row["day"] for row in rows] == sorted(row["day"] for row in rows)
    assert {row["kind"] for row in rows} == {"reversal", "development"}
    assert {row["url_before"] for row in rows if row["kind"] == "reversal"} == {
        "https://example.org/talks"
    }


def test_as_atom_each_change_is_an_entry_with_its_sources(paper: Paper) -> None:
    paper.sign()
    feed = paper.open(f"{STORY}.atom").text
    assert feed.count("<entry>") == 2
    assert "Aland on Union: opposes → accepts (2 Sep 2025)" in feed
    assert 'rel="via" href="https://example.org/talks"' in feed


def test_changes_of_now_are_those_that_were_known_at_the_end(demo: Site) -> None:
    with demo.services.models.engine().connect() as conn:
        head = demo.services.log.head()
        for story in directory.stories(conn):
            topics = tuple(directory.topics(conn, story=story.id))
            now = StoryChanges(conn, StoryFilter(topics=topics))
            then = StoryChanges(conn, StoryFilter(topics=topics, known_at=head))
            assert now.days() == then.days()
            assert now.changes(-FAR, FAR) == then.changes(-FAR, FAR)
            for by in get_args(By):
                assert now.counts(by) == then.counts(by)
            every = [one for topic in topics for one in changes_at(conn, topic=topic.id)]
            real = [one for one in every if one.change.kind != "first"]
            assert len(now.changes(-FAR, FAR)) == len(real)


def test_of_many_questions_the_first_are_named_until_all_are_asked_for(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("web.story.page.QUESTIONS", "web.story.filters.QUESTIONS"):
        monkeypatch.setattr(name, 1)
    move_twice(paper)
    few, every = paper.open(STORY).text, paper.open(f"{STORY}?questions=all").text
    box = 'name="topic" value="[^"]+"'
    assert len(re.findall(box, few)) == 1
    assert f"{STORY}?questions=all#questions-h" in Page(few).links()
    assert len(re.findall(box, every)) > 1
    assert every.count("/t/deal") > few.count("/t/deal") == 0
    assert "more question" not in plain(every)
    chosen = paper.open(f"{STORY}?topic=deal").text
    assert 'value="deal" checked' in chosen


def test_months_in_which_nobody_watched_are_no_silence(paper: Paper) -> None:
    move_twice(paper)
    paper.say("later", "bland", "doubts", "2025-12-10", paraphrase="No, after all.")
    topics = paper.newsroom.topics
    with paper.services.models.engine().connect() as conn:
        asked = [one.slug for one in directory.topics(conn)]
    silent = f"{STORY}?from=2025-08&to=2025-12"
    assert "No change and no development on record." in paper.read(silent)
    for topic in asked:
        said = Watch(since="2025-10-01", until="2025-10-31", outlets=("Invented Times",))
        topics.watch(paper.dora(), topic, said)
    paper.services.models.catch_up()
    page = paper.read(silent)
    assert "Not monitored; gaps mean nothing." in page
    assert "In between: monitored until 31 Oct 2025" in page


def test_where_terms_alone_changed_a_badge_names_the_position_once_and_words_say_what_changed(
    paper: Paper,
) -> None:
    paper.say("wants it", "bland", "supports", "2025-12-02", paraphrase="For it.")
    terms = {"condition": Condition(text="if asked"), "paraphrase": "For it, if asked."}
    number = paper.say("if asked", "bland", "supports", "2025-12-08", **terms)
    paper.sign()
    story, statement, home = (
        plain(paper.open(path).text) for path in ("/story/talks", f"/s/{number}", "/")
    )
    assert "Bland still supported this but now set a condition: “if asked”" in story
    assert [one.count("changed from supports") for one in (story, statement, home)] == [0, 0, 0]
