"""Makes a backup while others write: the desk first, then the log, each as of one moment.

So all that the desk refers to is in the log. A log that fails its check is not backed up: it must
not replace sound backups.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import msgspec

from timeline.backup.archive import DESK, LOG, Manifest, new_archive
from timeline.domain.errors import StandlineError
from timeline.domain.instants import MICROSECONDS, iso_us
from timeline.domain.messages import Message
from timeline.interchange.formats.full_log import line_of
from timeline.stores.progress import with_progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.backup.archive import NewArchive
    from timeline.desk.desk import Desk
    from timeline.stores.log import EventLog
    from timeline.stores.progress import OnProgress
    from timeline.stores.restoring import Seal

BACKUP_IS_THERE = Message(
    "backup_is_there", "%(path)s is there already", fix="name another file, or a folder"
)

ENDING = ".standline.zip"
STAMP = "%Y%m%dT%H%M%SZ"
STAMPED = re.compile(r"-\d{8}T\d{6}Z" + re.escape(ENDING))

_encode = msgspec.json.Encoder().encode


def file_name(store: str, now: int) -> str:
    """Return the file name of a backup of a store made now; names of one store sort by time."""
    return f"{store}-{datetime.fromtimestamp(now // MICROSECONDS, UTC):{STAMP}}{ENDING}"


def backups_in(folder: Path, store: str) -> list[Path]:
    """Return the backups of a store in a folder, by name, the oldest first.

    Empty files are skipped: they are left from backups that were killed.
    """
    paths = (file for file in folder.glob(f"*{ENDING}") if file.name.startswith(f"{store}-"))
    named = (file for file in paths if STAMPED.fullmatch(file.name[len(store) :]))
    return sorted(file for file in named if file.stat().st_size)


def superseded(made: Path, store: str, keep: int) -> list[Path]:
    """Return the old backups to delete, so that ``keep`` stay, with the one just made.

    That one stays even if a clock that ran ahead gave others later names.
    """
    others = [file for file in backups_in(made.parent, store) if file != made]
    return others[: max(0, len(others) + 1 - keep)]


def back_up(log: EventLog, desk: Desk, path: Path, now: int, on_progress: OnProgress) -> Manifest:
    """Write a backup, read it again and return its manifest; ``now`` is in microseconds UTC.

    Raises `LogDoesNotHold` for a log that is not as it was recorded, and `StandlineError` if the
    file exists or cannot be written.
    """
    if path.exists():
        raise StandlineError(BACKUP_IS_THERE, path=path)
    log.check_turns()
    with new_archive(path, on_progress) as archive:
        rows = _add_desk(archive, desk)
        seal = _add_log(archive, log, on_progress)
        manifest = Manifest(
            standline=version("standline"),
            made_at=iso_us(now),
            head=seal.head,
            events=seal.events,
            chain=seal.chain.hex(),
            root=seal.root.hex(),
            desk=rows,
            parts=tuple(archive.parts),
            four_eyes=log.four_eyes(),
        )
        archive.seal(manifest)
    return manifest


def _add_desk(archive: NewArchive, desk: Desk) -> dict[str, int]:
    counts: Counter[str] = Counter()
    if desk.is_there():

        def lines() -> Iterator[bytes]:
            for table, row in desk.backed_up_rows():
                counts[table] += 1
                yield _encode((table, row)) + b"\n"

        archive.add(DESK, lines())
    return dict(counts)


def _add_log(archive: NewArchive, log: EventLog, on_progress: OnProgress) -> Seal:
    with log.snapshot() as snapshot:
        rows = with_progress(snapshot.rows(), "backing up", snapshot.size, on_progress)
        archive.add(LOG, (_encode(line_of(row)) + b"\n" for row in rows))
        return snapshot.seal
