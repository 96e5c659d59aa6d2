"""What a reader was just answered is answered to the next one as it is, without the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.web.site import HTMX, Site
from web.shell import repeated_answers
from web.shell.identity import everybody_is, everybody_reads
from web.topic.page import topic_page

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.paper import Paper
    from tests.web.still_clock import StillClock

PAGE = "/t/union"
TABLE = f"{PAGE}?view=table"
PATHS = ("/", PAGE, TABLE, "/a/aland", "/corrections", "/t/union.json")
CHROME = {
    "User-Agent": "Chrome",
    "Referer": "https://elsewhere.example/",
    "Sec-Fetch-Site": "cross-site",
    "X-Forwarded-For": "203.0.113.7",
}
FIREFOX = {"User-Agent": "Firefox", "DNT": "1", "X-Forwarded-For": "203.0.113.8"}


class Readers:
    """A site whose readers keep no cookies, and what of them got through to it."""

    def __init__(self, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = Site(paper.services, identify=everybody_reads, stale_for=2).app
        self._reader = self.app.test_client(use_cookies=False)
        self.asked: list[str] = []
        dispatch = self.app.full_dispatch_request

        def note() -> object:
            self.asked.append("asked")
            return dispatch()

        monkeypatch.setattr(self.app, "full_dispatch_request", note)

    def open(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        """Open a page."""
        return self._reader.get(path, headers=headers)

    def gets_through(self, path: str, headers: dict[str, str] | None = None) -> bool:
        """Open a page, and tell whether the site was asked for it."""
        before = len(self.asked)
        self.open(path, headers)
        return len(self.asked) > before


@pytest.fixture
def readers(paper: Paper, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> Readers:
    del clock
    return Readers(paper, monkeypatch)


def is_away(*_: object, **__: object) -> None:
    raise OperationalError(None, {}, OSError())


def all_of(answer: TestResponse) -> tuple[str, list[tuple[str, str]], bytes]:
    return answer.status, [*answer.headers], answer.data


@pytest.mark.parametrize("path", PATHS)
def test_what_is_answered_again_is_the_same_to_the_byte(readers: Readers, path: str) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Language": "de"}, HTMX):
        first = readers.open(path, headers)
        assert all_of(readers.open(path, headers)) == all_of(first)
        tag = first.headers.get("ETag")
        if tag and first.status_code == 200:
            known = headers | {"If-None-Match": tag}
            had = readers.open(path, known)
            assert had.status_code == 304
            assert all_of(readers.open(path, known)) == all_of(had)


def test_a_page_is_answered_again_without_the_site(readers: Readers) -> None:
    first = readers.open(PAGE, CHROME)
    known = {"If-None-Match": first.headers["ETag"]}
    readers.open(PAGE, FIREFOX | known)
    assert len(readers.asked) == 2
    assert readers.open(PAGE, FIREFOX).data == first.data
    assert readers.open(PAGE, CHROME | known).status_code == 304
    assert len(readers.asked) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"Accept-Language": "de"},
        {"Accept-Encoding": "gzip"},
        {"Cookie": "theme=dark"},
        {"Host": "127.0.0.1"},
        {"Cache-Control": "no-cache"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Unknown": "1"},
        HTMX,
    ],
)
def test_who_asks_otherwise_is_answered_by_the_site(
    readers: Readers, other: dict[str, str]
) -> None:
    readers.open(PAGE)
    assert readers.gets_through(PAGE, other)
    assert readers.gets_through(TABLE)
    assert not readers.gets_through(PAGE)


@pytest.mark.parametrize(
    "who",
    [
        {"Cookie": "theme=dark; desk=a-secret"},
        {"Cookie": "__Host-desk=a-secret"},
        {"Authorization": "Bearer a-secret"},
        {"Cache-Control": "no-cache"},
    ],
)
def test_who_is_somebody_or_wants_it_as_it_is_is_answered_by_the_site_each_time(
    readers: Readers, who: dict[str, str]
) -> None:
    readers.open(PAGE, who)
    assert readers.gets_through(PAGE, who)


def test_who_may_record_here_does_not_get_what_a_reader_from_elsewhere_got(
    paper: Paper, clock: StillClock
) -> None:
    del clock
    site = Site(paper.services, identify=everybody_is("editor"), stale_for=2)
    there = {"REMOTE_ADDR": "203.0.113.9"}
    elsewhere = site.app.test_client().get(PAGE, environ_overrides=there).text
    assert "Record a statement" not in elsewhere
    assert "Record a statement" in site.app.test_client().get(PAGE).text


def test_what_is_no_page_is_answered_by_the_site_each_time(readers: Readers) -> None:
    for path in ("/t/nothing", "/health", "/log.jsonl"):
        readers.open(path)
        assert readers.gets_through(path)
    readers.open(PAGE)
    before = len(readers.asked)
    readers.app.test_client().head(PAGE)
    assert len(readers.asked) > before


def test_what_went_wrong_is_not_answered_again(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = readers.open(PAGE)
    readers.app.extensions["pages"].clear()
    with monkeypatch.context() as patch:
        patch.setattr("web.topic.topic_page", is_away)
        assert readers.open(PAGE, {"X-Unknown": "1"}).status_code == 503
    assert readers.open(PAGE, {"X-Unknown": "1"}).data == page.data


def test_a_page_that_was_begun_before_something_was_erased_is_given_to_nobody_else(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = readers.app.extensions["stale_pages"]

    def while_another_erases(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - those of the page
        stale.clear()
        return topic_page(*given, **options)

    with monkeypatch.context() as patch:
        patch.setattr("web.topic.topic_page", while_another_erases)
        assert readers.open(PAGE).status_code == 200
    assert stale.keys() == set()
    assert readers.gets_through(PAGE)
    assert stale.keys()


def test_an_answer_is_given_again_for_a_second(readers: Readers, clock: StillClock) -> None:
    readers.open(PAGE)
    clock.now += 0.9
    assert not readers.gets_through(PAGE)
    clock.now += 0.2
    assert readers.gets_through(PAGE)


def test_no_more_is_kept_than_was_asked_for_lately(
    readers: Readers, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeated_answers, "MOST", 2)
    kept = readers.app.wsgi_app._answers  # type: ignore[attr-defined] # noqa: SLF001 - nobody sees it
    for path in ("/", PAGE, TABLE):
        readers.open(path)
    assert len(kept) == 2
    assert readers.gets_through("/")
    clock.now += 1.1
    readers.open("/a/aland")
    assert len(kept) == 1


def test_a_long_answer_is_not_kept(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeated_answers, "LARGEST", 100)
    readers.open(PAGE)
    assert readers.gets_through(PAGE)
