"""What lies in a watched folder: files that may be articles, each read once until it changes."""

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
"""How the files end that may be articles."""

OTHER_ENDINGS = (".doc", ".odt", ".rtf", ".pages")
"""How those end that hold a text which nobody here can read: they are named, not passed over."""

Stamp = tuple[int, int]
"""When a file was written, in nanoseconds, and how many bytes it has."""


class FileSeen(msgspec.Struct, frozen=True):
    """A file as it was when it was looked at; ``trouble`` is why no text could be read from it."""

    stamp: Stamp
    trouble: str = ""


class LookedThrough(msgspec.Struct, frozen=True):
    """What a folder holds now: so many ``files``, and ``arrivals`` that are new.

    ``told`` is what is wrong with files, by name, that were not told of before.
    """

    files: int
    arrivals: list[Arrival]
    told: dict[str, str]
    seen: dict[Path, FileSeen]

    @property
    def unread(self) -> list[str]:
        """The names of all files without a text, told of before or not."""
        before = [path.name for path, seen in self.seen.items() if seen.trouble]
        return sorted({*before, *self.told})


class Folders:
    """Remembers which files were looked at."""

    def __init__(self) -> None:
        self._seen: dict[Path, FileSeen] = {}

    def remember(self, looked: LookedThrough) -> None:
        """Look at these files again only when they change."""
        self._seen |= looked.seen

    def look(
        self, folder: FolderSource, knows: Callable[[list[str]], Collection[str]], now: int
    ) -> LookedThrough:
        """Look through a folder; ``knows`` says which texts the inbox has, ``now`` is in µs UTC.

        Raises `Refused` where there is no such folder.
        """
        try:
            paths = list(_articles_in(Path(folder.path)))
        except OSError:
            raise Refused(FOLDER_MISSING) from None
        looked = LookedThrough(len(paths), [], {}, {})
        for path in paths:
            try:
                self._look_at(path, folder, knows, now, looked)
            except OSError as error:  # it may be there the next time: it is not remembered
                looked.told[path.name] = error.strerror or str(error)
        return looked

    def _look_at(
        self,
        path: Path,
        folder: FolderSource,
        knows: Callable[[list[str]], Collection[str]],
        now: int,
        looked: LookedThrough,
    ) -> None:
        stamp = _stamp(path)
        before = self._seen.get(path)
        if before is not None and before.stamp == stamp:
            looked.seen[path] = before
            return
        try:
            data = _read(path, stamp[1])
            if not knows([file_id(data)]):
                looked.arrivals.append(of_file(folder, path, data, now))
            looked.seen[path] = FileSeen(stamp)
        except Refused as error:
            looked.told[path.name] = str(error)
            looked.seen[path] = FileSeen(stamp, str(error))


def _read(path: Path, size: int) -> bytes:
    if path.suffix.lower() in OTHER_ENDINGS:
        raise Refused(FILE_NOT_READ, field="file")
    if size > MOST_BYTES:
        raise Refused(
            ARTICLE_FILE_TOO_LARGE, field="file", size=f"{size:,}", limit=f"{MOST_BYTES:,}"
        )
    return path.read_bytes()


def _articles_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that may be articles, by name; raises `OSError` for none."""
    for path in sorted(folder.iterdir()):
        is_one = path.suffix.lower() in ENDINGS + OTHER_ENDINGS and not path.name.startswith(".")
        if is_one and path.is_file():
            yield path


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
