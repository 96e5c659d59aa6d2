"""The front page: one change followed to its proof, the stories, the questions by what moved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.markup import Page
from tests.web.site import EDITORS, Site, plain
from timeline.application.commands import Quoted
from timeline.bootstrap import open_store
from web.home import folds as home_folds
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper


GERMAN = {"Accept-Language": "de"}


def example(page: str) -> str:
    """Return the markup of the change that is followed."""
    return page.partition('<section class="section example')[2].partition("</section>")[0]


def told(page: str, kind: str) -> list[str]:
    """Return what the rows of a class say: those of stories or of questions."""
    found = re.findall(rf'<li class="{kind}[ "].*?</li>', page, re.DOTALL)
    return [plain(one).removeprefix('">').strip() for one in found]


def folds(page: str) -> list[str]:
    """Return what the folds say."""
    found = re.findall(r'<details class="fold".*?</details>', page, re.DOTALL)
    return [plain(one) for one in found]


def quote(paper: Paper, name: str, stance: str, day: str, actor: str = "bland", **more: Any) -> int:  # noqa: ANN401 - as `Paper.say` takes
    """Put quoted words on record."""
    words = Quoted(text=f"I say that it is so on {day}", lang="en", wording="original")
    return paper.say(name, actor, stance, day, quote=words, **more)


def test_without_quoted_words_on_both_sides_the_last_change_is_followed(paper: Paper) -> None:
    paper.sign()
    page = paper.open("/").text
    shown = plain(example(page))
    assert "Should Aland join the union? Dora Example , for Aland" in shown
    assert "Before said 2 Jul 2025 opposes Rejects it." in shown
    assert "62 days later said 2 Sep 2025 accepts «" in shown
    assert "It is the last change on record." in shown
    assert "Picked by a rule" not in shown


def test_the_quickest_turn_in_one_persons_quoted_words_is_followed(paper: Paper) -> None:
    quote(paper, "long before", "supports", "2025-09-20", actor="cland")
    quote(paper, "long after", "opposes", "2025-10-20", actor="cland")
    quote(paper, "before", "supports", "2025-10-01")
    quick = quote(paper, "after", "doubts", "2025-10-04")
    # Quicker, but somebody else; quicker, but not across the middle; later, but in no quoted words.
    paper.newsroom.actors.mandate(paper.dora(), "dora", "bland", "Envoy")
    quote(paper, "another", "supports", "2025-10-05", actor="dora", on_behalf_of="bland")
    quote(paper, "less", "accepts", "2025-10-06", actor="dora", on_behalf_of="bland")
    paper.say("told", "aland", "opposes", "2025-12-10", paraphrase="No.")
    paper.sign()
    page = paper.open("/").text
    shown = plain(example(page))
    assert "Picked by a rule" in shown
    assert "Bland" in shown
    assert "3 days later said 4 Oct 2025 doubts “I say that it is so on 2025-10-04”" in shown
    links = Page(page).links()
    assert {f"/t/union?s={quick}#lane-bland", f"/s/{quick}", "/t/union/why/bland"} <= {*links}
    assert paper.open(f"/t/union?s={quick}").status_code == 200


def test_of_turns_as_quick_the_farthest_is_followed(paper: Paper) -> None:
    for actor, first, last in (("cland", "accepts", "opposes"), ("bland", "supports", "opposes")):
        quote(paper, f"{actor} then", first, "2025-11-01", actor=actor)
        quote(paper, f"{actor} now", last, "2025-11-02", actor=actor)
    paper.sign()
    assert "supports to opposes" in plain(example(paper.open("/").text))


def test_a_turn_of_more_than_a_year_before_the_last_change_is_not_followed(paper: Paper) -> None:
    quote(paper, "before", "supports", "2024-08-01", actor="cland")
    quote(paper, "after", "opposes", "2024-08-02", actor="cland")
    paper.sign()
    assert "It is the last change on record." in plain(example(paper.open("/").text))


def test_what_happened_in_between_is_told_of_close_words(paper: Paper) -> None:
    quote(paper, "before", "supports", "2025-12-12")
    quote(paper, "after", "opposes", "2025-12-15")
    paper.sign()
    shown = plain(example(paper.open("/").text))
    assert "What happened: Talks in the capital end without a text 14 Dec 2025" in shown


def test_only_the_words_that_are_followed_are_links_in_the_line(paper: Paper) -> None:
    before = quote(paper, "before", "supports", "2025-12-12")
    after = quote(paper, "after", "opposes", "2025-12-15")
    paper.sign()
    plot = example(paper.open("/").text).partition("single-large")[2].partition("example-lens")[0]
    assert re.findall(r'<a class="point[^"]*"[^>]* href="([^"]+)"', plot) == [
        f"/s/{before}",
        f"/s/{after}",
    ]
    assert re.findall(r'class="change-label"[^>]*>([^<]+)', plot) == [
        "12 Dec: supports",
        "15 Dec: opposes",
    ]


def test_what_others_say_of_somebody_is_no_change(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    for stance, day in (("opposes", "2025-12-01"), ("supports", "2025-12-10")):
        paper.say(
            stance,
            "eland",
            stance,
            day,
            attribution="second_hand",
            reported_via="circles",
            paraphrase="It is said.",
        )
    assert paper.sign() == 1
    page = paper.open("/").text
    assert "Dora Example, for Aland" in plain(example(page)).replace(" ,", ",")
    assert "Eland" not in plain(page)


def test_a_tie_is_no_last_change(paper: Paper) -> None:
    paper.say("one", "cland", "supports", "2025-12-10", paraphrase="Yes.")
    paper.say("two", "cland", "opposes", "2025-12-10", paraphrase="No.")
    paper.sign()
    assert "Dora Example (Aland)" in plain(example(paper.open("/").text))


def test_a_retracted_change_is_no_change(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "Not said.")
    page = paper.open("/").text
    assert example(page) == ""
    (story,) = told(page, "story-row")
    assert story.endswith("No position has changed here yet.")
    assert re.findall(r'question-group">([^<]+)', page) == ["Not moved yet"]


def test_a_question_tells_its_last_change_with_the_way_to_line_and_proof(paper: Paper) -> None:
    paper.sign()
    page = paper.open("/").text
    (union,) = told(page, "question")
    assert union.startswith("Should Aland join the union? 6 statements 2 Sep 2025 Aland")
    assert "changed from opposes to accepts Dora Example in both cases proof" in union
    yes = paper.numbers["yes"]
    assert {f"/t/union?s={yes}#lane-aland", f"/s/{yes}"} <= {*Page(page).links()}


def test_a_change_that_the_same_words_make_in_two_lanes_is_told_once(paper: Paper) -> None:
    (union,) = told(paper.open("/").text, "question")
    assert "more that day" not in union


def test_others_who_changed_on_that_day_are_counted(paper: Paper) -> None:
    paper.say("cland is for it", "cland", "supports", "2025-11-01", paraphrase="Yes.")
    for actor in ("bland", "cland"):
        paper.say(f"{actor} turns", actor, "opposes", "2025-12-10", paraphrase="No.")
    paper.sign()
    page = paper.open("/").text
    (union,) = told(page, "question")
    assert "changed from supports to opposes one more that day proof" in union
    (story,) = told(page, "story-row")
    assert "One more changed that day." in story


def test_questions_stand_by_what_moved_last_or_by_name(paper: Paper) -> None:
    topics = paper.newsroom.topics
    topics.open(paper.dora(), "Any question?", "claim", slug="any", story="talks", name="Any")
    for stance, day in (("asserts", "2025-10-01"), ("denies", "2025-10-02")):
        paper.say(stance, "bland", stance, day, topic="any", paraphrase="It is.")
    paper.sign()
    by_move = re.findall(r'<h4><a href="/t/([\w-]+)"', paper.open("/").text)
    assert by_move == ["any", "union"]
    by_name = paper.open("/?sort=name").text.partition('id="questions"')[2]
    assert re.findall(r'<li><a href="/t/([\w-]+)"', by_name) == ["any", "union", "deal"]
    assert "2 statements, last moved 2 Oct 2025" in plain(by_name)
    assert paper.open("/?sort=size").status_code == 422


def test_a_question_on_which_little_was_said_and_nothing_moved_is_a_line(paper: Paper) -> None:
    (fold,) = folds(paper.open("/").text)
    assert fold == (
        "1 question on which nothing has moved yet Will there be a deal by spring?"
        " Bland: thinks likely"
    )


def test_of_words_for_somebody_a_line_names_for_whom(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Is it so?", "claim", slug="so", story="talks")
    paper.say(
        "so", "dora", "asserts", "2025-12-01", topic="so", on_behalf_of="aland", paraphrase="Yes."
    )
    (fold,) = folds(paper.open("/").text)
    assert "Is it so? Aland: asserts" in fold
    assert "Dora Example" not in fold


def test_a_question_on_which_much_was_said_and_nothing_moved_keeps_its_lane(paper: Paper) -> None:
    for day in range(1, 5):
        paper.say(
            f"d{day}", "bland", "thinks likely", f"2025-12-0{day}", topic="deal", paraphrase="Yes."
        )
    page = paper.open("/").text
    deal = told(page, "question")[-1]
    assert deal.startswith(
        "Will there be a deal by spring? 6 statements no change Bland thinks likely"
    )
    assert folds(page) == []


def test_questions_that_moved_long_before_the_others_fold(paper: Paper) -> None:
    topics = paper.newsroom.topics
    topics.open(paper.dora(), "Was it so?", "claim", slug="was", story="talks")
    for stance, day in (("asserts", "2019-01-02"), ("denies", "2019-01-03")):
        paper.say(stance, "bland", stance, day, topic="was", paraphrase="It was.")
    paper.sign()
    earlier, _ = folds(paper.open("/").text)
    assert earlier == (
        "1 question that last moved before 2025 Was it so? 2 statements, last moved 3 Jan 2019"
    )


def test_the_questions_by_name_have_parts_in_both_directions(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(path: str) -> tuple[list[str], dict[str, str]]:
        part = paper.open(path).text.partition('id="questions"')[2]
        ways = re.findall(r'rel="(prev|next)" href="([^"]+)#questions"', part)
        topics = re.findall(r'<li><a href="/t/([\w-]+)"', part)
        return topics, {rel: way.replace("&amp;", "&") for rel, way in ways}

    for slug in ("one", "two", "three", "four"):
        paper.newsroom.topics.open(paper.dora(), "Same words?", "claim", slug=slug)
    monkeypatch.setattr(home_folds, "IN_ALL", 2)
    first, ways = shown("/?sort=name")
    second, onward = shown(ways["next"])
    third, end = shown(onward["next"])
    assert [*first, *second, *third] == ["four", "one", "three", "two", "union", "deal"]
    assert "next" not in end
    assert shown(end["prev"]) == (second, onward)
    assert shown(onward["prev"]) == (first, ways)
    assert "1 to 2 of 6" in paper.read("/?sort=name")
    answer = paper.open("/?sort=name&after=nothing")
    assert answer.status_code == 422
    assert "is not a place in the list" in plain(answer.text)


@pytest.mark.thorough
def test_of_very_many_questions_the_last_to_move_are_drawn_and_the_others_named(
    paper: Paper,
) -> None:
    for n in range(40):
        slug = f"topic-{n:02}"
        paper.newsroom.topics.open(paper.dora(), f"Is number {n:02} so?", "claim", slug=slug)
        for stance, day in (("denies", n % 28), ("asserts", n % 28 + 1)):
            said = f"2025-{10 + n // 28:02}-{day + 1:02}"
            paper.say(f"{slug} {stance}", "bland", stance, said, topic=slug, paraphrase="So.")
    paper.sign()
    page = paper.open("/").text
    assert all(f"/t/topic-{n:02}" in Page(page).links() for n in range(40))
    drawn = told(page, "question")
    assert len(drawn) == 24
    assert drawn[0].startswith("Is number 39 so?")
    earlier, _ = folds(page)
    assert earlier.startswith("17 questions that moved earlier")
    assert "Should Aland join the union?" in earlier


def test_a_story_tells_its_last_change_and_when_it_moved(paper: Paper) -> None:
    paper.sign()
    page = paper.open("/").text
    (story,) = told(page, "story-row")
    assert story.startswith("Invented talks 2 questions 8 statements")
    assert "2 Sep 2025 Dora Example, for Aland, turned from opposing to accepting." in story
    assert story.endswith("Sep 2025 latest changes by month Sep 2025")
    assert {"/story/talks", "/matrix?story=talks"} <= {*Page(page).links()}
    assert paper.open("/matrix?story=talks").status_code == 200


def test_the_story_that_moved_last_stands_first(paper: Paper) -> None:
    room = paper.newsroom
    room.stories.open(paper.dora(), "Other talks", slug="other")
    room.stories.open(paper.dora(), "No talks", slug="none")
    room.topics.open(paper.dora(), "Is it so?", "claim", slug="so", story="other")
    for stance, day in (("asserts", "2025-12-01"), ("denies", "2025-12-02")):
        paper.say(stance, "bland", stance, day, topic="so", paraphrase="It is.")
    paper.sign()
    found = re.findall(r'<h3><a href="/story/(\w+)"', paper.open("/").text)
    assert found == ["other", "talks", "none"]


def test_bars_of_many_years_are_years_and_leave_none_out_in_between(demo: Site) -> None:
    rows = re.findall(r'<li class="story-row[ "].*?</li>', demo.open("/").text, re.DOTALL)
    (votes,) = (row for row in rows if "/story/un-votes" in row)
    assert "latest changes by year 2019" in plain(votes)
    years = int(re.search(r"axis\"><span>(\d{4})", votes)[1])  # type: ignore[index]
    assert 1990 < years < 2015
    heights = [float(one) for one in re.findall(r'<rect [^>]* height="([\d.]+)"', votes)]
    assert max(heights) == 40


def test_the_front_page_speaks_the_readers_language_and_names(any_paper: Paper) -> None:
    paper, room = any_paper, any_paper.newsroom
    asked = {"topic_question": "Soll Aland der Union beitreten?"}
    room.topics.translate(paper.dora(), "union", "de", asked, "the newsroom")
    room.actors.translate(paper.dora(), "aland", "de", {"actor_name": "Alanden"})
    room.stories.translate(paper.dora(), "talks", "de", {"title": "Erfundene Gespräche"})
    page = paper.open("/", **GERMAN).text
    assert "Wer wann was sagte" in page
    for name in ("Soll Aland der Union beitreten?", "Alanden", "Erfundene Gespräche"):
        assert name in page
    assert "Should Aland join the union?" not in page
    assert 'lang="en">Will there be a deal by spring?' in page


def test_the_demo_links_every_question_and_both_stories(demo: Site) -> None:
    page = demo.page("/")
    topics = {link for link in page.links() if re.fullmatch(r"/t/[\w-]+", link)}
    assert len(topics) == 20
    assert {"/t/eu-accession", "/t/cuba-embargo", "/t/deal-by-christmas"} <= topics
    assert {"/story/berlin-talks", "/story/un-votes"} <= {*page.links()}
    assert page.one("html")["lang"] == "en"


def test_second_hand_words_of_a_line_name_via_whom(demo: Site) -> None:
    assert "second-hand, via " in " ".join(folds(demo.open("/").text))


@pytest.mark.few(1)
@pytest.mark.parametrize("path", ["/", "/compare", "/matrix", "/analyse"])
def test_an_empty_record_says_what_to_do(sqlite_url: str, path: str) -> None:
    services = open_store(sqlite_url)
    for identify in (EDITORS, everybody_reads):
        page = Site(services, identify=identify).open(path)
        assert page.status_code == 200
        assert "Nothing is on record yet." in plain(page.text)
        assert ("/record/topic" in Page(page.text).links()) == (identify is EDITORS)
    services.close()


def test_a_record_of_questions_alone_has_no_example_and_names_them(sqlite_url: str) -> None:
    services = open_store(sqlite_url)
    room = services.newsroom
    room.topics.open(room.byline("dora", "form"), "Is it so?", "claim", slug="so")
    page = Site(services).open("/").text
    services.close()
    assert example(page) == ""
    assert "Is it so? 0 statements" in plain(page)


@pytest.mark.few(2)
@pytest.mark.parametrize(
    "path", ["/log", "/actors", "/corrections", "/search", "/log/diff", "/keys", "/record"]
)
def test_every_page_opens_on_an_empty_record(sqlite_url: str, path: str) -> None:
    services = open_store(sqlite_url)
    assert Site(services).open(path).status_code == 200
    services.close()


def test_where_no_question_is_on_record_the_form_leads_to_where_one_is_opened(
    sqlite_url: str, paper: Paper
) -> None:
    services = open_store(sqlite_url)
    form = Site(services).open("/record").text
    services.close()
    assert (
        form.count('href="/record/topic"')
        == paper.open("/record").text.count('href="/record/topic"') + 1
    )


def test_a_question_on_which_everybody_declined_is_folded_away_and_not_left_out(
    paper: Paper,
) -> None:
    paper.newsroom.topics.open(paper.dora(), "Will it rain?", "expectation", slug="rain")
    for day in range(1, 5):
        words = {"no_position_reason": "declined", "asked": "Will it?", "paraphrase": "Not known."}
        paper.say(f"day {day}", "bland", "no_position", f"2025-11-0{day}", topic="rain", **words)
    (folded,) = folds(paper.open("/").text)
    assert "Will it rain? 4 statements" in folded
