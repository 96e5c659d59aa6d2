"""The strip of the front page: what came since the reader's last visit, and on which topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from timeline.projections.queries import directory, log, news
from timeline.projections.queries.directory import Topic
from web.i18n import dates
from web.lanes.address import TopicAddress

if TYPE_CHECKING:
    from sqlalchemy import Connection

SHOWN = 4
"""Topics that the strip names; it counts the others."""


class NewTopic(msgspec.Struct, frozen=True):
    """A topic on which something is new, and where that is marked."""

    label: str
    href: str
    changes: int
    entries: int


class HomeVisit(msgspec.Struct, frozen=True, kw_only=True):
    """What is new on the whole record: ``when`` it was last seen, in words."""

    when: str
    statements: int
    developments: int
    changes: int
    corrected: int
    retracted: int
    reinstated: int
    topics: list[NewTopic]
    more: int


def home_visit(conn: Connection, since: int | None) -> HomeVisit | None:
    """Return what is new after a log position; ``None`` if nothing is."""
    if since is None:
        return None
    new, amended = news.news(conn, since), news.amended(conn, since)
    if not new and not amended:
        return None
    by_id = directory.topics_by_id(conn, {one.topic for one in new[:SHOWN]})
    last = log.lines(conn, before=since + 1, limit=1)
    return HomeVisit(
        when=dates.moment(last[0].recorded_at // MICROSECONDS) if last else "",
        statements=sum(one.statements for one in new),
        developments=news.developments(conn, since),
        changes=sum(one.changes for one in new),
        corrected=amended.get("corrected", 0),
        retracted=amended.get("retracted", 0),
        reinstated=amended.get("reinstated", 0),
        topics=[_topic(by_id[one.topic], one, since) for one in new[:SHOWN]],
        more=max(0, len(new) - SHOWN),
    )


def _topic(topic: Topic, one: news.News, since: int) -> NewTopic:
    href = TopicAddress(since=f"@{since}").url(topic.slug)
    return NewTopic(topic.label, href, one.changes, one.statements + one.developments)
