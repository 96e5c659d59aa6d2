from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.topic.test_filters import marks, standing
from tests.web.topic.test_page import lanes

if TYPE_CHECKING:
    from tests.web.paper import Paper


@pytest.fixture
def talkative(paper: Paper) -> Paper:
    """Aland speaks through its President, through its Minister and for itself."""
    room = paper.newsroom.actors
    room.introduce(paper.dora(), "Max Muster", "person", slug="max")
    room.mandate(paper.dora(), "max", "aland", "Minister")
    for_aland = {"on_behalf_of": "aland"}
    paper.say("max", "max", "doubts", "2025-10-10", paraphrase="Not sure.", **for_aland)
    paper.say("self", "aland", "accepts", "2025-11-10", paraphrase="It could be.")
    paper.say("own", "max", "opposes", "2025-11-20", paraphrase="I would not.")
    return paper


def labels(page: str) -> dict[str, tuple[str, str]]:
    """Return the line below each lane's name and where it leads."""
    found = re.findall(
        r'id="lane-([\w-]+)".*?<div class="lane-label"[^>]*>.*?</a>(.*?)</div>', page, re.DOTALL
    )
    below = {slug: Page(rest.strip()) for slug, rest in found}
    return {
        slug: (" ".join(t.text for t in one.texts).strip(), "".join(one.links()))
        for slug, one in below.items()
    }


def test_everybody_who_speaks_for_an_actor_is_named_in_its_one_lane(talkative: Paper) -> None:
    page = talkative.open("/t/union").text
    assert sorted(lanes(page)) == ["aland", "bland", "cland", "max"]
    text, link = labels(page)["aland"]
    assert text == "Example, Muster"
    assert link == "/t/union?expand=aland#lane-aland"
    assert labels(page)["bland"] == ("", "")


def test_the_head_and_the_data_count_actors_not_those_who_only_speak_for_them(
    talkative: Paper,
) -> None:
    page = talkative.page("/t/union")
    assert page.words(class_="facts topic-facts").startswith("4 actors ")
    assert talkative.data("/t/union.json")["topic"]["actors"] == 4
    before = talkative.page("/t/union?as_of=2025-11-19")
    assert before.words(class_="facts topic-facts").startswith("3 actors ")


def test_expanded_each_speaker_has_a_lane_and_the_actor_one_of_its_own_words(
    talkative: Paper,
) -> None:
    page = talkative.open("/t/union?expand=aland").text
    assert sorted(lanes(page)) == ["aland", "bland", "cland", "dora", "max"]
    numbers = talkative.numbers
    by_lane = {
        slug: sorted(int(number) for number in re.findall(rf'id="pt-{slug}-(\d+)"', page))
        for slug in lanes(page)
    }
    assert by_lane["dora"] == [numbers["no"], numbers["yes"]]
    assert by_lane["max"] == [numbers["max"], numbers["own"]]
    assert by_lane["aland"] == [numbers["circles"], numbers["self"]]
    below = labels(page)
    assert below["dora"][0] == below["max"][0] == "for Aland"
    assert below["aland"][0] == "own words"
    assert {below[slug][1] for slug in ("dora", "max", "aland")} == {
        "/t/union#lane-dora",
        "/t/union#lane-max",
        "/t/union#lane-aland",
    }


def test_a_split_lane_moves_no_standing_position(talkative: Paper) -> None:
    whole, split = (talkative.open(f"/t/union{query}").text for query in ("", "?expand=aland"))
    assert Page(whole).words(aria_labelledby="spec-h") == Page(split).words(
        aria_labelledby="spec-h"
    )
    lane = next(one for one in standing(split) if one.startswith("aland:"))
    assert "?" not in lane
    assert "why/aland" not in split.partition('id="in-words"')[0]
    assert "dora: accepts ? last said 2 Sep 2025" in standing(split)


def test_no_mark_is_lost_and_none_is_drawn_twice(talkative: Paper) -> None:
    whole, split = (talkative.open(f"/t/union{query}").text for query in ("", "?expand=aland"))
    assert sorted(set(marks(split))) == sorted(set(marks(whole)))
    assert len(marks(split)) == len(set(marks(split)))


def test_speakers_stand_on_the_side_of_whom_they_speak_for(talkative: Paper) -> None:
    talkative.newsroom.stories.arrange_sides(
        talkative.dora(), "talks", [("Neighbours", ["bland"]), ("The country", ["aland"])]
    )
    page = talkative.open("/t/union?expand=aland").text
    assert lanes(page)[0] == "bland"
    assert set(lanes(page)[1:4]) == {"aland", "dora", "max"}
    country = page.partition("<span>The country</span>")[2]
    assert lanes(country)[:3] == lanes(page)[1:4]


def test_speakers_of_one_actor_stand_together(talkative: Paper) -> None:
    order = lanes(talkative.open("/t/union?expand=aland").text)
    places = sorted(order.index(slug) for slug in ("aland", "dora", "max"))
    assert places[-1] - places[0] == 2


def test_the_proof_opens_in_the_lane_of_its_speaker(talkative: Paper) -> None:
    number = talkative.numbers["yes"]
    split = talkative.open(f"/t/union?expand=aland&s={number}").text
    dora = split.partition('id="lane-dora"')[2].partition('class="lane-block')[0]
    assert 'id="proof"' in dora
    whole = talkative.open(f"/t/union?s={number}").text
    aland = whole.partition('id="lane-aland"')[2].partition('class="lane-block')[0]
    assert 'id="proof"' in aland


def test_an_actor_who_speaks_for_itself_alone_is_not_split(paper: Paper) -> None:
    assert lanes(paper.open("/t/union?expand=bland").text) == lanes(paper.open("/t/union").text)
    assert paper.open("/t/union?expand=nobody").status_code == 404


def test_an_actor_without_words_of_its_own_leaves_its_place_to_its_speakers(paper: Paper) -> None:
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["circles"], "Not said.")
    page = paper.open("/t/deal?expand=aland").text
    assert sorted(lanes(page)) == ["bland", "dora"]
    before = paper.open("/t/union?expand=aland&as_of=2025-08-01").text
    assert "dora: opposes" in "; ".join(standing(before))
    assert "aland: nothing said by then" in standing(before)


def test_all_is_kept_when_one_of_several_is_joined_again(talkative: Paper) -> None:
    room = talkative.newsroom.actors
    room.mandate(talkative.dora(), "max", "bland", "Envoy")
    talkative.say(
        "envoy", "max", "supports", "2025-12-05", paraphrase="Gladly.", on_behalf_of="bland"
    )
    page = talkative.open("/t/union?sort=name&expand=aland&expand=bland").text
    assert labels(page)["bland"][1] == "/t/union?sort=name&expand=aland#lane-bland"
    assert sorted(lanes(page)) == ["aland", "bland", "cland", "dora", "max"]


def below(page: str) -> list[str]:
    """Return whose lanes hang below another."""
    return re.findall(r'id="lane-([\w-]+)">\s*<div class="row lane lane-below', page)


def test_somebody_all_of_whose_words_were_for_a_side_has_no_lane_beside_it(
    talkative: Paper,
) -> None:
    page = talkative.open("/t/union").text
    assert "dora" not in lanes(page)
    assert "Example" in labels(page)["aland"][0]


def test_words_of_ones_own_stand_below_the_side_that_one_also_speaks_for(talkative: Paper) -> None:
    page = talkative.open("/t/union").text
    assert below(page) == ["max"]
    order = lanes(page)
    assert order.index("max") == order.index("aland") + 1
    assert labels(page)["max"] == ("own words, and for Aland", "")


def test_before_an_office_words_are_ones_own_alone(talkative: Paper) -> None:
    room = talkative.newsroom.actors
    room.introduce(talkative.dora(), "Nora Neu", "person", slug="nora")
    talkative.say("nora", "nora", "doubts", "2025-12-02", paraphrase="I doubt it.")
    page = talkative.open("/t/union").text
    assert below(page) == ["max"]
    room.mandate(talkative.dora(), "nora", "bland", "Minister", since="2025-12-10")
    page = talkative.open("/t/union").text
    assert sorted(below(page)) == ["max", "nora"]
    assert lanes(page).index("nora") == lanes(page).index("bland") + 1
    assert labels(page)["nora"][0] == "own words"


def test_without_an_office_one_stands_below_the_side_that_names_one(talkative: Paper) -> None:
    room, clerk = talkative.newsroom, talkative.dora
    room.actors.introduce(clerk(), "Nora Neu", "person", slug="nora")
    talkative.say("nora", "nora", "doubts", "2025-12-02", paraphrase="I doubt it.")
    room.stories.arrange_sides(clerk(), "talks", [("Neighbours", ["bland", "nora"])])
    assert "nora" in below(talkative.open("/t/union").text)
    assert "nora" not in below(talkative.open("/t/union?actor=nora").text)
    assert below(talkative.open("/t/union?sort=name").text) == []


def test_at_a_past_moment_they_keep_their_places(talkative: Paper) -> None:
    assert below(talkative.open("/t/union?as_of=2025-07-10").text) == ["max"]
