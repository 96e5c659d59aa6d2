"""Links from the time shown: closer, wider, earlier, later, and to the whole time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.instants import DAY
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from web.chart import overview
from web.i18n import dates
from web.lanes.window import stretch_label, usual_stretch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from web.lanes.address import TopicAddress
    from web.lanes.window import Days, Window

NOT_A_PLACE_ON_THE_SLIDER = Message(
    "not_a_place_on_the_slider", "%(place)s is not a place on the slider", fix="give a whole number"
)
CLOSEST = 8 * DAY
"""The shortest time to which a longer one is halved."""

BRIEF = 60 * DAY
"""The length from which a linked time is named by its months."""

MONTHS = 400 * DAY
"""The length from which a time begins and ends with a month."""


class Stretch(msgspec.Struct, frozen=True):
    """A time in an address: ``begin`` to ``end``, empty for the usual one."""

    begin: str = ""
    end: str = ""


class Zoom(msgspec.Struct, frozen=True, kw_only=True):
    """The times to link to, ``None`` for none, and the name of the usual one."""

    closer: Stretch | None
    wider: Stretch | None
    earlier: Stretch | None
    later: Stretch | None
    whole: Stretch | None
    usual: Stretch | None
    usual_label: str


def zoom(
    address: TopicAddress,
    window: Window,
    first: int,
    last: int,
    now: int,
    days: Days,
    lanes: Sequence[Days] = (),
) -> Zoom:
    """Return the links from a window; ``first`` and ``last`` are the ends of the record."""
    usual = usual_stretch(first, last, now, days, lanes)
    low, high = min(first, usual.start), max(usual.end, last)
    ways = _Stretches(address, window, low, high, _all(first, usual.start))
    start, half = window.start, (ways.end - window.start) // 2
    return Zoom(
        closer=ways.to(start + half // 2, ways.end - half // 2) if half >= CLOSEST else None,
        wider=ways.to(start - half, ways.end + half),
        earlier=ways.to(start - half, ways.end - half) if start > low else None,
        later=ways.to(start + half, ways.end + half) if ways.end < high else None,
        whole=ways.to(low, high),
        usual=Stretch() if address.begin or address.end else None,
        usual_label=stretch_label(usual.start, usual.end, months=BRIEF),
    )


def _all(first: int, usual: int) -> Stretch | None:
    """Return the whole time, from its first month on; it may be the usual one."""
    month = dates.machine(first)[:7]
    if usual <= first:
        return Stretch()
    return Stretch(month) if month else None


class _Stretches:
    """Makes links from one window, within the ends of the record."""

    def __init__(
        self, address: TopicAddress, shown: Window, low: int, high: int, whole: Stretch | None
    ) -> None:
        self._low, self._high, self._whole = low, high, whole
        self.end = min(shown.end, high)
        self._here = {Stretch(address.begin, address.end), _stretch(shown.start, self.end)}
        if shown.start <= low and self.end >= high:
            self._here.add(whole)

    def to(self, start: int, end: int) -> Stretch | None:
        """Return a time, moved into the ends; ``None`` if it is the one shown."""
        moved = max(self._low - start, 0) - max(end - self._high, 0)
        start, end = max(start + moved, self._low), min(end + moved, self._high)
        is_all = start <= self._low and end >= self._high
        way = self._whole if is_all else _stretch(start, end)
        return None if way in self._here else way


def _stretch(start: int, end: int) -> Stretch | None:
    """Return a time in days or, if it is long, in months; ``None`` beyond the calendar."""
    letters = 10 if end - start < MONTHS else 7
    begin, until = (dates.machine(instant)[:letters] for instant in (start, end))
    return Stretch(begin, until) if begin and until else None


def brushed(first: int, now: int, ends: tuple[int, int]) -> Stretch:
    """Return the time that was chosen with the brush of the overview."""
    places, (left, right) = overview.units(first, now), sorted(ends)
    begin, end = places.stretch(left, right)
    return Stretch(begin, "" if left <= 0 and right >= places.count else end)


def read_place(args: Mapping[str, str], name: str) -> int:
    """Return a place on a slider; raises `Refused` unless it is a whole number."""
    place = args.get(name, "")
    distance = whole_number(place.removeprefix("-"))
    if distance is None:
        raise Refused(NOT_A_PLACE_ON_THE_SLIDER, field=name, place=InQuotes(place))
    return 0 if place.startswith("-") else distance
