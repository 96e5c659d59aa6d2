"""Costly answers are made few at once; what is kept, and every other page, needs no slot."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import wait_until
from tests.web.site import Site
from web.shell.downloads import Limits

if TYPE_CHECKING:
    from tests.web.paper import Paper

COSTLY = [
    "/search?q=union",
    "/api/v1/search?q=union",
    "/t/union.svg",
    "/t/union.png",
    "/a/aland.png",
    "/compare?actor=aland&actor=bland",
    "/compare.csv?actor=aland&actor=bland",
    "/matrix?topic=union",
    "/matrix.json?topic=union",
    "/api/v1/matrix?topic=union",
    "/analyse",
    "/analyse.csv?topic=union",
    "/t/union.csv",
    "/a/aland.json",
    "/index.json",
    "/t/union/statements.csv",
]
PLAIN = ["/", "/t/union", "/a/aland", "/story/talks", "/s/13", "/corrections", "/log", "/actors"]


@pytest.fixture
def site(paper: Paper) -> Site:
    return Site(paper.services, limits=Limits(at_once=1, in_line=0))


@pytest.mark.few(5)
@pytest.mark.parametrize("path", COSTLY)
def test_what_is_costly_is_refused_for_now_while_no_slot_is_free(site: Site, path: str) -> None:
    with site.app.extensions["slots"].one():
        refused = site.open(path)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert "being made just now" in refused.text
    assert "<html" not in refused.text
    assert site.open(path).status_code < 400


@pytest.mark.parametrize("path", PLAIN)
def test_every_other_page_needs_no_slot(site: Site, path: str) -> None:
    with site.app.extensions["slots"].one():
        assert site.open(path).status_code == 200


def test_what_is_kept_needs_no_slot(site: Site) -> None:
    kept = ["/t/union.svg", "/compare?actor=aland&actor=bland", "/t/union.csv"]
    first = {path: site.open(path) for path in kept}
    with site.app.extensions["slots"].one():
        for path, answer in first.items():
            assert site.open(path).data == answer.data
            tag = answer.headers["ETag"]
            assert site.open(path, If_None_Match=tag).status_code == 304


def test_a_few_wait_in_line_for_a_slot(paper: Paper) -> None:
    site = Site(paper.services, limits=Limits(at_once=1, in_line=1, patience=60))
    slots = site.app.extensions["slots"]
    got: list[int] = []
    with ExitStack() as held:
        held.enter_context(slots.one())
        waiting = Thread(
            target=lambda: got.append(site.app.test_client().get("/t/union.svg").status_code)
        )
        waiting.start()
        wait_until(lambda: slots._room._value == 0)  # noqa: SLF001 - nobody else tells it
        assert site.open("/t/union.png").status_code == 503
        assert got == []
    waiting.join()
    assert got == [200]


def test_who_waits_in_line_too_long_is_told_to_come_back(paper: Paper) -> None:
    site = Site(paper.services, limits=Limits(at_once=1, in_line=1, patience=0.05))
    with site.app.extensions["slots"].one():
        assert site.open("/t/union.svg").status_code == 503
