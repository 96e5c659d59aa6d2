"""Pages keep to the bytes and requests that they may have; how long they take is not tested."""

from __future__ import annotations

import gzip
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.support import budgets
from timeline.bootstrap import open_store
from timeline.interchange.importing.files import import_files
from web import create_app
from web.shell.identity import everybody_is
from web.topic.reading import BRIEF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

pytestmark = pytest.mark.thorough

SMALL: budgets.Sizes = {"thousand": (2, 50), "hundred-thousand": (51, 4)}


@pytest.fixture(scope="module")
def tables() -> list[list[str]]:
    """The tables over a small record, by cell."""
    lines = list(budgets.tables(SMALL, runs=2))
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_every_page_has_its_line_and_every_column_its_number(tables: list[list[str]]) -> None:
    wanted = [one.name for one in (*budgets.DEMO_PAGES, *budgets.LARGE_PAGES)]
    pages = tables[2 : 2 + len(wanted)]
    assert [line[0] for line in pages] == wanted
    for line in pages:
        assert len(line) == len(tables[0])
        assert all(float(line[at]) > 0 for at in (1, 3, 4))
        assert float(line[6]) >= 0


def test_pages_and_files_keep_to_their_bytes(tables: list[list[str]]) -> None:
    for line in (line for line in tables if len(line) == len(tables[0])):
        if line[2].isdecimal():
            assert float(line[1]) <= float(line[2]), line[0]
    files = tables[-1 - len(budgets.FILES) :]
    assert [line[0] for line in files] == [*budgets.FILES, "requests, first view"]
    for name, size, most in files:
        assert float(size.split()[0]) <= float(most.split()[0]), name


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A reader of the demo."""
    services = open_store(f"sqlite:///{tmp_path_factory.mktemp('steps') / 'demo.db'}")
    import_files(services, [budgets.DEMO])
    services.models.rebuild()
    yield create_app(services, identify=everybody_is("editor")).test_client()
    services.close()


def topics(client: FlaskClient) -> list[str]:
    """Return the slugs of every topic that the front page's data names."""
    return [one["slug"] for one in client.get("/index.json").get_json()["topics"]]


@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_step_of_the_replay_of_any_topic_keeps_to_its_bytes(demo: FlaskClient, lang: str) -> None:
    headers = {"HX-Request": "true", "Accept-Language": lang}
    slugs = topics(demo)
    assert len(slugs) > 15
    for slug in slugs:
        for moment in ("1998-12-31", "2004-12-31", "2010-12-31", "2018-12-31", "2025-12-14"):
            step = demo.get(f"/t/{slug}?as_of={moment}", headers=headers).get_data()
            assert len(gzip.compress(step)) <= budgets.FRAGMENT * budgets.KB, (slug, moment)


def test_what_a_step_leaves_out_stays_in_the_page_or_comes_in_view(demo: FlaskClient) -> None:
    address = "/t/cuba-embargo?as_of=2010-12-31"
    page = demo.get(address).get_data(as_text=True)
    part = demo.get(address, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert page.count("<article") == BRIEF
    shown = re.findall(r'<article[^>]* id="s(\d+)"', part)
    more = re.search(r'class="more"><a[^>]* href="([^"]+)" hx-get="\1"[^>]*revealed', part)
    assert more
    rest = demo.get(unescape(more[1]), headers={"HX-Request": "true"}).get_data(as_text=True)
    shown += re.findall(r'<article[^>]* id="s(\d+)"', rest)
    assert shown[:BRIEF] == re.findall(r'<article[^>]* id="s(\d+)"', page)
