"""A day that is typed in a search: where everybody stood then, by story and topic."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.dates import parse_as_of
from timeline.domain.errors import Refused
from timeline.domain.written_dates import day_in, day_without_year
from timeline.projections.queries import directory
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.asked_dates import check_come_to_pass, in_a_line
from web.wording.clocks import Clocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story, Topic

MOST = 12
"""Topics of a story that are named."""


class StoryThen(msgspec.Struct, frozen=True):
    """A story with its topics, the busiest first, each with its address as of the day."""

    story: Story
    href: str
    topics: list[tuple[Topic, str]]


class AskedDay(msgspec.Struct, frozen=True):
    """The day in words, and what there is to see as of it."""

    told: str
    stories: list[StoryThen]


class TypedDay(msgspec.Struct, frozen=True):
    """The moment of the day that is typed, and what is typed beside it.

    It is now where ``problem`` says why the answer is not as of that day; it is empty where no day
    is typed, too.
    """

    clocks: Clocks
    beside: str
    problem: str = ""


def typed_day(typed: str) -> TypedDay:
    """Read the day that is typed; one that no calendar has or that is to come is told."""
    written, day = day_in(typed)
    if not day:
        part = day_without_year(typed)
        told = gettext("“%(day)s” lacks its year. Write it like 15 Dec 2025.", day=part)
        return TypedDay(Clocks(), typed, told if part else "")
    beside = typed.replace(written, " ", 1)
    try:
        as_of = parse_as_of(written)
        check_come_to_pass(written, "q")
    except Refused as error:
        return TypedDay(Clocks(), beside, in_a_line(error))
    return TypedDay(Clocks(as_of=as_of, as_of_text=day), beside)


def asked_day(conn: Connection, clocks: Clocks, named: Sequence[Topic]) -> AskedDay | None:
    """Return the stories and topics as of a day; of ``named`` topics these alone; none of now."""
    if clocks.as_of is None:
        return None
    meant = {one.id for one in named}
    topics = [one for one in directory.topics(conn) if not meant or one.id in meant]
    topics.sort(key=lambda one: -one.statements)
    found = [
        _then(one, [topic for topic in topics if topic.story == one.id], clocks)
        for one in directory.stories(conn)
    ]
    return AskedDay(dates.day(clocks.as_of), [one for one in found if one.topics])


def _then(story: Story, topics: list[Topic], clocks: Clocks) -> StoryThen:
    table = urlencode({"story": story.slug, "at": clocks.as_of_text})
    shown = [(one, clocks.at(f"/t/{one.slug}")) for one in topics[:MOST]]
    return StoryThen(story, f"/matrix?{table}", shown)
