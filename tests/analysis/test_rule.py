"""SQL over an archive and the rule in Python: the same of made-up votes, and of the demo."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.analysis.asked import FRUGAL, Archived, bare, said_of
from tests.analysis.made_up import DAYS, MadeUp
from tests.support.tiers import some_of, thorough
from timeline.analysis.archiving import archive
from timeline.bootstrap import open_store
from timeline.domain.instants import DAY, end_of_day
from timeline.domain.position import changes, position
from timeline.domain.position.edition2.votes import as_vote
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SEEDS = (1, *thorough(0, 2, 3))


@pytest.fixture(scope="module", params=SEEDS)
def made_up(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[MadeUp, Archived]:
    lanes = MadeUp(request.param, dense=request.param % 2 == 1)
    folder = tmp_path_factory.mktemp("made-up")
    return lanes, Archived(folder, lanes.archived(folder, (40, 70)))


def moments(lanes: MadeUp) -> Sequence[tuple[int | None, int]]:
    """Return instants as of which, and positions known at which, the lanes are asked."""
    instants = [None, *(day * DAY + hour * 3_600 for day in DAYS for hour in (10, 24))]
    upto = lanes.upto
    every = [(instant, upto - place % 5 * upto // 6) for place, instant in enumerate(instants)]
    return some_of(every, 5)


def named(lane: tuple[int, int]) -> tuple[str, str]:
    return f"topic-{lane[0]}", f"actor-{lane[1]}"


@pytest.mark.scaled
def test_positions_are_those_of_the_rule(made_up: tuple[MadeUp, Archived]) -> None:
    lanes, archived = made_up
    for as_of, known_at in moments(lanes):
        expected = {}
        for lane, (readings, links) in lanes.read(known_at).items():
            there = position(readings, links, as_of=as_of, known_at=known_at)
            if there.counted:
                expected[named(lane)] = bare(there)
        actors = tuple(f"actor-{actor}" for actor in lanes.actors)
        told = archived.positions(as_of, known_at, actors)
        assert {lane: stood for lane, (stood, _) in told.items()} == expected


@pytest.mark.scaled
def test_changes_are_those_of_the_rule(made_up: tuple[MadeUp, Archived]) -> None:
    lanes, archived = made_up
    for as_of, known_at in moments(lanes):
        expected = {}
        for lane, (readings, links) in lanes.read(known_at).items():
            said = [
                reading for reading in readings if as_of is None or reading.counts_from <= as_of
            ]
            if found := changes(said, links, known_at=known_at):
                expected[named(lane)] = [said_of(as_vote(change)) for change in found]
        told = archived.changes(as_of, known_at)
        assert {lane: [*map(said_of, some)] for lane, some in told.items()} == expected


NEWS = 18_900
"""A day (1 October 2021): from here on most of the news was said."""


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_sql_answers_as_the_rule_does_at_many_clocks(
    whole_demo_original: str, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same clocks in every run
    with closing(open_store(whole_demo_original)) as services:
        head = services.log.head()
        engine = services.models.engine()
        with engine.connect() as conn:
            table = schema.topic_days.c
            query = select(table.day).where(table.day > NEWS).distinct()
            days = sorted(conn.execute(query).scalars())
        for known_at in (head, chance.randint(8_000, head - 1)):
            manifest = archive(services, tmp_path, known_at=known_at, limits=FRUGAL)
            archived = Archived(tmp_path, manifest)
            for day in (None, *chance.sample(days, 8)):
                as_of = None if day is None else end_of_day(day)
                with engine.connect() as conn:
                    archived.check_at(conn, as_of, known_at)
