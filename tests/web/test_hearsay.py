"""Words that are not the actor's own: wherever a stance rests on them, it is said whose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.paper import plain
from tests.web.topic.test_replay import said_aloud

if TYPE_CHECKING:
    from tests.web.paper import Paper

VIA = "via an invented envoy"
HEARD = {"attribution": "second_hand", "reported_via": "an invented envoy"}
NAMED = f"{VIA}|via government circles"
DASHED = r'class="(?:st st\w+ st-second|mc m\w+ mc-2)'


@pytest.fixture
def heard(paper: Paper) -> Paper:
    """Return a paper that has heard of Eland: unchanged on the union, moved on the deal."""
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    for name, day in (("once", "2025-11-01"), ("again", "2025-12-01")):
        paper.say(name, "eland", "supports", day, paraphrase="Eland wants it.", **HEARD)
    for stance, day in (("expects", "2025-11-02"), ("rules out", "2025-12-02")):
        paper.say(stance, "eland", stance, day, topic="deal", paraphrase="Eland says.", **HEARD)
    return paper


@pytest.mark.parametrize(
    ("path", "dashed"),
    [
        ("/", 2),
        ("/t/union", 4),
        ("/t/union?s={again}", 5),
        ("/t/union?view=table", 4),
        ("/t/union/why/eland", 3),
        ("/a/eland", 9),
        ("/s/{again}", 3),
        ("/search?q=eland", 4),
        ("/log/diff?topic=union&clock=said&a=2025-10-01&b=2025-12-15", 2),
        ("/embed/t/union", 1),
        ("/embed/s/{again}", 2),
    ],
)
def test_every_dashed_stance_names_who_passes_it_on(heard: Paper, path: str, dashed: int) -> None:
    page = heard.open(path.format(**heard.numbers)).text
    main = page.partition("<main")[2]
    assert len(re.findall(DASHED, main)) >= dashed
    assert len(re.findall(NAMED, plain(main))) >= len(re.findall(DASHED, main))


def test_a_small_lane_and_a_card_name_who_passes_it_on(heard: Paper) -> None:
    page = heard.open("/").text
    sparks = re.findall(r'<ul class="tp-l">.*?</ul>', page, re.DOTALL)
    assert [plain(one).count(f"Eland supports second-hand, {VIA}") for one in sparks] == [0, 1]
    assert [plain(one).count(f"Eland rules out second-hand, {VIA}") for one in sparks] == [1, 0]
    card = plain(page.partition('<li class="sc')[2].partition("</li>")[0])
    told = f"before: expects, 2 Nov 2025 second-hand, {VIA} now rules out second-hand, {VIA}"
    assert told in card
    assert f"Eland now rules out, before: expects (second-hand, {VIA})" in plain(page)


def test_a_step_of_the_replay_names_it_aloud(heard: Paper) -> None:
    moved = said_aloud(heard, "/t/deal?asof=2025-12-02")
    assert f"Eland: now rules out (second-hand, {VIA}), before: expects." in moved
    recorded = said_aloud(heard, f"/t/union?clock=known&known=@{heard.numbers['once']}")
    assert recorded.endswith(f"Eland: supports (second-hand, {VIA}).")


def test_who_says_the_same_on_one_day_is_named_with_the_other(heard: Paper) -> None:
    other = {"attribution": "second_hand", "reported_via": "another envoy"}
    heard.say("twice", "eland", "supports", "2025-12-01", paraphrase="So it is.", **other)
    lane = heard.open("/t/union").text.partition('id="lane-eland"')[2]
    assert f"{VIA}, another envoy" in plain(lane.partition('class="lane-w')[0])


def test_the_search_names_it_while_one_types(heard: Paper) -> None:
    hits = plain(heard.open("/search?q=eland", HX_Request="true").text)
    assert hits.count(f", {VIA}") == 4


def test_words_ascribed_beside_a_position_are_not_said_to_be_reported(heard: Paper) -> None:
    how = {"attribution": "ascribed", "paraphrase": "Bland is against it."}
    heard.say("asc", "bland", "opposes", "2025-12-10", **how)
    lane = plain(heard.open("/t/union").text.partition('id="lane-bland"')[2])
    assert "last said 1 Dec 2025 ascribed: opposes" in lane
