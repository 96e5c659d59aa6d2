"""The desk's tables, and the one step that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
)

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.stores.engines import settling

if TYPE_CHECKING:
    from sqlalchemy import Engine

DESK_TOO_NEW = Message(
    "desk_too_new", "the drafts were saved by a newer version of Standline", fix="update Standline"
)

SCHEMA_VERSION = 1

metadata = MetaData()

standline = Table("standline", metadata, Column("schema_version", Integer, nullable=False))

drafts = Table(
    "drafts",
    metadata,
    Column("author", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
    Column("gist", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Index("drafts_saved", "author", "saved_at"),
)
"""``gist`` and ``fields`` are JSON; ``saved_at`` is in microseconds UTC."""


def set_up(engine: Engine) -> None:
    """Make the tables that are not there yet; raises `StandlineError` for a newer desk."""
    with settling(engine) as conn:
        metadata.create_all(conn)
        version = conn.execute(select(standline.c.schema_version)).scalar() or 0
        if version > SCHEMA_VERSION:
            raise StandlineError(DESK_TOO_NEW, field="--store")
        if version < SCHEMA_VERSION:
            conn.execute(delete(standline))
            conn.execute(insert(standline).values(schema_version=SCHEMA_VERSION))
