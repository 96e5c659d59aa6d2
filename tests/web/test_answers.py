from __future__ import annotations

import pytest

from tests.web.markup import Element, Page
from tests.web.paper import TIMES, Paper
from timeline.application.commands import Source

GERMAN = {"Accept-Language": "de"}


def texts(page: Page, element: Element) -> str:
    """Return the text inside an element."""
    inside = "".join(text.text for text in page.texts if element in text.around)
    return " ".join(inside.split())


def sides(paper: Paper, path: str = "/t/union", **headers: str) -> list[str]:
    """Return what is said of each side, in order."""
    page = paper.page(path, **headers)
    return [texts(page, element) for element in page.find("p", class_="answer-said")]


def first_side(paper: Paper) -> tuple[str, list[str]]:
    """Return the text of the first answer, and the addresses that it leads to."""
    page = paper.page("/t/union")
    first = page.find("li", class_="answer")[0]
    return texts(page, first), [
        element["href"] for element in page.find("a") if first in element.around
    ]


def test_a_topic_opens_with_one_sentence_for_all_sides(paper: Paper) -> None:
    paper.sign()
    assert (
        "When last heard, Bland supported this; Aland accepted this; Cland was undecided."
        " One of the three sides with a position on record changed it: Aland, on 2 Sep 2025."
        " Each side in words"
        " Cland named a condition."
    ) in " ".join(paper.read("/t/union").split())


def test_who_spoke_and_took_no_position_is_counted_beside_the_sides(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    said = {"paraphrase": "Says nothing of it.", "no_position_reason": "unstated"}
    paper.say("none", "eland", "no_position", "2025-12-02", **said)
    page = paper.read("/t/union").replace("\u00a0", " ")
    assert "4 actors" in page
    assert "One more spoke without taking a position" in page
    then = paper.read("/t/union?as_of=2025-12-01").replace("\u00a0", " ")
    assert "more spoke without" not in then


def test_who_has_no_words_left_or_took_a_position_back_is_not_said_to_have_taken_none(
    paper: Paper,
) -> None:
    room = paper.newsroom
    for slug in ("eland", "fland"):
        room.actors.introduce(paper.dora(), slug.title(), "state", slug=slug)
    none = {"paraphrase": "Says nothing of it.", "no_position_reason": "unstated"}
    unsaid = paper.say("unsaid", "eland", "no_position", "2025-12-02", **none)
    doubt = paper.say("doubt", "fland", "opposes", "2025-11-02", paraphrase="Rejects it.")
    back = paper.say("back", "fland", "no_position", "2025-12-03", **none)
    told = paper.read("/t/union").replace("\u00a0", " ")
    assert "One more spoke without taking a position" in told
    room.statements.retract(paper.dora(), unsaid, "Not said.")
    room.statements.link(paper.dora(), back, "withdraws", doubt)
    assert "without taking a position" not in paper.read("/t/union").replace("\u00a0", " ")
    then = paper.read(f"/t/union?known_at=@{back}").replace("\u00a0", " ")
    assert "One more spoke without taking a position" in then


def test_each_side_is_answered_in_a_sentence_those_that_changed_first(paper: Paper) -> None:
    paper.sign()
    dora = "Aland accepts this (Dora Example, 2 Sep 2025)"
    assert sides(paper) == [
        f"{dora}; before: opposes (Dora Example, 2 Jul 2025).",
        "Bland supports this (first 15 Aug 2025; last 1 Dec 2025).",
        "Cland is undecided about this (Sep 2025).",
    ]


def test_a_side_last_heard_before_the_limit_of_the_topic_is_told_in_the_past(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    paper.say("ancient", "eland", "opposes", "2020-03-01", paraphrase="Never.")
    assert "Eland opposed this (1 Mar 2020)." in sides(paper)
    assert "Eland opposes this (1 Mar 2020)." in sides(paper, "/t/union?as_of=2020-06-01")


def test_each_answer_leads_to_its_source_and_says_how_sure_it_is(paper: Paper) -> None:
    text, addresses = first_side(paper)
    assert "quoted" in text
    assert "https://example.org/talks" in addresses
    assert "/t/union/why/aland" in addresses


def test_a_source_without_an_address_is_named_and_no_link(paper: Paper) -> None:
    paper.say("paper", "bland", "opposes", "2025-12-12", source=Source(outlet="Printed Paper"))
    paper.sign()
    text, addresses = first_side(paper)
    assert "Printed Paper" in text
    assert not any(address.startswith("http") for address in addresses)


def test_others_words_about_somebody_are_no_answer_of_theirs(paper: Paper) -> None:
    room = paper.newsroom
    room.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    paper.say("held", "eland", "supports", "2025-10-01", attribution="ascribed", source=TIMES)
    assert not any("Eland" in side for side in sides(paper))
    page = paper.read("/t/union")
    assert "Eland supported this" not in page
    assert "Eland" in page


def test_the_answer_of_an_earlier_moment_is_that_of_then(paper: Paper) -> None:
    assert sides(paper, "/t/union?as_of=2025-08-20") == [
        "Bland supports this (15 Aug 2025).",
        "Aland opposes this (Dora Example, 2 Jul 2025).",
    ]


def test_the_answer_is_in_the_readers_language(paper: Paper) -> None:
    assert sides(paper, **GERMAN)[0].startswith(
        "Aland: bereit, das zu akzeptieren (Dora Example, 2. Sept. 2025)"
    )


def test_a_topic_without_statements_has_no_answer(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Is it so?", "claim", slug="so")
    assert sides(paper, "/t/so") == []


@pytest.mark.parametrize(
    "asked",
    [
        "Aland union",
        "What is Aland's position on the union?",
        "Wie steht Aland zur Union?",
        "Did Aland change on the union in 2025?",
        "Wie hat sich Alands Haltung zur Union geändert?",
    ],
)
def test_a_search_that_names_an_actor_and_a_topic_is_answered(any_paper: Paper, asked: str) -> None:
    found = sides(any_paper, f"/search?q={asked}")
    assert len(found) == 1
    assert found[0].startswith("Aland accepts this")


def test_an_actor_that_said_nothing_on_the_topic_is_told_so(any_paper: Paper) -> None:
    read = any_paper.read("/search?q=Cland deal by spring")
    assert "Cland has said nothing on record." in read


@pytest.mark.parametrize("asked", ["Aland weather", "xyzzy", "what is"])
def test_a_search_that_names_neither_whom_nor_what_alone_is_not_answered(
    any_paper: Paper, asked: str
) -> None:
    page = any_paper.open(f"/search?q={asked}").text
    assert "answered" not in page


def test_the_days_of_votes_are_those_that_were_known_at_the_moment(paper: Paper) -> None:
    room = paper.newsroom
    room.topics.open(paper.dora(), "Ban it?", "vote", slug="ban")
    vote = {"topic": "ban", "attribution": "voted", "paraphrase": "Votes."}
    paper.say("against", "aland", "against", "2024-12-01", **vote)
    number = paper.say("for", "aland", "for", "2025-12", **vote)
    room.statements.correct(paper.dora(), number, {"said_at": "2025-12-02"}, "The day is known.")
    for path, day in (("/t/ban", "on 2 Dec 2025"), (f"/t/ban?known_at=@{number}", "in Dec 2025")):
        told = paper.read(path)
        assert f"When they last voted, {day}, Aland voted" in told
        assert f"The last change was {day}." in told
