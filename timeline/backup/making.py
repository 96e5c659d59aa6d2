"""Making a backup while others write: the desk first, then the log, each as of one moment.

What the desk refers to is then in the log. Nothing is backed up that does not hold: a log that was
altered, or that lacks what was read from it, must not push sound backups out.
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
from timeline.stores.progress import counted

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
    """Return how a backup of a store made now is called; names of one store sort by time."""
    return f"{store}-{datetime.fromtimestamp(now // MICROSECONDS, UTC):{STAMP}}{ENDING}"


def backups_in(folder: Path, store: str) -> list[Path]:
    """Return the backups of a store that lie in a folder under such names, the oldest first.

    An empty file is none: it held the place of a backup that was killed before it came there.
    """
    paths = (file for file in folder.glob(f"*{ENDING}") if file.name.startswith(f"{store}-"))
    named = (file for file in paths if STAMPED.fullmatch(file.name[len(store) :]))
    return sorted(file for file in named if file.stat().st_size)


def superseded(made: Path, store: str, keep: int) -> list[Path]:
    """Return which backups beside one that was just made go, so that ``keep`` stay with it.

    Names that a clock ahead gave sort after it; it stays all the same.
    """
    others = [file for file in backups_in(made.parent, store) if file != made]
    return others[: max(0, len(others) + 1 - keep)]


def back_up(
    log: EventLog,
    desk: Desk,
    path: Path,
    now: int,
    on_progress: OnProgress,
) -> Manifest:
    """Write a backup, read it again and return what it holds; ``now`` is in microseconds UTC.

    Raises `LogDoesNotHold` for a log that is not as it was recorded, and `StandlineError` where
    the file cannot be written or there is one already.
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
        told = counted(snapshot.rows(), "backing up", snapshot.size, on_progress)
        archive.add(LOG, (_encode(line_of(row)) + b"\n" for row in told))
        return snapshot.seal
