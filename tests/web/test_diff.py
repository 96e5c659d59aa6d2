from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import Site, plain
from tests.web.topic.test_filters import standing
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from tests.web.paper import Paper

LISTS = ("New words, new position", "Altered by later records", "Same position, said again")


def lists(page: str) -> list[list[str]]:
    """Return the lines of the three lists."""
    found = []
    for title in LISTS:
        section = page.partition(f"<h2>{title} ")[2].partition("</section>")[0]
        lines = re.findall(r"<li(?: class=\"neutral\")?>(.*?)</li>", section, re.DOTALL)
        found.append([plain(line) for line in lines])
    return found


def sides(page: str) -> list[str]:
    """Return what stands above each of the two charts."""
    return [plain(one) for one in re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)]


def test_what_was_said_between_two_days_moves_or_restates(paper: Paper) -> None:
    page = paper.open("/log/diff?topic=union&clock=said&a=2025-08-15&b=2025-12-01").text
    n = paper.numbers
    assert lists(page) == [
        [
            f"Aland before: opposes later: accepts said 2 Sep 2025 #{n['yes']}",
            f"Cland undecided said Sep 2025 #{n['if']}",
        ],
        [],
        [f"Bland supports said 1 Dec 2025 #{n['still']}"],
    ]
    assert sides(page) == ["15 Aug 2025 2 statements", "1 Dec 2025 5 statements"]


def opening(page: Page) -> str:
    return page.words(class_="difference-opening")


def test_it_opens_with_who_stood_elsewhere_and_where_before(paper: Paper) -> None:
    path = "/log/diff?topic=union&clock=said&a=2025-08-15&b=2025-12-01"
    assert opening(paper.page(path)) == (
        "On 1 Dec 2025, compared with 15 Aug 2025, Aland accepted this (before: opposes). Newly on"
        " record: Cland was undecided, with a condition. Bland said the same again."
    )
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    assert opening(paper.page("/log/diff?topic=union&clock=said&a=2025-08-15&lang=de")) == (
        "Im Vergleich mit dem 15. Aug. 2025 hatten zwei eine andere Position: Aland nahm es hin"
        " (zuvor: lehnt ab); Bland war dagegen (zuvor: befürwortet). Neu verzeichnet: Cland war"
        " unentschieden, mit einer Bedingung."
    )


def test_of_the_log_it_opens_with_what_was_recorded(paper: Paper) -> None:
    before = paper.services.log.head()
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["still"], "Another Bland.")
    assert opening(paper.page(f"/log/diff?topic=union&a=@{before}")) == (
        f"Compared with the log up to event {before}, altered by later records: Bland."
    )


def test_it_claims_nothing_of_what_lies_between_the_moments(paper: Paper) -> None:
    paper.say("turn", "bland", "opposes", "2025-12-05", paraphrase="Never, after all.")
    paper.say("back", "bland", "supports", "2025-12-10", paraphrase="Wants it still.")
    assert opening(paper.page("/log/diff?topic=union&clock=said&a=2025-12-01")) == (
        "Compared with 1 Dec 2025, Bland said the same again."
    )


def test_amendments_and_late_finds_make_the_past_look_different(paper: Paper) -> None:
    n, room = paper.numbers, paper.newsroom.statements
    before = paper.services.log.head()
    room.correct(paper.dora(), n["no"], {"stance": "doubts"}, "Misread.")
    room.retract(paper.dora(), n["still"], "Another Bland.")
    late = paper.say("late", "cland", "opposes", "2025-07-20", paraphrase="In an archive.")
    page = paper.open(f"/log/diff?topic=union&a=@{before}").text
    assert lists(page) == [
        [],
        [
            f"Aland accepts corrected said 2 Jul 2025 #{n['no']}",
            f"Bland supports retracted said 1 Dec 2025 #{n['still']}",
            f"Cland undecided found later said 20 Jul 2025 #{late}",
        ],
        [],
    ]


def test_a_statement_that_turns_out_to_take_a_position_changes_the_past(paper: Paper) -> None:
    before = paper.services.log.head()
    silent = paper.numbers["silent"]
    taken = {"stance": "expects"}
    paper.newsroom.statements.correct(paper.dora(), silent, taken, "There was an answer.")
    page = paper.open(f"/log/diff?topic=deal&a=@{before}").text
    assert lists(page) == [[], [f"Aland expects corrected said 15 Dec 2025 #{silent}"], []]


@pytest.mark.parametrize(("a", "b"), [("2015-06-01", "2016-12-01"), ("2000", "2019-12-31")])
def test_where_too_much_was_said_to_be_compared_the_same_lanes_move(
    demo: Site, monkeypatch: pytest.MonkeyPatch, a: str, b: str
) -> None:
    path = f"/log/diff?topic=cuba-embargo&clock=said&a={a}&b={b}"
    read = demo.open(path).text
    monkeypatch.setattr(sys.modules["web.log.diff"], "MOST_COMPARED", 0)
    counted = Site(demo.services).open(path).text
    assert lists(counted)[:2] == lists(read)[:2]
    assert [one.split(" #")[0] for one in lists(counted)[2]] == [
        one.split(" #")[0] for one in lists(read)[2]
    ]
    assert [_stances(side) for side in counted.split("<figure")[1:3]] == [
        _stances(side) for side in read.split("<figure")[1:3]
    ]


def test_the_past_of_a_lane_in_short_changes_where_other_words_hold_its_position(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["web.log.diff"], "MOST_COMPARED", 0)
    before = paper.services.log.head()
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["yes"], "Not said.")
    turn = paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    page = paper.open(f"/log/diff?topic=union&a=@{before}").text
    assert lists(page)[0] == [f"Bland before: supports later: opposes said 10 Dec 2025 #{turn}"]
    assert [one.split(" ")[0] for one in lists(page)[1]] == ["Aland"]


def test_new_words_are_told_from_words_found_late(paper: Paper) -> None:
    before = paper.services.log.head()
    turn = paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    again = paper.say("again", "cland", "conditional", "2025-12-11", paraphrase="As before.")
    page = paper.open(f"/log/diff?topic=union&a=@{before}").text
    assert lists(page) == [
        [f"Bland before: supports later: opposes said 10 Dec 2025 #{turn}"],
        [],
        [f"Cland undecided said 11 Dec 2025 #{again}"],
    ]


def test_a_moment_compared_with_itself_differs_in_nothing(paper: Paper) -> None:
    for query in ("", "&a=@12&b=@12", "&clock=said&a=2025-09-01&b=2025-09-01"):
        page = paper.open(f"/log/diff?topic=union{query}").text
        assert lists(page) == [[], [], []]
        assert len(set(sides(page))) == 1


def test_from_the_past_of_either_clock_or_both_one_compares_with_now(paper: Paper) -> None:
    n = paper.numbers
    for moment in (
        "as_of=2025-08-15",
        f"known_at=@{n['wants']}",
        "known_at=2025-12-16T15:47:00Z",
        f"as_of=2025-08-15&known_at=@{n['circles']}",
    ):
        then = paper.open(f"/t/union?{moment}").text
        (link,) = [one for one in Page(then).links() if one.startswith("/log/diff")]
        page = paper.open(link).text
        left, right = page.split("<figure")[1:3]
        assert _stances(left) == _stances(then), moment
        assert _stances(right) == _stances(paper.open("/t/union").text)
        assert sides(page)[1].startswith("now")
        assert not sides(page)[0].startswith("now")
    assert link == f"/log/diff?topic=union&a=2025-08-15@{n['circles']}"


def _stances(page: str) -> dict[str, str]:
    """Return the word of each lane's standing position; a replay keeps the place of silent ones."""
    inside = page.replace('id="a-lane-', 'id="lane-').replace('id="b-lane-', 'id="lane-')
    found = (one.partition(": ") for one in standing(inside))
    words = {slug: now.split(" ")[0] for slug, _, now in found}
    return {slug: word for slug, word in words.items() if word != "nothing"}


def test_both_moments_are_drawn_on_one_scale(paper: Paper) -> None:
    page = paper.open("/log/diff?topic=union&clock=said&a=2025-08-15").text
    left, right = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    ticks = [
        re.findall(r'<line class="grid-tick[^"]*" x1="([\d.]+)%"', side) for side in (left, right)
    ]
    assert ticks[0] == ticks[1] != []


def test_whoever_has_a_lane_on_one_side_has_one_on_the_other(paper: Paper) -> None:
    page = paper.open("/log/diff?topic=union&clock=said&a=2025-07-02").text
    then, now = (
        standing(page.replace(f'id="{side}-lane-', 'id="lane-').partition(f'"{side}-after')[0])
        for side in "ab"
    )
    assert then[0].startswith("aland: opposes")
    assert then[1:] == ["bland: nothing said by then", "cland: nothing said by then"]
    assert [one.partition(":")[0] for one in now] == ["aland", "bland", "cland"]


def test_what_differs_is_told_first_and_its_lanes_lead_both_charts(paper: Paper) -> None:
    turn = paper.say("turn", "cland", "opposes", "2025-12-10", paraphrase="Never, after all.")
    page = paper.open(f"/log/diff?topic=union&a=@{turn - 1}").text
    assert page.index(f"<h2>{LISTS[0]}") < page.index("<figure")
    lanes = [re.findall(r'id="[ab]-lane-(\w+)"', side) for side in page.split("<figure")[1:3]]
    assert lanes == [["cland", "aland", "bland"]] * 2
    same = paper.open("/log/diff?topic=union").text
    assert same.index("Choose an earlier moment") < same.index("<figure")


def test_of_many_that_differ_the_rest_is_one_click_away(demo: Site) -> None:
    page = demo.open("/log/diff?topic=cuba-embargo&clock=said&a=2015-01-01").text
    told = page.partition(f"<h2>{LISTS[2]} ")[2].partition("</section>")[0]
    count = int(re.search(r"(\d+)</span>", told)[1])  # type: ignore[index]
    shown, _, rest = told.partition("<details>")
    assert shown.count("<li") < count == told.count("<li")
    assert f"and {rest.count('<li')} more" in rest


def test_the_form_offers_every_topic_and_keeps_what_was_asked(paper: Paper) -> None:
    page = paper.page("/log/diff?topic=deal&clock=said&a=2025-12-14")
    assert page.one("input", name="a")["value"] == "2025-12-14"
    assert page.one("input", name="clock", value="said").has(checked="")
    options = [
        element
        for element in page.find("option")
        if "union" in element["value"] or "deal" in element["value"]
    ]
    assert [element["value"] for element in options] == ["union", "deal"]
    assert options[1].has(selected="")


def test_what_cannot_be_read_is_refused_in_words(paper: Paper) -> None:
    for query in ("clock=third", "a=@x", "clock=said&b=someday", "a=2025-13@12"):
        assert paper.open(f"/log/diff?topic=union&{query}").status_code == 422, query
    assert paper.open("/log/diff?topic=nowhere").status_code == 404


def test_on_an_empty_record_there_is_nothing_to_compare(sqlite_url: str) -> None:
    services = open_store(sqlite_url)
    site = Site(services)
    assert "There is nothing to compare yet." in site.read("/log/diff")
    services.close()


def test_where_nothing_differs_it_says_what_to_try_next(paper: Paper) -> None:
    now = paper.read("/log/diff?topic=union")
    assert "Choose an earlier moment. Both moments are now." in now
    n = paper.numbers["still"]
    same = paper.read(f"/log/diff?topic=union&a=@{n}&b=@{n}")
    assert "Give an earlier moment under “Then”, take the other clock" in same
    assert "Nothing differs" not in paper.read("/log/diff?topic=union&clock=said&a=2025-08-15")
    german = paper.read("/log/diff?topic=union", Accept_Language="de")
    assert "Geben Sie unter „Damals“ einen früheren an" in german


def test_both_charts_show_what_led_to_the_earlier_moment(paper: Paper) -> None:
    paper.say("early", "aland", "opposes", "2024-06-03", paraphrase="Not this year.")
    page = paper.open("/log/diff?topic=union&clock=said&a=2024-06-30").text
    for side in ("a", "b"):
        lane = page.partition(f'id="{side}-lane-aland"')[2].partition('class="lane-block')[0]
        assert "<title>3 Jun 2024" in lane


def test_a_german_reader_compares_in_german(paper: Paper) -> None:
    paper.newsroom.actors.translate(paper.dora(), "aland", "de", {"actor_name": "Aaland"})
    paper.services.models.catch_up()
    page = paper.open("/log/diff?topic=union&clock=said&a=2025-08-15&lang=de").text
    listed = plain(page.partition('class="difference-lists"')[2].partition("</section>")[0])
    assert "Neue Worte, neue Position" in listed
    assert "Aaland" in listed
