from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.languages import LANGUAGES

if TYPE_CHECKING:
    import pytest

    from tests.web.paper import Paper


def test_alive_needs_nothing_from_the_store(paper: Paper) -> None:
    paper.services.close()
    answer = paper.open("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "alive"})


def test_ready_says_how_far_the_pages_are(any_paper: Paper) -> None:
    head = any_paper.services.log.head()
    answer = any_paper.open("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {"head": head, "shown": head, "behind": 0, "set_aside": 0}


def test_behind_the_log_it_is_not_ready(any_paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = any_paper
    paper.open("/")
    head = paper.services.log.head()
    monkeypatch.setattr("web.shell.record_access.PATIENCE", -1.0)
    paper.say("new", "cland", "opposes", "2025-12-10", paraphrase="Never.")
    answer = paper.open("/readyz")
    assert answer.status_code == 503
    told = {"head": head + 1, "shown": head, "behind": 1, "set_aside": 0}
    assert answer.get_json() == told
    monkeypatch.undo()
    assert paper.open("/readyz").status_code == 200


def test_neither_is_kept_by_a_cache(paper: Paper) -> None:
    for path in ("/healthz", "/readyz"):
        assert "ETag" not in paper.open(path).headers


def test_crawlers_may_read_pages_but_not_their_endless_views(paper: Paper) -> None:
    answer = paper.open("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /*?" in answer.text
    assert "Disallow: /record" in answer.text
    assert "Allow: /t/*.png?size=social" in answer.text
    assert {f"Allow: /*?lang={code}$" for code in LANGUAGES} <= {*answer.text.splitlines()}
