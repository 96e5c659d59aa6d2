"""The key that signs a record's checkpoints: a file that only its owner may read."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.domain.signing import STREAM, KeyRotated
from timeline.ledger.notes import Signer, read_signer
from timeline.ledger.rotations import Rotation, read_rotation
from timeline.stores.placing import flush_to_disk, put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.ledger.notes import Verifier
    from timeline.stores.log import EventLog
    from timeline.stores.store_url import StoreUrl

KEY_NOT_USABLE = Message(
    "key_not_usable",
    "the key %(path)s cannot be used: %(why)s",
    fix="check the path and its rights",
)

VARIABLE = "STANDLINE_KEY"


def key_path(url: StoreUrl) -> Path:
    """Return the path of a store's key: from the environment, else beside the store's file.

    The key of a database is in the user's home: never on the server whose rewriting it reveals.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if url.is_sqlite:
        return url.beside("key")
    return Path.home() / ".standline" / f"{url.name}.key"


def signing_key(url: StoreUrl, log: EventLog, origin: str = "") -> Signer:
    """Return the key of a store, which is made if needed; ``origin`` names a new one.

    Raises `Refused` for a file without a key, `StandlineError` for an unusable one.
    """
    path = key_path(url)
    try:
        if _next(path).exists():
            _end_rotation(path, log)
        if path.exists():
            return _read(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        signer = Signer.made(origin or f"{socket.gethostname()}/{url.name}")
        _write(path, signer)
    except FileExistsError:
        return signing_key(url, log, origin)
    except OSError as error:
        raise StandlineError(KEY_NOT_USABLE, path=path, why=error.strerror) from error
    return signer


def rotations_in(log: EventLog) -> list[Rotation]:
    """Return the rotations of keys, in the order of the log."""
    rotations = []
    for event in log.stream_of(STREAM):
        if isinstance(event, KeyRotated):
            # An imported log may hold anything here; skip what is no rotation.
            with suppress(Refused):
                rotations.append(read_rotation(event.note))
    return rotations


def prepare_key(url: StoreUrl, name: str) -> Signer:
    """Return the next key of a store, in a file beside the present one; `take_over` activates it.

    If there is a next key already, return that one: another process is rotating too, or was
    interrupted; it has signed nothing yet. Raises `StandlineError` if its file cannot be written.
    """
    path = _next(key_path(url))
    try:
        while True:
            with suppress(FileExistsError):
                _write(path, Signer.made(name))
            # Another process may have activated it just now.
            with suppress(FileNotFoundError):
                return _read(path)
    except OSError as error:
        raise StandlineError(KEY_NOT_USABLE, path=path, why=error.strerror) from error


def take_over(url: StoreUrl, prepared: Signer) -> None:
    """Replace the key of a store with the prepared one.

    Does nothing if another process has done it. Raises `StandlineError` if the file cannot be
    written.
    """
    path = key_path(url)
    try:
        _take_over(path, prepared.verifier)
    except OSError as error:
        raise StandlineError(KEY_NOT_USABLE, path=path, why=error.strerror) from error


def _end_rotation(path: Path, log: EventLog) -> None:
    """Finish an interrupted rotation: activate the key that the log names already."""
    known = rotations_in(log)
    if known:
        _take_over(path, known[-1].new)


def _take_over(path: Path, key: Verifier) -> None:
    # A second process finds nothing to do, or the key of the next rotation.
    with _alone(path.parent), suppress(FileNotFoundError):
        if _read(_next(path)).verifier == key:
            _next(path).replace(path)
    flush_to_disk(path.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lock the folder of keys, if the file system has locks."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _next(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _read(path: Path) -> Signer:
    return read_signer(path.read_text(encoding="ascii", errors="replace"))


def _write(path: Path, key: Signer) -> None:
    """Write a key atomically; raises `FileExistsError`."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{key}\n")
        put_in_place(aside, path)
    finally:
        aside.unlink(missing_ok=True)
