"""The desk's tables, and the step that creates them."""

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
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateColumn

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.stores.engines import schema_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Engine

DESK_TOO_NEW = Message(
    "desk_too_new", "the desk was written by a newer version of Standline", fix="update Standline"
)

INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

SCHEMA_VERSION = 1

metadata = MetaData()


def _table(name: str, *items: Column[Any] | Index | list[Column[Any]]) -> Table:
    flat = [column for item in items for column in (item if isinstance(item, list) else [item])]
    return Table(name, metadata, *flat)


def _key(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, primary_key=True) for name in names]


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _number(*names: str) -> list[Column[Any]]:
    return [Column(name, BigInteger, nullable=False) for name in names]


def _small(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names]


standline = _table("standline", _small("schema_version"))

drafts = _table(
    "drafts",
    _key("author", "id"),
    _text("kind"),
    _number("saved_at"),
    _text("gist", "fields"),
    Index("drafts_saved", "author", "saved_at"),
)
"""``gist`` and ``fields`` are JSON; ``saved_at`` is in microseconds UTC."""

texts = _table(
    "texts", _key("document"), _text("added_by"), _number("added_at"), _text("imprint", "text")
)
"""``document`` is the id under which the source is filed; ``imprint`` is JSON."""

decisions = _table(
    "decisions",
    _key("document"),
    Column("starts", Integer, primary_key=True),
    Column("ends", Integer, primary_key=True),
    _text("exact"),
    _small("number"),
    _text("decided_by"),
    _number("decided_at"),
)
"""``starts`` and ``ends`` are code-point offsets in the text of a document, ``exact`` what stands
between them; ``number`` is that of the development on record, 0 where nothing is to be recorded."""

text_stories = _table(
    "text_stories", _key("document"), _text("story", "decided_by"), _number("decided_at")
)
"""The story (by id) of a text: only its questions are offered with the text."""

notes = _table(
    "notes",
    _key("id"),
    Column("document", Text, nullable=False, index=True),
    _text("written_by"),
    _number("written_at"),
    _text("words"),
)
"""Notes of colleagues about a text."""

shown_ends = _table("shown_ends", _key("seen_by", "statement"))
"""Statements (by id) that an editor saw in a change, and cannot read blindly any more."""

handed = _table(
    "handed",
    _key("id"),
    _text("kind", "author"),
    _number("handed_at"),
    _text("document", "gist", "fields", "command"),
)
"""Entries that wait for a second person. ``gist`` and ``fields`` are the form, ``command`` is what
would be recorded, all of them JSON."""

embargoed = _table(
    "embargoed",
    _key("id"),
    _text("kind", "author", "via"),
    Column("due_at", BigInteger, nullable=False, index=True),
    _text("set_by"),
    _number("set_at"),
    _text("document", "gist", "fields", "command", "text"),
    _number("looked_up_to"),
    _text("trouble"),
)
"""Entries that wait for their moment. ``command`` is what is recorded then, ``gist`` and ``fields``
the form, all of them JSON; ``looked_up_to`` is the log position up to which somebody looked whether
it is on record already; ``trouble`` is why it was not recorded when it was due, empty otherwise."""

inquiries = _table(
    "inquiries",
    _key("id"),
    Column("entry", Text, nullable=False, index=True),
    _text("about", "whom", "way", "asked_by"),
    _number("asked_at", "deadline"),
    _text("note", "outcome"),
    _small("answer"),
    _text("settled_by"),
    _number("settled_at"),
)
"""Whom somebody asked for a reply to what they wrote; ``entry`` is the id that a draft has and the
entry keeps, ``answer`` the number of what was answered, if that is on record."""

samples = _table(
    "samples",
    _key("id"),
    Column("topic", Text, nullable=False, index=True),
    Column("coder", Text, nullable=False, index=True),
    _text("asked_by"),
    _number("asked_at", "position"),
    _text("shows"),
)
"""Statements on a topic (its id) that somebody is to code again; ``position`` is that of the log
when they were drawn: what the record said there is the first reading. ``shows`` is `paragraph`
where only that of the source is shown."""

second_readings = _table(
    "second_readings",
    _key("sample"),
    Column("place", Integer, primary_key=True),
    Column("statement", Text, nullable=False, index=True),
    _number("number"),
    Column("stance", Integer),
    _text("no_position_reason", "note"),
    _small("codebook"),
    _number("read_at", "decided"),
    _small("scale_version"),
    _text("variables", "marked"),
)
"""A statement of a sample (the id of its stream, and its number) as it was read again; ``codebook``
is the version that lay beside it, ``decided`` the log position of an editor's decision. 0 is none
yet. ``variables`` is JSON: what else the codebook asked, by id; ``marked`` too: speaker, day and
words of a paragraph. Both may be empty."""

inbox = _table(
    "inbox",
    _key("id"),
    Column("document", Text, nullable=False, index=True),
    _text("source"),
    _number("came_at", "listed_at"),
    _text("imprint", "lead", "text"),
    Column("digest", Text, nullable=False, index=True),
    Column("same_as", Text, nullable=False, index=True),
    _text("tray"),
    _small("moves"),
    _text("moved_by"),
    _number("moved_at"),
    _text("reason"),
    Index("inbox_listed", "tray", "same_as", "listed_at", "id"),
)
"""Texts that wait to be coded. ``document`` is the id under which the source would be filed,
``imprint`` JSON, ``same_as`` the id of the first with the same words. The last four are of the last
move, the ``moves``-th."""

inbox_runs = _table(
    "inbox_runs",
    _key("item"),
    Column("run", BigInteger, primary_key=True),
    Index("inbox_runs_run", "run"),
)
"""A sample of the runs of words of each text, by which it is held against others."""

inbox_suggested = _table("inbox_suggested", _key("item"), _small("passages"))
"""How many passages of a text may be statements, if rules read its language."""

inbox_moves = _table(
    "inbox_moves",
    _key("item"),
    Column("number", Integer, primary_key=True),
    _text("tray", "moved_by"),
    _number("moved_at"),
    _text("reason"),
)
"""The moves of each item of the inbox."""

feeds = _table(
    "feeds",
    _key("address"),
    _text("name", "etag", "modified"),
    _number("read_at"),
    _text("trouble"),
    _number("failing_since"),
    _small("failures"),
    _number("again_at"),
)
"""What the inbox is filled from; ``trouble`` is JSON, empty where nothing is wrong. Times are in
microseconds UTC, 0 for never."""

added_feeds = _table("added_feeds", _key("address"), _text("added_by"), _number("added_at"))
"""Feeds that editors added on the page, besides those in the operator's file."""

people = _table(
    "people",
    _key("handle"),
    _text("name", "role"),
    Column("password", Text),
    _number("created_at"),
    Column("last_used", BigInteger),
    Column("disabled_at", BigInteger),
)
"""``password`` is an argon2id hash; times are in microseconds UTC, here and below."""

provider_accounts = _table(
    "provider_accounts",
    _key("issuer", "subject"),
    Column("handle", Text, nullable=False, unique=True),
    _number("tied_at"),
)
"""Provider accounts of people: ``subject`` is the provider's own name for them."""

sessions = _table(
    "sessions",
    _key("id"),
    Column("handle", Text, nullable=False, index=True),
    _number("signed_in", "last_used"),
    _text("browser", "address", "proven_by"),
)
"""``id`` is the fingerprint of the cookie, ``proven_by`` how somebody proved who they are."""

half_sign_ins = _table(
    "half_sign_ins",
    _key("id"),
    Column("handle", Text, nullable=False, index=True),
    _number("began_at"),
    _text("proven_by", "following"),
)
"""Who proved one of two things; ``id`` is the fingerprint of a cookie, ``following`` the address to
go to in the end."""

second_factors = _table(
    "second_factors",
    _key("handle"),
    _text("key"),
    _number("since", "last_step"),
    _small("failures"),
)
"""``key`` is the secret of the codes, in base32; ``last_step`` the 30-second step of the last
accepted code, ``failures`` the number of wrong ones since."""

recovery_codes = _table("recovery_codes", _key("handle", "letter"), _text("code"))
"""``code`` is an argon2id hash, ``letter`` the first letter of the code, to find it by."""

offered_keys = _table(
    "offered_keys",
    _key("id"),
    Column("handle", Text, nullable=False, index=True),
    _text("key"),
    _number("offered_at"),
)
"""Keys that become valid with a first code; ``id`` is that of the session, or of the half sign-in,
to which a key was shown."""

tokens = _table(
    "tokens",
    _key("id"),
    Column("handle", Text, nullable=False, index=True),
    _text("name", "scope", "hint"),
    _number("created_at", "expires_at"),
    Column("last_used", BigInteger),
)
"""``id`` is the fingerprint of the token."""

invitations = _table(
    "invitations",
    _key("fingerprint"),
    Column("handle", Text, nullable=False, unique=True),
    _number("expires_at"),
)
"""One-time links; an empty handle means the first admin."""

devices = _table(
    "devices", _key("id"), Column("handle", Text, nullable=False, index=True), _number("last_used")
)
"""Browsers in which a handle signed in before; ``id`` is the fingerprint of their cookie."""

tries = _table(
    "tries",
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
    """Insert a row, or replace the one with its key (upsert).

    Returns whether it was written; ``where`` may forbid to replace the old row.
    """
    new: Any = INSERT[conn.dialect.name](table).values(row)
    key = [column.name for column in table.primary_key]
    new_values = {name: new.excluded[name] for name in row if name not in key}
    upsert = new.on_conflict_do_update(index_elements=key, set_=new_values, where=where)
    return conn.execute(upsert.returning(*table.primary_key)).first() is not None


def make_room(
    conn: Connection, others: ColumnElement[bool], most: int, too_many: Message, field: str = ""
) -> None:
    """Raise `Refused` if so many rows are kept already; ``others`` selects those that count."""
    count = conn.execute(select(func.count()).where(others)).scalar_one()
    if count >= most:
        raise Refused(too_many, field=field, count=count)


def set_up(engine: Engine) -> None:
    """Create missing tables and columns; raises `StandlineError` for a newer desk."""
    with engine.connect() as conn:
        # A complete desk needs no write, so a read-only desk works.
        if inspect(conn).has_table(standline.name) and _version(conn) == SCHEMA_VERSION:
            return
    with schema_transaction(engine) as conn:
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
    """Add missing columns; they are empty in old rows."""
    for table in metadata.sorted_tables:
        existing = {column["name"] for column in inspect(conn).get_columns(table.name)}
        for column in table.c:
            if column.name not in existing:
                definition = CreateColumn(column).compile(dialect=conn.dialect)
                add = DDL(ADD_COLUMN, context={"column": definition})  # type: ignore[no-untyped-call]
                conn.execute(add.against(table))


def _version(conn: Connection) -> int:
    return conn.execute(select(standline.c.schema_version)).scalar() or 0
