from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import directory
from timeline.projections.queries.compared import compared, speakers, topics_of
from timeline.projections.queries.positions import positions_at

if TYPE_CHECKING:
    from timeline.bootstrap import Services

LATER = 4_000_000_000
YEAR_2011 = 1_293_840_000


def test_cells_of_now_are_those_of_a_moment_to_come(demo_record: Services) -> None:
    with demo_record.models.engine().connect() as conn:
        topics, actors = directory.topics(conn), {one.id for one in directory.actors(conn)}
        now = compared(conn, topics, actors)
        later = compared(conn, topics, actors, TwoClocks(as_of=LATER))
    assert now
    assert {key: one.position.stance for key, one in now.items()} == {
        key: one.position.stance for key, one in later.items()
    }
    assert {key: one.moved for key, one in now.items()} == {
        key: one.moved for key, one in later.items()
    }
    assert {key: (one.spoke_in, one.spoke_at) for key, one in now.items()} == {
        key: (one.spoke_in, one.spoke_at) for key, one in later.items()
    }


def test_cells_of_a_moment_are_its_positions(demo_record: Services) -> None:
    with demo_record.models.engine().connect() as conn:
        topics, actors = directory.topics(conn), {one.id for one in directory.actors(conn)}
        cells = compared(conn, topics, actors, TwoClocks(YEAR_2011, 3_000))
        stood = positions_at(conn, TwoClocks(YEAR_2011, 3_000))
    assert {key: one.position.stance for key, one in cells.items()} == {
        (one.topic, one.lane): one.position.stance for one in stood
    }


def test_those_come_first_who_have_spoken_on_most_questions(demo_record: Services) -> None:
    with demo_record.models.engine().connect() as conn:
        found = speakers(conn, None, 3)
        each = {actor: sum(topics_of(conn, {actor}).values()) for actor in found}
    assert found == each
    assert list(found.values()) == sorted(found.values(), reverse=True)
