"""Long answers: made into a file first, few at once, and sent from it at each reader's own pace.

While an answer is made it takes a thread; while it is sent it takes none, however slow its reader.
What takes too long or too much room for that is sent while it is made, where it may be.
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
"""Bytes of an answer that needs no file."""

AT_ONCE = 65_536
"""Bytes of an answer that are sent together while it is made."""

UNAVAILABLE = 503
PACKED = 3
"""How hard gzip tries: a table shrinks to an eighth, and hardly any time is spent on it."""


class Limits(msgspec.Struct, frozen=True):
    """What a page and a file may take of the server.

    ``query`` are the seconds after which a query of a page is given up, 0 for never. So many costly
    answers are made ``at_once``, files among them, each in ``making`` seconds; as many as may stand
    ``in_line`` wait ``patience`` seconds for that. ``largest`` bounds one file before it is
    compressed, ``together`` all that are kept or being sent. What may be sent while it is made is
    so from ``waiting`` seconds or ``largest`` bytes on, to ``going_on`` readers at once. Whoever
    has not read a file after ``sending`` seconds is cut off.
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
    """A finished answer in a file without a name, which any number of readers share."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.size = size
        self._file = file

    def read_at(self, place: int, length: int) -> bytes:
        """Return bytes from a place on."""
        return os.pread(self._file.fileno(), length, place)


class DownloadWriter:
    """An answer on its way into a file; ``length`` are its bytes before they are packed."""

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
        """Take what is packed."""
        return self.file.write(data)

    def flush(self) -> None:
        """Do nothing: whoever reads the file does."""


class GrowingDownload:
    """An answer that is sent while it is made: as far as it is in a file, then the rest.

    It is one of few, and takes a thread, until it is closed. Raises `TimeoutError` where a reader
    had their time.
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
        """Make room for others."""
        self._held.close()

    def _timely(self, piece: bytes) -> bytes:
        if time.monotonic() > self._until:
            raise TimeoutError
        return piece


class Reader(io.RawIOBase):
    """One reader's place in a file; raises `TimeoutError` once they had their time."""

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
    """The long answers of a site; ``weight`` is that of all that are kept or being sent."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._ongoing = Slots(limits.going_on)
        # What is let go of while it is held is weighed off at once, by the same thread.
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, tuple[Spool, dict[str, str]]] = OrderedDict()
        self.weight = 0

    @property
    def query(self) -> float:
        """Seconds that a query of a file may take, 0 for as long as it does."""
        return self.limits.query and max(self.limits.query, self.limits.making)

    def make(
        self, pieces: Iterable[bytes], *, packed: bool, goes_on: bool = False
    ) -> bytes | Spool | GrowingDownload:
        """Write an answer, ``packed`` by gzip, and return it: a long one as a file.

        One that ``goes_on`` is returned unfinished where it is longer still. Raises `Refused` for
        one that is too large, `NoSlot` where too many are made; answers 503 where making it takes
        too long.
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
            # It stays open for its readers, and is gone with the last of them.
            weakref.finalize(spool, self._let_go, stack.pop_all(), size)
            return spool

    def find(self, key: str) -> tuple[Spool, dict[str, str]] | None:
        """Return an answer that is kept, with its headers."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: str, spool: Spool, headers: dict[str, str]) -> None:
        """Keep an answer for those who ask for the same, and let go of the oldest."""
        with self._lock:
            self._kept[key] = spool, headers
            while len(self._kept) > 1 and self._kept_weight() > self.limits.kept:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Keep no answer any more; those that are being sent are sent to their end."""
        with self._lock:
            self._kept.clear()

    def _kept_weight(self) -> int:
        return sum(spool.size for spool, _ in self._kept.values())

    def _write(self, printing: DownloadWriter, *, goes_on: bool) -> bool:
        """Write as much as there is time and room for; tell whether that is all."""
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
    """Give the site its long answers, and slots for all that are costly."""
    limits = limits or Limits()
    app.extensions["downloads"] = Downloads(limits)
    app.extensions["slots"] = Slots(limits.at_once, limits.in_line, limits.patience)


def download(
    pieces: Iterable[bytes], headers: dict[str, str], *, goes_on: bool = False
) -> Response:
    """Return a long answer, made before it is sent; raises `Refused` for one that is too large.

    One that ``goes_on`` needs nothing of the request for its rest, and has no largest size.
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
    """Return the long answer to the same question, if it is kept."""
    ready = _downloads().find(f"{key}{takes_gzip()}")
    return None if ready is None else Download(*ready)


def keep_download(key: str, answer: BaseResponse) -> None:
    """Keep an answer, if it is a long one."""
    if isinstance(answer, Download):
        _downloads().keep(f"{key}{takes_gzip()}", *answer.kept)


def forget_downloads() -> None:
    """Let go of the long answers that are kept."""
    _downloads().forget()


def _downloads() -> Downloads:
    downloads: Downloads = current_app.extensions["downloads"]
    return downloads


def query_seconds(*, of_file: bool) -> float:
    """Return the seconds that a query of a page, or of a file, may take; 0 sets no limit."""
    return _downloads().query if of_file else _downloads().limits.query


def takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0
