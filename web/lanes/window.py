"""The time that a topic's chart shows, and links to other times: closer, wider, earlier, later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_as_of, parse_start
from timeline.domain.errors import Refused
from timeline.domain.instants import DAY, day_of
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from web.chart import overview
from web.i18n import dates
from web.lanes.rhythm import late_words, silence_after, usual_start

if TYPE_CHECKING:
    from web.lanes.address import TopicAddress


RECENT = 200 * DAY
SHORTEST = 21 * DAY
MARGIN = 0.02
LEAST_SHARE, MOST_SHARE = 20, 50
"""The least and the most percent of the plot for a wide column of earlier time."""

MONTHS = 550 * DAY
"""The length from which a window is named by its months."""


class Window(msgspec.Struct, frozen=True):
    """``start`` and ``end`` in seconds; ``label`` in words.

    ``silent_since`` is the instant of the last statement, if the window ends with it and a break up
    to now follows. ``earlier`` is the instant of the first entry, if it is before the window. If
    the earlier time has signs and words, it takes ``earlier_share`` percent of the plot.
    """

    start: int
    end: int
    label: str
    silent_since: int | None = None
    earlier: int | None = None
    earlier_share: float = 0

    @property
    def signs_from(self) -> int:
        """The first instant with signs and words."""
        return self.earlier if self.earlier_share and self.earlier is not None else self.start

    @property
    def days(self) -> tuple[int, int]:
        """Its first and its last UTC day."""
        return day_of(self.start), day_of(self.end)


Days = Mapping[int, int]
"""Statements and changes by UTC day, as `rhythm.activity` counts them."""


class UsualSpan(msgspec.Struct, frozen=True):
    """The time in which most was said, from ``start`` to ``end`` in seconds.

    ``before`` is the share of statements before it, if that time has signs and words, else 0.
    """

    start: int
    end: int
    before: float = 0


def window(
    address: TopicAddress,
    first: int,
    last: int,
    now: int,
    days: Days | None = None,
    lanes: Sequence[Days] = (),
) -> Window:
    """Return the window that the reader chose, else the time in which most was said.

    ``first`` and ``last`` are the instants of the first and last entry. With few statements, or as
    many early as late, the window is the whole time. Without ``days`` it is the last 200 days,
    unless these are silent. If most ``lanes`` begin late in a long time, the time before them gets
    a wide column.
    """
    days = days or {}
    is_silent = _is_silent(last, now, days)
    usual = usual_stretch(first, last, now, days, lanes)
    start, words_end = usual.start, usual.end
    end = words_end + _margin(words_end - start, is_silent=is_silent)
    if address.begin:
        chosen = parse_start(address.begin)
        start = start if chosen is None else chosen
    until = parse_as_of(address.end) if address.end else end
    breaks = is_silent and start <= last <= until
    end = min(end, until) if breaks else until
    if end - start < DAY:
        start, end = start - DAY, start + DAY
    if not start < words_end < end or (address.end and not breaks):
        words_end = end
    spoken = max(days) * DAY if days else last
    share = 0 if address.begin or address.end else _share(usual)
    before = first - int((start - first) * MARGIN) if share else first
    return Window(
        start=start,
        end=end,
        label=stretch_label(start, words_end),
        silent_since=spoken if breaks else None,
        earlier=before if first < start else None,
        earlier_share=share,
    )


def _share(usual: UsualSpan) -> float:
    """Return the percentage of the plot for the earlier time, by its share of statements."""
    return usual.before and round(min(max(100 * usual.before, LEAST_SHARE), MOST_SHARE), 1)


def _is_silent(last: int, now: int, days: Days) -> bool:
    """Tell whether the silence is longer than usual on the topic."""
    return last < now - (silence_after(days) if days else RECENT)


def window_around(instant: int, length: int = RECENT) -> Window:
    """Return the window of ``length`` seconds before and after an instant."""
    start, end = instant - length, instant + length
    return Window(start, end, stretch_label(start, end))


def stretch_label(start: int, end: int, months: int = MONTHS) -> str:
    """Name a time by its days or, from ``months`` seconds on, by its months."""
    label = dates.day if end - start < months else dates.month
    return f"{label(start)} – {label(end)}"


def usual_stretch(
    first: int, last: int, now: int, days: Days, lanes: Sequence[Days] = ()
) -> UsualSpan:
    """Return the time in which most was said; without ``days`` the last 200, if not silent.

    It ends with the last statement after a long silence, else now.
    """
    is_silent = _is_silent(last, now, days)
    begin, pad = usual_start(days), max(int((last - first) * MARGIN), SHORTEST // 3)
    late = late_words(lanes) if begin is None else None
    if late is not None:
        return UsualSpan(late.day * DAY, last if is_silent else now, late.before)
    if begin is not None:
        start = begin * DAY
    elif days or is_silent:
        start = first - pad
    else:
        start = max(now - RECENT, first - SHORTEST) if first > now - RECENT else now - RECENT
    return UsualSpan(start, last if is_silent else now)


def _margin(length: int, *, is_silent: bool) -> int:
    """Return the seconds that a chart shows after the window's last statement."""
    margin = int(length * MARGIN)
    return max(margin, SHORTEST // 3) if is_silent else margin


NOT_A_PLACE_ON_THE_SLIDER = Message(
    "not_a_place_on_the_slider", "%(place)s is not a place on the slider", fix="give a whole number"
)
CLOSEST = 8 * DAY
"""The shortest time to which a longer one is halved."""

BRIEF = 60 * DAY
"""The length from which a linked time is named by its months."""

BY_MONTH = 400 * DAY
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
    letters = 10 if end - start < BY_MONTH else 7
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
