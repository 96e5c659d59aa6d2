"""Stepping through history: from one moment at which something changed to the next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS, day_of, end_of_day, iso
from timeline.projections.queries import log
from web import dating

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from web.clocks import Clocks
    from web.topic.address import TopicAddress


class Replay(msgspec.Struct, frozen=True):
    """The bar: ``place`` of ``steps`` moments on the clock that the slider moves."""

    clock: str
    steps: int
    place: int
    said: str
    known: str
    moment: str
    at_first: bool
    at_now: bool


def moments(conn: Connection, topic: str, address: TopicAddress, clocks: Clocks) -> list[int]:
    """Return the moments of the chosen clock: UTC days as instants, or log positions."""
    if address.clock == "known":
        return log.steps(conn, topic, clock="known")
    found = log.steps(conn, topic, clock="said", known=clocks.known_at)
    return sorted({end_of_day(day_of(instant)) for instant in found})


def replay(conn: Connection, address: TopicAddress, clocks: Clocks, steps: list[int]) -> Replay:
    """Return where the replay stands."""
    place = _place(address, clocks, steps)
    return Replay(
        clock=address.clock,
        steps=len(steps),
        place=place,
        said=dating.day(clocks.as_of) if clocks.as_of is not None else "",
        known=_known(conn, clocks),
        moment=_moment(conn, address.clock, steps[place - 1]) if 0 < place <= len(steps) else "",
        at_first=place <= 1,
        at_now=place >= len(steps),
    )


def step(address: TopicAddress, clocks: Clocks, steps: list[int], go: str) -> TopicAddress:
    """Return the address one step on: ``first``, ``prev``, ``next`` or ``last``."""
    now = _bound(address, clocks)
    if go == "first":
        place = 0
    elif go == "prev":
        place = (len(steps) if now is None else bisect_left(steps, now)) - 1
    elif go == "next" and now is not None:
        place = bisect_right(steps, now)
    else:
        place = len(steps)
    return at(address, steps, max(place, 0))


def at(address: TopicAddress, steps: list[int], place: int) -> TopicAddress:
    """Return the address at a place among the moments; past the last one is now."""
    is_now = place >= len(steps)
    if address.clock == "known":
        known = "" if is_now else f"@{steps[place]}"
        return msgspec.structs.replace(address, known=known, play=0 if is_now else address.play)
    asof = "" if is_now else iso(steps[place])[:10]
    return msgspec.structs.replace(address, asof=asof, play=0 if is_now else address.play)


def _place(address: TopicAddress, clocks: Clocks, steps: list[int]) -> int:
    """Return how many of the moments are reached."""
    now = _bound(address, clocks)
    return len(steps) + 1 if now is None else bisect_right(steps, now)


def _bound(address: TopicAddress, clocks: Clocks) -> int | None:
    return clocks.known_at if address.clock == "known" else clocks.as_of


def _known(conn: Connection, clocks: Clocks) -> str:
    if clocks.known_at is None:
        return ""
    found = log.lines(conn, before=clocks.known_at + 1, limit=1)
    return dating.moment(found[0].recorded_at // MICROSECONDS) if found else ""


def _moment(conn: Connection, clock: str, moment: int) -> str:
    if clock == "said":
        return dating.day(moment)
    line = log.line(conn, moment)
    return f"@{moment}" + (f", {dating.moment_us(line.recorded_at)}" if line else "")
