"""Turn an address into a question to the analyst."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from timeline.analysis.analyst import Analyst
from timeline.analysis.inquiry import OVER_TIME, Inquiry
from timeline.domain.dates import parse_as_of, parse_start
from timeline.domain.instants import day_of, iso_day
from timeline.projections.queries import directory
from timeline.projections.queries.own_values import declared_values
from web.entries.choosing import Choices, Selection, read_choices, read_selection
from web.shell.request import kept_by_site, this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.analysis.analyst import Preparing
    from timeline.analysis.inquiry import Result
    from timeline.bootstrap import Services
    from web.analyse.address import AnalyseAddress
    from web.wording.clocks import Clocks


PAGE_PATIENCE, FILE_PATIENCE = 2.0, 15.0
"""The seconds that a page and a file wait for their answer."""


def inquiry_of(address: AnalyseAddress, selection: Selection, clocks: Clocks) -> Inquiry:
    """Return the question of an address; raises `Refused` for an invalid date."""
    takes = address.takes
    since = address.since if "since" in takes else ""
    until = address.until if "until" in takes else ""
    begin = parse_start(since) if since else None
    return Inquiry(
        question=address.question,
        topics=tuple(topic.slug for topic in selection.all_topics),
        actors=tuple(actor.slug for actor in selection.actors),
        variables=address.variable,
        every=address.every if "every" in takes else "",
        window=address.window if "window" in takes else 12,
        since=None if begin is None else day_of(begin),
        until=day_of(parse_as_of(until, "to")) if until else None,
        as_of=clocks.as_of if "as_of" in takes else None,
    )


def ask(inquiry: Inquiry, clocks: Clocks, patience: float) -> Result | Preparing:
    """Ask, and return the answer or its progress; raises what `Analyst.ask` does."""
    analyst = kept_by_site("analyst", _new_analyst)
    shown = this_request().record.shown
    return analyst.ask(inquiry, known_at=clocks.known_at, shown=shown, patience=patience)


def _new_analyst(services: Services) -> Analyst:
    return Analyst(services, this_request().archive)


OFFERED = 80
"""The most actors and questions with a box."""


def checked_selection(conn: Connection, address: AnalyseAddress) -> Selection:
    """Look up what an address names; raises `NotFound` for an unknown slug or variable."""
    declared_values(conn, address.variable)
    return read_selection(conn, address)


def choices(conn: Connection, selection: Selection) -> Choices:
    """Return what the form offers: chosen ones, then those with the most statements."""
    chosen = {topic.id for topic in selection.topics}
    every = sorted(directory.topics(conn), key=lambda topic: (topic.story or "", -topic.statements))
    others = [topic for topic in every if topic.id not in chosen][:OFFERED]
    return read_choices(
        conn,
        selection.actors,
        selection.stories,
        [(topic, True) for topic in selection.topics] + [(topic, False) for topic in others],
        among={topic.id for topic in selection.all_topics} or None,
        most=OFFERED,
    )


FOLDER = "FOLDER"
"""The placeholder for the archive in a command."""


def command_of(inquiry: Inquiry, result: Result, as_of: str) -> str:
    """Return the command line of a question; ``as_of`` is the moment as it was typed."""
    words = ["standline", "analyse", inquiry.question, "--over", FOLDER]
    words += [word for slug in inquiry.topics for word in ("--topic", slug)]
    words += [word for slug in inquiry.actors for word in ("--actor", slug)]
    words += [word for variable in inquiry.variables for word in ("--variable", variable)]
    if inquiry.question in OVER_TIME and result.every:
        words += ["--every", result.every]
    if inquiry.question == "agreement":
        words += ["--window", str(inquiry.window)]
    for option, day in (("--from", inquiry.since), ("--to", inquiry.until)):
        words += [] if day is None else [option, iso_day(day)]
    if inquiry.as_of is not None:
        words += ["--as-of", as_of]
    return shlex.join([*words, "--known-at", f"@{result.known_at}"])
