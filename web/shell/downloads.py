"""Long answers: made into a file first, few at once, and sent from it at each reader's own pace.

While an answer is made it takes a thread; while it is sent it takes none, however slow its reader.
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
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec
from flask import Response, abort, current_app, request
from werkzeug.wsgi import wrap_file

from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from web.i18n.translate import gettext

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

UNAVAILABLE = 503
PACKED = 3
"""How hard gzip tries: a table shrinks to an eighth, and hardly any time is spent on it."""


class Limits(msgspec.Struct, frozen=True):
    """What a page and a file may take of the server.

    ``query`` are the seconds after which a query of a page is given up, 0 for never. So many files
    are made ``at_once``, each in ``making`` seconds. ``largest`` bounds one file before it is
    compressed, ``together`` all that are kept or being sent. Whoever has not read a file after
    ``sending`` seconds is cut off.
    """

    query: float = 15
    at_once: int = 2
    making: float = 60
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
        found = self._spool.read_at(self._at, length)
        self._at += len(found)
        return found

    def close(self) -> None:
        self._spool = None
        super().close()


class Downloads:
    """The long answers of a site; ``weight`` is that of all that are kept or being sent."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._slots = threading.BoundedSemaphore(limits.at_once)
        # What is let go of while it is held is weighed off at once, by the same thread.
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, tuple[Spool, dict[str, str]]] = OrderedDict()
        self.weight = 0

    @property
    def query(self) -> float:
        """Seconds that a query of a file may take, 0 for as long as it does."""
        return self.limits.query and max(self.limits.query, self.limits.making)

    def make(self, pieces: Iterable[bytes], *, packed: bool) -> bytes | Spool:
        """Write an answer, ``packed`` by gzip, and return it: a long one as a file.

        Raises `Refused` for one that is too large; answers 503 where too many are being made, or
        where it takes too long.
        """
        with ExitStack() as stack:
            file = stack.enter_context(_new_file())
            with self._one_of_few():
                try:
                    self._write(pieces, file, packed=packed)
                except OSError:
                    abort(UNAVAILABLE, gettext("there is no room to make this file"))
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

    @contextmanager
    def _one_of_few(self) -> Iterator[None]:
        if self.weight > self.limits.together or not self._slots.acquire(blocking=False):
            abort(UNAVAILABLE, gettext("too many files are being made just now"))
        try:
            yield
        finally:
            self._slots.release()

    def _write(self, pieces: Iterable[bytes], file: BinaryIO, *, packed: bool) -> None:
        until, written = time.monotonic() + self.limits.making, 0
        packer = gzip.GzipFile("", "wb", PACKED, file, mtime=0) if packed else nullcontext(file)
        with packer as target:
            for piece in pieces:
                target.write(piece)
                written += len(piece)
                if written > self.limits.largest:
                    raise Refused(FILE_TOO_LARGE, most=self.limits.largest // MEGABYTE)
                if time.monotonic() > until:
                    abort(UNAVAILABLE, gettext("this file takes too long to make"))

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
    """Give the site its long answers."""
    app.extensions["downloads"] = Downloads(limits or Limits())


def download(pieces: Iterable[bytes], headers: dict[str, str]) -> Response:
    """Return a long answer, made before it is sent; raises `Refused` for one that is too large."""
    packed = takes_gzip()
    made = _downloads().make(pieces, packed=packed)
    told = headers | {"Content-Encoding": "gzip"} if packed else headers
    return Response(made, headers=told) if isinstance(made, bytes) else Download(made, told)


def find_download(key: str) -> Response | None:
    """Return the long answer to the same question, if it is kept."""
    found = _downloads().find(f"{key}{takes_gzip()}")
    return None if found is None else Download(*found)


def keep_download(key: str, answer: BaseResponse) -> None:
    """Keep an answer, if it is a long one."""
    if isinstance(answer, Download):
        _downloads().keep(f"{key}{takes_gzip()}", *answer.kept)


def forget_downloads() -> None:
    """Let go of the long answers that are kept."""
    _downloads().forget()


def _downloads() -> Downloads:
    found: Downloads = current_app.extensions["downloads"]
    return found


def query_seconds(*, of_file: bool) -> float:
    """Return the seconds that a query of a page, or of a file, may take; 0 sets no limit."""
    return _downloads().query if of_file else _downloads().limits.query


def takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0
