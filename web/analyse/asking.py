"""Turn an address into a question to the analyst."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import msgspec

from timeline.analysis.analyst import Analyst
from timeline.analysis.inquiry import OVER_TIME, Inquiry
from timeline.domain.dates import parse_as_of, parse_start
from timeline.domain.instants import day_of, iso_day
from timeline.projections.queries import directory
from timeline.projections.queries.compared import speakers
from timeline.projections.queries.directory import Actor, Story, Topic
from timeline.projections.queries.own_values import declared_values
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


class Selection(msgspec.Struct, frozen=True):
    """What the address names; ``all_topics`` are its own topics and those of its stories."""

    stories: list[Story]
    topics: list[Topic]
    actors: list[Actor]
    all_topics: list[Topic]


class Choices(msgspec.Struct, frozen=True):
    """What the form offers, each with whether it is chosen."""

    stories: list[tuple[Story, bool]]
    topics: list[tuple[Topic, bool]]
    actors: list[tuple[Actor, bool]]


def read_selection(conn: Connection, address: AnalyseAddress) -> Selection:
    """Look up what an address names; raises `NotFound` for an unknown slug or variable."""
    declared_values(conn, address.variable)
    stories = [directory.story(conn, slug) for slug in address.story]
    topics = [directory.topic(conn, slug) for slug in address.topic]
    actors = {actor.id: actor for actor in (directory.actor(conn, slug) for slug in address.actor)}
    all_topics = {topic.id: topic for topic in topics}
    for story in stories:
        all_topics |= {topic.id: topic for topic in directory.topics(conn, story=story.id)}
    return Selection(stories, topics, [*actors.values()], [*all_topics.values()])


def choices(conn: Connection, selection: Selection) -> Choices:
    """Return what the form offers: chosen ones, then those with the most statements."""
    stories = {story.id for story in selection.stories}
    about = {topic.id for topic in selection.all_topics} or None
    spoken = speakers(conn, about, OFFERED)
    others = directory.actors_by_id(conn, spoken.keys() - {actor.id for actor in selection.actors})
    likely = sorted(others.values(), key=lambda actor: (-spoken[actor.id], actor.name))
    topics = {topic.id: topic for topic in selection.topics}
    every = sorted(directory.topics(conn), key=lambda topic: (topic.story or "", -topic.statements))
    rest = [topic for topic in every if topic.id not in topics]
    return Choices(
        [(story, story.id in stories) for story in directory.stories(conn)],
        [(topic, True) for topic in selection.topics]
        + [(topic, False) for topic in rest][:OFFERED],
        [(actor, True) for actor in selection.actors] + [(actor, False) for actor in likely],
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
