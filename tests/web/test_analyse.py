"""Questions that gather all of the record: drawn, in rows, with the SQL and files to take along."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.web.markup import Page
from tests.web.site import plain
from timeline import parquet
from timeline.analysis.days import Day
from timeline.analysis.inquiry import QUESTIONS
from timeline.application.commands import Source
from timeline.domain.dates import parse_as_of
from timeline.domain.instants import DAY, iso_day
from web.analyse import asking, over_time
from web.analyse.drawing import Head
from web.analyse.figures import Moments

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.paper import Paper
    from tests.web.site import Site


def figure(page: str) -> str:
    """Return the markup of the picture."""
    return page.partition("<figure")[2].partition("</figure>")[0]


def test_a_page_without_choices_answers_how_far_apart_actors_stood(paper: Paper) -> None:
    page = paper.open("/analyse")
    assert page.status_code == 200
    assert "How far apart actors stood" in plain(page.text)
    assert 'aria-label="union: ' in figure(page.text).casefold()


@pytest.mark.thorough
@pytest.mark.few(2)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_a_picture_rows_and_files(demo: Site, question: str) -> None:
    page = demo.open(
        f"/analyse?question={question}&topic=cuba-embargo".replace("question=polarisation&", "")
    )
    assert page.status_code == 200
    assert "<svg" in figure(page.text)
    assert page.text.count("<tr>") > 1
    files = [link for link in Page(page.text).links() if link.startswith("/analyse.")]
    for file in files:
        assert demo.open(file).status_code == 200
    assert {re.match(r"/analyse\.(\w+)", one)[1] for one in files} == {  # type: ignore[index]
        "csv",
        "json",
        "parquet",
        "sql",
    }


def test_a_page_says_which_moment_it_is_for(paper: Paper) -> None:
    known = paper.numbers["no"]
    page = paper.read(f"/analyse?question=positions&as_of=2025-08&known_at=@{known}")
    assert "as of 31 Aug 2025" in page
    assert f"known up to event {known} of the log" in page


def test_what_was_known_then_is_counted(paper: Paper) -> None:
    known = paper.numbers["no"]
    now = paper.data("/analyse.json?question=positions&actor=aland&topic=union")
    then = paper.data(f"/analyse.json?question=positions&actor=aland&topic=union&known_at=@{known}")
    assert [one["stance"] for one in now["answers"]] == ["accepts"]
    assert [one["stance"] for one in then["answers"]] == ["opposes"]


def test_the_next_answer_has_what_was_recorded_since(paper: Paper) -> None:
    address = "/analyse.json?question=positions&actor=aland&topic=union"
    paper.open(address)
    paper.say("again", "aland", "opposes", "2025-12-10")
    assert [one["stance"] for one in paper.data(address)["answers"]] == ["opposes"]


def test_a_position_leads_to_its_proof(paper: Paper) -> None:
    page = paper.open("/analyse?question=positions&topic=union").text
    assert f"/s/{paper.numbers['yes']}" in Page(page).links()


def test_a_line_goes_on_dotted_after_the_last_words_of_its_question(paper: Paper) -> None:
    asked = "/analyse?topic=union&topic=deal&every=month&from=2025-07"
    assert "analyse-silent" not in paper.open(asked + "&to=2025-12").text
    paper.wait(days=120)
    said = {"topic": "deal", "paraphrase": "Soon.", "source": Source(outlet="Later Times")}
    paper.say("much later", "cland", "expects", "2026-03-02", **said)
    later = paper.open(asked).text
    union, *_ = re.findall(r'class="analyse-plot".*?</svg>', later, re.DOTALL)
    lines = re.findall(r'class="analyse-line( analyse-silent)?"', union)
    assert lines == [""] * (len(lines) - 3) + [" analyse-silent"] * 3
    assert "nothing said since: the last words still count" in later


def test_a_line_before_the_year_0_goes_on_dotted_after_its_last_words_too() -> None:
    days = [parse_as_of(f"-0{year}-01-01") // DAY for year in (600, 500, 400)]
    points = [over_time.Point(iso_day(day), "", 0.5, "", "") for day in days]
    moments = Moments([Day(day, day) for day in days])
    lane = over_time.line_lane(moments, (Head("Union"),), points, days[1])
    assert [line.is_silent for line in lane.lines] == [False, True]


def test_files_have_all_answers_in_their_types(paper: Paper, tmp_path: Path) -> None:
    asked = "?question=positions&topic=union"
    told = paper.data(f"/analyse.json{asked}")
    lines = list(csv.DictReader(io.StringIO(paper.open(f"/analyse.csv{asked}").text)))
    file = tmp_path / "positions.parquet"
    file.write_bytes(paper.open(f"/analyse.parquet{asked}").data)
    rows = duckdb.read_parquet(str(file)).fetchall()
    assert len(told["answers"]) == len(lines) == len(rows) > 1
    assert told["asked"] == {
        "question": "positions",
        "topics": ["union"],
        "every": "",
        "window": 12,
    }
    assert lines[0]["actor"] == told["answers"][0]["actor"]
    for line, one in zip(lines, told["answers"], strict=True):
        assert line["counted"] == ";".join(map(str, one["counted"]))


def test_the_sql_is_the_one_that_was_asked(paper: Paper) -> None:
    answer = paper.open("/analyse.sql?question=positions&topic=union")
    assert answer.mimetype == "text/plain"
    assert answer.text.startswith("with\nasked as (")
    page = paper.read("/analyse?question=positions&topic=union")
    assert "standline analyse positions --over FOLDER --topic union --known-at @" in page


def test_a_name_is_added_and_taken_out(paper: Paper) -> None:
    added = paper.open("/analyse?question=agreement&topic=&add=Bland")
    assert added.status_code == 303
    assert added.location == "/analyse?question=agreement&actor=bland"
    page = paper.open(added.location).text
    assert "/analyse?question=agreement" in Page(page).links()
    assert "Take Bland out" in page
    assert "Nobody on record is called “Xyzzy”" in paper.read("/analyse?add=Xyzzy")


def test_empty_fields_lead_to_the_one_address_of_a_view(paper: Paper) -> None:
    asked = paper.open("/analyse?topic=union&add=&every=&from=&to=&known_at=&window=12")
    assert (asked.status_code, asked.location) == (303, "/analyse?topic=union")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/analyse?question=nonsense", 422),
        ("/analyse?every=fortnight", 422),
        ("/analyse?question=agreement&window=x", 422),
        ("/analyse?from=soon", 422),
        ("/analyse?topic=nowhere", 404),
        ("/analyse?actor=nobody", 404),
    ],
)
def test_what_makes_no_sense_is_refused(paper: Paper, address: str, status: int) -> None:
    assert paper.open(address).status_code == status


def test_nothing_that_answers_is_told_with_a_way_on(paper: Paper) -> None:
    page = paper.open("/analyse?question=positions&as_of=1990")
    assert "Nothing on record answers this" in plain(page.text)
    assert "/analyse?question=positions" in Page(page.text).links()


def test_an_answer_that_takes_long_comes_by_itself(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PAGE_PATIENCE", 0)
    monkeypatch.setattr("web.analyse.page.PAGE_PATIENCE", 0)
    first = paper.open("/analyse")
    assert first.status_code == 202
    assert "ETag" not in first.headers
    assert 'hx-trigger="load delay:1s"' in first.text
    assert 'http-equiv="refresh"' in first.text
    monkeypatch.setattr("web.analyse.page.PAGE_PATIENCE", 30)
    assert "<figure" in paper.part("/analyse")


def test_what_takes_too_much_is_told_above_the_form(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.analysis.inquiry.MOST", 1)
    page = paper.open("/analyse?question=positions")
    assert page.status_code == 422
    assert "more than 1 answers" in plain(page.text)
    assert "<form" in page.text


def test_without_the_extra_the_page_says_what_to_install(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.analyse.page.is_installed", lambda: False)
    monkeypatch.setattr("web.analyse.is_installed", lambda: False)
    assert parquet.is_installed()
    page = paper.open("/analyse")
    assert page.status_code == 200
    assert "pip install 'standline[analysis]'" in page.text.replace("&#39;", "'")
    assert paper.open("/analyse.csv").status_code == 422


@pytest.mark.thorough
def test_withheld_words_are_in_no_answer(paper: Paper) -> None:
    statements = paper.newsroom.statements
    statements.retract(paper.dora(), paper.numbers["still"], "Asked for.", withhold=True)
    for question in QUESTIONS:
        for form in ("", ".json", ".csv", ".sql"):
            assert "Wants it still" not in paper.open(f"/analyse{form}?question={question}").text


def test_topics_actors_stories_and_the_footer_lead_here(paper: Paper) -> None:
    assert "/analyse?topic=union" in paper.page("/t/union").links()
    assert "/analyse?question=agreement&actor=aland" in paper.page("/a/aland").links()
    assert "/analyse?story=talks" in paper.page("/story/talks").links()
    assert "/analyse" in paper.page("/log").links()


def test_a_network_says_by_what_two_are_closest(demo: Site) -> None:
    address = "/analyse?question=networks&topic=cuba-embargo"
    match = re.search(
        r"Congruence exceeds conflict most between .+?: ([\d,]+) to ([\d,]+)\.",
        plain(demo.open(address).text),
    )
    assert match is not None
    rows = csv.DictReader(io.StringIO(demo.open(address.replace("?", ".csv?")).text))
    assert max(int(row["difference"]) for row in rows) == (
        int(match[1].replace(",", "")) - int(match[2].replace(",", ""))
    )


def test_a_network_puts_those_together_who_share_positions(demo: Site) -> None:
    page = demo.open("/analyse?question=networks&topic=cuba-embargo&topic=mercenaries").text
    assert "analyse-congruence" in figure(page)
    assert "more conflict" in plain(page)
