"""Makes the log's tables in a PostgreSQL database, or refuses a database that is not ours."""

from __future__ import annotations

import psycopg

from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.messages import Message
from timeline.stores.postgres_connection import StoreConnection
from timeline.stores.postgres_log import NOW
from timeline.stores.redactions import INDEX, IS_REDACTION
from timeline.stores.trouble import only, reason_of

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
    fix="check the address, or make one with `standline init` or an import",
)
LOG_SCHEMA_GONE = Message(
    "log_schema_gone",
    "the schema log is missing, but the schema %(neighbour)s of the same store is there",
    fix="restore a backup; to begin anew, drop the store's other schemas",
)

SETTING_UP = 0x5374616E646C696E
"""Advisory lock of processes that make tables or schemas: two at once would fail."""

SCHEMA_VERSION = 1

TREE = (
    "CREATE TABLE log.tree (size bigint NOT NULL, edge bytea NOT NULL)",
    "INSERT INTO log.tree (size, edge) VALUES (0, '')",
    """
    CREATE TABLE log.tree_nodes (
        level integer NOT NULL,
        number bigint NOT NULL,
        upto bigint NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (level, number),
        UNIQUE (level, upto)
    )
    """,
)
"""The tables of `timeline.stores.proving`; ``tree`` has one row."""

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
        chain bytea NOT NULL,
        UNIQUE (originator_id, originator_version)
    )
    """,
    # Statistics would keep samples of the words, out of reach of a redaction.
    "ALTER TABLE log.stored_events ALTER COLUMN state SET STATISTICS 0",
    "CREATE TABLE log.clock (reached bigint PRIMARY KEY, position bigint NOT NULL)",
    """
    CREATE TABLE log.live (
        generation bigint NOT NULL,
        builder text,
        made_at bigint NOT NULL,
        backup_at bigint,
        backup_upto bigint,
        four_eyes text NOT NULL DEFAULT '[]'
    )
    """,
    f"INSERT INTO log.live (generation, made_at) VALUES (0, {NOW})",  # noqa: S608 - our own words
    f"CREATE INDEX {INDEX} ON log.stored_events (notification_id) WHERE {IS_REDACTION}",
    *TREE,
)
"""``clock`` has the positions at which the running maximum of recorded_at rises; ``live`` has one
row, with the times at which the store was made or filled and backed up last; for ``chain`` see
`timeline.stores.chain`."""

ORPHANS = (
    "SELECT schemaname FROM pg_tables WHERE (schemaname = 'desk' AND tablename = 'drafts')"
    " OR (schemaname ~ '^read_[0-9]+$' AND tablename = 'progress') LIMIT 1"
)


def set_up(conninfo: str, *, create: bool) -> None:
    """Make the tables if needed; raises `StandlineError` if that fails."""
    try:
        with StoreConnection.connect(conninfo) as connection:
            if not _version(connection):
                _make(connection, create=create)
    except psycopg.Error as error:
        raise StandlineError(DATABASE_NOT_USABLE, field="--store", why=reason_of(error)) from error


def _version(connection: psycopg.Connection) -> int:
    """Return the version of the schema, 0 where there is none."""
    # Query the catalogue itself: to_regclass and the like cache names, absent ones too.
    ((taken, ours),) = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'log'),"
        " EXISTS (SELECT FROM pg_tables WHERE schemaname = 'log' AND tablename = 'standline')"
    ).fetchall()
    if taken and not ours:
        raise StandlineError(SCHEMA_TAKEN, field="--store")
    if not ours:
        return 0
    (version,) = only(connection.execute("SELECT schema_version FROM log.standline"))
    if version > SCHEMA_VERSION:
        raise StandlineError(DATABASE_TOO_NEW, field="--store")
    return int(version)


def _make(connection: psycopg.Connection, *, create: bool) -> None:
    if not create:
        raise NotFound(NO_STORE_IN_DATABASE, field="--store")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (SETTING_UP,))
    if not _version(connection):
        _refuse_orphans(connection)
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO log.standline VALUES (%s)", (SCHEMA_VERSION,))


def _refuse_orphans(connection: psycopg.Connection) -> None:
    """Raise `StandlineError` if schemas exist that make no sense without a log."""
    orphan = connection.execute(ORPHANS).fetchone()
    if orphan:
        raise StandlineError(LOG_SCHEMA_GONE, field="--store", neighbour=orphan[0])
