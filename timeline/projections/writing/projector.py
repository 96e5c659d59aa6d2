"""Follows the log and writes its events into the read models, many at a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Engine, func, select, true, update
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from timeline.domain import (
    actor,
    clock,
    development,
    document,
    signing,
    statement,
    story,
    topic,
    verdict,
)
from timeline.domain.catalogue import EVENT_TYPES
from timeline.domain.complete import check_complete
from timeline.domain.errors import StandlineError
from timeline.projections.tables import schema
from timeline.projections.tables.rows import LogRow
from timeline.projections.writing import (
    developments,
    entries,
    nouns,
    statements,
    translations,
    verdicts,
)
from timeline.projections.writing.after_lanes import (
    count_days,
    count_stances,
    note_lateness,
    rank_touched,
    sort_renamed,
)
from timeline.projections.writing.batch import KEYS_CACHE, Batch
from timeline.projections.writing.bulk import tally_rows, updated_counts, write_rows
from timeline.projections.writing.deriving import derive_touched
from timeline.projections.writing.utterances import count_touched_utterances
from timeline.rooms import noun_parts
from timeline.stores.engines import PATIENCE, exclusive
from timeline.stores.following import tell_shown
from timeline.stores.gc_tuning import collect_recent
from timeline.stores.postgres_connection import ending_holders, let_others_if_silent
from timeline.stores.progress import silent
from timeline.stores.query_limit import limit_queries
from timeline.stores.rows import LogPlace
from timeline.stores.trouble import UnreadableEvent, is_cut, is_damaged

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence

    from timeline.domain.dates import SaidDate
    from timeline.domain.event import Event
    from timeline.stores.log import EventLog
    from timeline.stores.progress import OnProgress
    from timeline.stores.proving import Proof

BATCH = 500
"""Events in one transaction while somebody waits; otherwise `LARGE_BATCH`."""

QUERY_SECONDS = 15
"""Seconds after which a query is given up while somebody waits."""

LARGE_BATCH = 5_000

SILENCE, SILENCE_FOR_EACH = 20.0, 0.02
"""Seconds (and more for each event) after which a silent projector is taken for stopped."""

CHASES = 10
"""How often a rebuild follows a few events that came while it wrote the last ones."""

NAMED = 3
"""Quarantined events that a page names; the log has all of them."""

NOT_POISON = (OperationalError, InterfaceError, ProgrammingError, MemoryError)
"""Errors of the machine, not of an event: no event is skipped for them, nor for a damaged page or a
lost connection. Any other error means a poison event, which goes into quarantine."""


def log_line_only(_batch: Batch, _position: int, _event: Event) -> None:
    """Write nothing for this type but its line in the log."""


HANDLERS: dict[type[Event], Callable[[Batch, int, Any], None]] = {
    clock.ClockConfirmed: log_line_only,
    signing.KeyRotated: log_line_only,
    story.StoryOpened: nouns.story_opened,
    story.StoryRenamed: nouns.story_renamed,
    story.StorySidesArranged: nouns.sides_arranged,
    story.StoryTranslated: translations.translated,
    topic.TopicOpened: nouns.topic_opened,
    topic.TopicReworded: nouns.topic_reworded,
    topic.TopicTranslated: translations.topic_translated,
    topic.TopicCodebookWritten: nouns.codebook_written,
    topic.TopicWatched: nouns.topic_watched,
    topic.TopicWatchWithdrawn: nouns.watch_withdrawn,
    topic.TopicClassified: nouns.topic_classified,
    topic.TopicLedeSet: nouns.lede_set,
    topic.TopicFiledUnder: nouns.topic_filed_under,
    topic.TopicClosed: nouns.topic_closed,
    topic.TopicReopened: nouns.topic_reopened,
    topic.TopicRedacted: nouns.topic_redacted,
    actor.ActorIntroduced: nouns.actor_introduced,
    actor.ActorRenamed: nouns.actor_renamed,
    actor.ActorTranslated: translations.actor_translated,
    actor.ActorClassified: nouns.actor_classified,
    actor.ActorAliasAdded: nouns.alias_added,
    actor.ActorMandated: nouns.actor_mandated,
    actor.ActorMandateEnded: nouns.mandate_ended,
    actor.ActorStandingStated: nouns.standing_stated,
    actor.ActorDescribed: nouns.actor_described,
    actor.ActorMerged: nouns.actor_merged,
    actor.ActorMergeUndone: nouns.merge_undone,
    actor.ActorRedacted: nouns.actor_redacted,
    document.DocumentFiled: nouns.document_filed,
    document.DocumentSnapshotTaken: nouns.snapshot_taken,
    document.DocumentCorrected: nouns.document_corrected,
    document.DocumentRedacted: nouns.document_redacted,
    verdict.ChangeSigned: verdicts.change_signed,
    verdict.ChangeDeclined: verdicts.change_declined,
    verdict.ChangeReopened: verdicts.change_reopened,
    verdict.ChangeRedacted: verdicts.change_redacted,
    statement.StatementRecorded: statements.statement_recorded,
    statement.StatementCorrected: statements.statement_corrected,
    statement.StatementTranslated: translations.statement_translated,
    statement.StatementRetracted: statements.statement_retracted,
    statement.StatementReinstated: statements.statement_reinstated,
    statement.StatementSeconded: statements.statement_seconded,
    statement.StatementLinked: entries.linked,
    statement.StatementUnlinked: entries.unlinked,
    statement.StatementCoded: statements.statement_coded,
    statement.StatementQuoteRead: statements.quote_read,
    statement.StatementQuoteUnread: statements.quote_unread,
    statement.StatementPassageAdded: statements.statement_passage_added,
    statement.StatementReplyRequested: log_line_only,
    statement.StatementReplyReceived: statements.reply_received,
    statement.StatementReplyRetracted: statements.reply_retracted,
    statement.StatementRedacted: statements.statement_redacted,
    development.DevelopmentRecorded: developments.development_recorded,
    development.DevelopmentCorrected: developments.development_corrected,
    development.DevelopmentTranslated: translations.development_translated,
    development.DevelopmentRetracted: developments.development_retracted,
    development.DevelopmentReinstated: developments.development_reinstated,
    development.DevelopmentSeconded: developments.development_seconded,
    development.DevelopmentLinked: entries.linked,
    development.DevelopmentUnlinked: entries.unlinked,
    development.DevelopmentRedacted: developments.development_redacted,
}
"""What each event type writes into the read models, beside its line in the log."""

for _rows in noun_parts("rows").values():
    HANDLERS |= _rows.HANDLERS

check_complete("HANDLERS", HANDLERS, EVENT_TYPES.values())

ABOUT_ENTRIES = frozenset(
    kind for kind in HANDLERS if kind.TOPIC.startswith(("statement.", "development."))
)


class Progress(msgspec.Struct, frozen=True):
    """The log position up to which the read models are, and the events quarantined on the way.

    ``aside`` counts these events, ``named`` are the positions of the first.
    """

    position: int
    aside: int
    named: tuple[int, ...]


# Every request runs these two.
_PLACE = select(schema.progress.c.position, schema.progress.c.chain)
_PROGRESS = (
    select(
        schema.progress.c.position,
        func.count(schema.quarantine.c.position).over(),
        schema.quarantine.c.position,
        schema.progress.c.chain,
    )
    .select_from(schema.progress.outerjoin(schema.quarantine, true()))
    .order_by(schema.quarantine.c.position)
    .limit(NAMED)
)


class Projector:
    """Brings one generation of read models up to the log's head.

    Rows and the position reached are committed together, so that every event counts exactly
    once, however many projectors follow the same log.
    """

    def __init__(self, log: EventLog, engine: Engine) -> None:
        self._log = log
        self.engine = engine
        self._published: dict[str, SaidDate | None] = {}
        self._keys: dict[str, int] = {}
        self._reached = -1

    def place(self) -> LogPlace:
        """Return the log position that the read models show, and the log's hash there."""
        with self.engine.connect() as conn:
            return LogPlace(*conn.execute(_PLACE).one())

    def reached(self) -> Progress:
        """Return how far the read models are, and what was quarantined."""
        return self.standing()[1]

    def standing(self) -> tuple[LogPlace, Progress]:
        """Return what `place` and `reached` do, in one query."""
        with self.engine.connect() as conn:
            rows = conn.execute(_PROGRESS).all()
        position, count, first, chain = rows[0]
        named = () if first is None else tuple(int(row[2]) for row in rows)
        return LogPlace(position, chain), Progress(int(position), int(count), named)

    def catch_up(
        self,
        upto: LogPlace | None = None,
        *,
        deadline: float | None = None,
        on_progress: OnProgress = silent,
    ) -> int:
        """Project up to the head (or ``upto``) and return the position reached.

        With a ``deadline`` (of `time.monotonic`) it stops at the first batch after it. Raises
        `AnotherLog` where the log is not the one that the read models were made from.
        """
        goal = self._log.place() if upto is None else upto
        here = self.place()
        if here.position == goal.position and here.chain == goal.chain:
            return here.position
        if here.position >= goal.position:
            # Another process projected more in between, or this is another log.
            return self._log.place_after(here, here.position).position
        return self._go(here.position, goal.position, deadline, on_progress)

    def _go(self, reached: int, goal: int, deadline: float | None, on_progress: OnProgress) -> int:
        if deadline is None:
            here = reached
            while reached < goal:
                reached = self._step(goal, LARGE_BATCH)
                on_progress("events", reached - here, goal - here)
            return reached
        while reached < goal and (left := deadline - time.monotonic()) > 0:
            try:
                reached = self._step(goal, BATCH, patience=left, query_seconds=QUERY_SECONDS)
            except OperationalError:
                # Another process projects and holds the lock: its work is ours.
                if time.monotonic() < deadline:
                    raise
        return reached

    def fill(self, on_progress: Callable[[int, int], None], proof: Proof | None) -> None:
        """Write the rows of a generation that nobody reads yet; lanes are derived later.

        Events recorded meanwhile are written too, if they are many: once there are indexes, they
        take ten times as long. A few are followed only `CHASES` times. With a ``proof`` it raises
        `LogDoesNotHold` at an event that is not as it was recorded.
        """
        reached, goal, left = self.place().position, self._log.head(), CHASES
        while reached < goal:
            reached = self._step(goal, LARGE_BATCH, derives_later=True, proof=proof)
            collect_recent()
            on_progress(reached, goal)
            if reached == goal:
                left, head = left - 1, self._log.head()
                goal = head if left > 0 or head - goal >= BATCH else goal
        if proof is None:
            return
        while reached < (head := self._log.head()):
            self._log.prove(proof, reached, head)
            reached = head
        proof.end()

    def _step(
        self,
        goal: int,
        size: int,
        *,
        patience: float = PATIENCE,
        query_seconds: float = 0,
        derives_later: bool = False,
        proof: Proof | None = None,
    ) -> int:
        table = schema.progress.name
        with ending_holders(self.engine, table), exclusive(self.engine, patience) as conn:
            limit_queries(conn, query_seconds)
            here = _locked_place(conn)
            stop = min(goal, here.position + size)
            if stop <= here.position:
                return here.position
            if not derives_later:
                let_others_if_silent(conn, SILENCE + SILENCE_FOR_EACH * (stop - here.position))
            if here.position != self._reached:
                # Another process projected and may have changed dates.
                self._published.clear()
            events, unreadable = self._read(here.position, stop, proof)
            with tally_rows(conn) as tally:
                self._project_or_quarantine(conn, events, tally, derives_later=derives_later)
                if unreadable is not None:
                    stop = unreadable.position
                    _quarantine(conn, _line_of(conn, unreadable), unreadable)
            there = self._log.place_after(here, stop)
            conn.execute(update(schema.progress).values(position=stop, chain=there.chain))
            if not derives_later:
                _keep_counts(conn, tally)
                tell_shown(conn)
        self._reached = stop
        if len(self._keys) > KEYS_CACHE:
            self._keys.clear()
        return stop

    def _read(
        self, after: int, upto: int, proof: Proof | None
    ) -> tuple[list[tuple[int, Event]], UnreadableEvent | None]:
        """Return the events of a range, up to the first unreadable one."""
        log = self._log
        events = []
        try:
            for event in log.proven(proof, after, upto) if proof else log.stream(after, upto):
                events.append(event)  # noqa: PERF402 - those before an unreadable one are kept
        except UnreadableEvent as error:
            return events, error
        return events, None

    def _project_or_quarantine(
        self,
        conn: Connection,
        events: Sequence[tuple[int, Event]],
        tally: Counter[str],
        *,
        derives_later: bool,
    ) -> None:
        savepoint = conn.begin_nested()
        try:
            self._project(conn, events, derives_later=derives_later)
        except Exception as error:
            if not _is_poison(error):
                raise
            savepoint.rollback()
            tally.clear()
            self._keys.clear()
            self._project_singly(conn, events, tally, derives_later=derives_later)
        else:
            savepoint.commit()

    def _project(
        self, conn: Connection, events: Sequence[tuple[int, Event]], *, derives_later: bool
    ) -> None:
        # Only a rebuild is the only writer for sure.
        keys = self._keys if derives_later else None
        batch = Batch(conn, self._published, derives_later=derives_later, keys=keys)
        running_max = _running_max(conn)
        for position, event in events:
            HANDLERS[type(event)](batch, position, event)
            if type(event) is clock.ClockConfirmed:
                batch.flush()
                _set_back(conn, event.recorded_at)
                running_max = 0
            if event.recorded_at > running_max:
                running_max = event.recorded_at
                batch.add(schema.clock, (position, running_max))
            is_entry = type(event) in ABOUT_ENTRIES
            number = batch.number_of(event.originator_id) if is_entry else None
            batch.add(schema.log_index, _line(position, event, number))
        batch.reindex_all()
        batch.flush()
        derive_touched(batch)
        count_touched_utterances(batch)
        rank_touched(batch)
        sort_renamed(batch)
        count_days(batch)
        count_stances(batch)
        note_lateness(batch)

    def _project_singly(
        self,
        conn: Connection,
        events: Sequence[tuple[int, Event]],
        tally: Counter[str],
        *,
        derives_later: bool,
    ) -> None:
        self._published.clear()
        for position, event in events:
            before = tally.copy()
            savepoint = conn.begin_nested()
            try:
                self._project(conn, [(position, event)], derives_later=derives_later)
            except Exception as error:
                if not _is_poison(error):
                    raise
                savepoint.rollback()
                tally.clear()
                tally.update(before)
                self._published.clear()
                self._keys.clear()
                if event.recorded_at > _running_max(conn):
                    write_rows(conn, schema.clock, [(position, event.recorded_at)])
                _quarantine(conn, _line(position, event, None), error)
            else:
                savepoint.commit()


def _is_poison(error: Exception) -> bool:
    return not (isinstance(error, NOT_POISON) or is_damaged(error) or is_cut(error))


def _set_back(conn: Connection, instant: int) -> None:
    """Cap the running maximum at an instant: the clock had run ahead until then."""
    table = schema.clock
    later = table.c.running_max > instant
    conn.execute(update(table).where(later).values(running_max=instant))


def _line(position: int, event: Event, number: int | None) -> LogRow:
    return LogRow(
        position,
        event.TOPIC,
        event.originator_id if number is None else None,
        number,
        event.recorded_at,
        event.recorded_by,
        event.via,
    )


def _keep_counts(conn: Connection, tally: Counter[str]) -> None:
    """Store the counts of rows after a batch, if any changed."""
    if any(tally.values()):
        before = conn.execute(select(schema.progress.c.rows)).scalar_one()
        conn.execute(update(schema.progress).values(rows=updated_counts(before, tally)))


def _locked_place(conn: Connection) -> LogPlace:
    return LogPlace(*conn.execute(_PLACE.with_for_update()).one())


def _running_max(conn: Connection) -> int:
    table = schema.clock
    query = select(table.c.running_max).order_by(table.c.position.desc()).limit(1)
    return int(conn.execute(query).scalar() or 0)


def _line_of(conn: Connection, unreadable: UnreadableEvent) -> LogRow:
    names = unreadable.topic, unreadable.stream
    return LogRow(unreadable.position, *names, None, _running_max(conn), "", "")


def _quarantine(conn: Connection, line: LogRow, error: Exception) -> None:
    text = str(error)
    if not isinstance(error, StandlineError):
        text = f"{type(error).__name__}: {error}"
    write_rows(conn, schema.quarantine, [(line.position, line.type, text)])
    write_rows(conn, schema.log_index, [line])
