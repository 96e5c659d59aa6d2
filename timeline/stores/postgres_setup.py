"""The one step that makes the log's tables in a database, or refuses one that is not ours."""

from __future__ import annotations

import psycopg

from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.messages import Message
from timeline.stores.trouble import reason_of

DATABASE_NOT_USABLE = Message(
    "database_not_usable",
    "the database cannot be used as a store: %(why)s",
    fix="check the address and the rights",
)
SCHEMA_TAKEN = Message(
    "schema_taken",
    "the database has a schema called log that is not Standline's",
    fix="give Standline a database of its own",
)
DATABASE_TOO_NEW = Message(
    "database_too_new", "the store was written by a newer Standline", fix="update Standline"
)
NO_STORE_IN_DATABASE = Message(
    "no_store_in_database",
    "there is no store in that database",
    fix="import something first, or check the address",
)

SETTING_UP = 0x5374616E646C696E
"""Advisory lock: two processes that make tables or schemas at once would fail."""

SCHEMA_VERSION = 1

SCHEMA = (
    "CREATE SCHEMA log",
    "CREATE TABLE log.standline (schema_version integer NOT NULL)",
    """
    CREATE TABLE log.stored_events (
        notification_id bigserial PRIMARY KEY,
        originator_id text COLLATE "C" NOT NULL,
        originator_version bigint NOT NULL,
        topic text NOT NULL,
        state bytea NOT NULL,
        UNIQUE (originator_id, originator_version)
    )
    """,
    # Statistics would keep samples of the words, out of reach of a redaction.
    "ALTER TABLE log.stored_events ALTER COLUMN state SET STATISTICS 0",
    "CREATE TABLE log.clock (reached bigint PRIMARY KEY, position bigint NOT NULL)",
    "CREATE TABLE log.live (generation bigint NOT NULL, builder text)",
    "INSERT INTO log.live (generation) VALUES (0)",
)
"""``clock`` holds where the running maximum of recorded_at rises; ``live`` has one row."""


def set_up(conninfo: str, *, create: bool) -> None:
    """Make the tables unless they are there; raises `StandlineError` where that cannot be."""
    try:
        with psycopg.connect(conninfo) as connection:
            if not _is_ours(connection):
                _make(connection, create=create)
    except psycopg.Error as error:
        raise StandlineError(DATABASE_NOT_USABLE, field="--store", why=reason_of(error)) from error


def _is_ours(connection: psycopg.Connection) -> bool:
    # The catalogue itself: names that were looked up before are remembered, absent ones too.
    ((taken, ours),) = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'log'),"
        " EXISTS (SELECT FROM pg_tables WHERE schemaname = 'log' AND tablename = 'standline')"
    ).fetchall()
    if taken and not ours:
        raise StandlineError(SCHEMA_TAKEN, field="--store")
    if ours:
        ((version,),) = connection.execute("SELECT schema_version FROM log.standline").fetchall()
        if version > SCHEMA_VERSION:
            raise StandlineError(DATABASE_TOO_NEW, field="--store")
    return bool(ours)


def _make(connection: psycopg.Connection, *, create: bool) -> None:
    if not create:
        raise NotFound(NO_STORE_IN_DATABASE, field="--store")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (SETTING_UP,))
    if not _is_ours(connection):
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO log.standline VALUES (%s)", (SCHEMA_VERSION,))
