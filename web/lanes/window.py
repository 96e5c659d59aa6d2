"""The stretch of time that a topic's chart shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_asof, parse_date
from timeline.domain.instants import DAY, calendar_date
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.rhythm import silence_after, usual_start

if TYPE_CHECKING:
    from web.lanes.address import TopicAddress

RECENT = 200 * DAY
SHORTEST = 21 * DAY
MARGIN = 0.02
YEARS = 10
"""Years that are on offer by themselves, the latest ones."""

MONTHS = 550 * DAY
"""From this length on a window is named by its months."""


class Window(msgspec.Struct, frozen=True):
    """``start`` and ``end`` in seconds; ``label`` in words.

    ``silent_since`` is the instant of the last words where the window ends with them and they are
    long past, so that a break up to now follows.
    """

    start: int
    end: int
    label: str
    silent_since: int | None = None


class Period(msgspec.Struct, frozen=True):
    """A window on offer: its name and the address parts that choose it, empty for the usual one."""

    label: str
    begin: str
    chosen: bool
    end: str = ""


Days = Mapping[int, int]
"""Statements and changes by UTC day, as `rhythm.spoken_days` counts them."""


def window(
    address: TopicAddress, first: int, last: int, now: int, days: Days | None = None
) -> Window:
    """Return what the reader chose, else the stretch in which most was said.

    ``first`` and ``last`` are the instants of the first and last entry. Where little was said, or
    as much early as late, it is all of it; without ``days`` it is the last 200 days, unless nothing
    was said on them.
    """
    days = days or {}
    start, end = _usual(first, last, now, days)
    if address.begin:
        chosen = parse_date(address.begin).earliest
        start = start if chosen is None else chosen
    until = parse_asof(address.end) if address.end else end
    breaks = _is_silent(last, now, days) and start <= last <= until
    end = min(end, until) if breaks else until
    if end - start < DAY:
        start, end = start - DAY, start + DAY
    spoken = max(days) * DAY if days else last
    return Window(start, end, _label(start, end), spoken if breaks else None)


def _is_silent(last: int, now: int, days: Days) -> bool:
    """Tell whether nothing has been said for longer than is usual on the topic."""
    return last < now - (silence_after(days) if days else RECENT)


def window_around(instant: int) -> Window:
    """Return the stretch around an instant, as long before it as after it."""
    start, end = instant - RECENT, instant + RECENT
    return Window(start, end, _label(start, end))


def _label(start: int, end: int) -> str:
    label = dates.day if end - start < MONTHS else dates.month
    return f"{label(start)} – {label(end)}"


def periods(
    address: TopicAddress, first: int, last: int, now: int, days: Days | None = None
) -> list[Period]:
    """Return the windows on offer: those that hold something and leave something out."""
    if days and usual_start(days) is not None:
        return _by_year(address, first, last, now, days)
    offers = [
        (gettext("Last 2 weeks"), now - 14 * DAY),
        (gettext("Last 6 months"), now - 182 * DAY),
        (gettext("Last 2 years"), now - 730 * DAY),
    ]
    chosen = [(label, start) for label, start in offers if first < start <= last]
    is_whole = _usual(first, last, now, days or {})[0] <= first
    if not is_whole:
        chosen.append((gettext("Everything"), first - DAY))
    begins = [(label, dates.machine(start)[:10]) for label, start in chosen]
    found = [Period(label, begin, address.begin == begin) for label, begin in begins if begin]
    usual = gettext("Everything") if is_whole else gettext("Last 200 days")
    return [*found, Period(usual, "", not address.begin and not address.end)]


def _by_year(address: TopicAddress, first: int, last: int, now: int, days: Days) -> list[Period]:
    """Return the usual stretch, everything, and each of the latest years that hold something."""
    usual = _usual(first, last, now, days)
    offers = [(_label(*usual), "", "")]
    if first < usual[0]:
        offers.append((gettext("Everything"), dates.machine(first - DAY)[:10], ""))
    years = sorted({calendar_date(day)[0] for day in days}, reverse=True)[:YEARS]
    offers += [(str(year), str(year), str(year)) for year in years if len(years) > 1]
    chosen = address.begin, address.end
    return [Period(label, begin, (begin, end) == chosen, end) for label, begin, end in offers]


def _usual(first: int, last: int, now: int, days: Days) -> tuple[int, int]:
    """Return the stretch in which most was said; without ``days`` the last 200, if not silent."""
    is_silent = _is_silent(last, now, days)
    begin, pad = usual_start(days), max(int((last - first) * MARGIN), SHORTEST // 3)
    if begin is not None:
        start = begin * DAY
    elif days or is_silent:
        start = first - pad
    else:
        start = max(now - RECENT, first - SHORTEST) if first > now - RECENT else now - RECENT
    if is_silent:
        return start, last + max(int((last - start) * MARGIN), SHORTEST // 3)
    return start, now + int((now - start) * MARGIN)
