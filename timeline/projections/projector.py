"""Follows the log and writes what it says into the read models, many events at a time."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from timeline.domain import actor, development, document, statement, story, topic
from timeline.projections import entries, nouns, schema
from timeline.projections.batch import Batch
from timeline.projections.lanes import derive_touched
from timeline.stores.engines import exclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.domain.dates import SaidDate
    from timeline.domain.event import Event
    from timeline.stores.log import EventLog

BATCH = 500
"""Events in one transaction while readers wait; a rebuild takes `REBUILD_BATCH`."""

REBUILD_BATCH = 5_000

HANDLERS: dict[type[Event], Callable[[Batch, int, Any], None]] = {
    story.StoryOpened: nouns.story_opened,
    story.StorySidesArranged: nouns.sides_arranged,
    topic.TopicOpened: nouns.topic_opened,
    topic.TopicReworded: nouns.topic_reworded,
    topic.TopicFiledUnder: nouns.topic_filed_under,
    topic.TopicClosed: nouns.topic_closed,
    topic.TopicReopened: nouns.topic_reopened,
    topic.TopicRedacted: nouns.topic_redacted,
    actor.ActorIntroduced: nouns.actor_introduced,
    actor.ActorRenamed: nouns.actor_renamed,
    actor.ActorAliasAdded: nouns.alias_added,
    actor.ActorMandated: nouns.actor_mandated,
    actor.ActorMandateEnded: nouns.mandate_ended,
    actor.ActorMerged: nouns.actor_merged,
    actor.ActorMergeUndone: nouns.merge_undone,
    actor.ActorRedacted: nouns.actor_redacted,
    document.DocumentFiled: nouns.document_filed,
    document.DocumentSnapshotTaken: nouns.snapshot_taken,
    document.DocumentCorrected: nouns.document_corrected,
    document.DocumentRedacted: nouns.document_redacted,
    statement.StatementRecorded: entries.statement_recorded,
    statement.StatementCorrected: entries.statement_corrected,
    statement.StatementRetracted: entries.statement_retracted,
    statement.StatementReinstated: entries.statement_reinstated,
    statement.StatementSeconded: entries.statement_seconded,
    statement.StatementLinked: entries.linked,
    statement.StatementUnlinked: entries.unlinked,
    statement.StatementCoded: entries.statement_coded,
    statement.StatementReplyReceived: entries.reply_received,
    statement.StatementRedacted: entries.statement_redacted,
    development.DevelopmentRecorded: entries.development_recorded,
    development.DevelopmentCorrected: entries.development_corrected,
    development.DevelopmentRetracted: entries.development_retracted,
    development.DevelopmentReinstated: entries.development_reinstated,
    development.DevelopmentSeconded: entries.development_seconded,
    development.DevelopmentLinked: entries.linked,
    development.DevelopmentUnlinked: entries.unlinked,
    development.DevelopmentRedacted: entries.development_redacted,
}
ENTRIES = ("statement.", "development.")


class Projector:
    """Brings one generation of read models up to the log's head.

    Rows and the position reached are committed together, so that every event counts exactly
    once, however many projectors follow the same log.
    """

    def __init__(self, log: EventLog, engine: Engine) -> None:
        self._log = log
        self._engine = engine
        self._published: dict[str, SaidDate | None] = {}

    def position(self) -> int:
        """Return the log position that the read models show."""
        with self._engine.connect() as conn:
            return int(conn.execute(select(schema.progress.c.position)).scalar_one())

    def catch_up(self, upto: int | None = None, *, deadline: float | None = None) -> int:
        """Project up to the head (or ``upto``) and return the position reached.

        With a ``deadline`` (of `time.monotonic`) it stops at the first batch after it.
        """
        goal = self._log.head() if upto is None else upto
        reached = self.position()
        while reached < goal:
            reached = self._step(BATCH)
            if deadline is not None and time.monotonic() > deadline:
                break
        return reached

    def fill(self, upto: int, on_progress: Callable[[int, int], None]) -> int:
        """Write the rows of a generation that nobody reads yet; lanes are derived later."""
        reached = self.position()
        while reached < upto:
            reached = self._step(REBUILD_BATCH, derive_later=True)
            on_progress(reached, upto)
        return reached

    def _step(self, size: int, *, derive_later: bool = False) -> int:
        with exclusive(self._engine) as conn:
            reached = _locked_position(conn)
            events = list(islice(self._log.stream(after=reached), size))
            if not events:
                return reached
            savepoint = conn.begin_nested()
            try:
                self._project(conn, events, derive_later=derive_later)
            except (OperationalError, InterfaceError):
                raise
            except Exception:  # noqa: BLE001 - any poison event ends in quarantine
                savepoint.rollback()
                self._project_singly(conn, events, derive_later=derive_later)
            else:
                savepoint.commit()
            _advance(conn, events[-1][0])
            return events[-1][0]

    def _project(
        self, conn: Connection, events: Sequence[tuple[int, Event]], *, derive_later: bool
    ) -> None:
        batch = Batch(conn, self._published, derive_later=derive_later)
        running_max = _running_max(conn)
        for position, event in events:
            HANDLERS.get(type(event), _nothing)(batch, position, event)
            running_max = max(running_max, event.recorded_at)
            batch.add(schema.log_index, _log_row(batch, position, event, running_max))
        batch.flush()
        derive_touched(batch)

    def _project_singly(
        self, conn: Connection, events: Sequence[tuple[int, Event]], *, derive_later: bool
    ) -> None:
        for position, event in events:
            savepoint = conn.begin_nested()
            try:
                self._project(conn, [(position, event)], derive_later=derive_later)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001 - any poison event ends in quarantine
                savepoint.rollback()
                _quarantine(conn, position, event, error)
            else:
                savepoint.commit()


def _log_row(batch: Batch, position: int, event: Event, running_max: int) -> schema.LogRow:
    is_entry = event.TOPIC.startswith(ENTRIES)
    return schema.LogRow(
        position,
        event.TOPIC,
        event.originator_id,
        batch.number_of(event.originator_id) if is_entry else None,
        event.recorded_at,
        running_max,
        event.recorded_by,
        event.via,
    )


def _nothing(_batch: Batch, _position: int, _event: Event) -> None:
    """Show nothing of this type beyond its line in the log."""


def _locked_position(conn: Connection) -> int:
    query = select(schema.progress.c.position)
    return int(conn.execute(query.with_for_update()).scalar_one())


def _advance(conn: Connection, position: int) -> None:
    conn.execute(update(schema.progress).values(position=position))


def _running_max(conn: Connection) -> int:
    return int(conn.execute(select(func.max(schema.log_index.c.running_max))).scalar() or 0)


def _quarantine(conn: Connection, position: int, event: Event, error: Exception) -> None:
    row = {
        "position": position,
        "type": event.TOPIC,
        "error": f"{type(error).__name__}: {error}",
    }
    conn.execute(insert(schema.quarantine).values(row))
    running_max = max(_running_max(conn), event.recorded_at)
    line = schema.LogRow(
        position,
        event.TOPIC,
        event.originator_id,
        None,
        event.recorded_at,
        running_max,
        event.recorded_by,
        event.via,
    )
    conn.execute(insert(schema.log_index).values(line._asdict()))
