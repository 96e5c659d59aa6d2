"""Writing the record into an archive: what came since the last time, in files that stay."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from timeline.analysis.manifest import (
    FORM,
    File,
    Ledger,
    Manifest,
    RuleFiles,
    Segment,
    hash_of,
    read_manifest,
    write_manifest,
    write_tables,
)
from timeline.analysis.tables import FOUND, TABLES
from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.messages import Message
from timeline.domain.position.edition2 import RULE
from timeline.interchange.native.readable import ENVELOPE, readable_event
from timeline.parquet import Limits, open_engine, write_table
from timeline.projections.generations.digest import snapshot
from timeline.projections.queries.archived import ARCHIVED, REWRITTEN, Range, rule_rows
from timeline.projections.queries.log import quarantined_events
from timeline.projections.tables import schema
from timeline.stores.placing import flush_to_disk
from timeline.stores.progress import OnProgress, silent
from timeline.stores.rows import LogPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection
    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.projections.generations.read_models import ReadModels
    from timeline.stores.log import EventLog

ARCHIVE_NOT_WRITABLE = Message(
    "archive_not_writable",
    "cannot write the archive %(path)s: %(why)s",
    fix="name a folder that can be written",
)
ARCHIVE_OF_ANOTHER = Message(
    "archive_of_another",
    "the archive at %(path)s is not of this log: they differ up to event %(upto)s",
    fix="name another folder, or write it anew with --afresh",
)

LONGEST = 5_000_000
"""Log positions in one segment."""

OURS = re.compile(rf"({'|'.join(TABLES)})-[0-9]{{12,}}-[0-9]{{12,}}-[0-9a-f]{{8}}\.parquet")
_encode = msgspec.json.Encoder().encode
_IN_COLUMNS = frozenset(("type", "content", *ENVELOPE))


class Record(Protocol):
    """What is archived: a log, and the read models made from it."""

    @property
    def log(self) -> EventLog:
        """The log."""

    @property
    def models(self) -> ReadModels:
        """The read models."""


def archive(
    record: Record,
    folder: Path,
    *,
    afresh: bool = False,
    known_at: int | None = None,
    limits: Limits | None = None,
    on_progress: OnProgress = silent,
) -> Manifest:
    """Bring an archive up to what pages show, and return its manifest.

    Existing files stay; new events get files of their own. The rule's results (as known at the end,
    and at ``known_at``) and the values of codebook variables (at the end) are written anew. The
    whole archive is written anew ``afresh``, if another version of the code made it, or if an event
    that could not be read can be read now. Raises `Refused` if DuckDB is missing, and
    `StandlineError` if the archive is of another log or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            snapshot(record.models.engine()) as conn,
            open_engine(limits or Limits(folder=folder)) as duck,
        ):
            writing = _Writer(record.log, conn, duck, folder)
            return writing.bring_up(known_at, afresh=afresh, on_progress=on_progress)
    except OSError as error:
        why = error.strerror or error
        raise StandlineError(ARCHIVE_NOT_WRITABLE, path=folder, why=why) from None


class _Writer:
    """Writes an archive from a log and its read models, as of one moment."""

    def __init__(
        self, log: EventLog, conn: Connection, duck: DuckDBPyConnection, folder: Path
    ) -> None:
        self._log, self._conn, self._duck, self._folder = log, conn, duck, folder
        self._upto = int(conn.execute(schema.progress.select()).one().position)
        self._aside = tuple(event.position for event in quarantined_events(conn))

    def bring_up(self, known_at: int | None, *, afresh: bool, on_progress: OnProgress) -> Manifest:
        before = None if afresh else self._previous()
        segments = list(before.segments) if before else []
        begin = reached = before.upto if before else 0
        while reached < self._upto:
            upto = min(reached + LONGEST, self._upto)
            segments.append(self._segment(Range(reached, upto)))
            on_progress("events", upto - begin, self._upto - begin)
            reached = upto
        tree = self._log.tree()
        size = tree.size_at(self._upto)
        manifest = Manifest(
            rule=RULE,
            read_models=schema.CODE_VERSION,
            upto=self._upto,
            ledger=Ledger(size, tree.root(size).hex() if size else ""),
            aside=self._aside,
            segments=tuple(segments),
            found=tuple(self._rule_files(before.found if before else (), known_at)),
            beside=before.beside
            if before and before.upto == self._upto
            else self._codebook_files(),
        )
        write_tables(self._folder, manifest)
        write_manifest(self._folder, manifest)
        self._remove_others(manifest)
        return manifest

    def _previous(self) -> Manifest | None:
        """Return the manifest that is there, if it can be continued."""
        try:
            manifest = read_manifest(self._folder)
        except NotFound:
            return None
        if manifest.segments:
            last = manifest.segments[-1]
            if last.upto > self._upto or self._log.place_at(last.upto) != LogPlace(
                last.upto, bytes.fromhex(last.chain)
            ):
                raise StandlineError(ARCHIVE_OF_ANOTHER, path=self._folder, upto=last.upto)
        set_aside = tuple(position for position in self._aside if position <= manifest.upto)
        ours = (FORM, RULE, schema.CODE_VERSION, set_aside)
        theirs = (manifest.form, manifest.rule, manifest.read_models, manifest.aside)
        return manifest if theirs == ours else None

    def _rule_files(
        self, previous: Sequence[RuleFiles], known_at: int | None
    ) -> Iterator[RuleFiles]:
        """Yield the rule's results at each log position that somebody named, and at the last."""
        named = {rules.known_at: rules for rules in previous if rules.named}
        by_position = {rules.known_at: rules for rules in previous}
        positions = dict.fromkeys(named, True)
        if known_at is not None and known_at < self._upto:
            positions[known_at] = True
        positions.setdefault(self._upto, False)
        for position, is_named in sorted(positions.items()):
            files = (
                by_position[position].files
                if position in by_position
                else self._write_rule_files(position)
            )
            yield RuleFiles(position, files, is_named)

    def _write_rule_files(self, known_at: int) -> tuple[File, ...]:
        rows = rule_rows(self._conn, known_at, is_now=known_at == self._upto)
        within = Range(known_at - 1, known_at)
        files = [self._file(table, within, iter(getattr(rows, table))) for table in FOUND]
        return tuple(file for file in files if file is not None)

    def _codebook_files(self) -> tuple[File, ...]:
        within = Range(self._upto - 1, self._upto)
        files = [self._file(table, within, rows(self._conn)) for table, rows in REWRITTEN.items()]
        return tuple(file for file in files if file is not None)

    def _segment(self, within: Range) -> Segment:
        tables = [table for table in TABLES if table not in {*FOUND, *REWRITTEN}]
        files = [self._file(table, within, self._rows(table, within)) for table in tables]
        chain = self._log.place_at(within.upto).chain.hex()
        return Segment(*within, chain, tuple(file for file in files if file is not None))

    def _rows(self, table: str, within: Range) -> Iterator[Sequence[Any]]:
        return ARCHIVED[table](self._conn, within) if table in ARCHIVED else self._events(within)

    def _events(self, within: Range) -> Iterator[Sequence[Any]]:
        """Yield the events of a range: their coded fields, without texts."""
        after = within.after
        for bound in (
            *(position for position in self._aside if within.after < position <= within.upto),
            None,
        ):
            upto = within.upto if bound is None else bound - 1
            for position, event in self._log.stream(after, upto):
                yield _event_row(position, event)
            after = upto + 1

    def _file(self, table: str, within: Range, rows: Iterator[Sequence[Any]]) -> File | None:
        """Write the rows of a table; ``None`` where there are none."""
        written = self._folder / f".{table}-{os.getpid()}.parquet"
        written.unlink(missing_ok=True)
        count = write_table(self._duck, written, TABLES[table], rows)
        if not count:
            return None
        digest = hash_of(written)
        flush_to_disk(written)
        name = f"{table}-{within.after + 1:012}-{within.upto:012}-{digest[:8]}.parquet"
        place = written.replace(self._folder / name)
        return File(table, name, count, place.stat().st_size, digest)

    def _remove_others(self, manifest: Manifest) -> None:
        """Remove files that the manifest no longer names."""
        named = set(manifest.named)
        for place in self._folder.iterdir():
            if OURS.fullmatch(place.name) and place.name not in named:
                place.unlink()


def _event_row(position: int, event: Event) -> Sequence[Any]:
    readable = readable_event(event, withheld=True)
    coded = {name: readable[name] for name in readable if name not in _IN_COLUMNS}
    return (
        position,
        event.TOPIC,
        event.originator_id,
        event.originator_version,
        event.recorded_at,
        event.recorded_by,
        event.via,
        _encode(coded).decode(),
    )
