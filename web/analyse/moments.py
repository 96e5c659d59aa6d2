"""The moments at which a question was asked, as places across a picture."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, end_of_day, iso_day
from web.chart import axis
from web.chart.axis import Window
from web.i18n import dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.analysis.days import Day
    from web.chart.drawing import Tick

PAD = 0.02
"""The share of the time that is left free at either end."""


class Moments:
    """Days, at least one; an answer names each by its date."""

    def __init__(self, days: Sequence[Day]) -> None:
        self._window = window_of(end_of_day(days[0].day), end_of_day(days[-1].day))
        self._days = [one.day for one in days]
        self._places = {iso_day(one.day): at for at, one in enumerate(days)}
        self._x = [self._window.x(end_of_day(one.day)) for one in days]
        # Where somebody stood is drawn halfway to the moments before and after.
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
        """Return percent of the picture."""
        return self._x[self.place(date)]

    def stretch(self, first: str, last: str) -> tuple[float, float]:
        """Return where the stretch from one moment to another begins, and its width."""
        begin, end = self._edges[self.place(first)], self._edges[self.place(last) + 1]
        return round(begin, 3), round(end - begin, 3)

    def ticks(self) -> tuple[Tick, ...]:
        """Return the dates of the axis."""
        return axis.ticks(self._window, dates.wording())


def window_of(first: int, last: int) -> Window:
    """Return the time from one instant to another, with some room at either end."""
    pad = max(int((last - first) * PAD), DAY)
    return Window(first - pad, last + pad)
