"""The one address of a newsroom's store: its log, read models, desk and key."""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

NOT_A_STORE_ADDRESS = Message(
    "not_a_store_address",
    "%(address)s is not the address of a store",
    fix="use a path, sqlite:///path or postgresql://…",
)

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")


class StoreUrl(msgspec.Struct, frozen=True):
    """The address ``text``; ``path`` is the log file, absolute, or ``None`` on PostgreSQL.

    A SQLite store is the file named and its neighbours ``<stem>.*``; a PostgreSQL store is the
    schemas ``log``, ``read_<n>`` and ``desk`` of a database of its own.
    """

    text: str
    path: Path | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address; a bare path is that of a SQLite store.

        Raises `Refused` for what is neither SQLite nor PostgreSQL.
        """
        if text.startswith(POSTGRES):
            return cls(text)
        name = text.removeprefix(SQLITE)
        if "://" in name or not name.strip("/. ") or name.endswith("/") or name == ":memory:":
            raise Refused(NOT_A_STORE_ADDRESS, field="--store", address=InQuotes(text))
        return cls(text, Path(name).expanduser().absolute())

    @property
    def name(self) -> str:
        """The name of its file or database, for names of other files."""
        if self.path is not None:
            return self.path.stem
        return urlsplit(self.text).path.strip("/") or "record"

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the store is files rather than a database server."""
        return self.path is not None

    @property
    def log_path(self) -> Path:
        """Return the file of the log; raises `ValueError` for PostgreSQL, which has none."""
        if self.path is None:
            msg = "a PostgreSQL store has no file"
            raise ValueError(msg)
        return self.path

    def beside(self, suffix: str) -> Path:
        """Return the neighbour ``<stem>.<suffix>`` of a SQLite log."""
        return self.log_path.with_name(f"{self.log_path.stem}.{suffix}")
