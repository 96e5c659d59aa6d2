from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.paper import TIMES, Paper
from tests.web.site import plain
from tests.web.topic.test_page import lanes

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTORS = 130


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A topic on which a hundred and thirty countries are on record."""
    paper = Paper(f"sqlite:///{tmp_path_factory.mktemp('crowded') / 'paper.db'}")
    room = paper.newsroom
    room.topics.open(paper.dora(), "Should Aland join the union?", "position", slug="union")
    for number in range(ACTORS):
        slug = f"land-{number:03d}"
        room.actors.introduce(paper.dora(), f"Land {number:03d}", "state", slug=slug)
        day = f"2025-{1 + number // 20:02d}-{1 + number % 20:02d}"
        paper.say(slug, slug, "supports", day, paraphrase="Wants it.", source=TIMES)
    yield paper
    paper.services.close()


@pytest.mark.thorough
def test_of_many_lanes_the_latest_to_change_are_shown(crowded: Paper) -> None:
    page = crowded.open("/t/union").text
    assert sorted(lanes(page)) == [f"land-{n:03d}" for n in range(ACTORS - 12, ACTORS)]
    assert "/t/union?all=1#chart" in Page(page).links()
    assert f"{ACTORS} actors" in plain(page)


def test_an_actors_page_and_a_reason_lead_to_where_a_lane_is_drawn(crowded: Paper) -> None:
    links = {
        link
        for path in ("/", "/a/land-000", "/t/union/why/land-129")
        for link in crowded.page(path).links()
        if "#lane-" in link and link.startswith("/t/")
    }
    assert {
        "/t/union?actor=land-000#lane-land-000",
        "/t/union?actor=land-129#lane-land-129",
    } <= links
    for link in sorted(links):
        path, _, lane = link.partition("#lane-")
        assert lane in lanes(crowded.open(path).text), link


def test_at_an_earlier_moment_there_are_as_many_lanes(crowded: Paper) -> None:
    page = crowded.open("/t/union?as_of=2025-01-05").text
    assert len(lanes(page)) == 12
    assert {f"land-{n:03d}" for n in range(5)} <= {*lanes(page)}


def test_asked_for_all_every_lane_comes_once_page_by_page(crowded: Paper) -> None:
    found: list[str] = []
    at, pages = "/t/union?sort=name&all=1", 0
    while at:
        page = crowded.open(at).text
        found += lanes(page)
        more = [link for link in Page(page).links() if f"all={pages + 2}#" in link]
        at, pages = (more[0] if more else ""), pages + 1
    assert found == [f"land-{n:03d}" for n in range(ACTORS)]
    assert pages == 6


def test_a_page_of_lanes_beyond_the_last_is_the_last(crowded: Paper) -> None:
    beyond = lanes(crowded.open("/t/union?sort=name&all=99").text)
    assert beyond == [f"land-{n:03d}" for n in range(120, ACTORS)]


def test_columns_lead_to_the_lane_or_to_the_actor(crowded: Paper) -> None:
    page = crowded.page("/t/union")
    drawn = {f"#lane-{slug}" for slug in lanes(crowded.open("/t/union").text)}
    named = [
        link["href"]
        for link in page.find("a")
        if any(around.has(aria_labelledby="spec-h") for around in link.around)
    ]
    assert len(named) == ACTORS
    for link in named:
        assert link in drawn or link.startswith("/a/land-")


def test_the_proof_of_a_lane_that_is_not_drawn_opens_below(crowded: Paper) -> None:
    number = crowded.numbers["land-000"]
    page = crowded.open(f"/t/union?s={number}").text
    assert "land-000" not in lanes(page)
    assert 'id="proof"' in page
