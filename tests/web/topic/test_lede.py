"""What the newsroom puts first on a topic: a sentence with its by-line, and pinned changes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.web.markup import Page
from tests.web.paper import Paper, plain
from timeline.domain.naming import stable_id
from timeline.domain.topic import Topic

SENTENCE = "It began with a letter from Aland."
EDIT = "/record/topic/union"


@pytest.fixture
def printed(paper: Paper) -> Paper:
    """A paper on whose question further sides changed, as an editor signed."""
    for at, who in enumerate(("eland", "fland", "gland"), 3):
        paper.newsroom.actors.introduce(paper.dora(), who.capitalize(), "state", slug=who)
        paper.say(f"{who}-was", who, "opposes", f"2025-1{at % 3}-0{at}", paraphrase="Rejects it.")
        paper.say(who, who, "supports", f"2025-1{at % 3}-1{at}", paraphrase="Asks for it.")
    paper.sign()
    return paper


def pinned(paper: Paper, *names: str, sentence: str = SENTENCE) -> None:
    """Set the lede by its form."""
    page = paper.open(EDIT).text
    form = {
        element["name"]: element["value"] for element in Page(page).find("input", type="hidden")
    }
    pins = {f"pin_{at}": f"#{paper.numbers[name]}" for at, name in enumerate(names, 1)}
    answer = paper.post(f"{EDIT}/lead", form | pins | {"lede": sentence})
    assert (answer.status_code, answer.location) == (303, "/t/union"), plain(answer.text)


def numbered(paper: Paper, query: str = "") -> list[str]:
    """Return who moves in the turning points of the page, in order."""
    page = paper.open(f"/t/union{query}").text
    points = page.partition('id="turning-points"')[2].partition("</ol>")[0]
    return [plain(one.partition("</h3>")[0]) for one in points.split("<h3>")[1:]]


def test_the_sentence_stands_above_what_is_computed_with_who_wrote_it_and_when(
    printed: Paper,
) -> None:
    assert "newsroom" not in printed.page("/t/union").words(class_="newsroom")
    pinned(printed)
    text = printed.open("/t/union").text
    said = Page(text).words(class_="newsroom")
    assert said == f"In the newsroom’s words {SENTENCE} editor, 16 Dec 2025"
    assert text.index(SENTENCE) < text.index('class="answer-all"')


def test_pinned_turning_points_come_first_in_their_order_marked_and_count_among_five(
    printed: Paper,
) -> None:
    computed = numbered(printed)
    pinned(printed, "fland", "gland", sentence="")
    after = numbered(printed)
    assert [one.split()[0] for one in after[:2]] == ["Fland", "Gland"]
    assert sorted(after) == sorted(computed)
    page = printed.open("/t/union").text
    assert page.count("chosen by the newsroom") == 2
    assert "What the newsroom chose stands first, all else in a published order" in page
    assert page.index("chosen by the newsroom") < page.index(after[0])
    assert 'class="newsroom"' not in page


def test_a_change_that_nobody_signed_is_not_pinned_and_the_form_says_so(printed: Paper) -> None:
    head = printed.services.log.head()
    page = printed.open(EDIT).text
    form = {
        element["name"]: element["value"] for element in Page(page).find("input", type="hidden")
    }
    sent = form | {"pin_1": f"#{printed.numbers['wants']}"}
    answer = printed.post(f"{EDIT}/lead", sent)
    assert answer.status_code == 422
    assert "is not the later end of a signed change on this topic" in plain(answer.text)
    assert printed.services.log.head() == head


@pytest.mark.parametrize("withhold", [False, True])
def test_a_pin_falls_away_with_what_it_points_to_and_the_form_names_it(
    printed: Paper, *, withhold: bool
) -> None:
    pinned(printed, "fland", "gland")
    number = printed.numbers["fland"]
    printed.newsroom.statements.retract(printed.dora(), number, "Misheard.", withhold=withhold)
    assert numbered(printed)[0].startswith("Gland")
    form = printed.open(EDIT).text
    assert f"Pinned once, and no longer a signed change: #{number}" in plain(form)
    pinned(printed, "gland")
    assert "Pinned once" not in printed.open(EDIT).text


def test_earlier_moments_show_what_the_newsroom_said_then(printed: Paper) -> None:
    before = printed.services.log.head()
    was = numbered(printed)
    pinned(printed, "fland")
    first = printed.services.log.head()
    pinned(printed, sentence="It began otherwise.")
    assert SENTENCE not in printed.read(f"/t/union?known_at=@{before}")
    assert SENTENCE in printed.read(f"/t/union?known_at=@{first}")
    assert numbered(printed, f"?known_at=@{before}") == was
    assert "It began otherwise." in printed.read("/t/union")
    assert "It began otherwise." not in printed.read("/t/union?as_of=2025-12-14")


def asked(paper: Paper, path: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(paper.open(path).text)


@pytest.mark.parametrize("path", ["/t/union.json", "/index.json", "/api/v1/topics"])
def test_readers_of_data_get_what_readers_of_pages_get(printed: Paper, path: str) -> None:
    def lede() -> Any:  # noqa: ANN401 - JSON
        found = asked(printed, path)
        topics = found.get("topics") or found.get("items") or [found["topic"]]
        return next(topic["lede"] for topic in topics if topic["slug"] == "union")

    assert lede() is None
    pinned(printed, "gland", "fland")
    german = {f"lede:{SENTENCE}": "Es begann mit einem Brief."}
    position = printed.services.log.head()
    printed.newsroom.topics.translate(printed.dora(), "union", "de", german)
    printed.services.models.catch_up()
    found = lede()
    assert found.pop("recorded_at").startswith("2025-12-16T")
    assert found == {
        "position": position,
        "recorded_by": "editor",
        "sentence": SENTENCE,
        "translations": {"de": "Es begann mit einem Brief."},
        "pinned": [printed.numbers["gland"], printed.numbers["fland"]],
    }


def test_data_of_earlier_moments_have_what_the_newsroom_said_then(printed: Paper) -> None:
    pinned(printed, "fland")
    first = printed.services.log.head()
    pinned(printed, "gland", sentence="It began otherwise.")
    printed.newsroom.statements.retract(printed.dora(), printed.numbers["gland"], "Misheard.")
    printed.services.models.catch_up()
    numbers = {name: printed.numbers[name] for name in ("fland", "gland")}

    def told(query: str) -> list[tuple[str, list[int]]]:
        found = asked(printed, f"/api/v1/topics/union/ledes{query}")["items"]
        shown = asked(printed, f"/t/union.json{query}")["topic"]["lede"]
        last = found[-1]
        assert shown == (last if last["sentence"] or last["pinned"] else None)
        return [(one["sentence"], one["pinned"]) for one in found]

    assert told("") == [(SENTENCE, [numbers["fland"]]), ("It began otherwise.", [])]
    assert told(f"?known_at=@{first}") == [(SENTENCE, [numbers["fland"]])]
    assert told("?as_of=2025-12-14") == [("", [numbers["fland"]]), ("", [])]
    assert told("?as_of=2025-10-01") == [("", []), ("", [])]


def test_nothing_in_the_form_takes_it_back(printed: Paper) -> None:
    was = numbered(printed)
    pinned(printed, "fland")
    pinned(printed, sentence="")
    assert numbered(printed) == was
    assert 'class="newsroom"' not in printed.open("/t/union").text
    pinned(printed, sentence="")
    types = [event.TOPIC for _, event in printed.services.log.stream()]
    assert types.count("topic.lede_set") == 2


def test_a_german_reader_meets_it_in_german_where_somebody_put_it_so(printed: Paper) -> None:
    pinned(printed)
    asked = {"Accept-Language": "de"}
    assert f'lang="en">{SENTENCE}' in printed.open("/t/union", **asked).text
    german = {f"lede:{SENTENCE}": "Es begann mit einem Brief."}
    printed.newsroom.topics.translate(printed.dora(), "union", "de", german)
    printed.services.models.catch_up()
    page = printed.open("/t/union", **asked).text
    assert ">Es begann mit einem Brief.</p>" in page
    assert "In den Worten der Redaktion" in page


def test_an_erasure_takes_the_sentence_and_its_translation_and_leaves_the_pins(
    printed: Paper,
) -> None:
    pinned(printed, "fland")
    printed.newsroom.topics.redact(printed.dora(), "union", "Art. 17 GDPR")
    printed.services.models.catch_up()
    for path in ("/t/union", "/log", EDIT):
        assert SENTENCE not in printed.read(path)
    assert numbered(printed)[0].startswith("Fland")
    topic = printed.services.log.load(Topic, stable_id("topic", "union"))
    assert topic is not None
    assert topic.lede.sentence == ""


def test_editors_find_the_way_to_the_form(printed: Paper) -> None:
    assert f'href="{EDIT}"' in printed.open("/t/union").text
    assert 'id="h-lead"' in printed.open(EDIT).text


def test_every_name_among_where_they_stand_leads_to_its_lane(printed: Paper) -> None:
    page = printed.page("/t/union")
    links = [
        element["href"]
        for element in page.find("a")
        if any(around.has(aria_labelledby="spec-h") for around in element.around)
    ]
    lands = ("aland", "bland", "cland", "eland", "fland", "gland")
    assert sorted(links) == [f"#lane-{slug}" for slug in lands]


def test_a_turning_point_leads_to_both_statements_and_their_sources(printed: Paper) -> None:
    page = printed.page("/t/union")
    (first, *_) = (element["href"] for element in page.find("a") if element.around[-1].tag == "h3")
    assert re.fullmatch(r"/s/\d+\.\.\d+", first)
    both = printed.open(first)
    assert both.status_code == 200
    assert [f"/s/{one}" in Page(both.text).links() for one in first[3:].split("..")] == [True] * 2


def test_the_log_names_it(printed: Paper) -> None:
    pinned(printed)
    assert "Opening of a topic written" in printed.read("/log")
