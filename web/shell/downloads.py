"""Long answers: first written to a file, a few at once, then sent at each reader's own pace.

Making an answer needs a thread; sending it needs none, however slow the reader. An answer that
would take too long or too much room may be sent while it is made.
"""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import threading
import time
import weakref
from collections import OrderedDict
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec
from flask import Response, abort, current_app, request
from werkzeug.wsgi import wrap_file

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from web.i18n.translate import gettext
from web.shell.slots import TOO_MANY_AT_ONCE, NoSlot, Slots, slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

FILE_TOO_LARGE = Message(
    "file_too_large",
    "this file would have more than %(most)s megabytes",
    fix="ask for less, or export it on the machine that runs this site",
)

MEGABYTE = 1_000_000
SMALL = MEGABYTE
"""The most bytes of an answer without a file."""

AT_ONCE = 65_536
"""The bytes of a piece of an answer that is sent while it is made."""

UNAVAILABLE = 503
PACKED = 3
"""The level of gzip: a table shrinks to an eighth in very little time."""


class Limits(msgspec.Struct, frozen=True):
    """The limits of pages and files.

    ``query`` are the seconds after which a page's query is cancelled, 0 for never. At most
    ``at_once`` costly answers are made at a time, each in ``making`` seconds; ``in_line`` more wait
    ``patience`` seconds. ``largest`` limits one file before compression, ``together`` all that are
    cached or being sent. An answer that may be sent while it is made is so after ``waiting``
    seconds or ``largest`` bytes, to at most ``going_on`` readers at once. A reader who needs more
    than ``sending`` seconds is cut off.
    """

    query: float = 15
    at_once: int = 4
    in_line: int = 4
    patience: float = 2
    going_on: int = 2
    making: float = 60
    waiting: float = 10
    sending: float = 900
    largest: int = 256 * MEGABYTE
    kept: int = 128 * MEGABYTE
    together: int = 512 * MEGABYTE


class Spool:
    """A finished answer in an unnamed file, shared by its readers."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.size = size
        self._file = file

    def read_at(self, place: int, length: int) -> bytes:
        """Return bytes from a place on."""
        return os.pread(self._file.fileno(), length, place)


class DownloadWriter:
    """Writes an answer to a file; ``length`` are its bytes before compression."""

    def __init__(self, pieces: Iterable[bytes], file: BinaryIO, *, packed: bool) -> None:
        self.file = file
        self.length = 0
        self._pieces = iter(pieces)
        self._packer = gzip.GzipFile("", "wb", PACKED, self, mtime=0) if packed else None

    def go_on(self) -> bool:
        """Write the next piece; tell whether there was one."""
        piece = next(self._pieces, None)
        if piece is not None:
            (self._packer or self.file).write(piece)
            self.length += len(piece)
        elif self._packer is not None:
            self._packer.close()
        return piece is not None

    def write(self, data: bytes) -> int:
        """Write compressed bytes."""
        return self.file.write(data)

    def flush(self) -> None:
        """Do nothing: the reader flushes the file."""


class GrowingDownload:
    """An answer that is sent while it is made: the part in the file, then the rest.

    It needs a thread, and one of a few slots, until it is closed. Raises `TimeoutError` if a reader
    is too slow.
    """

    def __init__(
        self, printing: DownloadWriter, file: BinaryIO, held: ExitStack, seconds: float
    ) -> None:
        self._printing, self._file, self._held = printing, file, held
        self._until = time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        """Yield it piece by piece."""
        self._file.seek(0)
        while piece := self._file.read(AT_ONCE):
            yield self._timely(piece)
        self._printing.file = later = io.BytesIO()
        goes_on = True
        while goes_on:
            goes_on = self._printing.go_on()
            if later.tell() > AT_ONCE or not goes_on:
                yield self._timely(later.getvalue())
                later.seek(0)
                later.truncate()

    def close(self) -> None:
        """Close the answer, and free its slot."""
        self._held.close()

    def _timely(self, piece: bytes) -> bytes:
        if time.monotonic() > self._until:
            raise TimeoutError
        return piece


class Reader(io.RawIOBase):
    """One reader's place in a file; raises `TimeoutError` if they are too slow."""

    def __init__(self, spool: Spool, seconds: float) -> None:
        super().__init__()
        self._spool: Spool | None = spool
        self._size = spool.size
        self._at = 0
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = start + offset
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        if self._spool is None:
            return b""
        if time.monotonic() > self._until:
            raise TimeoutError
        length = self._size - self._at if size is None or size < 0 else size
        piece = self._spool.read_at(self._at, length)
        self._at += len(piece)
        return piece

    def close(self) -> None:
        self._spool = None
        super().close()


class Downloads:
    """The long answers of a site; ``weight`` are the bytes of all that are cached or being sent."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._ongoing = Slots(limits.going_on)
        # Reentrant: a finalizer may subtract a weight in the thread that holds the lock.
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, tuple[Spool, dict[str, str]]] = OrderedDict()
        self.weight = 0

    @property
    def query(self) -> float:
        """The seconds that a query of a file may take, 0 for no limit."""
        return self.limits.query and max(self.limits.query, self.limits.making)

    def make(
        self, pieces: Iterable[bytes], *, packed: bool, goes_on: bool = False
    ) -> bytes | Spool | GrowingDownload:
        """Write an answer, ``packed`` by gzip, and return it: a long one as a file.

        One that ``goes_on`` is returned unfinished if it is very long. Raises `Refused` if it is
        too large, and `NoSlot` if too many are being made; answers 503 if it takes too long.
        """
        with ExitStack() as stack:
            file = stack.enter_context(_new_file())
            printing = DownloadWriter(pieces, file, packed=packed)
            if self.weight > self.limits.together:
                raise NoSlot(TOO_MANY_AT_ONCE)
            with slot():
                try:
                    is_whole = self._write(printing, goes_on=goes_on)
                except OSError:
                    abort(UNAVAILABLE, gettext("there is no room to make this file"))
            if not is_whole:
                stack.enter_context(self._ongoing.one())
                return GrowingDownload(printing, file, stack.pop_all(), self.limits.sending)
            size = file.tell()
            if size <= SMALL:
                file.seek(0)
                return file.read()
            file.flush()
            spool = Spool(file, size)
            self._weigh(size)
            # It stays open for its readers, and is deleted with the last of them.
            weakref.finalize(spool, self._let_go, stack.pop_all(), size)
            return spool

    def find(self, key: str) -> tuple[Spool, dict[str, str]] | None:
        """Return a cached answer with its headers."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: str, spool: Spool, headers: dict[str, str]) -> None:
        """Cache an answer, and drop the oldest ones."""
        with self._lock:
            self._kept[key] = spool, headers
            while len(self._kept) > 1 and self._kept_weight() > self.limits.kept:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Clear the cache; answers that are being sent are finished."""
        with self._lock:
            self._kept.clear()

    def _kept_weight(self) -> int:
        return sum(spool.size for spool, _ in self._kept.values())

    def _write(self, printing: DownloadWriter, *, goes_on: bool) -> bool:
        """Write as much as time and room allow; tell whether that is all."""
        started, limits = time.monotonic(), self.limits
        while printing.go_on():
            is_large = printing.length > limits.largest
            took = time.monotonic() - started
            if goes_on and (is_large or took > limits.waiting):
                return False
            if is_large:
                raise Refused(FILE_TOO_LARGE, most=limits.largest // MEGABYTE)
            if took > limits.making:
                abort(UNAVAILABLE, gettext("this file takes too long to make"))
        return True

    def _let_go(self, file: ExitStack, size: int) -> None:
        file.close()
        self._weigh(-size)

    def _weigh(self, more: int) -> None:
        with self._lock:
            self.weight += more


def _new_file() -> BinaryIO:
    return cast("BinaryIO", tempfile.SpooledTemporaryFile(SMALL))


class Download(Response):
    """An answer that is sent from a file."""

    def __init__(self, spool: Spool, headers: dict[str, str]) -> None:
        reader = cast("BinaryIO", Reader(spool, _downloads().limits.sending))
        body = wrap_file(request.environ, reader)
        super().__init__(body, headers=headers, direct_passthrough=True)
        self.content_length = spool.size
        self.kept = spool, headers


def register(app: Flask, limits: Limits | None = None) -> None:
    """Set up long answers, and slots for costly ones."""
    limits = limits or Limits()
    app.extensions["downloads"] = Downloads(limits)
    app.extensions["slots"] = Slots(limits.at_once, limits.in_line, limits.patience)


def download(
    pieces: Iterable[bytes], headers: dict[str, str], *, goes_on: bool = False
) -> Response:
    """Return a long answer, made before it is sent; raises `Refused` for one that is too large.

    The rest of one that ``goes_on`` needs nothing of the request; its size is not limited.
    """
    packed = takes_gzip()
    made_download = _downloads().make(pieces, packed=packed, goes_on=goes_on)
    all_headers = headers | {"Content-Encoding": "gzip"} if packed else headers
    if isinstance(made_download, Spool):
        return Download(made_download, all_headers)
    answer = Response(made_download, headers=all_headers)
    if isinstance(made_download, GrowingDownload):
        answer.call_on_close(made_download.close)
    return answer


def find_download(key: str) -> Response | None:
    """Return the cached long answer to the same request, if any."""
    ready = _downloads().find(f"{key}{takes_gzip()}")
    return None if ready is None else Download(*ready)


def keep_download(key: str, answer: BaseResponse) -> None:
    """Cache an answer, if it is a long one."""
    if isinstance(answer, Download):
        _downloads().keep(f"{key}{takes_gzip()}", *answer.kept)


def forget_downloads() -> None:
    """Clear the cache of long answers."""
    _downloads().forget()


def _downloads() -> Downloads:
    downloads: Downloads = current_app.extensions["downloads"]
    return downloads


def query_seconds(*, of_file: bool) -> float:
    """Return the seconds that a query of a page, or of a file, may take; 0 sets no limit."""
    return _downloads().query if of_file else _downloads().limits.query


def takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0
