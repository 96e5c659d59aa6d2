"""What an archive holds: its ranges, the hash of each file, and the state of the log at its end."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from timeline.analysis.tables import TABLES, view_of
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.position.edition2 import RULE
from timeline.stores.placing import flush_to_disk

NO_ARCHIVE_THERE = Message(
    "no_archive_there",
    "there is no archive at %(path)s",
    fix="make one: standline archive %(path)s",
)
NOT_AN_ARCHIVE = Message(
    "not_an_archive",
    "%(path)s is no manifest of an archive: %(why)s",
    fix="name the folder that `standline archive` wrote",
)
ARCHIVE_TOO_NEW = Message(
    "archive_too_new",
    "the archive is of form %(form)s, newer than this Standline",
    fix="update Standline",
)
ARCHIVE_OF_EDITION = Message(
    "archive_of_edition",
    "the archive at %(path)s answers by edition %(rule)s of the position rule",
    fix="bring it up: standline archive %(path)s",
)
ARCHIVE_DAMAGED = Message(
    "archive_damaged",
    "%(path)s is not the file that was archived: %(why)s",
    fix="copy the archive anew, or write it anew: standline archive --afresh",
)

MANIFEST, TABLES_FILE = "manifest.json", "tables.sql"
FORM = 1
_PIECE = 1 << 20


class File(msgspec.Struct, frozen=True):
    """One file of one table; ``path`` is its place in the archive."""

    table: str
    path: str
    rows: int
    bytes: int
    sha256: str


class Segment(msgspec.Struct, frozen=True):
    """The files of a range of log positions, ``after < position <= upto``; they never change.

    ``chain`` is the log's hash at its end, in hexadecimal.
    """

    after: int
    upto: int
    chain: str
    files: tuple[File, ...]


class RuleFiles(msgspec.Struct, frozen=True):
    """The rule's results as known at a log position; ``named`` if somebody asked for it.

    Otherwise it is the end of the archive, and is replaced at the next end.
    """

    known_at: int
    files: tuple[File, ...]
    named: bool = False


class Ledger(msgspec.Struct, frozen=True):
    """The ledger's head at the end: how many events, and the root over them in hexadecimal."""

    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """An archive up to a log position.

    ``rule`` is the edition of the position rule, ``found`` are its results as known at the end and
    at other positions. ``read_models`` is the version of the code which read the log, ``aside``
    are the positions of events that could not be read. ``beside`` are the values of codebook
    variables at the end.
    """

    form: int = FORM
    rule: int
    read_models: int
    upto: int
    ledger: Ledger
    aside: tuple[int, ...] = ()
    segments: tuple[Segment, ...] = ()
    found: tuple[RuleFiles, ...] = ()
    beside: tuple[File, ...] = ()

    @property
    def every_file(self) -> list[File]:
        """All files, the earliest range first."""
        parts: tuple[Segment | RuleFiles, ...] = (*self.segments, *self.found)
        return [*(file for part in parts for file in part.files), *self.beside]

    def files(self, table: str) -> list[File]:
        """Return the files of a table, the earliest range first."""
        return [file for file in self.every_file if file.table == table]

    @property
    def named(self) -> list[str]:
        """The paths of all files."""
        return [file.path for file in self.every_file]

    def tells_of(self, known_at: int) -> bool:
        """Tell whether it has the rule's results as known at a log position."""
        return any(rules.known_at == known_at for rules in self.found)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an archive.

    Raises `NotFound` if there is none, and `Refused` for a damaged or a newer one.
    """
    place = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(place.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise NotFound(NO_ARCHIVE_THERE, path=folder) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise Refused(NOT_AN_ARCHIVE, path=place, why=error) from None
    if manifest.form > FORM:
        raise Refused(ARCHIVE_TOO_NEW, form=manifest.form)
    return manifest


def check_edition(folder: Path, manifest: Manifest) -> None:
    """Raise `Refused` for an archive of another edition of the rule."""
    if manifest.rule != RULE:
        raise Refused(ARCHIVE_OF_EDITION, path=folder, rule=manifest.rule)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest atomically; all files that it names must be on the disk."""
    aside = folder / f".{MANIFEST}.{os.getpid()}"
    aside.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    flush_to_disk(aside)
    aside.replace(folder / MANIFEST)
    flush_to_disk(folder)


def write_tables(folder: Path, manifest: Manifest) -> None:
    """Write the SQL that makes the tables in DuckDB, for readers who open the folder themselves."""
    statements = (
        view_of(table, columns, [file.path for file in manifest.files(table)])
        for table, columns in TABLES.items()
    )
    place = folder / TABLES_FILE
    aside = folder / f".{TABLES_FILE}.{os.getpid()}"
    aside.write_text("".join(f"{statement};\n" for statement in statements), "utf-8")
    aside.replace(place)


def verified(folder: Path, file: File) -> Path:
    """Return the path of a file; raises `StandlineError` if it was changed."""
    place = folder / file.path
    try:
        digest = hash_of(place)
    except OSError as error:
        raise StandlineError(ARCHIVE_DAMAGED, path=place, why=error.strerror) from None
    if digest != file.sha256:
        raise StandlineError(ARCHIVE_DAMAGED, path=place, why="its SHA-256 is another")
    return place


def hash_of(place: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
