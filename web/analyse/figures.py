"""Numbers, names and moments of analysis answers, in words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, day_number, day_of, end_of_day, iso_day
from timeline.projections.queries import directory, entries, extent
from timeline.projections.tables.kinds import KINDS
from web.chart import axis
from web.chart.axis import Window
from web.i18n import dates
from web.i18n.translate import gettext, ngettext, translator
from web.wording.kinds import kinds_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.analysis.days import Day
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.chart.drawing import Tick


_NAMED = {"month": dates.month, "quarter": dates.month}


def share(value: float) -> str:
    """Return a share in percent."""
    return gettext("%(share)s%%", share=translator().figure(round(100 * value)))


def figure(value: float) -> str:
    """Return a number to two places."""
    return translator().figure(round(value, 2))


def period(date: str, every: str) -> str:
    """Return the month or year that ends with a day."""
    year, month, _ = date.rsplit("-", 2)
    instant = day_number(int(year), int(month), 1) * DAY
    return _NAMED.get(every, dates.year)(instant)


def actors(count: int) -> str:
    """Count actors in words."""
    return ngettext("%(num)d actor", "%(num)d actors", count)


def questions(count: int) -> str:
    """Count questions in words."""
    return ngettext("%(num)d question", "%(num)d questions", count)


def at(date: str, value: str) -> str:
    """Return a value with its date."""
    return gettext("%(date)s: %(value)s", date=date, value=value)


def labelled(name: str, values: str) -> str:
    """Return values after their name."""
    return gettext("%(name)s: %(values)s", name=name, values=values)


def kinds_counted(counts: Mapping[str, int]) -> str:
    """Count changes of each kind in words, in the order of the kinds."""
    words = [(kinds_word(kind), counts[kind]) for kind in KINDS if counts.get(kind)]
    return ", ".join(f"{word} ({translator().figure(count)})" for word, count in words)


def first_asked(slugs: Iterable[str], asked: Sequence[str]) -> list[str]:
    """Sort questions: those that were asked for come first, in the order of the address."""
    places = {slug: place for place, slug in enumerate(asked)}
    return sorted(slugs, key=lambda slug: places.get(slug, len(places)))


class NameLookup:
    """Topics and actors by slug, with their current names; ``said`` are statements by number."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.said: dict[int, StatementEntry] = {}
        self._topics: dict[str, Topic] = {}
        self._actors: dict[str, Actor] = {}

    def topic(self, slug: str) -> Topic:
        """Return a topic; raises `NotFound` for an unknown slug."""
        if slug not in self._topics:
            self._topics[slug] = directory.topic(self._conn, slug)
        return self._topics[slug]

    def last_day(self, topic: Topic, known_at: int) -> int | None:
        """Return the day (since 1970) of the last statement on a topic, as known at a position."""
        instant = extent.last_words(self._conn, topic.id, known_at)
        return None if instant is None else day_of(instant)

    def read_statements(self, numbers: Iterable[int]) -> None:
        """Read statements into ``said``, in one query."""
        self.said |= entries.statements(self._conn, {*numbers})

    def actor(self, slug: str) -> Actor:
        """Return an actor, after a merge the remaining one; raises `NotFound`."""
        if slug not in self._actors:
            self._actors[slug] = directory.actor(self._conn, slug)
        return self._actors[slug]


PAD = 0.02
"""The share of the time that stays free at either end."""


class Moments:
    """The days of an answer, at least one; each is named by its date."""

    def __init__(self, days: Sequence[Day]) -> None:
        self._window = window_of(end_of_day(days[0].day), end_of_day(days[-1].day))
        self._days = [day.day for day in days]
        self._places = {iso_day(day.day): at for at, day in enumerate(days)}
        self._x = [self._window.x(end_of_day(day.day)) for day in days]
        # A position is drawn from halfway to the previous moment up to halfway to the next.
        self._edges = [0.0, *((a + b) / 2 for a, b in pairwise(self._x)), 100.0]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._x)

    def place(self, date: str) -> int:
        """Return the place of a date among the moments."""
        return self._places[date]

    def day(self, date: str) -> int:
        """Return the UTC day of one of the dates, counted from 1970-01-01."""
        return self._days[self.place(date)]

    def x(self, date: str) -> float:
        """Return the place of a date in percent of the chart."""
        return self._x[self.place(date)]

    def stretch(self, first: str, last: str) -> tuple[float, float]:
        """Return the start and the width of the stretch between two moments."""
        begin, end = self._edges[self.place(first)], self._edges[self.place(last) + 1]
        return round(begin, 3), round(end - begin, 3)

    def ticks(self) -> tuple[Tick, ...]:
        """Return the dates of the axis."""
        return axis.ticks(self._window, dates.wording())


def window_of(first: int, last: int) -> Window:
    """Return the time between two instants, with some room at either end."""
    pad = max(int((last - first) * PAD), DAY)
    return Window(first - pad, last + pad)
