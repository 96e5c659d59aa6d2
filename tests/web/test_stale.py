"""Readers get a page as it was a moment ago, while it is looked at anew beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from tests.support.waiting import wait_until
from tests.web.site import HTMX, Site, plain
from tests.web.test_account import Newsroom
from tests.web.test_erasing import form_of
from timeline.desk.accounts.roles import Role
from web.shell.identity import everybody_is, everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.still_clock import StillClock
    from web.shell.identity import Identify

PAGE = "/t/union"
NEWS = "Says that it has changed."


@pytest.fixture
def readers(paper: Paper, clock: StillClock) -> Site:  # noqa: ARG001 - pages are given by this clock
    return Site(paper.services, identify=everybody_reads, stale_for=2)


def record(paper: Paper) -> None:
    """Record something, and let the read models be kept up as a server does."""
    paper.say("since", "aland", "opposes", "2025-09-30", paraphrase=NEWS)
    paper.services.models.catch_up()


def looked(site: Site) -> None:
    """Wait until nothing is looked at beside."""
    wait_until(lambda: not site.app.extensions["stale_pages"]._coming)  # noqa: SLF001 - nobody else asks


def test_a_reader_gets_what_another_got_just_before_and_nobody_looks(
    paper: Paper, readers: Site, clock: StillClock
) -> None:
    first = readers.open(PAGE)
    record(paper)
    clock.now += 0.9
    asked: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(*given: object) -> None:
        asked.append(str(given[2]))

    try:
        again = readers.open(PAGE)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert asked == []
    assert again.text == first.text
    assert readers.open(PAGE, If_None_Match=first.headers["ETag"]).status_code == 304


def test_a_page_that_is_stale_for_a_while_is_looked_at_beside_and_then_new(
    paper: Paper, readers: Site, clock: StillClock
) -> None:
    first = readers.open(PAGE)
    record(paper)
    clock.now += 1.1
    assert readers.open(PAGE).text == first.text
    looked(readers)
    assert NEWS in readers.open(PAGE).text
    assert readers.open(PAGE, If_None_Match=first.headers["ETag"]).status_code == 200


def test_no_page_is_older_than_two_seconds(paper: Paper, readers: Site, clock: StillClock) -> None:
    readers.open(PAGE)
    record(paper)
    clock.now += 2.1
    assert NEWS in readers.open(PAGE).text


@pytest.mark.parametrize("step", [0.4, 0.9, 1.5])
def test_a_page_that_is_asked_for_again_and_again_is_never_older_either(
    paper: Paper, readers: Site, clock: StillClock, step: float
) -> None:
    readers.open(PAGE)
    record(paper)
    recorded = clock.now
    while NEWS not in readers.open(PAGE).text:
        looked(readers)
        assert clock.now - recorded <= 2
        clock.now += step


@pytest.mark.parametrize(
    ("identify", "headers"),
    [(everybody_is("editor"), {}), (everybody_reads, {"Cache_Control": "no-cache"})],
)
def test_who_may_record_and_who_wants_it_as_it_is_get_it_so(
    paper: Paper, clock: StillClock, identify: Identify, headers: dict[str, str]
) -> None:
    del clock
    site = Site(paper.services, identify=identify, stale_for=2)
    site.open(PAGE, **headers)
    record(paper)
    assert NEWS in site.open(PAGE, **headers).text


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
    coder = Site(paper.services, identify=everybody_is("cora", Role.CODER), stale_for=2)
    assert NEWS in coder.open(PAGE).text


def test_a_site_that_is_not_told_to_gives_nothing_stale(paper: Paper) -> None:
    site = Site(paper.services, identify=everybody_reads)
    site.open(PAGE)
    record(paper)
    assert NEWS in site.open(PAGE).text


def test_whole_pages_and_parts_languages_and_packed_pages_are_kept_apart(
    readers: Site,
) -> None:
    kinds: list[dict[str, str]] = [
        {},
        {"Accept_Language": "de"},
        {"Accept_Encoding": "gzip"},
        {name.replace("-", "_"): value for name, value in HTMX.items()},
    ]
    made = [readers.open(PAGE, **kind).data for kind in kinds]
    assert len(set(made)) == len(kinds)
    assert [readers.open(PAGE, **kind).data for kind in kinds] == made


def test_a_visit_is_remembered_up_to_what_the_page_shows(paper: Paper, readers: Site) -> None:
    readers.open(PAGE)
    shown = paper.services.models.shown()
    record(paper)
    other = readers.app.test_client()
    other.get(PAGE)
    seen = other.get_cookie("seen")
    assert seen is not None
    assert seen.value.startswith(f"union.{shown}")


def test_what_is_erased_by_form_is_given_to_nobody_any_more(
    paper: Paper, clock: StillClock
) -> None:
    del clock
    number = paper.say("private", "aland", "supports", "2025-09-30", paraphrase=NEWS)
    paper.services.models.catch_up()
    desk = Newsroom(paper)
    desk.app.config["STALE_FOR"] = 2
    ada, reader = desk.browser("ada"), desk.browser()
    assert NEWS in reader.open(f"/s/{number}").text
    form = form_of(ada, number) | {"basis": "Art. 17 GDPR"}
    assert ada.post(f"/record/{number}/erase", form).status_code == 303
    assert NEWS not in reader.open(f"/s/{number}").text


def test_a_page_that_cannot_be_made_beside_is_tried_again_by_the_next(
    paper: Paper, readers: Site, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.open(PAGE)
    record(paper)
    clock.now += 1.1
    with monkeypatch.context() as broken, readers.app.test_request_context(PAGE):
        broken.setattr(readers.app, "full_dispatch_request", None)
        readers.app.extensions["stale_pages"]._look("a page")  # noqa: SLF001 - a reader sets it off
        looked(readers)
    readers.open(PAGE)
    looked(readers)
    assert NEWS in readers.open(PAGE).text
