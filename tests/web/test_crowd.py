"""A crowded topic is counted, and says the same as if every statement had been read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from timeline.bootstrap import Services, open_store
from timeline.interchange.importing import import_files
from timeline.projections.queries import crowds, directory, extent
from web.clocks import Clocks
from web.topic.crowd import crowd
from web.topic.history import histories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.topic.history import LaneHistory

DEMO = Path(__file__).parents[2] / "fixtures" / "demo.log.jsonl"
MID = 1_000_000_000
"""An instant in the middle of the UN votes: 9 September 2001."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = open_store(f"sqlite:///{tmp_path_factory.mktemp('crowd') / 'demo.db'}")
    import_files(services, [DEMO])
    services.models.rebuild()
    yield services
    services.close()


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
    page = create_app(demo).test_client().get("/t/cuba-embargo")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert text.count('class="row lane') == 12
    assert "/t/cuba-embargo?all=1" in text
    assert "537 statements" in text


def counted(text: str, slug: str) -> int:
    """Return how many statements the bins of a lane count."""
    lane = text.partition(f'id="lane-{slug}"')[2].partition('class="lane-w')[0]
    return sum(map(int, re.findall(r'class="bin"[^>]*aria-label="[^"]*?: (\d+) statement', lane)))


def test_filters_by_stance_and_actor_reach_the_counts_of_a_crowd(
    demo: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web import create_app  # noqa: PLC0415 - the site of one test

    monkeypatch.setattr(crowds, "CROWD", 100)
    reader = create_app(demo).test_client()

    def count(query: str) -> int:
        return counted(reader.get(f"/t/cuba-embargo{query}").get_data(as_text=True), "brazil")

    assert count("") == 27
    assert (count("?stance=-2"), count("?stance=2"), count("?stance=-2&stance=2")) == (1, 26, 27)
    assert (count("?actor=brazil"), count("?actor=japan"), count("?kind=development")) == (27, 0, 0)
