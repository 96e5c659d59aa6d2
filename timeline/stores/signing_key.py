"""The key by which a record signs its checkpoints: a file that only its owner may read."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.ledger.notes import Signer, read_signer

if TYPE_CHECKING:
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


def signing_key(url: StoreUrl, origin: str = "") -> Signer:
    """Return the key of a store, made if there is none yet; ``origin`` names a new one.

    Raises `Refused` for a file that holds none, `StandlineError` for one that cannot be used.
    """
    path = key_path(url)
    try:
        if path.exists():
            return read_signer(path.read_text(encoding="ascii", errors="replace"))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Signer.made(origin or f"{socket.gethostname()}/{url.name}")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{made}\n")
    except FileExistsError:
        return signing_key(url, origin)
    except OSError as error:
        raise StandlineError(KEY_NOT_USABLE, path=path, why=error.strerror) from error
    return made
