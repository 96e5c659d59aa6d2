"""The files of a watched folder: each is read once, and again when it changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.files.article_file import ARTICLE_FILE_TOO_LARGE, FILE_NOT_READ, MOST_BYTES
from timeline.desk.feeds import FOLDER_MISSING
from timeline.domain.errors import Refused
from timeline.watching.arriving import file_id, of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from timeline.desk.inbox import Arrival
    from timeline.watching.sources import FolderSource

ENDINGS = (".html", ".htm", ".xhtml", ".pdf", ".docx", ".txt", ".vtt", ".xml")
"""Endings of files that may be articles."""

OTHER_ENDINGS = (".doc", ".odt", ".rtf", ".pages")
"""Endings of texts that cannot be read here: these are reported, not skipped."""

Stamp = tuple[int, int]
"""A file's time of change, in nanoseconds, and its size in bytes."""


class SeenFile(msgspec.Struct, frozen=True):
    """A file as it was when it was read; ``trouble`` is why it has no text."""

    stamp: Stamp
    trouble: str = ""


class FolderReport(msgspec.Struct, frozen=True):
    """What a folder holds now: the number of ``files``, and the new ``arrivals``.

    ``troubles`` are new errors of files, by name.
    """

    files: int
    arrivals: list[Arrival]
    troubles: dict[str, str]
    seen: dict[Path, SeenFile]

    @property
    def unread(self) -> list[str]:
        """The names of all files without a text, reported before or not."""
        before = [path.name for path, seen in self.seen.items() if seen.trouble]
        return sorted({*before, *self.troubles})


class Folders:
    """Remembers which files were read."""

    def __init__(self) -> None:
        self._seen: dict[Path, SeenFile] = {}

    def remember(self, report: FolderReport) -> None:
        """Remember the files of a report, so that they are read again only when they change."""
        self._seen |= report.seen

    def look(
        self, folder: FolderSource, knows: Callable[[list[str]], Collection[str]], now: int
    ) -> FolderReport:
        """Look through a folder; ``knows`` returns the ids in the inbox, ``now`` is in µs UTC.

        Raises `Refused` if there is no such folder.
        """
        try:
            paths = list(_articles_in(Path(folder.path)))
        except OSError:
            raise Refused(FOLDER_MISSING) from None
        report = FolderReport(len(paths), [], {}, {})
        for path in paths:
            try:
                self._look_at(path, folder, knows, now, report)
            except OSError as error:  # not remembered: it may be readable the next time
                report.troubles[path.name] = error.strerror or str(error)
        return report

    def _look_at(
        self,
        path: Path,
        folder: FolderSource,
        knows: Callable[[list[str]], Collection[str]],
        now: int,
        report: FolderReport,
    ) -> None:
        stamp = _stamp(path)
        before = self._seen.get(path)
        if before is not None and before.stamp == stamp:
            report.seen[path] = before
            return
        try:
            data = _read(path, stamp[1])
            if not knows([file_id(data)]):
                report.arrivals.append(of_file(folder, path, data, now))
            report.seen[path] = SeenFile(stamp)
        except Refused as error:
            report.troubles[path.name] = str(error)
            report.seen[path] = SeenFile(stamp, str(error))


def _read(path: Path, size: int) -> bytes:
    if path.suffix.lower() in OTHER_ENDINGS:
        raise Refused(FILE_NOT_READ, field="file")
    if size > MOST_BYTES:
        raise Refused(
            ARTICLE_FILE_TOO_LARGE, field="file", size=f"{size:,}", limit=f"{MOST_BYTES:,}"
        )
    return path.read_bytes()


def _articles_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that may be articles, by name; may raise `OSError`."""
    for path in sorted(folder.iterdir()):
        may_be_article = (
            path.suffix.lower() in ENDINGS + OTHER_ENDINGS and not path.name.startswith(".")
        )
        if may_be_article and path.is_file():
            yield path


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_mtime_ns, status.st_size
