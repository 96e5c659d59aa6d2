"""From an address to its answer: what is asked of the analyst, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.analysis.analyst import Analyst
from timeline.analysis.inquiry import Inquiry
from timeline.domain.dates import parse_asof, parse_start
from timeline.domain.instants import day_of
from web.shell.request import kept_by_site, this_request

if TYPE_CHECKING:
    from timeline.analysis.analyst import Preparing
    from timeline.analysis.inquiry import Found
    from timeline.bootstrap import Services
    from web.analyse.address import AnalyseAddress
    from web.analyse.choosing import Chosen
    from web.wording.clocks import Clocks

PAGE_PATIENCE, FILE_PATIENCE = 2.0, 15.0
"""Seconds for which a page and a file wait for their answer."""


def inquiry_of(address: AnalyseAddress, picked: Chosen, clocks: Clocks) -> Inquiry:
    """Return the question of an address; raises `Refused` for what is no date."""
    takes = address.takes
    since = address.since if "since" in takes else ""
    until = address.until if "until" in takes else ""
    begin = parse_start(since) if since else None
    return Inquiry(
        question=address.question,
        topics=tuple(one.slug for one in picked.asked),
        actors=tuple(one.slug for one in picked.actors),
        every=address.every if "every" in takes else "",
        window=address.window if "window" in takes else 12,
        since=None if begin is None else day_of(begin),
        until=day_of(parse_asof(until, "to")) if until else None,
        as_of=clocks.as_of if "asof" in takes else None,
    )


def ask(inquiry: Inquiry, clocks: Clocks, patience: float) -> Found | Preparing:
    """Ask, and return the answer, or how far it is; raises what `Analyst.ask` does."""
    analyst = kept_by_site("analyst", _new_analyst)
    shown = this_request().record.shown
    return analyst.ask(inquiry, known_at=clocks.known_at, shown=shown, patience=patience)


def _new_analyst(services: Services) -> Analyst:
    return Analyst(services, this_request().archive)
