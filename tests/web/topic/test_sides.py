"""Sides and who speaks for them: who decides, who is a voice, who differs, who is counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.paper import plain
from tests.web.topic.test_filters import standing
from timeline.application.commands import Condition
from timeline.projections.queries import directory

if TYPE_CHECKING:
    from tests.web.paper import Paper

FOR_ALAND = {"on_behalf_of": "aland"}


@pytest.fixture
def cabinet(paper: Paper) -> Paper:
    """Return a paper in which Aland has a minister, too, who speaks and does not decide."""
    room = paper.newsroom.actors
    room.introduce(paper.dora(), "Max Muster", "person", slug="max")
    room.mandate(paper.dora(), "max", "aland", "Minister of Transport")
    return paper


def lane(page: str, slug: str) -> str:
    """Return the markup of a lane of the chart."""
    after = page.partition(f'id="lane-{slug}"')[2]
    return after.partition('id="lane-')[0]


def columns(page: str) -> str:
    return Page(page).words(aria_labelledby="spec-h")


def test_the_position_of_a_side_says_whose_words_it_is(cabinet: Paper) -> None:
    aland = next(one for one in standing(cabinet.open("/t/union").text) if "aland:" in one)
    assert aland.startswith("aland: accepts ? Example, last said 2 Sep 2025")
    bland = next(one for one in standing(cabinet.open("/t/union").text) if "bland:" in one)
    assert bland.startswith("bland: supports ? first said")


def test_a_voice_moves_no_line_and_has_a_mark_of_its_own(cabinet: Paper) -> None:
    number = cabinet.say("max", "max", "opposes", "2025-10-10", paraphrase="No.", **FOR_ALAND)
    cabinet.sign()
    page = cabinet.open("/t/union").text
    aland = lane(page, "aland")
    assert re.search(rf'id="pt-aland-{number}".*?href="#voice-1"', aland, re.DOTALL)
    assert "Speaks for the side, does not decide." in aland
    assert "accepts" in plain(aland)
    assert "does not decide: Muster: opposes" in plain(aland)
    assert "speaks for the side, does not decide" in Page(page).words(class_="legend")
    assert "1 change" in plain(page.partition('id="open-aland"')[2].partition("</a>")[0])


def test_a_side_for_which_nobody_who_decides_spoke_has_no_position(cabinet: Paper) -> None:
    room = cabinet.newsroom
    room.actors.introduce(cabinet.dora(), "Eland", "state", slug="eland")
    room.actors.mandate(cabinet.dora(), "max", "eland", "Spokesman")
    cabinet.say("voice", "max", "doubts", "2025-12-02", paraphrase="No.", on_behalf_of="eland")
    eland = plain(lane(cabinet.open("/t/union").text, "eland"))
    assert "nobody who decides is on record" in eland
    assert "does not decide: Muster: doubts" in eland


def test_a_side_is_counted_once_and_a_person_only_where_they_differ(cabinet: Paper) -> None:
    cabinet.say("alike", "max", "supports", "2025-10-10", paraphrase="Yes.", **FOR_ALAND)
    cabinet.say("own", "max", "accepts", "2025-11-10", paraphrase="Yes, I do.")
    page = cabinet.open("/t/union").text
    assert "Muster" not in columns(page)
    assert "Unlike the side" not in plain(page)
    cabinet.say("apart", "max", "opposes", "2025-12-10", paraphrase="No.")
    page = cabinet.open("/t/union").text
    assert "opposes 1 Max Muster in person" in columns(page)
    assert "Unlike the side they spoke for, Max Muster opposed this." in plain(page)


def test_the_opening_names_who_changed_of_those_who_speak_for_a_side(cabinet: Paper) -> None:
    cabinet.say("then", "max", "supports", "2025-09-10", paraphrase="Yes.", **FOR_ALAND)
    cabinet.say("now", "max", "opposes", "2025-10-10", paraphrase="No.", **FOR_ALAND)
    cabinet.sign()
    opening = cabinet.page("/t/union").words(class_="answer-all")
    told = "Of those who spoke for a side, Max Muster changed position on 10 Oct 2025."
    assert told in opening
    german = cabinet.open("/t/union", Accept_Language="de").text
    assert "wechselte Max Muster am 10. Okt. 2025 die Position." in plain(german)


def test_an_old_position_is_dated_and_not_counted(paper: Paper) -> None:
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    paper.say("long ago", "eland", "opposes", "2023-10-01", paraphrase="No.")
    page = paper.open("/t/union").text
    assert "opposes 0 Eland last known 1 Oct 2023" in columns(page)
    eland = lane(page, "eland")
    assert "last known 1 Oct 2023" in plain(eland)
    assert 'class="line line-1 stale open"' in eland
    then = paper.open("/t/union?as_of=2024-01-01").text
    assert "opposes 1 Eland" in columns(then)


def opening(page: str) -> str:
    """Return the sentence that a topic opens with."""
    return plain(page.partition('class="answer-all"')[2].partition("</p>")[0])


def test_people_of_one_side_who_differ_are_told_and_marked(cabinet: Paper) -> None:
    said = cabinet.say("max", "max", "opposes", "2025-09-10", paraphrase="No.", **FOR_ALAND)
    page = cabinet.open("/t/union").text
    told = plain(page.partition('id="differing"')[2].partition("</ul>")[0])
    assert told.endswith(
        "Those who spoke for Aland have differed since 10 Sep 2025: Max Muster opposed this"
        " ( 10 Sep 2025 ); Dora Example accepted this ( 2 Sep 2025 )."
    )
    assert f"/s/{said}" in Page(page).links()
    assert "Aland differed: Max Muster opposed this; Dora Example accepted this." in opening(page)
    assert 'href="#m-diff"' in lane(page, "aland")
    assert "people of one side differ" in Page(page).words(class_="legend")
    cabinet.say("round", "max", "accepts", "2025-11-20", paraphrase="All right.", **FOR_ALAND)
    page = cabinet.open("/t/union").text
    told = plain(page.partition('id="differing"')[2])
    assert "Those who spoke for Aland differed from 10 Sep 2025 to 20 Nov 2025: Max" in told
    assert "Max Muster" not in opening(page)


def test_voices_differ_no_more_once_one_of_them_has_left_office(cabinet: Paper) -> None:
    cabinet.say("max", "max", "opposes", "2025-09-10", paraphrase="No.", **FOR_ALAND)
    cabinet.services.models.catch_up()
    with cabinet.services.models.engine().connect() as conn:
        max_id = directory.actor(conn, "max").id
        (held,) = directory.mandates(conn, of=max_id)
    cabinet.newsroom.actors.end_mandate(cabinet.dora(), "max", held.id, "2025-12-01")
    page = cabinet.open("/t/union").text
    assert "Max Muster" not in opening(page)
    assert "Max Muster opposed this" in plain(page.partition('id="differing"')[2])
    then = cabinet.open("/t/union?as_of=2025-11-01").text
    assert "Aland differed: Max Muster opposed this; Dora Example accepted this." in opening(then)


def test_what_nobody_signed_is_a_step_of_the_line_without_a_ring(paper: Paper) -> None:
    page = paper.open("/t/union").text
    aland = lane(page, "aland")
    assert 'class="riser step"' in aland
    assert "ringed" not in aland
    assert "Before: opposes" not in aland
    assert "before:" not in columns(page)
    assert "No editor has signed a change of position for any of the" in plain(page)
    paper.sign()
    page = paper.open("/t/union").text
    aland = lane(page, "aland")
    assert 'class="riser step"' not in aland
    assert 'class="turning-disc"' in aland
    assert "Before: opposes." in aland
    assert "before: opposes" in columns(page)


def test_other_conditions_are_a_change_on_the_same_step(paper: Paper) -> None:
    for name, day, more in (
        ("plain", "2025-10-01", {}),
        ("now if", "2025-11-01", {"condition": Condition(text="after a vote")}),
    ):
        paper.say(name, "cland", "supports", day, paraphrase="Wants it.", **more)
    paper.sign()
    page = paper.open("/t/union").text
    cland = lane(page, "cland")
    assert "other conditions" in plain(cland)
    assert "Conditions changed." in cland
    assert "before: supports, without this condition" in columns(page)


def test_votes_against_a_body_stand_beside_its_turns(paper: Paper) -> None:
    room = paper.newsroom
    room.actors.introduce(paper.dora(), "Board", "organisation", slug="board")
    room.topics.open(paper.dora(), "Where should it go?", "direction", slug="rate")
    how = {"topic": "rate", "attribution": "voted", "paraphrase": "Votes."}
    paper.say("decided", "board", "higher", "2025-11-01", **how)
    vote = paper.say("against", "dora", "lower", "2025-11-01", dissent="yes", **how)
    page = paper.open("/t/rate").text
    assert "1 vote against the body" in plain(page)
    told = page.partition('id="dissents"')[2].partition("</ul>")[0]
    assert f'href="/s/{vote}"' in told
    assert "Dora Example lower" in plain(told)


def test_people_are_not_said_to_differ_from_a_side_of_which_no_position_is_on_record(
    paper: Paper,
) -> None:
    room = paper.newsroom
    room.topics.open(paper.dora(), "Is it so?", "position", slug="so")
    room.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    room.actors.introduce(paper.dora(), "Max Muster", "person", slug="max")
    room.actors.mandate(paper.dora(), "max", "eland", "Spokesman")
    paper.say("voice", "max", "doubts", "2025-12-02", topic="so", on_behalf_of="eland")
    assert (
        "Speaking for a side that has no position of its own on record, Max Muster doubted this."
        in plain(paper.open("/t/so").text)
    )


def test_a_topic_opens_with_what_others_told_where_nobody_took_a_position(paper: Paper) -> None:
    paper.newsroom.topics.open(paper.dora(), "Is it so?", "position", slug="so")
    said = {"topic": "so", "paraphrase": "Says nothing of it."}
    paper.say("none", "bland", "no_position", "2025-12-02", no_position_reason="unstated", **said)
    page = plain(paper.open("/t/so").text)
    assert "Nobody who spoke took a position." in page
    assert "Each side in words" not in page
    told = {"topic": "so", "attribution": "second_hand", "reported_via": "aides"}
    paper.say("told", "aland", "supports", "2025-12-03", paraphrase="They want it.", **told)
    page = plain(paper.open("/t/so").text)
    assert "Aland has said nothing on record. According to others, last on 3 Dec 2025" in page
    assert "One more spoke without taking a position." in page
