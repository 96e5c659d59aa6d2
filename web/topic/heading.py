"""Beside a topic's question: what it took the place of, what came after it, and if it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.nature import DERIVED
from timeline.domain.topic import TopicClosed
from timeline.projections.queries import directory, log
from timeline.projections.queries.codebooks import latest_codebook
from timeline.projections.queries.coverage import coverage
from timeline.projections.queries.natures import natures
from web.i18n import dates
from web.wording.amendments import Erasure, erasure_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from timeline.stores.log import EventLog


class Closing(msgspec.Struct, frozen=True):
    """When a topic was closed to new statements, and why; the reason may be erased."""

    when: str
    reason: str


class Heading(msgspec.Struct, frozen=True):
    """A question of another meaning is another topic: the one before, and those after.

    ``erased`` is what took the question's words, if a law demanded it; ``codebook`` the version of
    the rules by which it is coded, 0 where nobody wrote them down. ``watched`` tells that it
    is said where was watched, ``derived`` that its changes are printed as the rule derives them.
    """

    succeeds: Topic | None
    succeeded_by: list[Topic]
    closing: Closing | None
    erased: Erasure | None
    codebook: int
    watched: bool
    derived: bool


def heading(
    conn: Connection, stored: EventLog, topic: Topic, known_at: int | None = None
) -> Heading:
    """Read what stands beside the question; ``stored`` is asked only for one closed or erased.

    Which changes are printed is as known at a log position, as they are themselves.
    """
    before = directory.topics_by_id(conn, {topic.succeeds}) if topic.succeeds else {}
    written = latest_codebook(conn, topic.id)
    return Heading(
        succeeds=before.get(topic.succeeds or ""),
        succeeded_by=directory.successors(conn, topic.id),
        closing=_closing(conn, stored, topic) if topic.closed else None,
        codebook=written.version if written else 0,
        watched=bool(coverage(conn, topic.id)),
        derived=natures(conn, [topic], known_at)[topic.id].prints == DERIVED,
        erased=erasure_of(conn, stored, topic.id) if topic.question == topic.slug else None,
    )


def _closing(conn: Connection, stored: EventLog, topic: Topic) -> Closing | None:
    closed = [row for row in log.of_stream(conn, topic.id) if row.type == TopicClosed.TOPIC]
    if not closed:
        return None
    event = stored.event(closed[-1].position)
    reason = event.content if isinstance(event, TopicClosed) else None
    return Closing(dates.moment_us(closed[-1].recorded_at), reason.reason if reason else "")
