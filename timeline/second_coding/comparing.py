"""Compare two readings of one statement: the record at the drawing, and the second reading."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from timeline.desk.second_readings import ParagraphMark
from timeline.domain.scales import FIRST_VERSION
from timeline.projections.queries import attached, entries
from timeline.projections.tables.lanes import Lanes, lanes_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from timeline.desk.second_readings import Reading, Sample, SecondReadings
    from timeline.projections.queries.attached import Amendment
    from timeline.projections.queries.entries import StatementEntry


class PairedReadings(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that two coders read.

    ``first`` is the stance on record when the sample was drawn, by ``first_coder``, who recorded or
    last corrected it. Reasons for no position are not compared. The versions are those of the scale
    that first had the words, since a step may have had another word. The values are those of the
    codebook's variables, by id. If a paragraph was read, ``mark`` is what the second coder marked
    in it, and speakers are ids.
    """

    sample: str
    place: int
    topic: str
    statement: str
    number: int
    first_coder: str
    first: int | None
    second_coder: str
    second: int | None
    second_reason: str
    note: str
    codebook: int
    read_at: int
    decided: int
    first_version: int = FIRST_VERSION
    second_version: int = FIRST_VERSION
    first_values: dict[str, str] = {}
    second_values: dict[str, str] = {}
    first_speaker: str = ""
    first_said_at: str = ""
    mark: ParagraphMark | None = None

    @property
    def is_same(self) -> bool:
        """Tell whether both readings agree."""
        return (self.first, self.first_version) == (self.second, self.second_version)

    @property
    def is_comparable(self) -> bool:
        """Tell whether both read the same words, with the same word for a step."""
        return not self.is_elsewhere and (self.is_same or self.first != self.second)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the second coder read another statement of the paragraph."""
        return self.mark is not None and self.mark.is_elsewhere

    @property
    def waits(self) -> bool:
        """Tell whether a difference waits for a decision."""
        return not self.is_same and not self.decided and not self.is_elsewhere


def paired_readings(
    conn: Connection, readings: SecondReadings, *, topic: str | None = None, but_not: str = ""
) -> list[PairedReadings]:
    """Return the statements read twice, on a topic (by id) or on all, in the order of samples.

    Statements in unfinished samples of the coder ``but_not`` are left out: somebody who may still
    take a reading back must not see them.
    """
    samples = readings.samples(topic=topic)
    by_sample = {sample.id: readings.readings(sample.id) for sample in samples}
    open_here = {
        reading.statement
        for sample in samples
        if sample.coder == but_not and not sample.is_done
        for reading in by_sample[sample.id]
    }
    return [
        pair
        for sample in samples
        for pair in _of_sample(conn, sample, by_sample[sample.id])
        if pair.statement not in open_here
    ]


def _of_sample(
    conn: Connection, sample: Sample, readings: Iterable[Reading]
) -> Iterator[PairedReadings]:
    done = [reading for reading in readings if reading.read_at]
    numbers = [reading.number for reading in done]
    first = entries.statements(conn, numbers, sample.position)
    coders = _first_coders(conn, first, sample.position)
    lanes = lanes_known(conn)
    for second in done:
        if second.number in first:
            yield _compared(sample, second, first[second.number], coders[second.number], lanes)


def _compared(
    sample: Sample, reading: Reading, first: StatementEntry, coder: str, lanes: Lanes
) -> PairedReadings:
    mark = reading.mark
    if mark:
        mark = msgspec.structs.replace(mark, speaker=lanes.of(mark.speaker))
    return PairedReadings(
        sample=sample.id,
        place=reading.place,
        topic=first.topic,
        statement=reading.statement,
        number=reading.number,
        first_coder=coder,
        first=first.stance,
        first_version=FIRST_VERSION if first.stance is None else first.scale_version,
        second_coder=sample.coder,
        second=reading.stance,
        second_version=reading.scale_version,
        second_reason=reading.no_position_reason,
        first_values=first.words.variables,
        second_values=reading.values,
        first_speaker=lanes.of(first.speaker),
        first_said_at=first.said_at,
        mark=mark,
        note=reading.note,
        codebook=reading.codebook,
        read_at=reading.read_at,
        decided=reading.decided,
    )


def _first_coders(
    conn: Connection, first: Mapping[int, StatementEntry], position: int
) -> dict[int, str]:
    """Return the coder of each stance on record at a log position, by number."""
    amended = attached.amendments(conn, first, known_at=position)
    by_number = sorted(
        (amendment for amendment in amended if amendment.field == "stance"),
        key=attrgetter("number", "position"),
    )
    last: dict[int, Amendment] = {
        number: [*some][-1] for number, some in groupby(by_number, key=attrgetter("number"))
    }
    return {
        number: last[number].recorded_by if number in last else entry.recorded_by
        for number, entry in first.items()
    }
