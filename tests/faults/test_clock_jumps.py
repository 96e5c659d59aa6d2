"""A machine's clock jumps about: no jump blocks for good what comes after it."""

from __future__ import annotations

from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

from tests.stores.newsroom import NOON
from timeline.bootstrap import open_store
from timeline.domain.errors import Refused
from timeline.stores.clock import DAY, LEAP, TOLERANCE

if TYPE_CHECKING:
    from tests.faults.tally import Tally

SECOND = 1_000_000
JUMPS = (-3_650 * DAY, -DAY, -2 * TOLERANCE, -30 * SECOND, SECOND, DAY, LEAP, 2 * LEAP, 3_650 * DAY)


def test_a_clock_that_jumps_loses_nothing_and_blocks_nothing(
    new_store_url: str, tally: Tally, *, many: bool
) -> None:
    chance = Random(20_251_215)  # noqa: S311 - any will do, the same each time
    now = [NOON]
    with closing(open_store(new_store_url, clock=lambda: now[0])) as services:
        room, told = services.newsroom, list[int]()

        def introduce(number: int) -> int:
            name = f"Actor {number}"
            return room.actors.introduce(room.byline("ann"), name, "person").position

        now[0] = services.clock()
        told.append(room.confirm_clock(room.byline("ann")))
        for number in range(400 if many else 30):
            right = now[0] = now[0] + SECOND
            now[0] += chance.choice(JUMPS)
            try:
                told.append(introduce(number))
            except Refused:
                tally.seen["jumps refused"] += 1
            now[0] = right
            try:
                told.append(introduce(1_000 + number))
            except Refused:
                # A jump that was small enough to be believed; somebody looks, and confirms.
                tally.seen["confirmed by hand"] += 1
                told.append(room.confirm_clock(room.byline("ann")))
                told.append(introduce(1_000 + number))
        there = {row[0] for row in services.log.rows()}
        assert services.log.verify().size == len(there)
        services.models.catch_up()
    tally.acknowledged = len(told)
    tally.lost = len(set(told) - there)
