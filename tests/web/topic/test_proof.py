from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import plain
from timeline.application.commands import Quoted

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site


def proof(site: Site, path: str) -> Page:
    """Return the open drawer alone."""
    page = site.open(path).text
    begin = page.index('<div class="drawer')
    rest = page[begin:]
    depth = 0
    for match in re.finditer(r"<div\b|</div>", rest):
        depth += 1 if match[0] == "<div" else -1
        if depth == 0:
            return Page(rest[: match.end()])
    msg = "the drawer is not closed"
    raise AssertionError(msg)


def notes(site: Site, path: str) -> list[str]:
    """Return what the record's checks say about the open statement."""
    page = proof(site, path)
    items = [element for element in page.of_class("note") if element.tag == "li"]
    found = []
    for item in items:
        texts = [text.text for text in page.texts if item in text.around]
        found.append(" ".join(" ".join(texts).split()).replace(" ,", ","))
    return found


@pytest.fixture
def records(paper: Paper) -> dict[str, str]:
    """The address of the open proof of each statement on the union."""
    return {name: f"/t/union?s={number}" for name, number in paper.numbers.items()}


@pytest.mark.thorough
def test_every_mark_leads_to_its_proof_with_and_without_script(demo: Site) -> None:
    for topic in ("talks-progress", "security-guarantees", "mercenaries"):
        page = demo.page(f"/t/{topic}")
        marks = [
            element
            for element in page.elements
            if element.attributes.get("id", "").startswith("pt-")
        ]
        assert marks
        for mark in marks:
            number = mark["id"].rpartition("-")[2]
            assert mark["href"] == f"/s/{number}" or mark["href"].startswith(f"/t/{topic}?")
            assert [t.text for t in page.texts if mark in t.around]
        for mark in marks[:12]:
            if "hx-get" in mark.attributes:
                number = mark["id"].rpartition("-")[2]
                assert mark["hx-get"] == f"/t/{topic}?s={number}"
                opened = demo.page(mark["hx-get"])
                assert len(opened.find("div", id="proof")) == 1
                current = opened.find("a", aria_current="true")
                assert mark["id"] in [element.attributes.get("id") for element in current]


def test_it_shows_the_words_the_speaker_for_whom_and_the_source(
    paper: Paper, records: dict[str, str]
) -> None:
    page = proof(paper, records["yes"])
    words = " ".join(" ".join(text.text for text in page.texts).split())
    for told in (
        "Dora Example for Aland accepts",
        "nous ne nous opposons pas",
        "translation we do not oppose",
        "Invented Times, 16 Dec 2025",
        "2 of 3 in this lane",
    ):
        assert told in words
    assert page.words(class_="drawer-then").startswith("Before 2 Jul 2025 Dora Example opposes")
    assert "https://example.org/talks" in page.links()
    assert f"/s/{paper.numbers['yes']}" in page.links()


def test_before_is_the_latest_statement_of_the_position_that_was_left(paper: Paper) -> None:
    paper.say("again", "dora", "opposes", "2025-08-01", paraphrase="No.", on_behalf_of="aland")
    before = proof(paper, f"/t/union?s={paper.numbers['yes']}").words(class_="drawer-then")
    assert before.startswith("Before 1 Aug 2025 Dora Example opposes No.")


def test_the_first_of_a_lane_says_that_there_is_none_before(
    paper: Paper, records: dict[str, str]
) -> None:
    first = proof(paper, records["no"]).words(class_="drawer-then")
    assert first == "Before The first statement on record in this lane."


def test_one_steps_through_the_lane_from_proof_to_proof(paper: Paper) -> None:
    numbers = paper.numbers
    in_lane = [numbers["no"], numbers["yes"], numbers["circles"]]
    for place, number in enumerate(in_lane):
        page = proof(paper, f"/t/union?s={number}")
        to = {
            name: [element["href"] for element in page.find("a", id=f"proof-{name}")]
            for name in ("previous", "following")
        }
        assert to["previous"] == [f"/t/union?s={n}" for n in in_lane[place - 1 : place] if place]
        assert to["following"] == [f"/t/union?s={n}" for n in in_lane[place + 1 : place + 2]]


def test_closing_keeps_the_rest_of_the_view(paper: Paper) -> None:
    page = proof(paper, f"/t/union?actor=bland&s={paper.numbers['still']}")
    (close,) = [element for element in page.elements if "data-close" in element.attributes]
    assert close["href"] == close["hx-get"] == "/t/union?actor=bland"


def test_second_hand_words_say_via_whom_and_that_there_are_first_hand_ones(
    paper: Paper, records: dict[str, str]
) -> None:
    assert "second-hand, via government circles" in plain(paper.open(records["circles"]).text)
    numbers = paper.numbers
    no, yes = (f"#{numbers[one]}" for one in ("no", "yes"))
    first_hand = f"Dora Example, 2 Jul 2025 {no} ; Dora Example, 2 Sep 2025 {yes}"
    assert notes(paper, records["circles"]) == [
        f"Second-hand. First-hand words on this question are on record. {first_hand}"
    ]
    for name in ("no", "yes"):
        paper.newsroom.statements.retract(paper.dora(), numbers[name], "Not said.")
    assert notes(paper, records["circles"]) == [
        "Second-hand. No first-hand words on this question are on record."
    ]


def test_second_hand_words_alone_say_so(demo: Site) -> None:
    page = demo.open("/t/eu-accession").text
    number = re.findall(r'id="pt-russia-(\d+)"', page)[0]
    (second,) = [
        note for note in notes(demo, f"/t/eu-accession?s={number}") if "Second-hand" in note
    ]
    assert second == "Second-hand. No first-hand words on this question are on record."


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("paraphrase", "Says for the first time that it wants it."),
        ("paraphrase", "Will es erstmals."),
        ("translation", "It wants it for the first time"),
    ],
)
def test_a_claim_of_a_first_is_held_against_the_record(
    paper: Paper, field: str, words: str
) -> None:
    more = {"paraphrase": "Wants it."} | {field: words}
    refuted = paper.say("first", "bland", "supports", "2025-12-05", **more)
    numbers = paper.numbers
    wants, still = (f"#{numbers[one]}" for one in ("wants", "still"))
    earlier = f"Bland, 15 Aug 2025 {wants} ; Bland, 1 Dec 2025 {still}"
    before = "The same stance is on record before, 2 times, first and last:"
    assert notes(paper, f"/t/union?s={refuted}") == [f"“For the first time”? {before} {earlier}"]
    assert earlier in paper.read(f"/s/{refuted}")
    alone = paper.say("alone", "cland", "accepts", "2025-12-05", **more)
    assert notes(paper, f"/t/union?s={alone}") == [
        "“For the first time”? No earlier statement of this stance is on record."
    ]


def test_a_claim_of_a_first_meets_what_was_said_otherwise_in_between(paper: Paper) -> None:
    other = paper.say("other", "bland", "doubts", "2025-10-10", paraphrase="Has doubts.")
    first = paper.say("first", "bland", "supports", "2025-12-05", paraphrase="For the first time.")
    assert notes(paper, f"/t/union?s={first}")[1] == (
        f"Something else was said in between: Bland, 10 Oct 2025 #{other}"
    )


def test_a_proof_opens_with_the_chart_alone_and_a_filter_with_all_of_the_view(
    paper: Paper, records: dict[str, str]
) -> None:
    drawer = paper.part(records["yes"], target="chart")
    assert drawer.lstrip().startswith('<section class="chart"')
    assert 'id="proof"' in drawer
    assert 'id="days"' not in drawer
    view = paper.part(records["yes"])
    assert 'id="days"' in view
    assert drawer.strip() in view
    assert {"HX-Request", "HX-Target"} <= {*paper.open(records["yes"]).vary}


def test_a_long_quote_is_set_smaller_than_a_short_one(paper: Paper) -> None:
    for name, text, size in (
        ("short", "We want it.", "quote quote-large"),
        ("long", "We want it. " * 40, "quote"),
    ):
        quote = Quoted(text=text.strip(), lang="en", wording="original")
        number = paper.say(name, "bland", "supports", "2025-12-08", quote=quote)
        assert f'<blockquote class="{size}"' in paper.part(f"/t/union?s={number}", target="chart")


def test_retracted_words_refute_no_first(paper: Paper) -> None:
    for name in ("wants", "still"):
        paper.newsroom.statements.retract(paper.dora(), paper.numbers[name], "Not said.")
    first = paper.say("first", "bland", "supports", "2025-12-05", paraphrase="For the first time.")
    assert "No earlier statement of this stance is on" in notes(paper, f"/t/union?s={first}")[0]


def test_it_names_what_was_said_alike_before_and_on_that_day(paper: Paper) -> None:
    numbers = paper.numbers
    before = f"Same stance on record before. Bland, 15 Aug 2025 #{numbers['wants']}"
    assert notes(paper, f"/t/union?s={numbers['still']}") == [before]
    twin = paper.say("twin", "bland", "supports", "2025-12-01", paraphrase="Wants it, he said.")
    assert notes(paper, f"/t/union?s={twin}") == [
        before,
        f"Same stance on that day as well. #{numbers['still']}",
    ]


def test_corrections_stand_beside_the_words_with_their_reason(paper: Paper) -> None:
    number = paper.numbers["no"]
    paper.newsroom.statements.correct(paper.dora(), number, {"stance": "doubts"}, "Misread.")
    page = proof(paper, f"/t/union?s={number}")
    told = " ".join(" ".join(text.text for text in page.texts).split())
    assert "Corrected 16 Dec 2025" in told
    assert "tance: opposes, corrected to: doubts. Misread." in told


def test_links_are_told_from_both_ends(paper: Paper) -> None:
    numbers = paper.numbers
    room = paper.newsroom.statements
    room.link(paper.dora(), numbers["yes"], "contradicts", numbers["no"], "See both.")
    room.link(paper.dora(), numbers["yes"], "answers", numbers["likely"])
    at = f"/t/union?s={numbers['yes']}"
    assert notes(paper, at) == [
        f"Contradicts See both. Dora Example, 2 Jul 2025 #{numbers['no']}",
        f"Answers Bland, 15 Dec 2025 #{numbers['likely']}",
    ]
    assert notes(paper, f"/t/union?s={numbers['no']}") == [
        f"Contradicted by See both. Dora Example, 2 Sep 2025 #{numbers['yes']}"
    ]
    room.unlink(paper.dora(), numbers["yes"], "contradicts", numbers["no"], "Not so.")
    assert notes(paper, at) == [f"Answers Bland, 15 Dec 2025 #{numbers['likely']}"]


def test_a_retracted_statement_can_still_be_looked_at(paper: Paper) -> None:
    number = paper.numbers["wants"]
    paper.newsroom.statements.retract(paper.dora(), number, "Another Bland.")
    page = proof(paper, f"/t/union?s={number}")
    told = " ".join(" ".join(text.text for text in page.texts).split())
    assert "Retracted 16 Dec 2025" in told
    assert "Another Bland." in told
    assert page.of_class("entry-retracted")


def test_at_a_past_moment_nothing_later_stands_in_the_proof(paper: Paper) -> None:
    numbers = paper.numbers
    head = paper.services.log.head()
    paper.newsroom.statements.correct(
        paper.dora(), numbers["yes"], {"translation": "we are not against it"}, "Closer."
    )
    paper.newsroom.statements.link(paper.dora(), numbers["yes"], "contradicts", numbers["no"])
    at = f"/t/union?known_at=@{head}&s={numbers['yes']}"
    assert notes(paper, at) == []
    told = plain(paper.open(at).text)
    assert "we are not against it" not in told
    as_of = proof(paper, f"/t/union?as_of=2025-09-02&s={numbers['yes']}")
    assert "2 of 2 in this lane" in " ".join(text.text for text in as_of.texts)


@pytest.mark.parametrize("number", [1, 999_999, 2**61])
def test_what_is_no_statement_of_the_topic_opens_nothing(paper: Paper, number: int) -> None:
    answer = paper.open(f"/t/union?s={number}")
    assert answer.status_code == 200
    assert 'id="proof"' not in answer.text
    other = paper.open(f"/t/union?s={paper.numbers['likely']}")
    assert 'id="proof"' not in other.text


def test_it_opens_in_the_table_as_well_and_under_a_lane_that_is_not_drawn(paper: Paper) -> None:
    number = paper.numbers["yes"]
    for query in (f"view=table&s={number}", f"actor=bland&s={number}", f"to=2025-08-01&s={number}"):
        page = paper.page(f"/t/union?{query}")
        assert len(page.find("div", id="proof")) == 1, query


def before(paper: Paper, key: str) -> str:
    """Return what the drawer shows as said before a statement."""
    return proof(paper, f"/t/union?s={paper.numbers[key]}").words(class_="drawer-then")


def test_before_is_what_had_been_said_also_where_nothing_was_answered(paper: Paper) -> None:
    paper.say("early", "cland", "supports", "2025-05-01", paraphrase="Wants it.")
    silent = {"no_position_reason": "unstated", "paraphrase": "Does not say."}
    paper.say("asked", "cland", "no_position", "2025-06-01", **silent)
    assert before(paper, "asked").startswith("Before 1 May 2025 Cland supports Wants it.")
    assert before(paper, "if").startswith("Before 1 May 2025 Cland supports Wants it.")


def test_before_a_change_from_mixed_are_both_its_halves(paper: Paper) -> None:
    paper.say("a", "cland", "supports", "2025-05-01", paraphrase="Wants it.")
    paper.say("b", "cland", "opposes", "2025-05-01", paraphrase="Does not.")
    paper.say("a2", "cland", "supports", "2025-05-01", paraphrase="Wants it, again.")
    shown = before(paper, "if")
    assert shown.count("Before 1 May 2025 Cland") == 2
    assert "supports Wants it, again." in shown
    assert "opposes Does not." in shown


def test_of_words_of_one_day_none_came_before_unless_their_times_say_so(paper: Paper) -> None:
    paper.say("a", "cland", "supports", "2025-05-01", paraphrase="Wants it.")
    paper.say("b", "cland", "opposes", "2025-05-01", paraphrase="Does not.")
    assert before(paper, "a") == "Before The first statement on record in this lane."
    assert before(paper, "b") == "Before Nothing on record in this lane before that day."
    paper.say("t1", "cland", "supports", "2025-04-01T08:00Z", paraphrase="Wants it.")
    paper.say("t2", "cland", "opposes", "2025-04-01T09:00Z", paraphrase="Does not.")
    assert before(paper, "t2").startswith("Before 1 Apr 2025, 08:00 UTC Cland supports Wants it.")


def test_words_taken_back_by_then_did_not_hold_before(paper: Paper) -> None:
    paper.say("a", "cland", "supports", "2025-04-01", paraphrase="Wants it.")
    paper.say("b", "cland", "opposes", "2025-05-01", paraphrase="Does not.")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["b"], "Not said.")
    assert before(paper, "if").startswith("Before 1 Apr 2025 Cland supports Wants it.")


def test_a_mark_of_several_opens_the_words_of_each(paper: Paper) -> None:
    days = ("2025-12-02", "2025-12-03", "2025-12-04")
    first, second, last = (
        paper.say(day, "bland", "supports", day, paraphrase=f"Said on {day}.") for day in days
    )
    page = paper.open("/t/union").text
    start = paper.numbers["still"]
    opening = f"/t/union?s={start}&amp;through={last}"
    assert f'id="pt-bland-{start}"' in page
    assert f'hx-get="{opening}"' in page
    drawer = paper.read(f"/t/union?s={start}&through={last}").partition("4 statements of one mark")[
        2
    ]
    assert drawer.index("Wants it still.") < drawer.index("Said on 2025-12-02.")
    assert "Said on 2025-12-04." in drawer
    assert "Show these days" in drawer
    opened = paper.open(f"/t/union?s={start}&through={last}").text
    for number in (first, second, last):
        assert f'href="/t/union?s={number}"' in opened
    assert 'data-close href="/t/union"' in opened


def test_what_a_filter_hides_is_not_among_those_of_a_mark(paper: Paper) -> None:
    last = paper.say("more", "bland", "supports", "2025-12-02", paraphrase="Once more.")
    asked = f"/t/union?only=changes&s={paper.numbers['still']}&through={last}"
    assert (
        "Once more."
        not in paper.open(asked).text.partition('id="proof"')[2].partition('id="replay"')[0]
    )


def test_what_no_lane_shows_through_another_opens_alone(paper: Paper) -> None:
    number = paper.numbers["still"]
    page = paper.read(f"/t/union?s={number}&through=999999")
    assert "statements of one mark" not in page
    assert "in this lane" in page
