"""A crowded topic is counted, and says the same as if every statement had been read."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.topic.test_filters import boxes, entries, rows
from tests.web.topic.test_page import lanes
from timeline.bootstrap import Services
from timeline.projections.queries import crowds, directory, extent
from web.chart import layout
from web.lanes.crowd import crowd
from web.lanes.history import histories
from web.shell.identity import everybody_is
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from web.lanes.history import LaneHistory

MID = 1_000_000_000
"""An instant in the middle of the UN votes: 9 September 2001."""


@pytest.fixture(scope="module")
def demo(demo_record: Services) -> Services:
    return demo_record


def stands(lanes: list[LaneHistory]) -> dict[str, object]:
    return {lane.actor: (lane.position.stance, lane.position.counted) for lane in lanes}


@pytest.mark.parametrize(
    "clocks", [Clocks(), Clocks(as_of=MID), Clocks(known_at=2_000), Clocks(as_of=MID, known_at=900)]
)
@pytest.mark.parametrize("slug", ["cuba-embargo", "mercenaries", "right-to-development"])
def test_a_counted_lane_stands_where_a_read_one_stands(
    demo: Services, slug: str, clocks: Clocks
) -> None:
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, slug)
        read = histories(conn, topic.id, clocks)
        counted = crowd(conn, topic, clocks)
    assert stands(counted) == stands(read)


@pytest.mark.parametrize("as_of", [None, MID])
def test_the_latest_change_of_a_counted_lane_is_that_of_a_read_one(
    demo: Services, as_of: int | None
) -> None:
    clocks = Clocks(as_of=as_of)
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, "mercenaries")
        read = {lane.actor: lane.changes[-1:] for lane in histories(conn, topic.id, clocks)}
        counted = {lane.actor: lane.changes for lane in crowd(conn, topic, clocks)}
    assert counted == read


def test_the_days_of_a_counted_lane_add_up_to_its_statements(demo: Services) -> None:
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, "cuba-embargo")
        lanes = crowd(conn, topic, Clocks(), everybody=True)
        everything = extent.facts(conn, topic.id).statements
    counted = sum(sum(counts) for lane in lanes for _, counts in lane.daily)
    assert counted == everything == topic.statements


def test_stepping_through_a_crowd_visits_every_event_once(demo: Services) -> None:
    with demo.models.engine().connect() as conn:
        topic = directory.topic(conn, "arms-trade-treaty")
        forth, at = [], 0
        while (following := crowds.next_known(conn, topic.id, at)) is not None:
            forth.append(following)
            at = following
        back, at_or_now = [], None
        while (before := crowds.previous_known(conn, topic.id, at_or_now)) is not None:
            back.append(before)
            at_or_now = before
    assert forth == sorted(back)
    assert len(forth) == topic.statements


def test_a_crowded_page_shows_counts_and_the_way_to_the_other_lanes(
    demo: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web import create_app  # noqa: PLC0415 - the site of one test

    monkeypatch.setattr(crowds, "CROWD", 100)
    page = create_app(demo, identify=everybody_is("editor")).test_client().get("/t/cuba-embargo")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert text.count('class="row lane') == 12
    assert "/t/cuba-embargo?all=1" in text
    assert "537 statements" in text


QUERIES = (
    "",
    "actor=brazil",
    "actor=brazil&actor=japan",
    "actor=united-states&stance=0",
    "stance=-2",
    "stance=none",
    "kind=development",
    "kind=statement&actor=brazil",
    "only=changes",
    "only=changes&actor=israel",
    "from=2001&to=2004",
    "asof=2001-09-09",
    "actor=brazil&asof=2001-09-09&stance=2",
    "only=new&since=@2000",
)


def counted(text: str, slug: str) -> int:
    """Return how many statements the bins of a lane count."""
    lane = text.partition(f'id="lane-{slug}"')[2].partition('class="lane-block')[0]
    return sum(
        map(int, re.findall(r'class="bin[ "][^>]*aria-label="[^"]*?: (\d+) statement', lane))
    )


def everything(reader: FlaskClient, query: str) -> list[int]:
    """Return the numbers of all entries of a view, page by page."""
    found: list[int] = []
    at = f"/t/cuba-embargo?{query}".rstrip("?")
    while at:
        text = reader.get(at, follow_redirects=True).get_data(as_text=True)
        found += entries(text)
        more = re.search(r'class="more"><a class="button" href="([^"]+)"', text)
        at = unescape(more[1]) if more else ""
    return found


@pytest.fixture
def reader(demo: Services) -> FlaskClient:
    from web import create_app  # noqa: PLC0415 - the site of one test

    return create_app(demo, identify=everybody_is("editor")).test_client()


@pytest.mark.parametrize("query", QUERIES)
def test_a_filter_lets_through_the_same_entries_of_a_crowd_as_of_what_is_read(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    read = everything(reader, query)
    monkeypatch.setattr(crowds, "CROWD", 100)
    reader.application.extensions["pages"].clear()
    assert everything(reader, query) == read


@pytest.mark.parametrize("crowded", [True, False])
@pytest.mark.parametrize("query", QUERIES)
def test_the_numbers_beside_the_kinds_are_those_of_the_entries_and_of_the_table(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: str, *, crowded: bool
) -> None:
    if crowded:
        monkeypatch.setattr(crowds, "CROWD", 100)
    page = reader.get(
        f"/t/cuba-embargo?{query}&view=table".replace("?&", "?"), follow_redirects=True
    )
    text = page.get_data(as_text=True)
    chosen = [kind for kind in ("statement", "development") if f"kind={kind}" in query]
    counts = {kind: count or 0 for kind, (_, count, _) in boxes(text, "kind").items()}
    shown = sum(counts[kind] for kind in chosen or counts)
    assert shown == len(everything(reader, query))
    earlier = re.search(r"(\d+) earlier statements? (?:is|are) not in this table", text)
    told = 0 if chosen == ["development"] else counts["statement"]
    assert len(rows(text)) + (int(earlier[1]) if earlier else 0) == told


NOT_COUNTED = "Counts are shown by actor and by source, for now only"


def test_a_crowd_has_numbers_where_the_record_keeps_them_and_says_so_elsewhere(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def menu(query: str, name: str) -> tuple[dict[str, tuple[str, int | None, bool]], str]:
        text = reader.get(f"/t/cuba-embargo{query}").get_data(as_text=True)
        return boxes(text, name), text.partition(f'id="menu-{name}"')[2].partition("</details>")[0]

    read = {name: menu("", name)[0] for name in ("actor", "source")}
    monkeypatch.setattr(crowds, "CROWD", 100)
    reader.application.extensions["pages"].clear()
    for name, counts in read.items():
        found, text = menu("", name)
        assert [one[1] for one in found.values()] == [one[1] for one in counts.values()]
        assert NOT_COUNTED not in text
    assert menu("", "actor")[0] == read["actor"]
    assert "and 19 more" in menu("", "source")[1]
    for query, name in (("", "stance"), ("?stance=2", "actor"), ("?asof=2001-09-09", "source")):
        found, text = menu(query, name)
        assert found
        assert 'class="number"' not in text
        assert NOT_COUNTED in text


def test_filters_reach_the_counts_of_a_crowd(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds, "CROWD", 100)

    def count(query: str) -> int:
        return counted(reader.get(f"/t/cuba-embargo{query}").get_data(as_text=True), "brazil")

    assert count("") == 27
    assert (count("?stance=-2"), count("?stance=2"), count("?stance=-2&stance=2")) == (1, 26, 27)
    assert (count("?actor=brazil"), count("?actor=japan"), count("?kind=development")) == (27, 0, 0)
    assert count("?only=changes") == 1
    assert count("?actor=brazil&from=2001&to=2004-12-31") == 4


@pytest.mark.parametrize("crowd_from", [100, 5_000])
def test_an_actor_that_the_filter_names_has_a_lane_however_long_ago_it_changed(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, crowd_from: int
) -> None:
    monkeypatch.setattr(crowds, "CROWD", crowd_from)
    monkeypatch.setattr(layout, "MANY_LANES", 14)
    usual = lanes(reader.get("/t/cuba-embargo").get_data(as_text=True))
    every = lanes(reader.get("/t/cuba-embargo?all=1").get_data(as_text=True))
    (left_out, *_) = sorted(set(every) - set(usual))
    named = lanes(reader.get(f"/t/cuba-embargo?actor={left_out}").get_data(as_text=True))
    assert len(usual) == 12
    assert list(named) == [left_out]


def test_at_a_past_position_of_the_log_a_crowd_still_shows_its_lanes(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds, "CROWD", 100)
    text = reader.get("/t/cuba-embargo?known=@3000").get_data(as_text=True)
    assert len(lanes(text)) == 12
    assert all(counted(text, slug) for slug in lanes(text))
