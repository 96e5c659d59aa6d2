from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import HTMX, plain

if TYPE_CHECKING:
    from tests.web.paper import Paper

PLAIN = [
    ("GET", "/nowhere", 404, "There is no page at this address."),
    ("GET", "/t/nowhere", 404, "There is no topic “nowhere”."),
    ("GET", "/a/nobody", 404, "There is no actor “nobody”."),
    ("GET", "/s/9999", 404, "There is no entry number 9999."),
    ("GET", "/s/x", 404, "There is no entry “x”."),
    ("GET", "/static/nothing.css", 404, "There is no page at this address."),
    ("POST", "/t/union", 405, "Nothing can be sent to this address."),
    ("DELETE", "/", 405, "Nothing can be sent to this address."),
    ("GET", "/seen/union", 405, "Nothing can be sent to this address."),
    ("GET", "/t/union?as_of=2025-02-30", 422, "2025-02-30"),
    ("GET", "/t/union?known_at=@x", 422, "“@x” is not a log position."),
    ("GET", "/t/union?go=back", 422, "“back” is not a step."),
    ("GET", "/log?at=x", 422, "“x” is not a log position."),
]


@pytest.mark.parametrize(("method", "path", "status", "told"), PLAIN)
def test_what_is_wrong_is_said_in_plain_words_with_the_way_on_or_in_a_part_for_htmx(
    paper: Paper, method: str, path: str, status: int, told: str
) -> None:
    whole = paper.reader.open(path, method=method)
    page = Page(whole.text)
    assert whole.text.startswith("<!doctype html>")
    assert "/" in page.links()
    for strange in ("Traceback", "werkzeug", "URL", "server could not", ".."):
        assert strange not in page.words(id="main")
    part = paper.reader.open(path, method=method, headers=HTMX)
    assert "<html" not in part.text
    for answer in (whole, part):
        assert answer.status_code == status
        assert told in plain(answer.text).replace("’", "'")


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/t/unio", '<a href="/t/union">Should Aland join the union?</a>'),
        ("/a/blandd", '<a href="/a/bland">'),
        ("/story/talk", '<a href="/story/talks">'),
        ("/t/union?actor=blandd", '<a href="/a/bland">'),
    ],
)
def test_what_is_not_on_record_is_not_found_and_the_nearest_is_named(
    paper: Paper, path: str, nearest: str
) -> None:
    answer = paper.open(path)
    assert answer.status_code == 404
    assert nearest in answer.text


def test_a_fault_of_ours_says_that_the_record_is_safe_and_nothing_else(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "password=secret"
        raise RuntimeError(msg)

    monkeypatch.setattr("web.home.home_page", fail)
    paper.app.testing = False
    monkeypatch.setattr(paper.app.logger, "disabled", True)
    answer = paper.open("/")
    assert answer.status_code == 500
    assert "Something went wrong here; what was recorded before is safe." in plain(answer.text)
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_head_and_options_are_answered(paper: Paper) -> None:
    head = paper.reader.head("/t/union")
    assert (head.status_code, head.data) == (200, b"")
    options = paper.reader.options("/t/union")
    assert options.status_code == 200
    assert "POST" not in options.headers["Allow"]


def test_a_stray_slash_is_not_a_page(paper: Paper) -> None:
    assert paper.open("/t/union/").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/prefs", {"POST"}),
        ("GET", "/api/v1/statements", {"POST"}),
        ("POST", "/api/v1/positions", {"GET", "HEAD"}),
        ("DELETE", "/t/union", {"GET", "HEAD"}),
        ("PUT", "/index.atom", {"GET", "HEAD"}),
    ],
)
def test_where_a_method_means_nothing_the_answer_says_which_do(
    paper: Paper, method: str, path: str, allowed: set[str]
) -> None:
    answer = paper.reader.open(path, method=method)
    assert answer.status_code == 405
    assert allowed <= {*answer.allow}
