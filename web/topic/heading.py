"""What is shown beside a question: earlier and later topics, its end, the newsroom's lede."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
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
    from timeline.projections.queries.ledes import KnownLede
    from timeline.stores.log import EventLog


class Closing(msgspec.Struct, frozen=True):
    """When and why a topic was closed to new statements; the reason may be erased."""

    when: str
    reason: str


class Heading(msgspec.Struct, frozen=True):
    """The topics before and after this one: another meaning of a question is another topic.

    ``erased`` is the legal erasure of the question, if any; ``codebook`` is the version of its
    coding rules, 0 for none. ``watched`` if its watched sources are recorded, ``derived`` if its
    changes are printed as the rule derives them.
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


class NewsroomLede(msgspec.Struct, frozen=True):
    """A sentence, who wrote it, and on which day; ``lang`` is empty in the record's language."""

    sentence: str
    by: str
    day: str
    machine: str
    lang: str


def newsroom_lede(known: KnownLede | None, lang: str) -> NewsroomLede | None:
    """Return the sentence in the reader's language if it has it; ``None`` without one."""
    if known is None or not known.sentence:
        return None
    written = known.recorded_at // MICROSECONDS
    translated = known.translations.get(lang)
    return NewsroomLede(
        sentence=translated or known.sentence,
        by=known.recorded_by,
        day=dates.day(written),
        machine=dates.machine(written),
        lang=lang if translated else "",
    )
