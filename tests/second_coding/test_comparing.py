"""Drawing a sample and comparing two readings, in either kind of store."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.record.desk import Desk
from timeline.application.commands import Quoted
from timeline.application.readings import CodedStance, SecondReading
from timeline.bootstrap import open_store
from timeline.desk.accounts.roles import Role
from timeline.domain.scales import SCALES
from timeline.domain.statement import StatementCoded
from timeline.interchange.native.codebooks import word_of
from timeline.projections.queries import directory
from timeline.second_coding.comparing import PairedReadings, paired_readings
from timeline.second_coding.drawing import draw, eligible_statements
from timeline.second_coding.reliability import reliability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.desk.second_readings import Sample

QUOTE = Quoted(text="we shall never join", lang="en", wording="original")


class Room(Desk):
    """A newsroom in which cora codes again what ben has coded."""

    def quote(self, day: int) -> int:
        """Put something that can be read again on record."""
        said_at = f"2025-12-{day:02}"
        number = self.say(quote=QUOTE, attribution="quoted", said_at=said_at)
        self.services.models.catch_up()
        return number

    def draw(self, size: str = "100%", sample: str = "s") -> Sample:
        with self.services.models.engine().connect() as conn:
            given = {"sample": sample, "slug": "a-union", "coder": "cora", "size": size}
            return draw(self.services, conn, **given, by="mira")

    def read(self, sample: Sample, stance: int | None) -> None:
        """Read every statement of a sample alike."""
        room = self.services.desk.second_readings
        for reading in room.readings(sample.id):
            room.read(msgspec.structs.replace(reading, stance=stance, read_at=1))

    def compared(self, *, but_not: str = "") -> list[PairedReadings]:
        self.services.models.catch_up()
        with self.services.models.engine().connect() as conn:
            return paired_readings(conn, self.services.desk.second_readings, but_not=but_not)


@pytest.fixture
def room(store_url: str) -> Iterator[Room]:
    with closing(open_store(store_url)) as services:
        room = Room(services)
        room.furnish()
        services.desk.people.add("cora", "Cora", Role.CODER, services.clock())
        yield room


def test_the_first_reading_is_the_record_as_it_stood_at_the_draw(room: Room) -> None:
    number = room.quote(1)
    sample = room.draw()
    room.read(sample, 2)
    why = "Read again."
    room.services.newsroom.statements.correct(room.byline(), number, {"stance": "supports"}, why)
    (pair,) = room.compared()
    assert (pair.number, pair.first, pair.second) == (number, -2, 2)
    assert (pair.first_coder, pair.second_coder) == ("ben", "cora")
    assert pair.waits
    assert not pair.is_same


def test_who_corrected_a_stance_before_the_draw_is_its_first_coder(room: Room) -> None:
    number, dan = room.quote(1), room.services.newsroom.byline("dan")
    room.services.newsroom.statements.correct(dan, number, {"stance": "doubts"}, "Cool, not cold.")
    room.services.newsroom.statements.correct(room.byline(), number, {"hedge": "may"}, "Missed.")
    room.services.models.catch_up()
    room.read(room.draw(), -1)
    (pair,) = room.compared()
    assert (pair.first, pair.first_coder, pair.is_same) == (-1, "dan", True)


def test_a_reading_under_the_first_scale_is_not_read_under_the_second(room: Room) -> None:
    number = room.quote(1)
    correct = room.services.newsroom.statements.correct
    correct(room.byline(), number, {"stance": "undecided"}, "She leaves it open.")
    room.services.models.catch_up()
    room.read(room.draw(), 0)  # kept before readings had a version
    (pair,) = room.compared()
    assert (pair.first, pair.second) == (0, 0)
    assert (pair.first_version, pair.second_version) == (2, 1)
    assert pair.waits
    assert not pair.is_comparable
    assert reliability([pair]).units == 0
    assert word_of(pair.second, SCALES["position"], pair.second_version) == "conditional"
    read = SecondReading(CodedStance("conditional"), coder="cora", first_coder="ben")
    decided = room.services.newsroom.statements.decide(
        room.byline(), number, read, CodedStance("undecided"), "The later word fits."
    )
    room.services.newsroom.statements.code(room.byline(), number, "undecided", note="So do I.")
    kept = [
        event.scale_version
        for event in room.services.log.stream_of(decided.id)
        if isinstance(event, StatementCoded)
    ]
    assert kept == [1, 2]


def test_what_is_not_read_yet_is_not_compared_and_hidden_from_who_is_to_read_it(room: Room) -> None:
    room.quote(1)
    room.draw()
    assert room.compared() == []
    room.read(room.services.desk.second_readings.sample("s"), 2)
    assert len(room.compared(but_not="cora")) == 1  # nothing is left for her to read


def test_a_sample_is_drawn_by_chance_and_nothing_of_it_twice(room: Room) -> None:
    numbers = {room.quote(day) for day in range(1, 13)}
    first, second = room.draw("50%", "one"), room.draw("100%", "two")
    readings = room.services.desk.second_readings.readings
    drawn = [[reading.number for reading in readings(sample.id)] for sample in (first, second)]
    assert (len(drawn[0]), len(drawn[1])) == (6, 6)
    assert {*drawn[0], *drawn[1]} == numbers
    assert drawn[0] + drawn[1] != sorted(numbers)


def test_what_may_not_be_drawn_is_counted(room: Room) -> None:
    room.quote(1)
    room.say(said_at="2025-12-02")  # neither quote nor passage
    own = room.quote(3)
    cora = room.services.newsroom.byline("cora")
    room.services.newsroom.statements.correct(cora, own, {"hedge": "may"}, "Missed.")
    room.services.models.catch_up()
    with room.services.models.engine().connect() as conn:
        found = eligible_statements(room.services, conn, directory.topic(conn, "a-union"), "cora")
    assert (len(found.statements), found.wordless, found.seen) == (1, 1, 1)
