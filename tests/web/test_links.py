from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.pages import MISSING, PAGES
from tests.web.markup import Page
from tests.web.site import Site
from web.picture import answer

if TYPE_CHECKING:
    from timeline.bootstrap import Services

START = (
    *PAGES,
    "/t/eu-accession",
    "/t/talks-progress?as_of=2025-12-14",
    "/t/cuba-embargo?view=table",
    "/t/security-guarantees?stance=2",
    "/a/united-states",
    "/actors",
    "/log/diff?topic=talks-progress",
    "/search?q=ukraine",
    "/record",
)

FOUND = (200, 202, 303)
"""How an address answers that leads somewhere; an analysis that takes long is being made."""


@pytest.fixture(scope="module")
def pages(demo_record: Services) -> dict[str, Page]:
    """The pages on which links are looked for, by their addresses."""
    demo = Site(demo_record)
    opened = {}
    for start in START:
        page = demo.open(start)
        assert page.status_code == (404 if start == MISSING else 200), start
        opened[start] = Page(page.text)
    return opened


@pytest.fixture(autouse=True)
def _small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw pictures with an eighth of their dots: they are asked whether they are there."""
    png = answer.png
    monkeypatch.setattr(answer, "png", lambda svg, dots: png(svg, dots / 8))


def kind(link: str) -> tuple[str, ...]:
    """Return what a link is alike: its page and the names of what it asks for."""
    parts = urlsplit(link)
    return re.sub(r"\d+", "0", parts.path), *sorted({name for name, _ in parse_qsl(parts.query)})


@pytest.mark.thorough
def test_every_link_of_every_page_leads_somewhere(demo: Site, pages: dict[str, Page]) -> None:
    seen: set[tuple[str, ...]] = set()
    broken = []
    for start, markup in pages.items():
        ids = {element.attributes.get("id") for element in markup.elements}
        for link in dict.fromkeys(markup.links()):
            if link.startswith("#"):
                assert link == "#" or link[1:] in ids, (start, link)
            elif link.startswith("/") and kind(link) not in seen:
                seen.add(kind(link))
                answer = demo.open(link.partition("#")[0])
                if answer.status_code not in FOUND:
                    broken.append((start, link, answer.status_code))
    assert broken == []
    assert len(seen) > 60


def form(asked: str) -> str:
    """Return what an address is alike: moments and numbers of one form count for one another."""
    return re.sub(r"\d+", "0", asked)


@pytest.mark.thorough
def test_what_htmx_asks_for_is_there(demo: Site, pages: dict[str, Page]) -> None:
    found: set[str] = set()
    for start, page in pages.items():
        for element in page.elements:
            asked = element.attributes.get("hx-get", "")
            if asked and kind(asked) != kind(start) and form(asked) not in found:
                found.add(form(asked))
                answer = demo.reader.get(asked, headers={"HX-Request": "true"})
                assert answer.status_code in FOUND, (start, asked)


@pytest.mark.thorough
def test_a_link_to_a_place_on_another_page_finds_the_place(demo: Site) -> None:
    for start in ("/", "/a/russia", "/log?at=3201", "/s/75"):
        for link in dict.fromkeys(demo.page(start).links()):
            path, _, place = link.partition("#")
            if place and path.startswith("/") and place not in ("lane", ""):
                answer = demo.open(path)
                assert f'id="{place}"' in answer.text, (start, link)
