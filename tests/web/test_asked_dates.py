from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.web.markup import Page
from tests.web.site import plain

if TYPE_CHECKING:
    from tests.web.paper import Paper

pytestmark = pytest.mark.thorough

COMPARED = "/compare?actor=aland&actor=bland&story=talks"


@pytest.mark.parametrize("typed", ["10.12.2025", "10. Dez. 2025", "10 Dec 2025"])
def test_filters_take_a_date_as_forms_do(paper: Paper, typed: str) -> None:
    assert paper.open(f"{COMPARED}&as_of={typed}").location == f"{COMPARED}&as_of=2025-12-10"
    moved = paper.open(f"/t/union?as_of={typed}&from=Aug. 2025").location
    assert moved == "/t/union?from=2025-08&as_of=2025-12-10"
    matrix = paper.open(f"/matrix?topic=union&at={typed}, 2025").location
    assert matrix == "/matrix?topic=union&at=2025-12-10&at=2025"
    assert paper.open(f"/t/union.json?known_at={typed}").status_code == 200


@pytest.mark.parametrize("wrong", ["gestern", "31.02.2025"])
def test_what_is_no_day_leaves_the_reader_at_the_moment_where_they_were(
    paper: Paper, wrong: str
) -> None:
    for path in ("/t/union?as_of=2025-09-30", "/t/union?known_at=@12&clock=known"):
        answer = paper.open(f"{path}&play=1&place=3&day={wrong}")
        assert answer.status_code == 422
        assert "You are looking at the past" in plain(answer.text)
        page = Page(answer.text)
        field = page.one("input", name="day")
        assert page.one("form", id="replay") in field.around
        assert (field["value"], field["aria-describedby"]) == (wrong, "unread-day")
        assert f"“{wrong}”" in plain(answer.text)
        kept = page.one("details", class_="replay-day")["data-address"]
        assert sorted(parse_qsl(urlsplit(kept).query)) == sorted(parse_qsl(urlsplit(path).query))
        assert "unread-typed-day" not in answer.text
        for name, value in parse_qsl(path.partition("?")[2]):
            assert f'name="{name}" value="{value}"' in answer.text
    compared = paper.open(f"{COMPARED}&as_of={wrong}&stay=2025-09-30")
    assert compared.status_code == 422
    assert "as of 30 Sep 2025" in plain(compared.text)
    assert 'name="stay" value="2025-09-30"' in compared.text


def test_a_day_that_is_one_leads_to_it_from_wherever_the_reader_was(paper: Paper) -> None:
    assert paper.open(f"{COMPARED}&as_of=2025-12-10&stay=2025-09-30").location == (
        f"{COMPARED}&as_of=2025-12-10"
    )
    assert paper.open("/t/union?as_of=2025-09-30&day=10.12.2025").location == (
        "/t/union?as_of=2025-12-10"
    )


@pytest.mark.parametrize("typed", ["Dezember 2025", "12.2025", "2025-12"])
def test_a_month_and_a_year_are_moments_too(paper: Paper, typed: str) -> None:
    page = paper.reader.get(
        f"{COMPARED}&as_of={typed}&known_at={typed}", follow_redirects=True
    ).text
    assert 'name="as_of" value="2025-12"' in page
    assert 'name="known_at" value="2025-12"' in page


@pytest.mark.parametrize(
    "path",
    [
        COMPARED,
        "/matrix?topic=union",
        "/t/union?order=old",
        "/story/talks?order=old",
        "/a/aland?lanes=after,never,union",
        "/t/union/why/aland?as_of=2025-12-14",
    ],
)
def test_what_is_no_date_stays_in_its_field_with_one_line_and_the_page_is_kept(
    paper: Paper, path: str
) -> None:
    whole = paper.read(path)
    page = paper.open(f"{path}&known_at=neulich", Accept_Language="de")
    assert page.status_code == 422
    assert 'value="neulich" aria-invalid="true" aria-describedby="unread-known_at"' in page.text
    assert (
        "„neulich“ ist kein Datum, das wir lesen können. "
        "Schreiben Sie es wie 15. Dez. 2025, Dez. 2025, 2025 oder 2025-12-15."
    ) in plain(page.text)
    assert len(plain(page.text)) > len(whole) * 0.8


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (COMPARED, "as_of"),
        ("/t/union?order=old", "day"),
        ("/t/union?order=old", "from"),
        ("/t/union?clock=known", "day"),
        ("/matrix?topic=union", "at"),
        ("/log/diff?topic=union&clock=said", "a"),
        ("/log/said?topic=union", "from"),
        ("/a/aland?lanes=after,never,union", "as_of"),
    ],
)
def test_a_day_to_come_is_told_in_one_line_and_the_page_stays_at_now(
    paper: Paper, path: str, name: str
) -> None:
    page = paper.open(f"{path}&{name}=1. Jan. 2126")
    assert page.status_code == 422
    said = plain(page.text)
    assert "“1. Jan. 2126” is still to come. Nothing is known of days to come." in said
    assert "You are looking at the past" not in said
    assert f'name="{name}" value="1. Jan. 2126" aria-invalid="true"' in page.text


def test_the_end_of_a_stretch_of_time_may_be_to_come(paper: Paper) -> None:
    assert paper.open("/t/union?to=2126").status_code == 200


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/matrix?topic=union", "at"),
        ("/log/diff?topic=union&clock=said&b=2025-12-01", "a"),
        ("/log/diff?topic=union&clock=known&a=@3", "b"),
        ("/log/said?topic=union", "from"),
    ],
)
def test_tables_and_pages_of_the_log_stay_beside_a_day_that_there_is_not(
    paper: Paper, path: str, name: str
) -> None:
    whole = paper.read(path)
    page = paper.open(f"{path}&{name}=31. Februar 2025", Accept_Language="de")
    assert page.status_code == 422
    assert f'name="{name}" value="31. Februar 2025" aria-invalid="true"' in page.text
    assert "Es gibt kein Datum „31. Februar 2025“." in plain(page.text)
    assert len(plain(page.text)) > len(whole) * 0.7


def test_of_several_moments_those_that_can_be_read_are_shown(paper: Paper) -> None:
    page = paper.open("/matrix?topic=union&at=2025-09-30, 31.2.2025, 10.12.2025")
    said = plain(page.text)
    assert "30 Sep 2025" in said
    assert "10 Dec 2025" in said
    assert "There is no date “31.2.2025”. Check how many days that month has." in said
    assert 'name="at" value="2025-09-30, 31.2.2025, 10.12.2025"' in page.text


def test_htmx_is_told_beside_the_field_that_stays_where_it_is(paper: Paper) -> None:
    asked = "/log/diff?topic=union&clock=said&a=neulich&b=2025-12-01"
    part = paper.reader.get(asked, headers={"HX-Request": "true", "HX-Target": "view"}).text
    assert 'id="unread-a" role="alert" hx-swap-oob="true">“neulich” is no' in part.replace(
        "is not", "is no"
    )
    assert 'id="unread-b" role="alert" hx-swap-oob="true"></span>' in part


def test_the_analysis_keeps_its_form_beside_a_date_that_is_none(paper: Paper) -> None:
    page = paper.open("/analyse?from=neulich")
    assert page.status_code == 422
    assert 'name="from" value="neulich" aria-invalid="true"' in page.text


@pytest.mark.parametrize(
    "path", ["/t/union?", "/story/talks?", "/compare?actor=aland&actor=bland&"]
)
def test_today_is_not_called_the_past(paper: Paper, path: str) -> None:
    paper.now += 86_400_000_000 * 3
    day = datetime.fromtimestamp(paper.now / 1e6, UTC).date()
    today = plain(paper.open(f"{path}as_of={day}").text)
    assert "You are looking at today" in today
    assert "the past" not in today
    if path.startswith("/t/"):
        assert re.search(r"\btoday(, 19 Dec 2025)? ", today.partition("Legend")[2])
    yesterday = plain(paper.open(f"{path}as_of={day - timedelta(days=1)}").text)
    assert "You are looking at the past" in yesterday
    paper.now += 86_400_000_000
    assert "You are looking at the past" in plain(paper.open(f"{path}as_of={day}").text)
