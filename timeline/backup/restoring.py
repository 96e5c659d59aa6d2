"""Restores a backup into an empty store: log and desk together, or neither."""

from __future__ import annotations

import io
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.backup.archive import BACKUP_DAMAGED, DESK, LOG, Archive
from timeline.desk.desk import Desk
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.interchange.formats.full_log import rows_of
from timeline.interchange.formats.opening import SourceFile
from timeline.stores.atomic_restore import restore_aside
from timeline.stores.log import EventLog
from timeline.stores.progress import with_progress
from timeline.stores.restoring import RESTORE_INTO_FULL_STORE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.backup.archive import Manifest
    from timeline.desk.carrying import DeskRow
    from timeline.stores.progress import OnProgress
    from timeline.stores.restoring import Seal
    from timeline.stores.rows import StoredRow
    from timeline.stores.store_url import StoreUrl

BACKUP_OF_ANOTHER_LOG = Message(
    "backup_of_another_log",
    "the log in it is not the one that its manifest describes",
    fix="take an earlier one",
)

_desk_row = msgspec.json.Decoder(tuple[str, dict[str, str | int | None]]).decode


def restore(path: Path, url: StoreUrl, on_progress: OnProgress) -> Manifest:
    """Restore a backup into an empty store, and verify all of it afterwards.

    On SQLite the store is made aside, on PostgreSQL in one transaction: so there is all of it or
    nothing. Raises `Refused` for a store that is not empty, and for a backup that is damaged or
    does not match its manifest.
    """
    with Archive.opened(path) as archive:
        archive.check(on_progress)
        with _empty_store(url) as place, closing(EventLog.open(place)) as log:
            if log.head():
                raise Refused(RESTORE_INTO_FULL_STORE, field="--store")
            _fill(archive, log, place, on_progress)
            manifest = archive.manifest
            log.verify({manifest.events: manifest.seal.root}, on_progress)
    return manifest


@contextmanager
def _empty_store(url: StoreUrl) -> Iterator[StoreUrl]:
    if not url.is_sqlite:
        yield url
        return
    with restore_aside(url) as aside:
        yield aside


def _fill(archive: Archive, log: EventLog, url: StoreUrl, on_progress: OnProgress) -> None:
    with closing(Desk(url)) as desk:
        if archive.has(DESK):
            desk.require_empty()

        def finish(cursor: Any, seal: Seal) -> None:  # noqa: ANN401 - the driver's
            if seal != archive.manifest.seal:
                raise Refused(BACKUP_OF_ANOTHER_LOG, field=archive.name)
            log.restore_four_eyes(cursor, archive.manifest.four_eyes)
            if archive.has(DESK):
                desk.restore_rows(cursor, _desk_rows(archive))

        try:
            log.restore(_log_rows(archive, on_progress), finish)
        except StandlineError as error:
            if error.field.startswith(archive.name):
                raise
            raise Refused.again(error, field=archive.name) from error


def _log_rows(archive: Archive, on_progress: OnProgress) -> Iterator[StoredRow]:
    with archive.part(LOG) as part:
        text = io.TextIOWrapper(part, "utf-8", "surrogateescape", newline="")
        opened = SourceFile(f"{archive.name}, {LOG}", text, "", "utf-8", 0, lambda: 0)
        yield from with_progress(rows_of(opened), "restoring", archive.manifest.events, on_progress)


def _desk_rows(archive: Archive) -> Iterator[DeskRow]:
    with archive.part(DESK) as part:
        for line in part:
            try:
                yield _desk_row(line)
            except msgspec.MsgspecError as error:
                raise Refused(BACKUP_DAMAGED, field=archive.name, why=error) from error
