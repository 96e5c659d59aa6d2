"""Words that are not the actor's own: wherever a stance rests on them, it is said whose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.paper import plain
from tests.web.topic.test_replay import said_aloud
from timeline.domain.nature import VOTE, Nature
from web.actor import changes

if TYPE_CHECKING:
    from tests.web.paper import Paper

pytestmark = pytest.mark.thorough

VIA = "via an invented envoy"
HEARD = {"attribution": "second_hand", "reported_via": "an invented envoy"}
NAMED = f"{VIA}|via government circles"
DASHED = r'class="(stance|matrix-cell) \1-\w+ \1-second-hand'


@pytest.fixture
def heard(paper: Paper) -> Paper:
    """Return a paper that has heard of Eland: unchanged on the union, moved on the deal.

    Both are voted on: elsewhere what others say of somebody holds no position.
    """
    for topic in ("union", "deal"):
        paper.newsroom.topics.classify(paper.dora(), topic, Nature(VOTE), "It is voted on.")
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    for name, day in (("once", "2025-11-01"), ("again", "2025-12-01")):
        paper.say(name, "eland", "supports", day, paraphrase="Eland wants it.", **HEARD)
    for stance, day in (("expects", "2025-11-02"), ("rules out", "2025-12-02")):
        paper.say(stance, "eland", stance, day, topic="deal", paraphrase="Eland says.", **HEARD)
    return paper


@pytest.mark.parametrize(
    ("path", "dashed"),
    [
        ("/", 1),
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


def test_a_question_and_the_change_that_is_followed_name_who_passes_it_on(heard: Paper) -> None:
    page = heard.open("/").text
    told = [plain(one) for one in re.findall(r'<li class="question[ "].*?</li>', page, re.DOTALL)]
    assert f"rules out second-hand, {VIA}" in told[0]
    followed = plain(
        page.partition('<section class="section example')[2].partition("</section>")[0]
    )
    assert f"Before said 2 Nov 2025 expects second-hand, {VIA}" in followed
    assert f"rules out second-hand, {VIA}" in followed


def test_a_step_of_the_replay_names_it_aloud(heard: Paper) -> None:
    moved = said_aloud(heard, "/t/deal?as_of=2025-12-02")
    assert f"Eland: now rules out (second-hand, {VIA}), before: expects." in moved
    recorded = said_aloud(heard, f"/t/union?clock=known&known_at=@{heard.numbers['once']}")
    assert recorded.endswith(f"Eland: supports (second-hand, {VIA}).")


def test_who_says_the_same_on_one_day_is_named_with_the_other(heard: Paper) -> None:
    other = {"attribution": "second_hand", "reported_via": "another envoy"}
    heard.say("twice", "eland", "supports", "2025-12-01", paraphrase="So it is.", **other)
    lane = heard.open("/t/union").text.partition('id="lane-eland"')[2]
    assert f"{VIA}, another envoy" in plain(lane.partition('class="lane-block')[0])


def test_the_search_names_it_while_one_types(heard: Paper) -> None:
    hits = plain(heard.open("/search?q=eland", HX_Request="true").text)
    assert hits.count(f", {VIA}") == 4


def test_words_ascribed_beside_a_position_are_not_said_to_be_reported(heard: Paper) -> None:
    how = {"attribution": "ascribed", "paraphrase": "Bland is against it."}
    heard.say("asc", "bland", "opposes", "2025-12-10", **how)
    lane = plain(heard.open("/t/union").text.partition('id="lane-bland"')[2])
    assert "last said 1 Dec 2025 ascribed: opposes" in lane


def test_the_strip_of_what_is_new_names_it_on_either_side(heard: Paper) -> None:
    heard.open("/t/deal")
    heard.say("own", "eland", "expects", "2025-12-03", topic="deal", paraphrase="It comes.")
    moved = heard.page("/t/deal").words(id="since")
    assert f"Eland changed from rules out to expects before: second-hand, {VIA}" in moved
    heard.open("/t/union")
    heard.say("turn", "eland", "opposes", "2025-12-03", paraphrase="Eland is against.", **HEARD)
    moved = heard.page("/t/union").words(id="since")
    assert f"Eland changed from supports to opposes second-hand, {VIA}" in moved
    assert "before: second-hand" not in moved


@pytest.mark.parametrize("pairs", [0, 8])
def test_what_changed_of_an_actor_names_it(
    heard: Paper, monkeypatch: pytest.MonkeyPatch, pairs: int
) -> None:
    monkeypatch.setattr(changes, "PAIRS", pairs)
    change = f"changed from expects to rules out second-hand, {VIA}"
    german = "zuvor: erwartet danach: schließt aus aus zweiter Hand, so an invented envoy"
    assert change in plain(heard.open("/a/eland").text)
    assert german in plain(heard.open("/a/eland", Accept_Language="de").text)


def test_where_those_who_speak_for_it_differ_names_it(heard: Paper) -> None:
    heard.newsroom.actors.mandate(heard.dora(), "dora", "eland", "Envoy")
    how = {"on_behalf_of": "eland", "paraphrase": "So she is quoted by others."}
    heard.say("denied", "dora", "opposes", "2025-11-20", **how, **HEARD)
    told = f"on Union: opposes (second-hand, {VIA}), the latest position is supports"
    assert f"{told} (second-hand, {VIA})" in plain(heard.open("/a/eland").text)


def test_an_entry_names_it_where_the_position_before_was_not_in_own_words(heard: Paper) -> None:
    own = heard.say("own", "eland", "opposes", "2025-12-03", paraphrase="It never wanted it.")
    entry = heard.page("/t/union").words(id=f"s{own}")
    assert f"changed from supports to opposes before: second-hand, {VIA}" in entry
    turn = heard.say("turn", "eland", "supports", "2025-12-04", paraphrase="So one hears.")
    entry = heard.page("/t/union").words(id=f"s{turn}")
    assert "changed from opposes to supports" in entry
    assert "before:" not in entry


def test_what_a_source_ascribes_is_told_as_that_on_both_sides(heard: Paper) -> None:
    heard.newsroom.actors.introduce(heard.dora(), "Fland", "state", slug="fland")
    how = {"attribution": "ascribed", "paraphrase": "Fland takes a side."}
    old = heard.say("old", "fland", "opposes", "2025-12-01", **how)
    new = heard.say("new", "fland", "supports", "2025-12-10", **how)
    pair = heard.page("/a/fland").words(class_="pair")
    assert f"Ascribed before 1 Dec 2025 opposes #{old}" in pair
    assert f"Ascribed last 10 Dec 2025 supports #{new}" in pair
    assert "Before 1 Dec" not in pair
    german = heard.page("/a/fland", Accept_Language="de").words(class_="pair")
    assert "Zuvor zugeschrieben 1. Dez. 2025" in german
    assert "Zuletzt zugeschrieben 10. Dez. 2025" in german
    record = plain(heard.open(f"/s/{new}").text.partition('class="statement-side"')[2])
    assert "Held 10 Dec 2025" in record
    assert "Said on" not in record


def test_a_comparison_names_it_where_the_earlier_position_is_not_in_own_words(heard: Paper) -> None:
    heard.say("own", "eland", "opposes", "2025-12-03", paraphrase="It never wanted it.")
    address = "/log/diff?topic=union&clock=said&a=2025-12-02&b=2025-12-15"
    told = f"Eland before: supports later: opposes before: second-hand, {VIA}"
    assert told in plain(heard.open(address).text)


def test_nobody_is_told_to_have_said_what_a_source_ascribes_to_them(heard: Paper) -> None:
    heard.newsroom.actors.introduce(heard.dora(), "Fland", "state", slug="fland")
    how = {"attribution": "ascribed", "paraphrase": "Fland is against it."}
    number = heard.say("asc", "fland", "opposes", "2025-12-10", **how)
    page = heard.open(f"/t/union?s={number}").text
    proof = Page(page).words(id="proof")
    assert f"Held: 10 Dec 2025 #{number}" in proof
    assert "ascribed by the author of the source held: 10 Dec 2025" in proof
    assert not re.search(r"\bsaid\b", proof, re.IGNORECASE)
    lane = plain(page.partition('id="lane-fland"')[2].partition('id="proof"')[0])
    assert "last held: 10 Dec 2025 ascribed" in lane
    german = heard.open(f"/s/{number}", Accept_Language="de").text
    assert "vom Verfasser der Quelle zugeschrieben Haltung: 10. Dez. 2025" in plain(german)
    own = heard.page(f"/t/union?s={heard.numbers['still']}").words(id="proof")
    assert "Said 1 Dec 2025 #" in own
    assert "reported, not quoted said 1 Dec 2025" in own


@pytest.fixture
def rumours(paper: Paper) -> Paper:
    """Return a paper in which others say where Eland stands, which never said it itself."""
    paper.newsroom.actors.introduce(paper.dora(), "Eland", "state", slug="eland")
    for stance, day in (("opposes", "2025-11-01"), ("supports", "2025-12-01")):
        paper.say(stance, "eland", stance, day, paraphrase="So one hears.", **HEARD)
    return paper


def test_who_never_spoke_has_no_position_and_others_words_beside(rumours: Paper) -> None:
    page = rumours.open("/t/union").text
    lane = plain(page.partition('id="lane-eland"')[2].partition('class="lane-block')[0])
    assert "no own words on record" in lane
    assert "according to an invented envoy: supports" in lane
    assert "Eland" not in Page(page).words(aria_labelledby="spec-h")
    assert "Eland" not in Page(page).words(class_="answer-all")
    german = rumours.open("/t/union", Accept_Language="de").text
    assert "keine eigenen Worte verzeichnet" in german
    assert "laut an invented envoy: befürwortet" in german


def test_a_line_of_the_front_page_names_others_words_where_there_are_no_own_ones(
    rumours: Paper,
) -> None:
    rumours.newsroom.topics.open(rumours.dora(), "Is it so?", "claim", slug="so", story="talks")
    rumours.say("so", "eland", "asserts", "2025-12-01", topic="so", paraphrase="Yes.", **HEARD)
    assert "Is it so? Eland: asserts (second-hand, via an invented envoy)" in plain(
        rumours.open("/").text
    )
