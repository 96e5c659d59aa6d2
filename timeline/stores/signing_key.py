"""The key by which a record signs its checkpoints: a file that only its owner may read."""

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
from timeline.stores.placing import put_in_place, to_disk

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
    """Return where the key of a store is: where the environment says, else beside its file.

    That of a database is kept in its user's home: never on the server whose rewriting it shows.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if url.is_sqlite:
        return url.beside("key")
    return Path.home() / ".standline" / f"{url.name}.key"


def signing_key(url: StoreUrl, log: EventLog, origin: str = "") -> Signer:
    """Return the key of a store, made if there is none yet; ``origin`` names a new one.

    Raises `Refused` for a file that holds none, `StandlineError` for one that cannot be used.
    """
    path = key_path(url)
    try:
        if _next(path).exists():
            _end_rotation(path, log)
        if path.exists():
            return _read(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Signer.made(origin or f"{socket.gethostname()}/{url.name}")
        _write(path, made)
    except FileExistsError:
        return signing_key(url, log, origin)
    except OSError as error:
        raise StandlineError(KEY_NOT_USABLE, path=path, why=error.strerror) from error
    return made


def rotations_in(log: EventLog) -> list[Rotation]:
    """Return which key took the place of which, in the order of the log."""
    found = []
    for event in log.stream_of(STREAM):
        if isinstance(event, KeyRotated):
            # What an imported log holds there may be anything, and leads to no key.
            with suppress(Refused):
                found.append(read_rotation(event.note))
    return found


def prepare_key(url: StoreUrl, name: str) -> Signer:
    """Return the key that is to take the place of a store's; `take_over` puts it there.

    It lies beside the other. Where one lies there already, it is that: somebody makes the same step
    at this moment, or was interrupted, and it signed nothing yet. Raises `StandlineError` where its
    file cannot be written.
    """
    path = _next(key_path(url))
    try:
        while True:
            with suppress(FileExistsError):
                _write(path, Signer.made(name))
            # Whoever makes the same step may have put it in its place just now.
            with suppress(FileNotFoundError):
                return _read(path)
    except OSError as error:
        raise StandlineError(KEY_NOT_USABLE, path=path, why=error.strerror) from error


def take_over(url: StoreUrl, prepared: Signer) -> None:
    """Let the key that was prepared take the place of the one before, which goes.

    Where somebody else put it there already nothing is left to do. Raises `StandlineError` where
    its file cannot be written.
    """
    path = key_path(url)
    try:
        _take_over(path, prepared.verifier)
    except OSError as error:
        raise StandlineError(KEY_NOT_USABLE, path=path, why=error.strerror) from error


def _end_rotation(path: Path, log: EventLog) -> None:
    """Put a key in its place that the log knows already: who did it was interrupted."""
    known = rotations_in(log)
    if known:
        _take_over(path, known[-1].new)


def _take_over(path: Path, key: Verifier) -> None:
    # Of two who end the same rotation the second finds nothing to do, or the key of the next one.
    with _alone(path.parent), suppress(FileNotFoundError):
        if _read(_next(path)).verifier == key:
            _next(path).replace(path)
    to_disk(path.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else put a key in its place meanwhile, as far as the file system has locks."""
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _next(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _read(path: Path) -> Signer:
    return read_signer(path.read_text(encoding="ascii", errors="replace"))


def _write(path: Path, key: Signer) -> None:
    """Put a key in its place, whole: nobody reads half of it; raises `FileExistsError`."""
    held, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    made = Path(name)
    try:
        with os.fdopen(held, "w") as file:
            file.write(f"{key}\n")
        put_in_place(made, path)
    finally:
        made.unlink(missing_ok=True)
