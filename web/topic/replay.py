"""The replay: stepping between moments at which something changed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of, end_of_day, iso, iso_day
from timeline.projections.queries import log
from timeline.projections.queries.steps import (
    known_places,
    next_known,
    previous_known,
    said_days,
)
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.known_then import known_moment

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from web.lanes.address import TopicAddress
    from web.wording.clocks import Clocks


class Replay(msgspec.Struct, frozen=True):
    """The bar: ``place`` of ``steps`` moments on its clock are reached.

    ``spot`` is the place of its slider, from 0 for the first moment to ``steps`` for now. Played
    from now, it begins on the day ``begin``, the first within the window. ``text`` says what the
    moment changed, ``sentence`` is for screen readers. ``is_today`` if the chosen day is not over.
    """

    clock: str
    steps: int
    place: int
    spot: int
    said: str
    known: str
    moment: str
    text: str
    sentence: str
    at_now: bool
    is_today: bool
    begin: str = ""


def moments(
    conn: Connection, topic: Topic, address: TopicAddress, clocks: Clocks, now: int
) -> list[int]:
    """Return the moments of the chosen clock: UTC days as instants, or log positions.

    Announced developments of future days are left out.
    """
    if address.clock == "known":
        return known_places(conn, topic.id)
    days = said_days(conn, topic.id, clocks.known_at)
    return [end_of_day(day) for day in days if day <= day_of(now)]


def replay(
    conn: Connection,
    address: TopicAddress,
    clocks: Clocks,
    steps: list[int],
    text: str,
    *,
    now: int,
    begins: int,
) -> Replay:
    """Return the bar at these clocks; ``text`` says what the moment changed."""
    place = _place(address, clocks, steps)
    moment = _moment(conn, address.clock, steps[place - 1]) if 0 < place <= len(steps) else ""
    is_at_end = place > len(steps)
    return Replay(
        clock=address.clock,
        steps=len(steps),
        place=place,
        spot=_spot(place, steps),
        said=dates.day(clocks.as_of) if clocks.as_of is not None else "",
        known=known_moment(conn, clocks),
        moment=moment,
        text=text,
        sentence=(_all(conn, clocks) if is_at_end else _sentence(moment, place, len(steps), text)),
        at_now=place >= len(steps),
        is_today=clocks.is_today(now),
        begin=_begin(address, steps, begins),
    )


def _begin(address: TopicAddress, steps: list[int], begins: int) -> str:
    """Return the first day of the window on which something was said, on the said clock."""
    inside = [instant for instant in steps if instant >= begins]
    return iso_day(day_of(inside[0])) if inside and address.clock == "said" else ""


def _spot(place: int, steps: list[int]) -> int:
    return min(max(place - 1, 0), len(steps))


def last_reached(address: TopicAddress, clocks: Clocks, steps: list[int]) -> int | None:
    """Return the latest moment up to the clock; ``None`` at now and before the first."""
    bound = _bound(address, clocks)
    place = 0 if bound is None else bisect_right(steps, bound)
    return steps[place - 1] if place else None


def step(
    conn: Connection, topic: Topic, address: TopicAddress, clocks: Clocks, steps: list[int], go: str
) -> TopicAddress:
    """Return the address one step on: ``first``, ``prev``, ``next`` or ``last``.

    For log positions it is the very next one, even if the slider has no place for it.
    """
    now = _bound(address, clocks)
    neighbour = None
    if address.clock == "known" and go == "prev":
        neighbour = previous_known(conn, topic.id, now)
    elif address.clock == "known" and go == "next" and now is not None:
        neighbour = next_known(conn, topic.id, now)
    if neighbour is not None:
        play = address.play if neighbour < steps[-1] else 0
        return msgspec.structs.replace(address, known_at=f"@{neighbour}", play=play)
    if go == "first":
        place = 0
    elif go == "prev":
        place = (len(steps) if now is None else bisect_left(steps, now)) - 1
    elif go == "next" and now is not None:
        place = bisect_right(steps, now)
    else:
        place = len(steps)
    return at(address, steps, max(place, 0))


def moved_to(address: TopicAddress, clocks: Clocks, steps: list[int], place: int) -> TopicAddress:
    """Return the address at a place of the slider; if it was not moved, the moment stays."""
    stands = _spot(_place(address, clocks, steps), steps)
    return address if place == stands else at(address, steps, place)


def at(address: TopicAddress, steps: list[int], place: int) -> TopicAddress:
    """Return the address of a moment by its index; past the last one is now.

    From the last one on, playing stops.
    """
    is_now = place >= len(steps)
    play = address.play if place < len(steps) - 1 else 0
    if address.clock == "known":
        known = "" if is_now else f"@{steps[place]}"
        return msgspec.structs.replace(address, known_at=known, play=play)
    as_of = "" if is_now else iso(steps[place]).partition("T")[0]
    return msgspec.structs.replace(address, as_of=as_of, play=play)


def _place(address: TopicAddress, clocks: Clocks, steps: list[int]) -> int:
    """Return how many of the moments are reached."""
    now = _bound(address, clocks)
    return len(steps) + 1 if now is None else bisect_right(steps, now)


def _bound(address: TopicAddress, clocks: Clocks) -> int | None:
    return clocks.known_at if address.clock == "known" else clocks.as_of


def _sentence(moment: str, place: int, steps: int, text: str) -> str:
    """Return what a step shows, for screen readers."""
    if not place:
        return gettext("Before the first step: nothing on record yet.")
    step = gettext("%(moment)s, step %(place)s of %(all)s.", moment=moment, place=place, all=steps)
    return f"{step} {text}".rstrip()


def _all(conn: Connection, clocks: Clocks) -> str:
    """Return the label of the end of the bar: everything, up to the other clock."""
    if clocks.known_at is not None:
        return gettext("Every day, as known on %(time)s.", time=known_moment(conn, clocks))
    if clocks.as_of is not None:
        day = dates.day(clocks.as_of)
        return gettext("All that is known now, of what had been said by %(day)s.", day=day)
    return gettext("Now: everything on record.")


def _moment(conn: Connection, clock: str, moment: int) -> str:
    if clock == "said":
        return dates.day(moment)
    line = log.line(conn, moment)
    event = gettext("Event %(n)s of the log", n=moment)
    return f"{event}, {dates.moment_us(line.recorded_at)}" if line else event
