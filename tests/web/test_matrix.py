"""The matrix: actors against moments, or questions against actors, each cell with its proof."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tests.web.markup import Page
from tests.web.site import plain
from web.compare import tables

if TYPE_CHECKING:
    import pytest

    from tests.web.paper import Paper
    from tests.web.site import Site

UNION = "/matrix?topic=union&at=2025-08&at=2025-12"


def columns(page: str) -> list[str]:
    """Return the headings of the first table."""
    head = page.partition("<thead")[2].partition("</thead>")[0]
    return [plain("<th " + one) for one in head.split("<th ")[1:]]


def row(page: str, name: str) -> list[str]:
    """Return the text of the cells in the row that begins with a name."""
    rows = page.partition("<tbody")[2].partition("</tbody>")[0].split("<tr ")[1:]
    for one in rows:
        head, *cells = one.split("<td ")
        if f">{name}</a>" in head:
            return [plain("<td " + cell) for cell in cells]
    raise AssertionError(name)


def test_a_question_has_a_row_for_each_actor_and_a_column_for_each_moment(paper: Paper) -> None:
    page = paper.open(UNION).text
    assert columns(page)[1:] == ["Aug 2025", "Dec 2025"]
    before, after = row(page, "Aland")
    assert before.startswith("Aug 2025 opposes")
    assert after.startswith("Dec 2025 accepts before: opposes 2 Sep 2025")
    assert f"/s/{paper.numbers['yes']}" in Page(page).links()


def test_the_page_says_how_many_positions_changed_in_between(paper: Paper) -> None:
    both = "Aug 2025 and Dec 2025 compared: of 2 with a position at both, 1 changed."
    assert both in paper.read(UNION)


def test_an_actor_has_a_row_for_each_question(paper: Paper) -> None:
    page = paper.open("/matrix?actor=bland&at=2025-12").text
    assert "<h1>Bland</h1>" in page
    assert columns(page)[0] == "Question"
    assert len(row(page, "Should Aland join the union?")) == 1


def test_a_story_has_a_table_for_each_moment(paper: Paper) -> None:
    page = paper.open("/matrix?story=talks&at=2025-08&at=2025-12").text
    assert page.count("<table") == 2
    assert columns(page)[0] == "Question"
    assert 'class="matrix-title">Aug 2025</h2>' in page


def test_dates_may_be_typed_into_one_field(paper: Paper) -> None:
    answer = paper.open("/matrix?topic=union&add=&at=2025-08%2C+2025-12&known_at=")
    assert answer.status_code == 303
    assert answer.location == UNION


def test_what_is_no_date_and_no_period_is_refused(paper: Paper) -> None:
    assert paper.open("/matrix?topic=union&at=soon").status_code == 422
    answer = paper.open("/matrix?topic=union&every=fortnight")
    assert answer.status_code == 422
    assert "se one of: month, quarter, year" in plain(answer.text)


def test_nobody_chosen_is_an_invitation(paper: Paper) -> None:
    page = paper.open("/matrix").text
    assert "Choose a question, a story or an actor" in page
    assert "<table" not in page
    assert "/matrix?story=talks" in Page(page).links()


def test_what_was_known_then_is_shown(paper: Paper) -> None:
    known = paper.numbers["no"]
    page = paper.open(f"/matrix?actor=aland&topic=union&at=2025-12&known_at=@{known}").text
    assert row(page, "Aland")[0].startswith("Dec 2025 opposes")


def test_more_moments_than_a_page_has_room_for_are_left_to_the_files(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "COLUMNS", 5)
    page = demo.open("/matrix?topic=cuba-embargo&every=year")
    assert len(columns(page.text)) == 1 + 5
    assert "earlier moments are left out here" in plain(page.text)
    lines = demo.open("/matrix.csv?topic=cuba-embargo&every=year&layout=wide").text.splitlines()
    assert len(lines[0].split(",")) > 20


def test_the_csv_has_a_line_for_each_cell_and_numbers_for_stances(paper: Paper) -> None:
    answer = paper.open("/matrix.csv?actor=aland&topic=union&at=2025-08&at=2025-12")
    assert answer.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(line["as_of"], line["stance"], line["value"]) for line in lines] == [
        ("2025-08", "opposes", "-2"),
        ("2025-12", "accepts", "1"),
    ]
    assert lines[1]["number"] == str(paper.numbers["yes"])


def test_the_json_says_who_and_what_and_when_and_each_cell(paper: Paper) -> None:
    told = paper.data("/matrix.json?actor=aland&topic=union&at=2025-12")
    assert (told["actors"], told["topics"], told["moments"]) == (["aland"], ["union"], ["2025-12"])
    (cell,) = told["cells"]
    assert cell["stance"] == "accepts"


def test_withheld_words_are_in_no_cell(paper: Paper) -> None:
    statements = paper.newsroom.statements
    statements.retract(paper.dora(), paper.numbers["still"], "Asked for.", withhold=True)
    for address in (UNION, UNION.replace("matrix", "matrix.csv"), "/matrix.json?topic=union"):
        assert "Wants it still" not in paper.open(address).text


def test_where_nothing_was_known_yet_the_page_names_the_moment_and_leads_back(paper: Paper) -> None:
    page = paper.open("/matrix?topic=union&known_at=2001-01-01").text
    told = Page(page).words(class_="empty")
    assert "No statement by any of them on these questions. known on 1 Jan 2001" in told
    assert "/matrix?topic=union" in Page(page).links()
    compared = paper.read("/compare?actor=aland&actor=bland&known_at=2001-01-01")
    assert "No statement by any of them on these questions. known on 1 Jan 2001" in compared
