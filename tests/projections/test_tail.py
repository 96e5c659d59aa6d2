"""Long lanes that are told out of order: what they keep is what a rebuild derives."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.support.tiers import thorough
from timeline.application.commands import Quoted

if TYPE_CHECKING:
    from tests.projections.record import Record

STANCES = ("opposes", "doubts", "accepts", "supports")
VOTES = ("against", "abstained", "for")
ROLL_CALL = "roll-call"
MANNERS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"quote": Quoted(text="So it is", lang="en")},
    {"attribution": "second_hand", "reported_via": "a paper"},
    {"stance": "no_position", "no_position_reason": "unstated"},
)


@pytest.fixture
def desk(record: Record) -> Record:
    """The talks, before anybody spoke, and a question that is voted on."""
    record.talks()
    record.newsroom.topics.open(record.anna(), "Shall it end?", "vote", slug=ROLL_CALL)
    return record


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [0, *thorough(1, 2)])
@pytest.mark.parametrize("topic", ["eu-accession", ROLL_CALL])
def test_a_lane_told_in_any_order_is_the_one_that_a_rebuild_derives(
    desk: Record, topic: str, seed: int
) -> None:
    stances = VOTES if topic == ROLL_CALL else STANCES
    chance = random.Random(seed)  # noqa: S311 - the same lane in every run
    told: list[str] = []
    for _ in range(40):
        room, by = desk.newsroom.statements, desk.anna()
        done = chance.random()
        if told and done < 0.15:
            room.retract(by, told.pop(chance.randrange(len(told))), "Not said.")
        elif told and done < 0.3:
            room.correct(by, chance.choice(told), {"said_at": _day(chance)}, "It was then.")
        else:
            what = {"stance": chance.choice(stances[:2]), **chance.choice(MANNERS)}
            told.append(desk.say(topic=topic, said_at=_day(chance), **what).id)
        desk.models.catch_up()
    grown = desk.digests()
    desk.models.rebuild()
    assert desk.digests() == grown


def test_votes_that_come_in_late_are_followed_only_as_far_as_they_matter(desk: Record) -> None:
    for day in range(1, 29):
        stance = VOTES[day // 5 % 2]
        for month in ("09", "10", "11"):
            desk.say(topic=ROLL_CALL, stance=stance, said_at=f"2025-{month}-{day:02}")
    desk.models.catch_up()
    desk.say(topic=ROLL_CALL, stance="for", said_at="2025-09-03")
    assert sum(changes_written(desk)) < 6


def changes_written(desk: Record) -> list[int]:
    """Catch up, and return how many changes each statement of SQL wrote or took away."""
    written: list[int] = []

    def count(*told: Any) -> None:  # noqa: ANN401 - what the event hands over
        _, cursor, sql, *_ = told
        if sql.startswith(('INSERT INTO "changes"', "COPY", "DELETE FROM changes")):
            written.append(cursor.rowcount)

    engine = desk.models.engine()
    event.listen(engine, "after_cursor_execute", count)
    desk.models.catch_up()
    event.remove(engine, "after_cursor_execute", count)
    return written


def _day(chance: random.Random) -> str:
    return f"2025-{chance.randint(9, 11):02}-{chance.randint(1, 28):02}"
