"""The way through a sample: how far its coder is, where back and on lead, what was read last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.desk.second_readings import last_read
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.desk.second_readings import Reading, Sample
    from timeline.domain.scales import Scale


class ReadAs(msgspec.Struct, frozen=True):
    """How a coder read a statement; ``at`` is its number in the sample, counted from 1."""

    at: int
    stance: StanceView
    reason: str
    note: str


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Where a coder is: at the ``at``-th of ``size`` statements, of which ``read`` are read.

    ``back`` and ``on`` are the addresses of its neighbours, empty at either end. ``skip`` leads to
    the next one that is open, empty where there is no other. ``here`` is how this one was read,
    ``last`` the reading that may be taken back.
    """

    at: int
    size: int
    read: int
    back: str
    on: str
    skip: str
    here: ReadAs | None
    last: ReadAs | None

    @property
    def is_last_open(self) -> bool:
        """Tell whether a reading given here ends the sample."""
        return self.here is None and not self.skip


def address_of(sample: Sample) -> str:
    """Return where a sample is coded again."""
    return f"/record/second-coding/{sample.id}"


def way_through(sample: Sample, readings: Sequence[Reading], here: Reading, scale: Scale) -> Way:
    """Return where a coder is in a sample, whose ``readings`` are in their order."""
    index = [one.place for one in readings].index(here.place)
    address, last = address_of(sample), last_read(readings)
    others = [one for one in from_place(readings, here.place) if not one.read_at]
    return Way(
        at=index + 1,
        size=len(readings),
        read=sum(bool(one.read_at) for one in readings),
        back=f"{address}/{readings[index - 1].place}" if index else "",
        on=f"{address}/{readings[index + 1].place}" if index + 1 < len(readings) else "",
        skip=f"{address}?after={here.place}" if others else "",
        here=_read_as(readings, here, scale) if here.read_at else None,
        last=_read_as(readings, last, scale) if last else None,
    )


def from_place(readings: Sequence[Reading], place: int) -> list[Reading]:
    """Return all other statements of a sample, those after a place before those ahead of it."""
    after = [one for one in readings if one.place > place]
    return after + [one for one in readings if one.place < place]


def _read_as(readings: Sequence[Reading], one: Reading, scale: Scale) -> ReadAs:
    at = [each.place for each in readings].index(one.place) + 1
    return ReadAs(at, stances.view(scale, one.stance), one.no_position_reason, one.note)
