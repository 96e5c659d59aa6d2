"""Makes the log's tables in a PostgreSQL database, or refuses a database that is not ours."""

from __future__ import annotations

from contextlib import suppress

import psycopg
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from timeline.domain.errors import NotFound, StandlineError
from timeline.domain.messages import Message
from timeline.stores.chain import BEGINNING, leaves_of_all, link
from timeline.stores.postgres_connection import StoreConnection
from timeline.stores.postgres_log import NOW
from timeline.stores.proving import GrowingTree
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

SCHEMA_VERSION = 4

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

TIMES = (
    "ALTER TABLE log.live ADD COLUMN made_at bigint NOT NULL DEFAULT 0",
    "ALTER TABLE log.live ADD COLUMN backup_at bigint",
    "ALTER TABLE log.live ADD COLUMN backup_upto bigint",
    f"UPDATE log.live SET made_at = {NOW}",  # noqa: S608 - our own words
)
"""Added in version 3: when the store was made or filled, and its last backup."""

FOUR_EYES = "ALTER TABLE log.live ADD COLUMN four_eyes text NOT NULL DEFAULT '[]'"
"""Added in version 4: whether a second person must agree (`timeline.stores.four_eyes`)."""

ADDED = {3: TIMES, 4: (FOUR_EYES,)}
"""What each version adds to the one before."""

MAKE_INDEX = (
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON log.stored_events (notification_id)"
    f" WHERE {IS_REDACTION}"
)
"""Optional: without it queries are slow, as on a standby, or for a role without the right."""

HAS_INDEX = "SELECT FROM pg_indexes WHERE schemaname = 'log' AND indexname = %s"

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
    "CREATE TABLE log.live (generation bigint NOT NULL, builder text)",
    "INSERT INTO log.live (generation) VALUES (0)",
    MAKE_INDEX,
    *TIMES,
    FOUR_EYES,
    *TREE,
)
"""``clock`` has the positions at which the running maximum of recorded_at rises; ``live`` has one
row; for ``chain`` see `timeline.stores.chain`."""

ORPHANS = (
    "SELECT schemaname FROM pg_tables WHERE (schemaname = 'desk' AND tablename = 'drafts')"
    " OR (schemaname ~ '^read_[0-9]+$' AND tablename = 'progress') LIMIT 1"
)

UNCHAINED = 1
"""The version of the schema before events had hashes."""

AT_ONCE = 5_000
TO_CHAIN = (
    "SELECT notification_id, originator_id, originator_version, topic, state FROM log.stored_events"
    " WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
)


CHAIN = "UPDATE log.stored_events SET chain = %s WHERE notification_id = %s"
ADD_NODE = "INSERT INTO log.tree_nodes (level, number, upto, hash) VALUES (%s, %s, %s, %s)"


def set_up(conninfo: str, *, create: bool) -> None:
    """Make the tables if needed, or upgrade those of an earlier version.

    Raises `StandlineError` if that fails.
    """
    try:
        with StoreConnection.connect(conninfo) as connection:
            if _version(connection) < SCHEMA_VERSION:
                _make(connection, create=create)
            if not connection.execute(HAS_INDEX, (INDEX,)).fetchall():
                with suppress(ReadOnlySqlTransaction, InsufficientPrivilege):
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", (SETTING_UP,))
                    connection.execute(MAKE_INDEX.encode())
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
    if not _version(connection) and not create:
        raise NotFound(NO_STORE_IN_DATABASE, field="--store")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (SETTING_UP,))
    version = _version(connection)
    if not version:
        _refuse_orphans(connection)
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO log.standline VALUES (%s)", (SCHEMA_VERSION,))
    if version == UNCHAINED:
        _chain(connection)
    if 0 < version < SCHEMA_VERSION:
        for later, added in ADDED.items():
            for statement in added if later > version else ():
                connection.execute(statement)
        connection.execute("UPDATE log.standline SET schema_version = %s", (SCHEMA_VERSION,))


def _refuse_orphans(connection: psycopg.Connection) -> None:
    """Raise `StandlineError` if schemas exist that make no sense without a log."""
    orphan = connection.execute(ORPHANS).fetchone()
    if orphan:
        raise StandlineError(LOG_SCHEMA_GONE, field="--store", neighbour=orphan[0])


def _chain(connection: psycopg.Connection) -> None:
    """Add hashes to the events of a log that has none."""
    connection.execute("LOCK TABLE log.stored_events IN EXCLUSIVE MODE")
    connection.execute("ALTER TABLE log.stored_events ADD COLUMN chain bytea NOT NULL DEFAULT ''")
    for statement in TREE:
        connection.execute(statement)
    last, before, tree = 0, BEGINNING, GrowingTree()
    with connection.cursor() as cursor:
        while rows := cursor.execute(TO_CHAIN, (last, AT_ONCE)).fetchall():
            leaves = list(leaves_of_all(rows))
            hashes = []
            for last, leaf in leaves:
                before = link(before, leaf)
                hashes.append((before, last))
            cursor.executemany(CHAIN, hashes)
            cursor.executemany(ADD_NODE, tree.add(leaves))
        cursor.execute("UPDATE log.tree SET size = %s, edge = %s", tree.kept)
    connection.execute("ALTER TABLE log.stored_events ALTER COLUMN chain DROP DEFAULT")
