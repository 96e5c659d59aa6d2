"""The stretch of time that a topic's chart shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import parse_asof, parse_date
from timeline.domain.instants import DAY
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from web.lanes.address import TopicAddress

RECENT = 200 * DAY
SHORTEST = 21 * DAY
MARGIN = 0.02
MONTHS = 550 * DAY
"""From this length on a window is named by its months."""


class Window(msgspec.Struct, frozen=True):
    """``start`` and ``end`` in seconds; ``label`` in words."""

    start: int
    end: int
    label: str


class Period(msgspec.Struct, frozen=True):
    """A window on offer: its name and the address parts that choose it."""

    label: str
    begin: str
    chosen: bool


def window(address: TopicAddress, first: int, last: int, now: int) -> Window:
    """Return what the reader chose, else the last 200 days, else all that was said.

    ``first`` and ``last`` are the instants of the topic's first and last entry.
    """
    start, end = _default(first, last, now)
    if address.begin:
        chosen = parse_date(address.begin).earliest
        start = start if chosen is None else chosen
    if address.end:
        end = parse_asof(address.end)
    if end - start < DAY:
        start, end = start - DAY, start + DAY
    label = dates.day if end - start < MONTHS else dates.month
    return Window(start, end, f"{label(start)} – {label(end)}")


def periods(address: TopicAddress, first: int, last: int, now: int) -> list[Period]:
    """Return the windows on offer: those that hold something and leave something out.

    The last is the one that is shown unasked.
    """
    offers = [
        (gettext("Last 2 weeks"), now - 14 * DAY),
        (gettext("Last 6 months"), now - 182 * DAY),
        (gettext("Last 2 years"), now - 730 * DAY),
    ]
    chosen = [(label, start) for label, start in offers if first < start <= last]
    is_quiet = last < now - RECENT
    if not is_quiet and first <= now - RECENT:
        chosen.append((gettext("Everything"), first - DAY))
    begins = [(label, dates.machine(start)[:10]) for label, start in chosen]
    found = [Period(label, begin, address.begin == begin) for label, begin in begins if begin]
    usual = gettext("Everything") if is_quiet else gettext("Last 200 days")
    return [*found, Period(usual, "", not address.begin and not address.end)]


def _default(first: int, last: int, now: int) -> tuple[int, int]:
    if last >= now - RECENT:
        start = max(now - RECENT, first - SHORTEST) if first > now - RECENT else now - RECENT
        return start, now + int((now - start) * MARGIN)
    pad = max(int((last - first) * MARGIN), SHORTEST // 3)
    return first - pad, last + pad
