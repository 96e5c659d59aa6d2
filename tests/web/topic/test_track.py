"""An opened side: what was said for it, one below the other, and the way there from its lane."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import Site, plain
from timeline.application.commands import Quoted

if TYPE_CHECKING:
    from tests.web.paper import Paper

OPENING = re.compile(r'<a class="opening.*?</a>', re.DOTALL)


def openings(page: str) -> dict[str, str]:
    """Return what stands below each lane, as it is read aloud, by its slug."""
    links = [Page(one).one("a") for one in OPENING.findall(page)]
    return {element["id"].removeprefix("open-"): element["aria-label"] for element in links}


def rows(page: str) -> list[str]:
    """Return what the rows of the open track say."""
    track = page.partition('<ol class="track-rows">')[2].partition("</ol>")[0]
    return [plain(one) for one in re.findall(r'<li class="track-row.*?</li>', track, re.DOTALL)]


def test_a_lane_says_in_short_how_it_changed_and_leads_to_its_track(paper: Paper) -> None:
    paper.sign()
    page = paper.open("/t/union").text
    told = openings(page)
    assert told["aland"] == "Aland: 1 change, 2 Sep 2025, opposes – accepts"
    assert told["bland"] == "Bland: no change, last said 1 Dec 2025"
    assert "/t/union?open=aland#lane-aland" in Page(page).links()
    assert "track-open" not in page


def test_the_track_tells_words_oldest_first_with_what_they_changed(paper: Paper) -> None:
    paper.sign()
    page = paper.open("/t/union?open=aland").text
    first, second, *_, heard = rows(page)
    assert first.startswith("2 Jul 2025 Dora Example : opposes Rejects it.")
    assert second.startswith("2 Sep 2025 Dora Example : accepts before: opposes «")
    assert second.endswith("Invented Times")
    assert "supports (second-hand, via government circles), Aland" in heard
    for name in ("no", "yes", "circles", "end"):
        assert f"/s/{paper.numbers[name]}" in Page(page).links()


def test_what_happened_meanwhile_stands_between_the_words(paper: Paper) -> None:
    paper.say("late", "bland", "supports", "2025-12-15", paraphrase="Still.")
    told = rows(paper.open("/t/union?open=bland").text)
    assert [one.partition(":")[0].strip() for one in told] == [
        "15 Aug 2025 Bland",
        "108 days without words of this side",
        "1 Dec 2025",
        "14 Dec 2025",
        "15 Dec 2025",
    ]
    assert told[2] == "1 Dec 2025 : again, Bland"


def test_words_said_again_in_a_row_share_one(paper: Paper) -> None:
    for day in ("2025-12-02", "2025-12-03"):
        paper.say(day, "bland", "supports", day, paraphrase="Still.")
    told = rows(paper.open("/t/union?open=bland").text)
    assert "1 Dec 2025 , 2 Dec 2025 , 3 Dec 2025 : again, Bland" in told


def test_differing_words_of_one_day_stand_in_one_row(paper: Paper) -> None:
    paper.say("one", "cland", "supports", "2025-12-10", paraphrase="Yes.")
    paper.say("two", "cland", "opposes", "2025-12-10", paraphrase="No.")
    last = rows(paper.open("/t/union?open=cland").text)[-2]
    assert "Cland : supports Yes." in last
    assert "Cland : opposes No." in last


def test_long_silence_up_to_now_is_told(paper: Paper) -> None:
    paper.wait(200)
    assert rows(paper.open("/t/union?open=bland").text)[-1] == "nothing since, for 215 days"


def test_no_position_and_retracted_words_say_so(paper: Paper) -> None:
    told = rows(paper.open("/t/deal?open=aland").text)
    assert told[-1] == "15 Dec 2025 : no position, Example"
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["still"], "Another Bland.")
    assert "1 Dec 2025 : retracted, Bland" in rows(paper.open("/t/union?open=bland").text)


def test_withheld_words_stay_withheld(paper: Paper) -> None:
    quote = Quoted(text="nobody shall read this", lang="en", wording="original")
    number = paper.say("secret", "cland", "opposes", "2025-12-10", quote=quote)
    assert "nobody shall read this" in paper.open("/t/union?open=cland").text
    paper.newsroom.statements.retract(paper.dora(), number, "A court.", withhold=True)
    assert "nobody shall read this" not in paper.open("/t/union?open=cland").text


def test_an_earlier_moment_tells_what_had_been_said(paper: Paper) -> None:
    told = rows(paper.open("/t/union?as_of=2025-08-01&open=aland").text)
    assert [one.partition(" Dora")[0] for one in told] == ["2 Jul 2025"]


def test_the_part_for_htmx_has_the_track_and_the_way_to_close_it(paper: Paper) -> None:
    part = paper.part("/t/union?open=aland", "chart")
    assert 'id="track"' in part
    assert re.search(r'id="open-aland" href="/t/union#lane-aland" hx-get="/t/union"', part)
    assert 'aria-expanded="true"' in part


@pytest.mark.parametrize("slug", ["nobody", "dora"])
def test_a_side_without_a_lane_opens_nothing(paper: Paper, slug: str) -> None:
    answer = paper.open(f"/t/union?open={slug}")
    assert answer.status_code == 200
    assert 'id="track"' not in answer.text


def test_of_a_lane_that_is_counted_the_list_is_one_step_away(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/t/mercenaries?from=1980"
    assert f"{path}&open=brazil#lane-brazil" in demo.page(path).links()
    monkeypatch.setattr("web.lanes.chart_input.MARKS", 0)
    monkeypatch.setattr("web.lanes.reading.MARKS", 0)
    page = Site(demo.services).open(path).text
    assert 'class="bin' in page
    assert any("view=table" in link and "actor=" in link for link in Page(page).links())


def test_a_track_of_very_many_statements_begins_with_how_many_came_before(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.lanes.track.MOST", 1)
    page = paper.open("/t/union?open=bland").text
    assert "1 earlier statement" in plain(page)
    assert [row.partition(" :")[0] for row in rows(page)][:1] == ["1 Dec 2025"]


def test_sides_that_did_not_change_can_be_folded_where_there_are_many(
    paper: Paper, demo: Site
) -> None:
    assert "lanes-fold" not in paper.open("/t/union").text
    page = demo.open("/t/mercenaries").text
    still = sum("no change" in opening for opening in openings(page).values())
    assert f"Show the other {still} sides, too" in plain(page)
