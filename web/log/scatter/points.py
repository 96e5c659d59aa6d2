"""Spots as marks: what each is called, where it leads, and which were found later."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from timeline.domain.instants import MICROSECONDS, day_of
from timeline.domain.position import MIXED
from timeline.projections.queries import entries
from web.chart.axis import PHONE
from web.chart.calendar import noon
from web.chart.drawing import Mark
from web.chart.levels import step
from web.entries.views import LATE, found_late
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.log.scatter.address import address
from web.log.scatter.drawing import Point
from web.log.scatter.plane import TOP
from web.wording import stances

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.log.scatter.plane import Plane
    from web.log.scatter.spots import Spot
    from web.wording.names import Names

RIM, HALF = 5, 7.5
"""Pixels from a mark to its number, and half the height of that."""

LEAST, MOST = 3.5, 9
"""Pixels from the middle of a spot to its rim: its area tells how many statements it stands for."""

HIGH, LOW = 19, 4
"""Pixels from a mark's middle up, or down, to the top of its number."""


class Pen:
    """Draws the spots of a topic, or of all topics, in one plane."""

    def __init__(
        self, conn: Connection, names: Names, topic: Topic | None, plane: Plane, begin: str
    ) -> None:
        self._conn, self._names, self._topic = conn, names, topic
        self._plane, self._begin = plane, begin

    def draw(self, spots: list[Spot]) -> tuple[Point, ...]:
        """Return a point for each spot, from left to right."""
        single = {one.box.numbers[0] for one in spots if one.count == 1}
        said = entries.statements(self._conn, single)
        self._names.learn(said.values())
        most = max((one.count for one in spots), default=1)
        points = [
            self._one(said[spot.box.numbers[0]]) if spot.count == 1 else self._several(spot, most)
            for spot in spots
        ]
        return tuple(sorted(points, key=lambda one: (one.x, -one.y)))

    def _one(self, entry: StatementEntry) -> Point:
        topic = self._topic or self._names.topic(entry.topic)
        said = entry.counts_from if entry.timed else noon(entry.counts_from)
        known = entry.recorded_at // MICROSECONDS
        late = found_late(entry, topic)
        days = day_of(known) - day_of(entry.counts_from)
        sentence = self._sentence(entry, topic, days if late else 0)
        x, y = self._plane.x(said), self._plane.y(known)
        return Point(
            x=x,
            y=y,
            sentence=sentence,
            href=f"/s/{entry.number}",
            mark=_mark(entry, topic, x, y, sentence),
            neutral=self._topic is None and not topic.scale.partisan,
            drop=self._plane.y(said) if late else None,
            late=(days, days) if late else None,
            name=self._name(entry),
        )

    def _several(self, spot: Spot, most: int) -> Point:
        x, y = spot.at(self._plane)
        sentence = told(spot.count, spot.box.said, spot.recorded)
        href = address(self._topic, spot.box, begin=self._begin) + "#list"
        late = self._lateness(spot)
        mark = None
        if self._topic and spot.stated and spot.stance != MIXED:
            stance = step(self._topic.scale, spot.stance)
            mark = Mark(
                numbers=spot.box.numbers[:1], x=x, y=y, step=stance, sentence=sentence, href=href
            )
        dx, top = _beside(x, y, spot.pill) if mark else (_inside(x, spot.pill), y - HALF)
        return Point(
            x=x,
            y=y,
            sentence=sentence,
            href=href,
            count=spot.count,
            mark=mark,
            radius=round(max(MOST * sqrt(spot.count / most), LEAST), 1),
            pill=spot.pill,
            pill_dx=round(dx, 1),
            pill_y=round(top, 1),
            drop=self._plane.y(noon(sum(spot.box.said) // 2)) if late else None,
            late=late,
            name=ngettext("%(num)d statement", "%(num)d statements", spot.count),
        )

    def _lateness(self, spot: Spot) -> tuple[int, int] | None:
        """Return how many days later all of a spot were found, if all were."""
        if self._topic is None or self._topic.opened_at // MICROSECONDS > spot.box.said[0]:
            return None
        first, last = map(day_of, spot.box.said)
        least, most = day_of(spot.recorded[0]) - last, day_of(spot.recorded[1]) - first
        return (least, most) if least > LATE else None

    def _sentence(self, entry: StatementEntry, topic: Topic, late: int) -> str:
        parts = [
            f"{topic.label}." if self._topic is None else "",
            self._said(entry, topic),
            gettext("Recorded %(date)s.", date=dates.moment_us(entry.recorded_at)),
            ngettext("Found %(num)d day later.", "Found %(num)d days later.", late) if late else "",
            gettext("Retracted.") if entry.retracted else "",
        ]
        return " ".join(filter(None, parts))

    def _said(self, entry: StatementEntry, topic: Topic) -> str:
        told = {
            "date": dates.said(entry.said_at),
            "name": self._names.actor(entry.speaker).name,
            "stance": stances.word(topic.scale, entry.stance),
        }
        if not entry.on_behalf_of:
            return gettext("%(date)s. %(name)s: %(stance)s.", **told)
        whom = self._names.lane(entry.on_behalf_of).name
        return gettext("%(date)s. %(name)s (%(whom)s): %(stance)s.", whom=whom, **told)

    def _name(self, entry: StatementEntry) -> str:
        name = self._names.actor(entry.speaker).name
        return f"{name}, {dates.wording().day(day_of(entry.counts_from), 'MMMd')}"


def told(count: int, said: tuple[int, int], recorded: tuple[int, int]) -> str:
    """Return so many statements in words: when they were said, and when recorded."""
    return ngettext(
        "%(num)d statement, said %(said)s, recorded %(recorded)s",
        "%(num)d statements, said %(said)s, recorded %(recorded)s",
        count,
        said=days(*said),
        recorded=days(*recorded),
    )


def days(first: int, last: int) -> str:
    """Return the days from one instant to another in words."""
    words = dates.wording()
    begin, end = words.day(day_of(first)), words.day(day_of(last))
    return begin if begin == end else gettext("%(first)s to %(last)s", first=begin, last=end)


def _mark(entry: StatementEntry, topic: Topic, x: float, y: float, sentence: str) -> Mark:
    return Mark(
        numbers=(entry.number,),
        x=x,
        y=y,
        step=step(topic.scale, entry.stance),
        sentence=sentence,
        href=f"/s/{entry.number}",
        rank=entry.rank,
        corrected=bool(entry.corrected),
        retracted=entry.retracted,
        condition=bool(entry.words.condition),
    )


def _beside(x: float, y: float, wide: float) -> tuple[float, float]:
    """Return where a number stands at its mark: to the right and above, if there is room."""
    fits = x / 100 * PHONE + RIM + wide <= PHONE
    return (RIM if fits else -RIM - wide), (y - HIGH if y > TOP + HIGH else y + LOW)


def _inside(x: float, wide: float) -> float:
    """Return how far a number that stands for its mark is moved, so that it stays inside."""
    at = x / 100 * PHONE
    return min(max(at - wide / 2, 0.0), PHONE - wide) - at
