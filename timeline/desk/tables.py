"""The desk's tables, and the one step that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateColumn

from timeline.domain.errors import StandlineError
from timeline.domain.messages import Message
from timeline.stores.engines import settling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Engine

DESK_TOO_NEW = Message(
    "desk_too_new", "the desk was written by a newer version of Standline", fix="update Standline"
)

INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

SCHEMA_VERSION = 15

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

texts = Table(
    "texts",
    metadata,
    Column("document", Text, primary_key=True),
    Column("added_by", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("imprint", Text, nullable=False),
    Column("text", Text, nullable=False),
)
"""``document`` is the id under which the source is filed; ``imprint`` is JSON."""

decisions = Table(
    "decisions",
    metadata,
    Column("document", Text, primary_key=True),
    Column("starts", Integer, primary_key=True),
    Column("ends", Integer, primary_key=True),
    Column("exact", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
)
"""``starts`` and ``ends`` are code-point offsets in the text of a document, ``exact`` what stands
between them; ``number`` is that of the development on record, 0 where nothing is to be recorded."""

notes = Table(
    "notes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document", Text, nullable=False, index=True),
    Column("written_by", Text, nullable=False),
    Column("written_at", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
)
"""What colleagues tell each other about a text."""

shown_ends = Table(
    "shown_ends",
    metadata,
    Column("seen_by", Text, primary_key=True),
    Column("statement", Text, primary_key=True),
)
"""Statements (by id) that an editor saw at the ends of a change: this editor reads no quote of them
blindly."""

handed = Table(
    "handed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("handed_at", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Column("gist", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("command", Text),
)
"""Entries that wait for a second person. ``gist`` and ``fields`` are the form, ``command`` is what
would be recorded, all of them JSON; an older version kept no command."""

embargoed = Table(
    "embargoed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
    Column("set_by", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Column("gist", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("looked_up_to", BigInteger, nullable=False),
    Column("trouble", Text, nullable=False),
)
"""Entries that wait for their moment. ``command`` is what is recorded then, ``gist`` and ``fields``
the form, all of them JSON; ``looked_up_to`` is the log position up to which somebody looked whether
it is on record already; ``trouble`` is why it was not recorded when it was due, empty otherwise."""

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entry", Text, nullable=False, index=True),
    Column("about", Text, nullable=False),
    Column("whom", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("deadline", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("answer", Integer, nullable=False),
    Column("settled_by", Text, nullable=False),
    Column("settled_at", BigInteger, nullable=False),
)
"""Whom somebody asked for a reply to what they wrote; ``entry`` is the id that a draft has and the
entry keeps, ``answer`` the number of what was answered, if that is on record."""

samples = Table(
    "samples",
    metadata,
    Column("id", Text, primary_key=True),
    Column("topic", Text, nullable=False, index=True),
    Column("coder", Text, nullable=False, index=True),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
)
"""Statements on a topic (its id) that somebody is to code again; ``position`` is that of the log
when they were drawn: what the record said there is the first reading."""

second_readings = Table(
    "second_readings",
    metadata,
    Column("sample", Text, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("statement", Text, nullable=False, index=True),
    Column("number", BigInteger, nullable=False),
    Column("stance", Integer),
    Column("no_position_reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("codebook", Integer, nullable=False),
    Column("read_at", BigInteger, nullable=False),
    Column("decided", BigInteger, nullable=False),
    Column("scale_version", Integer),
)
"""A statement of a sample (the id of its stream, and its number) as it was read again; ``codebook``
is the version that lay beside it, ``decided`` the log position of an editor's decision. 0 is none
yet. Without a ``scale_version`` the word is one of the first."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document", Text, nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("came_at", BigInteger, nullable=False),
    Column("listed_at", BigInteger, nullable=False),
    Column("imprint", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", Text, nullable=False, index=True),
    Column("same_as", Text, nullable=False, index=True),
    Column("tray", Text, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("moved_by", Text, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Index("inbox_listed", "tray", "same_as", "listed_at", "id"),
)
"""Texts that wait to be coded. ``document`` is the id under which the source would be filed,
``imprint`` JSON, ``same_as`` the id of the first with the same words. The last four are of the last
move, the ``moves``-th."""

inbox_runs = Table(
    "inbox_runs",
    metadata,
    Column("item", Text, primary_key=True),
    Column("run", BigInteger, primary_key=True),
    Index("inbox_runs_run", "run"),
)
"""A sample of the runs of words of each text, by which it is held against others."""

inbox_suggested = Table(
    "inbox_suggested",
    metadata,
    Column("item", Text, primary_key=True),
    Column("passages", Integer, nullable=False),
)
"""How many passages of a text may be statements, where rules read its language."""

inbox_moves = Table(
    "inbox_moves",
    metadata,
    Column("item", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("tray", Text, nullable=False),
    Column("moved_by", Text, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Who put what of the inbox where, from the first move on."""

feeds = Table(
    "feeds",
    metadata,
    Column("address", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("read_at", BigInteger, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("failing_since", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("again_at", BigInteger, nullable=False),
)
"""What the inbox is filled from; ``trouble`` is JSON, empty where nothing is wrong. Times are in
microseconds UTC, 0 for never."""

added_feeds = Table(
    "added_feeds",
    metadata,
    Column("address", Text, primary_key=True),
    Column("added_by", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
)
"""Feeds that editors added on the page, beside those that the operator's file names."""

people = Table(
    "people",
    metadata,
    Column("handle", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used", BigInteger),
    Column("disabled_at", BigInteger),
)
"""``password`` is an argon2id hash; times are in microseconds UTC, here and below."""

provider_accounts = Table(
    "provider_accounts",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("tied_at", BigInteger, nullable=False),
)
"""Who signs in at a provider: ``subject`` is its own name for them."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("handle", Text, nullable=False, index=True),
    Column("signed_in", BigInteger, nullable=False),
    Column("last_used", BigInteger, nullable=False),
    Column("browser", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("proven_by", Text),
)
"""``id`` is the fingerprint of the cookie, ``proven_by`` how somebody proved who they are; an older
version did not keep it."""

half_sign_ins = Table(
    "half_sign_ins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("handle", Text, nullable=False, index=True),
    Column("began_at", BigInteger, nullable=False),
    Column("proven_by", Text, nullable=False),
    Column("following", Text, nullable=False),
)
"""Who proved one of two things; ``id`` is the fingerprint of a cookie, ``following`` the address to
go to in the end."""

second_factors = Table(
    "second_factors",
    metadata,
    Column("handle", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
)
"""``key`` is what codes are made from, in base32; ``last_step`` the step of 30 seconds whose code
counted last, ``failures`` how many were wrong since."""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("handle", Text, primary_key=True),
    Column("letter", Text, primary_key=True),
    Column("code", Text, nullable=False),
)
"""``code`` is an argon2id hash, ``letter`` the first of the code itself, by which it is found."""

offered_keys = Table(
    "offered_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("handle", Text, nullable=False, index=True),
    Column("key", Text, nullable=False),
    Column("offered_at", BigInteger, nullable=False),
)
"""Keys that count once a code of theirs was given; ``id`` is that of the session, or of the half
sign-in, to which a key was shown."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("handle", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("last_used", BigInteger),
)
"""``id`` is the fingerprint of the token."""

invitations = Table(
    "invitations",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("expires_at", BigInteger, nullable=False),
)
"""One-time links; no handle stands for the first admin."""

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("handle", Text, nullable=False, index=True),
    Column("last_used", BigInteger, nullable=False),
)
"""Browsers that a handle signed in on before; ``id`` is the fingerprint of a cookie of theirs."""

tries = Table(
    "tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("who", Text, nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
)
"""Attempts to sign in that count against a handle, an address, both, or a device."""


def put(
    conn: Connection,
    table: Table,
    row: Mapping[str, object],
    *,
    where: ColumnElement[bool] | None = None,
) -> bool:
    """Write a row in place of the one with its key, if there is one; of two at once both may.

    Return whether it stands there, which it does not where ``where`` forbids to replace that one.
    """
    new: Any = INSERT[conn.dialect.name](table).values(row)
    key = [column.name for column in table.primary_key]
    newer = {name: new.excluded[name] for name in row if name not in key}
    kept = new.on_conflict_do_update(index_elements=key, set_=newer, where=where)
    return conn.execute(kept.returning(*table.primary_key)).first() is not None


def set_up(engine: Engine) -> None:
    """Make the tables that are not there yet; raises `StandlineError` for a newer desk."""
    with engine.connect() as conn:
        # What is complete needs no write: a desk that can only be read is read.
        if inspect(conn).has_table(standline.name) and _version(conn) == SCHEMA_VERSION:
            return
    with settling(engine) as conn:
        metadata.create_all(conn)
        version = _version(conn)
        if version > SCHEMA_VERSION:
            raise StandlineError(DESK_TOO_NEW, field="--store")
        if version < SCHEMA_VERSION:
            if version:
                _add_columns(conn)
            conn.execute(delete(standline))
            conn.execute(insert(standline).values(schema_version=SCHEMA_VERSION))


ADD_COLUMN = "ALTER TABLE %(fullname)s ADD COLUMN %(column)s"


def _add_columns(conn: Connection) -> None:
    """Add the columns that came since; they are empty in the rows of before."""
    for table in metadata.sorted_tables:
        there = {column["name"] for column in inspect(conn).get_columns(table.name)}
        for column in table.c:
            if column.name not in there:
                told = CreateColumn(column).compile(dialect=conn.dialect)
                add = DDL(ADD_COLUMN, context={"column": told})  # type: ignore[no-untyped-call]
                conn.execute(add.against(table))


def _version(conn: Connection) -> int:
    return conn.execute(select(standline.c.schema_version)).scalar() or 0
