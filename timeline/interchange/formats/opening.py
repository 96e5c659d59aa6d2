"""Open a file as a stream of text: packed or not, in any known encoding."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_EMPTY = Message("file_empty", "the file is empty", fix="give a file with at least one row")
FILE_IS_A_FOLDER = Message(
    "file_is_a_folder", "this is a folder, not a file", fix="name the file inside it"
)
FILE_MISSING = Message("file_missing", "there is no such file", fix="check the path")
FILE_NOT_READABLE = Message(
    "file_not_readable", "the file cannot be read (%(why)s)", fix="check its permissions"
)
PACKED_FILE_DAMAGED = Message(
    "packed_file_damaged",
    "the packed file is damaged or cut short",
    fix="fetch it again, or unpack it yourself",
)
WRONG_ENCODING = Message(
    "wrong_encoding",
    "the bytes of the file are not %(encoding)s",
    fix="declare its encoding in the map",
)
UNKNOWN_ENCODING = Message(
    "unknown_encoding",
    "there is no encoding %(encoding)s",
    fix="use utf-8, utf-16, latin-1 or cp1252",
)

HEAD = 65_536
"""Bytes at the beginning that identify the format of a file."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"
_ESCAPES = frozenset({"utf-8", "utf-8-sig", "ascii"})
_HALF = 0.3


class SourceFile(msgspec.Struct, frozen=True):
    """An open file: ``head`` is its first text, ``progress`` the bytes of it read so far.

    Bytes that are no UTF-8 become lone surrogates (PEP 383), so that their row can be rejected by
    name while the others go on.
    """

    name: str
    text: TextIO
    head: str
    encoding: str
    size: int
    progress: Callable[[], int]

    @property
    def binary(self) -> BinaryIO:
        """The unpacked bytes of the file from the start; do not read its text afterwards."""
        raw = cast("BinaryIO", cast("io.TextIOWrapper", self.text).buffer)
        raw.seek(0)
        return raw


@contextmanager
def open_source(path: Path, encoding: str | None = None) -> Iterator[SourceFile]:
    """Open a file for reading; raises `Refused` if it cannot be read as text."""
    with _raw(path) as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
        with broken_files_are_refused(path.name):
            head = plain.read(HEAD)
        if not head.strip():
            raise Refused(FILE_EMPTY, field=path.name)
        plain.seek(0)
        codec = _encoding(path.name, head, encoding)
        errors = "surrogateescape" if codec in _ESCAPES else "strict"
        text = io.TextIOWrapper(plain, codec, errors, newline="")
        with broken_files_are_refused(path.name, codec):
            start = text.read(HEAD // 4)
        text.seek(0)
        size = os.fstat(raw.fileno()).st_size
        yield SourceFile(path.name, text, start, codec, size, raw.tell)


def _raw(path: Path) -> BinaryIO:
    try:
        raw = path.open("rb")
        return raw if raw.seekable() else _spooled(raw)
    except IsADirectoryError:
        raise Refused(FILE_IS_A_FOLDER, field=str(path)) from None
    except FileNotFoundError:
        raise Refused(FILE_MISSING, field=str(path)) from None
    except OSError as error:
        raise Refused(FILE_NOT_READABLE, field=str(path), why=error.strerror) from None


def _spooled(pipe: BinaryIO) -> BinaryIO:
    """Copy a pipe to a file: its beginning has to be read twice."""
    copy = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    with pipe:
        shutil.copyfileobj(pipe, copy)
    copy.seek(0)
    return copy


@contextmanager
def broken_files_are_refused(name: str, codec: str = "") -> Iterator[None]:
    """Raise `Refused` in place of the errors of reading a damaged file."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused(PACKED_FILE_DAMAGED, field=name) from None
    except UnicodeError:
        raise Refused(WRONG_ENCODING, field=name, encoding=codec) from None


def _encoding(name: str, head: bytes, declared: str | None) -> str:
    """Return the codec: by a byte order mark, else as declared, else UTF-8."""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec
    if declared is not None:
        return _codec(name, declared)
    return _utf16_without_mark(head) or "utf-8"


def _codec(name: str, declared: str) -> str:
    try:
        return codecs.lookup(declared).name
    except LookupError:
        raise Refused(UNKNOWN_ENCODING, field=name, encoding=InQuotes(declared)) from None


def _utf16_without_mark(head: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark: in Western text every second byte is zero."""
    half = len(head) // 2
    if head[1::2].count(0) > _HALF * half and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) > _HALF * half and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None
