"""The demo by SQL over an archive and by the rule in Python: the same at many pairs of clocks."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.analysis.asked import FRUGAL, Archived
from timeline.analysis.archiving import archive
from timeline.bootstrap import open_store
from timeline.domain.instants import end_of_day
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from pathlib import Path

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
