from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from tests.web.markup import Page
from tests.web.site import plain

if TYPE_CHECKING:
    from tests.web.paper import Paper

COMPARED = "/compare?actor=aland&actor=bland&story=talks"


@pytest.mark.parametrize("typed", ["10.12.2025", "10. Dez. 2025", "10 Dec 2025"])
def test_filters_take_a_date_as_forms_do(paper: Paper, typed: str) -> None:
    assert paper.open(f"{COMPARED}&asof={typed}").location == f"{COMPARED}&asof=2025-12-10"
    moved = paper.open(f"/t/union?asof={typed}&from=Aug. 2025").location
    assert moved == "/t/union?from=2025-08&asof=2025-12-10"
    matrix = paper.open(f"/matrix?topic=union&at={typed}, 2025").location
    assert matrix == "/matrix?topic=union&at=2025-12-10&at=2025"
    assert paper.open(f"/t/union.json?known={typed}").status_code == 200


@pytest.mark.parametrize("wrong", ["gestern", "31.02.2025"])
def test_what_is_no_day_leaves_the_reader_at_the_moment_where_they_were(
    paper: Paper, wrong: str
) -> None:
    for path in ("/t/union?asof=2025-09-30", "/t/union?known=@12&clock=known"):
        answer = paper.open(f"{path}&play=1&place=3&day={wrong}")
        assert answer.status_code == 422
        assert "You are looking at the past" in plain(answer.text)
        (field,) = Page(answer.text).find("input", id="unread-typed-day")
        assert (field["name"], field["value"]) == ("day", wrong)
        for name, value in parse_qsl(path.partition("?")[2]):
            assert f'name="{name}" value="{value}"' in answer.text
    compared = paper.open(f"{COMPARED}&asof={wrong}&stay=2025-09-30")
    assert compared.status_code == 422
    assert "as of 30 Sep 2025" in plain(compared.text)
    assert 'name="stay" value="2025-09-30"' in compared.text


def test_a_day_that_is_one_leads_to_it_from_wherever_the_reader_was(paper: Paper) -> None:
    assert paper.open(f"{COMPARED}&asof=2025-12-10&stay=2025-09-30").location == (
        f"{COMPARED}&asof=2025-12-10"
    )
    assert paper.open("/t/union?asof=2025-09-30&day=10.12.2025").location == (
        "/t/union?asof=2025-12-10"
    )


@pytest.mark.parametrize("typed", ["Dezember 2025", "12.2025", "2025-12"])
def test_a_month_and_a_year_are_moments_too(paper: Paper, typed: str) -> None:
    page = paper.reader.get(f"{COMPARED}&asof={typed}&known={typed}", follow_redirects=True).text
    assert 'name="asof" value="2025-12"' in page
    assert 'name="known" value="2025-12"' in page


@pytest.mark.parametrize(
    "path",
    [
        COMPARED,
        "/matrix?topic=union",
        "/t/union?order=old",
        "/story/talks?order=old",
        "/a/aland?lanes=0",
        "/t/union/why/aland?asof=2025-12-14",
    ],
)
def test_what_is_no_date_stays_in_its_field_with_one_line_and_the_page_is_kept(
    paper: Paper, path: str
) -> None:
    whole = paper.read(path)
    page = paper.open(f"{path}&known=neulich", Accept_Language="de")
    assert page.status_code == 422
    assert 'value="neulich" aria-invalid="true" aria-describedby="unread-known"' in page.text
    assert (
        "„neulich“ ist kein Datum, das wir lesen können. "
        "Schreiben Sie es wie 15. Dez. 2025, Dez. 2025, 2025 oder 2025-12-15."
    ) in plain(page.text)
    assert len(plain(page.text)) > len(whole) * 0.8


def test_the_analysis_keeps_its_form_beside_a_date_that_is_none(paper: Paper) -> None:
    page = paper.open("/analyse?from=neulich")
    assert page.status_code == 422
    assert 'name="from" value="neulich" aria-invalid="true"' in page.text
