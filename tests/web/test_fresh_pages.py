"""For a second readers get the page that another got; nobody gets one that was begun before."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from tests.web.site import HTMX, Site, plain
from tests.web.test_account import Newsroom
from tests.web.test_erasing import form_of
from timeline.desk.accounts.roles import Role
from web.shell.identity import everybody_is, everybody_reads
from web.shell.page_cache import FOR_EVERYBODY
from web.topic.page import topic_page

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.paper import Paper
    from tests.web.still_clock import StillClock
    from web.shell.identity import Identify

pytestmark = pytest.mark.thorough

PAGE = "/t/union"
TABLE = f"{PAGE}?view=table"
PATHS = ("/", PAGE, TABLE, "/a/aland", "/corrections", "/t/union.json", "/t/union.svg")
NEWS = "Says that it has changed."
ALONE = "private, no-cache"


@pytest.fixture
def readers(paper: Paper, clock: StillClock) -> Site:  # noqa: ARG001 - pages are fresh by this clock
    return Site(paper.services, identify=everybody_reads, followed=True)


def record(paper: Paper) -> int:
    """Record something, and let the read models be kept up as a server does."""
    number = paper.say("since", "aland", "opposes", "2025-09-30", paraphrase=NEWS)
    paper.services.models.catch_up()
    return number


@pytest.mark.parametrize("path", PATHS)
def test_what_is_given_for_a_second_is_the_same_to_the_byte_and_asks_no_database(
    readers: Site, path: str
) -> None:
    asked: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(*given: object) -> None:
        asked.append(str(given[2]))

    readers.reader = readers.app.test_client(use_cookies=False)
    try:
        for headers in ({}, {"Accept_Encoding": "gzip"}, {"Accept_Language": "de"}):
            first = readers.open(path, **headers)
            asked.clear()
            again = readers.open(path, **headers)
            assert (again.data, _without_day(again)) == (first.data, _without_day(first))
            had = readers.open(path, **headers, If_None_Match=first.headers["ETag"])
            assert (had.status_code, had.data) == (304, b"")
            assert asked == []
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _without_day(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the headers but for the second on which a cookie expires, which goes on."""
    return [(name, re.sub("Expires=[^;]+; ", "", value)) for name, value in answer.headers]


def test_a_page_is_fresh_for_a_second_and_then_looked_at(
    paper: Paper, readers: Site, clock: StillClock
) -> None:
    first = readers.open(PAGE)
    record(paper)
    clock.now += 0.9
    assert readers.open(PAGE).text == first.text
    clock.now += 0.2
    assert NEWS in readers.open(PAGE).text
    assert readers.open(PAGE, If_None_Match=first.headers["ETag"]).status_code == 200


def test_while_one_reader_looks_the_others_get_the_page_before(
    paper: Paper, readers: Site, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = readers.open(PAGE)
    record(paper)
    clock.now += 1.5
    others: list[str] = []

    def while_others_ask(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - those of the page
        if not others:
            with ThreadPoolExecutor(1) as other:
                others.append(other.submit(readers.app.test_client().get, PAGE).result().text)
        return topic_page(*given, **options)

    monkeypatch.setattr("web.topic.topic_page", while_others_ask)
    assert NEWS in readers.open(PAGE).text
    assert others == [first.text]
    assert NEWS in readers.open(PAGE).text


def test_nobody_gets_a_page_older_than_five_seconds_even_while_another_looks(
    readers: Site, clock: StillClock
) -> None:
    pages = readers.app.extensions["pages"]
    readers.open(PAGE)
    place = next(iter(pages._given))  # noqa: SLF001 - nobody else sees it
    clock.now += 4.9
    with pages.given(place) as looked, pages.given(place) as given:
        assert looked is None
        assert given is not None
    clock.now += 0.2
    with pages.given(place) as looked, pages.given(place) as given:
        assert looked is given is None


@pytest.mark.parametrize("step", [0.3, 0.4, 0.7])
def test_a_page_that_is_asked_for_again_and_again_is_never_older(
    paper: Paper, readers: Site, clock: StillClock, step: float
) -> None:
    readers.open(PAGE)
    record(paper)
    recorded = clock.now
    while NEWS not in readers.open(PAGE).text:
        clock.now += step
        assert clock.now - recorded < 1 + step


@pytest.mark.parametrize(
    ("identify", "headers"),
    [(everybody_is("editor"), {}), (everybody_reads, {"Cache_Control": "no-cache"})],
)
def test_who_may_record_and_who_wants_it_as_it_is_get_it_so(
    paper: Paper, clock: StillClock, identify: Identify, headers: dict[str, str]
) -> None:
    del clock
    site = Site(paper.services, identify=identify, followed=True)
    site.open(PAGE, **headers)
    record(paper)
    assert NEWS in site.open(PAGE, **headers).text


def test_who_may_record_here_does_not_get_what_a_reader_from_elsewhere_got(
    paper: Paper, clock: StillClock
) -> None:
    del clock
    site = Site(paper.services, identify=everybody_is("editor"), followed=True)
    there = {"REMOTE_ADDR": "203.0.113.9"}
    elsewhere = site.app.test_client().get(PAGE, environ_overrides=there).text
    assert "Record a statement" not in elsewhere
    assert "Record a statement" in site.app.test_client().get(PAGE).text


def test_a_reader_of_a_followed_record_waits_for_nothing_that_is_to_be_read_first(
    paper: Paper, readers: Site
) -> None:
    head = paper.services.models.shown()
    paper.say("since", "aland", "opposes", "2025-09-30", paraphrase=NEWS)
    page = readers.open(PAGE)
    assert page.status_code == 200
    assert NEWS not in page.text
    assert "1 event is not shown yet." in plain(page.text)
    assert readers.open(PAGE, Cache_Control="no-cache").headers["ETag"] == page.headers["ETag"]
    assert paper.services.models.shown() == head
    coder = Site(paper.services, identify=everybody_is("cora", Role.CODER), followed=True)
    assert NEWS in coder.open(PAGE).text


def test_a_site_that_nobody_keeps_up_looks_each_time(paper: Paper) -> None:
    site = Site(paper.services, identify=everybody_reads)
    site.open(PAGE)
    record(paper)
    assert NEWS in site.open(PAGE).text


@pytest.mark.parametrize(
    "other",
    [
        {"Accept_Language": "de"},
        {"Accept_Encoding": "gzip"},
        {"Cookie": "theme=dark"},
        {"Host": "127.0.0.1"},
        {name.replace("-", "_"): value for name, value in HTMX.items()},
    ],
    ids=str,
)
def test_who_asks_otherwise_gets_a_page_of_their_own(readers: Site, other: dict[str, str]) -> None:
    readers.reader = readers.app.test_client(use_cookies=False)
    first, another = readers.open(PAGE), readers.open(PAGE, **other)
    assert first.data != another.data
    assert readers.open(PAGE, **other).data == another.data
    assert readers.open(PAGE).data == first.data


def test_a_visit_is_remembered_up_to_what_the_page_shows(paper: Paper, readers: Site) -> None:
    readers.open(PAGE)
    shown = paper.services.models.shown()
    record(paper)
    other = readers.app.test_client()
    other.get(PAGE)
    seen = other.get_cookie("seen")
    assert seen is not None
    assert seen.value.startswith(f"union.{shown}")


def test_what_went_wrong_is_not_given_again(readers: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_away(*_: object, **__: object) -> None:
        raise OperationalError(None, {}, OSError())

    with monkeypatch.context() as patch:
        patch.setattr("web.topic.topic_page", is_away)
        away = readers.open(PAGE)
    assert (away.status_code, away.headers["Cache-Control"]) == (503, ALONE)
    assert readers.open(PAGE).status_code == 200


def test_a_page_that_was_begun_before_pages_were_forgotten_is_given_to_nobody_else(
    readers: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, made = readers.app.extensions["pages"], []

    def while_another_erases(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - those of the page
        made.append("made")
        if len(made) == 1:
            pages.forget()
        return topic_page(*given, **options)

    monkeypatch.setattr("web.topic.topic_page", while_another_erases)
    first = readers.open(PAGE, Accept_Encoding="gzip")
    assert first.status_code == 200
    assert not pages._pages  # noqa: SLF001 - nobody else sees it
    tag = first.headers.get("ETag", "")
    assert readers.open(PAGE, If_None_Match=tag).status_code == 200
    assert len(made) == 2
    readers.open(PAGE)
    assert len(made) == 2


@pytest.fixture
def desk(paper: Paper, clock: StillClock) -> Newsroom:
    del clock
    desk = Newsroom(paper)
    desk.app.config["FOLLOWED"] = True
    return desk


def test_what_is_erased_by_form_is_given_to_nobody_any_more(paper: Paper, desk: Newsroom) -> None:
    number = record(paper)
    ada, reader = desk.browser("ada"), desk.browser()
    assert NEWS in reader.open(f"/s/{number}").text
    form = form_of(ada, number) | {"basis": "Art. 17 GDPR"}
    assert ada.post(f"/record/{number}/erase", form).status_code == 303
    assert NEWS not in reader.open(f"/s/{number}").text


def test_what_is_withheld_by_form_is_given_to_nobody_any_more(paper: Paper, desk: Newsroom) -> None:
    number = record(paper)
    ada, reader = desk.browser("ada"), desk.browser()
    assert NEWS in reader.open(f"/s/{number}").text
    form = form_of(ada, number, "retract") | {"reason": "Not ours to tell.", "withhold": "1"}
    assert ada.post(f"/record/{number}/retract", form).status_code == 303
    assert NEWS not in reader.open(f"/s/{number}").text


@pytest.mark.parametrize("path", PATHS)
def test_a_proxy_may_keep_for_a_second_what_nobody_in_particular_gets(
    readers: Site, path: str
) -> None:
    readers.reader = readers.app.test_client(use_cookies=False)
    first = readers.open(path)
    again = readers.open(path, If_None_Match=first.headers["ETag"])
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == FOR_EVERYBODY
        assert {"Cookie", "Accept-Language", "HX-Request"} <= {*answer.vary}


@pytest.mark.parametrize("who", [{"Cookie": "theme=dark"}, {"Authorization": "Bearer x"}], ids=str)
def test_no_proxy_may_keep_what_somebody_gets(readers: Site, who: dict[str, str]) -> None:
    readers.reader = readers.app.test_client(use_cookies=False)
    assert readers.open(PAGE, **who).headers["Cache-Control"] == ALONE


def test_no_proxy_may_keep_what_an_editor_gets_or_a_site_that_nobody_keeps_up(paper: Paper) -> None:
    for identify, followed in ((everybody_is("editor"), True), (everybody_reads, False)):
        site = Site(paper.services, identify=identify, followed=followed)
        assert site.open(PAGE).headers["Cache-Control"] == ALONE
