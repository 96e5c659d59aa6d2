from __future__ import annotations

import re
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import web
from tests.web.site import HTMX

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site

TWO_WAYS = [
    "/",
    "/t/eu-accession",
    "/t/eu-accession?stance=2",
    "/t/eu-accession?as_of=2025-12-14",
    "/t/cuba-embargo?view=table",
    "/t/eu-accession/why/russia",
    "/a/russia",
    "/actors",
    "/actors?q=rus",
    "/log",
    "/log?type=topic.opened",
    "/log/diff?topic=eu-accession",
    "/corrections",
    "/search?q=union",
]


COMMENT = re.compile(r"\{#-?(.*?)-?#\}", re.DOTALL)
CLASS = re.compile(r"\b(web\.[a-z_.]+)\.([A-Z]\w+)")
LIST = re.compile(r'<div id="days">.*?(?=<aside)', re.DOTALL)
TABLE = re.compile(r'\s*<(details|p) class="chart-table" id="table">.*?</\1>\s*', re.DOTALL)
BESIDE = re.compile(
    r'<p class="facts" id="facts" hx-swap-oob="true">.*?</p>'
    r'|<div class="page-actions" id="actions" hx-swap-oob="true">.*?</div>'
    r'|<span class="unread" id="unread-\w+" role="alert" hx-swap-oob="true"></span>',
    re.DOTALL,
)
ENTRY = re.compile(r'<article class="entry[^>]* id="s(\d+)"')
MORE = re.compile(r'<p class="more"><a class="button" href="([^"]+)"')


def view(page: str) -> str:
    """Return what stands inside the element that htmx swaps."""
    start = page.index('<div id="view"')
    begin, depth, at = page.index(">", start) + 1, 1, page.index(">", start) + 1
    while depth:
        opens, closes = page.find("<div", at), page.index("</div>", at)
        depth += 1 if -1 < opens < closes else -1
        at = (opens if -1 < opens < closes else closes) + 1
    return page[begin : at - 1].strip()


def sent(text: str) -> str:
    """Return a view without what its page keeps, and of which a part has less or more."""
    return BESIDE.sub("", LIST.sub("", TABLE.sub("", text))).strip()


@pytest.mark.few(5)
@pytest.mark.parametrize("path", TWO_WAYS)
def test_one_address_gives_the_page_or_just_what_changes_in_it(demo: Site, path: str) -> None:
    whole = demo.open(path)
    part = demo.reader.get(path, headers=HTMX)
    assert whole.status_code == part.status_code == 200
    assert whole.text.startswith("<!doctype html>")
    assert "<html" not in part.text
    assert sent(part.text) == sent(view(whole.text))


def test_what_a_part_leaves_out_is_kept_by_the_page_or_comes_in_view(demo: Site) -> None:
    whole = view(demo.open("/t/cuba-embargo").text)
    part = demo.reader.get("/t/cuba-embargo", headers=HTMX).text
    listed, following = ENTRY.findall(part), MORE.findall(part)
    assert listed
    assert listed == ENTRY.findall(whole)[: len(listed)]
    rest = demo.reader.get(unescape(following[0]), headers=HTMX).text
    both = ENTRY.findall(whole)
    assert (listed + ENTRY.findall(rest))[: len(both)] == both


@pytest.mark.few(5)
@pytest.mark.parametrize("path", TWO_WAYS)
def test_going_back_and_following_a_link_give_the_whole_page(demo: Site, path: str) -> None:
    whole = demo.open(path).text
    for name in ("HX-History-Restore-Request", "HX-Boosted"):
        assert demo.reader.get(path, headers=HTMX | {name: "true"}).text == whole


@pytest.mark.few(5)
@pytest.mark.parametrize("path", [*TWO_WAYS, "/nowhere", "/t/nowhere"])
def test_caches_are_told_what_an_answer_depends_on(demo: Site, path: str) -> None:
    answer = demo.open(path)
    assert {"hx-request", "cookie", "accept-language"} <= {name.lower() for name in answer.vary}
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.few(5)
@pytest.mark.parametrize("path", TWO_WAYS)
def test_the_markup_is_in_order_and_every_id_is_there_once(demo: Site, path: str) -> None:
    page = demo.page(path)
    ids = [element["id"] for element in page.elements if "id" in element.attributes]
    assert sorted(ids) == sorted(set(ids))
    assert len(page.find("h1")) == len(page.find("main")) == 1
    for one in page.elements:
        for name in ("aria-labelledby", "aria-controls", "for"):
            if name in one.attributes:
                assert one[name] in ids, (name, one[name])


@pytest.mark.thorough
def test_a_part_targets_what_is_on_the_page(demo: Site) -> None:
    for path in TWO_WAYS:
        page = demo.page(path)
        ids = {element["id"] for element in page.elements if "id" in element.attributes}
        for one in page.elements:
            target = one.attributes.get("hx-target", "")
            if target.startswith("#") and not any("hx-disable" in o.attributes for o in one.around):
                assert target[1:] in ids, (path, target)


def test_behind_the_log_a_page_says_how_many_events_are_missing(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not shown yet" not in paper.open("/t/union").text
    monkeypatch.setattr("web.shell.record_access.PATIENCE", -1.0)
    paper.say("new", "cland", "opposes", "2025-12-10", paraphrase="Never.")
    text = paper.read("/t/union")
    assert "1 event is not shown yet. The pages are catching up with the log." in text
    assert "Never." not in text
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["wants"], "Another Bland.")
    assert "2 events are not shown yet." in paper.read("/")
    monkeypatch.undo()
    text = paper.read("/t/union")
    assert "not shown yet" not in text
    assert "Never." in text


def test_the_classes_that_templates_say_they_are_given_are_there() -> None:
    for template in Path(web.__file__).parent.glob("templates/**/*.html"):
        for comment in COMMENT.findall(template.read_text("utf-8")):
            for module, name in CLASS.findall(comment):
                assert hasattr(import_module(module), name), f"{template.name}: {module}.{name}"
