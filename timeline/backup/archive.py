"""The file of a backup: a ZIP archive of JSON lines, with a manifest that describes them.

`log.jsonl` is the full log, which `standline import` reads as well; `desk.jsonl` holds the rows of
the desk. The manifest is written last: a file without it is no backup.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Self

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.instants import parse_moment
from timeline.domain.messages import Message
from timeline.stores.four_eyes import FourEyesNote
from timeline.stores.placing import put_in_place
from timeline.stores.restoring import Seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from timeline.stores.progress import OnProgress

BACKUP_DAMAGED = Message(
    "backup_damaged", "the backup is damaged: %(why)s", fix="take an earlier one"
)
BACKUP_PART_ALTERED = Message(
    "backup_part_altered",
    "%(part)s is not as it was written: its hash is another than the manifest says",
    fix="take an earlier one",
)
NOT_A_BACKUP = Message("not_a_backup", "this is no backup of Standline", fix="check the path")
BACKUP_TOO_NEW = Message(
    "backup_too_new", "the backup was made by a newer version of Standline", fix="update Standline"
)
BACKUP_NOT_WRITABLE = Message(
    "backup_not_writable",
    "cannot write %(path)s: %(why)s",
    fix="make room, or choose another place",
)
BACKUP_NOT_READABLE = Message(
    "backup_not_readable", "cannot read %(path)s: %(why)s", fix="check the path and its rights"
)

FORMAT, VERSION = "standline-backup", 1
MANIFEST, LOG, DESK = "manifest.json", "log.jsonl", "desk.jsonl"
LONGEST_MANIFEST = 100_000
"""Bytes; a real manifest has some 800."""

OWNER_ALONE = 0o600
AT_ONCE = 1 << 20

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,
    KeyError,
    ValueError,
)
"""Errors that the archive library raises for bytes that it did not expect."""


class Part(msgspec.Struct, frozen=True):
    """A file of the archive: its size in bytes, and its SHA-256 in hex."""

    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; hashes are in hex, ``made_at`` is an instant with its offset.

    ``head``, ``events``, ``chain`` and ``root`` are those of `timeline.stores.restoring.Seal`;
    ``desk`` counts the rows of each table; ``four_eyes`` are the store's notes of who demanded a
    second person.
    """

    format: str = FORMAT
    version: int = VERSION
    standline: str
    made_at: str
    head: int
    events: int
    chain: str
    root: str
    desk: dict[str, int]
    parts: tuple[Part, ...]
    four_eyes: tuple[FourEyesNote, ...] = ()

    @property
    def moment(self) -> int:
        """When it was made, in microseconds UTC."""
        return parse_moment(self.made_at, "made_at")

    @property
    def seal(self) -> Seal:
        """The seal of the log."""
        return Seal(self.head, self.events, bytes.fromhex(self.chain), bytes.fromhex(self.root))


class _Marked(msgspec.Struct):
    format: str
    version: int


_mark = msgspec.json.Decoder(_Marked).decode
_manifest = msgspec.json.Decoder(Manifest).decode


class NewArchive:
    """An archive that is being written; ``parts`` are the finished ones."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.parts: list[Part] = []

    def add(self, name: str, lines: Iterable[bytes]) -> None:
        """Write a part line by line."""
        count, digest = 0, hashlib.sha256()
        with self._file.open(_entry(name), "w", force_zip64=True) as out:
            for line in lines:
                out.write(line)
                digest.update(line)
                count += len(line)
        self.parts.append(Part(name, count, digest.hexdigest()))

    def seal(self, manifest: Manifest) -> None:
        """Write the manifest, which makes the archive a backup."""
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        self._file.writestr(_entry(MANIFEST), text)


@contextmanager
def new_archive(path: Path, on_progress: OnProgress) -> Iterator[NewArchive]:
    """Write an archive atomically: complete, on the disk and private to its owner, or not at all.

    It is read again before it gets its name. Raises `StandlineError` if it cannot be written, or
    reads differently.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        held = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
        with os.fdopen(held, "r+b") as raw, zipfile.ZipFile(raw, "w") as file:
            yield NewArchive(file)
            file.close()
            raw.flush()
            os.fsync(held)
            _forget(held)
        _check(aside, path, on_progress)
        put_in_place(aside, path)
    except OSError as error:
        raise StandlineError(BACKUP_NOT_WRITABLE, path=path, why=error.strerror) from error
    finally:
        aside.unlink(missing_ok=True)


def _forget(descriptor: int) -> None:
    """Drop a file from the system's cache, if possible: the next reader reads the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _check(aside: Path, path: Path, on_progress: OnProgress) -> None:
    try:
        with Archive.opened(aside) as written:
            written.check(on_progress)
    except Refused as error:
        raise StandlineError(BACKUP_NOT_WRITABLE, path=path, why=error.message) from error


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = OWNER_ALONE << 16
    return entry


class Archive:
    """A backup that is open for reading."""

    def __init__(self, name: str, file: zipfile.ZipFile) -> None:
        self.name = name
        self._file = file
        self.manifest = self._read_manifest()

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Self]:
        """Open a backup; raises `Refused` if it is damaged or not a backup."""
        try:
            raw = _Disk(path)
        except OSError as error:
            raise Refused(BACKUP_NOT_READABLE, path=path, why=error.strerror) from error
        with io.BufferedReader(raw) as content:
            with _refusing_damage(path.name):
                if not zipfile.is_zipfile(content):
                    raise Refused(NOT_A_BACKUP, field=path.name)
                file = zipfile.ZipFile(content)
            with file:
                yield cls(path.name, file)

    def check(self, on_progress: OnProgress) -> None:
        """Raise `Refused` if the bytes of a part are not those that were written."""
        size, done = sum(part.bytes for part in self.manifest.parts), 0
        for part in self.manifest.parts:
            digest = hashlib.sha256()
            with self.part(part.name) as bytes_:
                while chunk := bytes_.read(AT_ONCE):
                    digest.update(chunk)
                    done += len(chunk)
                    on_progress("checking", min(done, size), size)
            if digest.hexdigest() != part.sha256:
                raise Refused(BACKUP_PART_ALTERED, field=self.name, part=part.name)

    def has(self, name: str) -> bool:
        """Tell whether there is a part of that name."""
        return any(part.name == name for part in self.manifest.parts)

    def part(self, name: str) -> IO[bytes]:
        """Open a part; reading it raises `Refused` if it is damaged."""
        with _refusing_damage(self.name):
            return io.BufferedReader(_Part(self.name, self._file.open(name)), AT_ONCE)

    def _read_manifest(self) -> Manifest:
        try:
            entry = self._file.getinfo(MANIFEST)
        except KeyError:
            raise Refused(NOT_A_BACKUP, field=self.name) from None
        if entry.file_size > LONGEST_MANIFEST:
            raise Refused(NOT_A_BACKUP, field=self.name)
        with _refusing_damage(self.name):
            text = self._file.read(entry)
        try:
            marked = _mark(text)
            if marked.format != FORMAT:
                raise Refused(NOT_A_BACKUP, field=self.name)
            if marked.version > VERSION:
                raise Refused(BACKUP_TOO_NEW, field=self.name)
            return _manifest(text)
        except msgspec.MsgspecError as error:
            raise Refused(BACKUP_DAMAGED, field=self.name, why=error) from error


class _Disk(io.FileIO):
    """The file of a backup. It raises `Refused` if the disk fails: the backup may be undamaged."""

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - what holds bytes
        with _refusing_unreadable(self):
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with _refusing_unreadable(self):
            return super().readall()


class _Part(io.RawIOBase):
    """A part of a backup; raises `Refused` if it is damaged."""

    def __init__(self, name: str, part: IO[bytes]) -> None:
        self._name = name
        self._part = part

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - what holds bytes
        room = memoryview(buffer)
        with _refusing_damage(self._name):
            chunk = self._part.read(len(room))
        room[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._part.close()
        super().close()


@contextmanager
def _refusing_unreadable(file: _Disk) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(BACKUP_NOT_READABLE, path=file.name, why=error.strerror) from error


@contextmanager
def _refusing_damage(name: str) -> Iterator[None]:
    """Turn the errors of a damaged archive into `Refused`.

    `_Disk` reports a disk that cannot be read: any other `OSError` means a bad offset or an unknown
    compression.
    """
    try:
        yield
    except DAMAGE as error:
        why = str(error) or type(error).__name__
        raise Refused(BACKUP_DAMAGED, field=name, why=why) from error
