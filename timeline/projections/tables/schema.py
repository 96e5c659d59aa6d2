"""The read models' tables: what pages read, rebuilt from the log alone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, MetaData, Table, Text

from timeline.projections.tables import interned
from timeline.rooms import nouns_version

CODE_VERSION = 51 + nouns_version()
"""Raise it whenever a table or a rule that fills one changes: the next start rebuilds."""

MIXED = 9
"""How a stance column says `mixed`."""

HIDDEN = 2
"""In a column ``retracted``: the entry was withheld here; no lane holds this, nor any more."""

HIDDEN_SINCE = 3
"""What the column ``retracted`` grows by in the versions before, as long as it is withheld."""

metadata = interned.metadata

WIDE = BigInteger().with_variant(Integer, "sqlite")
"""64 bits; SQLite has them in every INTEGER, and makes such a key the row's own number."""


def _table(
    name: str,
    *columns: Column[object] | list[Column[object]],
    key: tuple[str, ...] = (),
    by_key: bool = False,
) -> Table:
    """Make a table; SQLite keeps one ``by_key`` in the order of its key, of which it has no copy.

    That is for narrow rows that are found by their key.
    """
    flat = [each for one in columns for each in (one if isinstance(one, list) else [one])]
    for column in flat:
        if column.name in key:
            column.primary_key, column.nullable = True, False
    return Table(name, metadata, *flat, sqlite_with_rowid=not by_key)


def _number(*names: str) -> list[Column[object]]:
    return [Column(name, WIDE, autoincrement=False) for name in names]


def _small(*names: str) -> list[Column[object]]:
    return [Column(name, Integer, autoincrement=False) for name in names]


def _text(*names: str) -> list[Column[object]]:
    return [Column(name, Text) for name in names]


def _recurring(*names: str) -> list[Column[object]]:
    return [Column(name, interned.InternedText) for name in names]


def _identifier(*names: str) -> list[Column[object]]:
    return [Column(name, interned.Identifier) for name in names]


progress = _table(
    "progress",
    _small("id"),
    _number("position"),
    Column("chain", LargeBinary),
    _small("code_version"),
    _text("rows"),
    Column("retired_at", Float),
    key=("id",),
)
"""``chain`` is the log's hash at ``position``: what was read was that log and no other. ``rows`` is
a JSON object that says how many rows each other table has, as its last batch left it."""

stories = _table(
    "stories", _recurring("id"), _text("slug", "title", "sides"), _number("opened"), key=("id",)
)

topics = _table(
    "topics",
    _recurring("id"),
    _text("slug", "scale"),
    _recurring("story", "succeeds"),
    _small("wording"),
    _text("question", "name"),
    _small("closed"),
    _number("opened", "opened_at", "statements", "retracted", "moved"),
    Column("usual_gap", Float),
    _number("firsts", "tangled"),
    key=("id",),
)
"""``moved`` is the instant of the last change from one position to another, ``usual_gap`` the
median of the days between those on which the topic was spoken on; ``firsts`` counts the changes
that are first words. ``tangled`` is the last log position at which something came to be known of an
actor that is not of a later day than all before it, or was known no longer."""

topic_days = _table(
    "topic_days",
    _recurring("topic"),
    _number("day", "statements"),
    key=("topic", "day"),
    by_key=True,
)
"""How many statements of a topic count from a UTC day, as known now, retracted ones among them."""

topic_gaps = _table(
    "topic_gaps", _recurring("topic"), _number("days", "times"), key=("topic", "days"), by_key=True
)
"""How often so many days lie between two on which a topic was spoken on."""

topic_sources = _table(
    "topic_sources",
    _recurring("topic", "document"),
    _number("statements"),
    key=("topic", "document"),
    by_key=True,
)

wordings = _table(
    "wordings",
    _recurring("topic"),
    _small("wording"),
    _text("question", "reason"),
    _number("known_from"),
    key=("topic", "wording"),
)

codebooks = _table(
    "codebooks",
    _recurring("topic"),
    _small("version"),
    _number("known_from", "recorded_at"),
    _text("recorded_by", "words"),
    key=("topic", "version"),
)
"""``words`` is the codebook as JSON, empty where its words were erased."""

watches = _table(
    "watches",
    _recurring("topic"),
    _small("watch"),
    _number("known_from", "known_until"),
    _recurring("actor"),
    _text("since", "until", "how", "outlets", "note"),
    _number("recorded_at"),
    key=("topic", "watch", "known_from"),
)
"""Where was watched for what ``actor`` (nobody in particular where that is null) says; ``outlets``
is a JSON array, empty where a law took their names."""

natures = _table(
    "natures",
    _recurring("topic"),
    _number("known_from"),
    _text("asks"),
    _small("recurring", "limit_months"),
    _text("prints", "reason"),
    key=("topic", "known_from"),
)
"""What was said that a topic asks for, each under its log position; the last one counts."""

ledes = _table(
    "ledes",
    _recurring("topic"),
    _number("known_from", "recorded_at"),
    _text("recorded_by", "sentence", "pinned"),
    key=("topic", "known_from"),
)
"""What the newsroom said first of a topic, each under its log position; the last one counts.
``pinned`` is a JSON array of statements' ids."""

actors = _table(
    "actors", _recurring("id"), _text("slug", "kind", "name"), _number("introduced"), key=("id",)
)

actor_names = _table(
    "actor_names",
    _recurring("actor"),
    _text("name", "key"),
    _number("known_from"),
    key=("actor", "name"),
)

earlier_values = _table(
    "earlier_values",
    _text("stream", "field"),
    _number("known_until"),
    _text("value"),
    key=("stream", "field", "known_until"),
)
"""What the kind of an actor and the author of a document were before a log position: what the
position rule reads of them."""

mandates = _table(
    "mandates",
    _text("id"),
    _recurring("actor", "on_behalf_of"),
    _text("role", "since", "until", "standing"),
    _number("opened", "known_from", "known_until"),
    key=("id", "known_from"),
)
"""Every version of a mandate, which was ``opened`` at a log position."""

standings = _table(
    "standings",
    _number("known_from"),
    _text("mandate"),
    _recurring("actor"),
    _text("standing"),
    _recurring("topic"),
    _text("since", "until", "reason"),
    key=("known_from",),
)
"""What was said of the standing of mandates, each under its log position."""

actor_attributes = _table(
    "actor_attributes",
    _recurring("actor"),
    _text("attribute"),
    _number("known_from"),
    _text("value"),
    key=("actor", "attribute", "known_from"),
)
"""What was said of an actor that codebooks ask; the last value counts, an empty one as none."""

merges = _table("merges", _recurring("actor", "into"), _number("known_from"), key=("actor",))

lane_members = _table(
    "lane_members",
    _recurring("member", "lane"),
    _number("known_from", "known_until"),
    key=("member", "known_from"),
)

documents = _table(
    "documents",
    _recurring("id"),
    _text("outlet", "title", "author", "url", "published_at", "lang", "sha256"),
    _number("filed"),
    _text("outlet_kind"),
    key=("id",),
)

statements = _table(
    "statements",
    _number("number", "known_from", "known_until"),
    _identifier("stream"),
    _recurring("topic"),
    _small("wording"),
    _recurring("speaker", "on_behalf_of"),
    _small("stance"),
    _recurring("no_position_reason", "condition_topic", "said_at"),
    _number("said_earliest", "said_latest"),
    _small("timed"),
    _number("counts_from"),
    _small("rank"),
    _recurring("attribution", "document"),
    _number("utterance"),
    _small("retracted", "withheld", "corrected"),
    _text("words"),
    _number("recorded_at"),
    _recurring("recorded_by"),
    _small("scale_version", "dissent"),
    _text("terms"),
    key=("number", "known_from"),
)
"""``terms`` is empty where a statement neither names nor drops a condition, and else as JSON what
`timeline.projections.tables.rows.Terms` has."""

own_values = _table(
    "own_values",
    _number("number", "known_from"),
    _text("variable", "value"),
    key=("number", "known_from", "variable"),
    by_key=True,
)
"""What a version of a statement says beside its stance, by the id of the variable."""

readings = _table(
    "readings",
    _recurring("topic", "actor"),
    _number("number", "known_from", "known_until"),
    _small("rank"),
    _number("day", "counts_from"),
    _small("stance", "timed", "joint", "retracted"),
    _recurring("speaker"),
    _small("wording"),
)

developments = _table(
    "developments",
    _number("number", "known_from", "known_until"),
    _identifier("stream"),
    _text("topics", "happened_at"),
    _number("earliest", "latest", "counts_from"),
    _text("status"),
    _recurring("according_to", "document"),
    _text("title", "summary"),
    _small("retracted", "withheld", "corrected"),
    _number("recorded_at"),
    _recurring("recorded_by"),
    key=("number", "known_from"),
)

bearings = _table(
    "bearings",
    _recurring("topic"),
    _number("number", "known_from", "known_until", "counts_from"),
    _small("retracted"),
)

sources = _table(
    "sources",
    _number("number"),
    _recurring("document", "attribution"),
    _text("reported_via"),
    _number("added", "known_from", "known_until"),
)

links = _table(
    "links",
    _number("number"),
    _text("kind"),
    _number("target"),
    _text("note"),
    _number("known_from", "known_until"),
    key=("number", "kind", "target", "known_from"),
)

translations = _table(
    "translations",
    _text("stream", "lang", "original", "text", "translated_by"),
    _number("known_from"),
    key=("stream", "lang", "original"),
)

amendments = _table(
    "amendments",
    _number("position", "number"),
    _text("kind", "field", "old", "new", "reason"),
    _small("material"),
    _number("recorded_at"),
    _text("recorded_by"),
    key=("position",),
)

codings = _table(
    "codings",
    _number("number", "position"),
    _small("stance"),
    _text("no_position_reason", "note", "coder", "decision", "recorded_by"),
    _small("scale_version"),
    _identifier("topic"),
    _small("has_condition"),
    key=("position",),
)

quote_readings = _table(
    "quote_readings",
    _number("number", "position", "known_until"),
    _text("reader"),
    _small("carries", "direction"),
    key=("position",),
)
"""How quotes were read blindly, each under its log position, until quote or topic was corrected, or
the reader took it back."""

replies = _table(
    "replies", _number("number", "position"), _text("replied_at", "text", "lang"), key=("position",)
)

positions = _table(
    "positions",
    _recurring("topic", "lane"),
    _small("stance", "lowest", "highest", "rank"),
    _text("counted", "reported"),
    _number("first", "last", "statements", "changed_from"),
    _small("turned"),
    _number("known", "on_record"),
    _text("marks"),
    key=("topic", "lane"),
)
"""``marks`` is what edition 2 of the rule says beyond that, as JSON, empty for nothing. ``turned``
tells whether the lane ever left a position; ``known`` counts its statements, ``on_record`` those
that are not retracted."""

actor_totals = _table(
    "actor_totals",
    _recurring("lane"),
    _number("topics", "turned", "held", "known", "on_record"),
    key=("lane",),
)
"""What the rows of `positions` of one actor come to: ``turned`` counts the lanes that ever left a
position, ``held`` those that hold one and never left any."""

repeats = _table("repeats", _text("lane"), _number("statements"), key=("lane",))

actor_ranks = _table(
    "actor_ranks",
    _recurring("actor"),
    _text("slug"),
    _number("topics", "statements", "turned"),
    key=("actor",),
)
"""What the list of actors may be put in order by: of everybody who is not merged, who said nothing
has zeros. What is said on several topics in one utterance is one of the ``statements``."""

changes = _table(
    "changes",
    _recurring("topic", "lane"),
    _number("day"),
    _text("kind"),
    _small("from_stance", "to_stance", "lowest", "highest"),
    _number("counts_from"),
    _text("before", "after", "withdrawn_by"),
    _small("other_speaker", "other_wording"),
    _number("known_at"),
    _small("place"),
    _text("found", "status"),
    _number("back_on"),
    _text("marks"),
    key=("topic", "lane", "day", "place"),
)
"""What changed on lanes, and where their lines move without that: ``place`` tells those of a day
apart. ``kind`` is what a reader is told, *step* for what is not printed as a change; the rule
``found`` what it is, with ``status``. ``marks`` is the rest of it as JSON, empty for nothing."""

verdicts = _table(
    "verdicts",
    _number("position"),
    _text("stream"),
    _number("known_until"),
    _recurring("topic", "lane"),
    _small("edition"),
    _text("before", "after", "verdict", "cause", "words", "caveat", "also"),
    _number("recorded_at"),
    _text("recorded_by"),
    key=("position",),
)
"""What editors said of changes, each under its log position; ``before`` and ``after`` are JSON
arrays of numbers, ``words`` the sentence that was signed, or the note of who declined; ``also`` is
the sentence and its caveat in other languages, as a JSON array of `SignedIn`."""

topic_months = _table(
    "topic_months",
    _recurring("topic"),
    _number("month", "moved", "told"),
    key=("topic", "month"),
    by_key=True,
)
"""How many changes a topic has in a month (twelve times the year, 0 for January), first words left
out and what the same words change counted once: ``moved`` from one position to another, ``told``
with differing answers."""

stance_months = _table(
    "stance_months",
    _recurring("topic", "actor"),
    _number("month"),
    _small("stance"),
    _number("statements"),
    key=("topic", "actor", "month", "stance"),
    by_key=True,
)
"""How often an actor took a stance on a topic in a month (twelve times the year, 0 for January), as
known now; months of years that the calendar does not number are left out."""

lane_turns = _table(
    "lane_turns",
    _recurring("topic"),
    _text("kind"),
    _recurring("lane"),
    _number("changes"),
    key=("topic", "kind", "lane"),
    by_key=True,
)
"""How many changes of a kind a lane has, first words left out; ``kind`` is one of `kinds.KINDS`."""

log_index = _table(
    "log_index",
    _number("position"),
    _recurring("type", "stream"),
    _number("number", "recorded_at"),
    _recurring("recorded_by", "via"),
    key=("position",),
)
"""``number`` is that of the entry that an event is about; where there is none, ``stream`` is what
it is about."""

clock = _table("clock", _number("position", "running_max"), key=("position",))
"""The running maximum of ``recorded_at``, at each position from which on it is another."""

search = Table(
    "search",
    MetaData(),
    Column("rowid", WIDE, primary_key=True, autoincrement=False),
    Column("stems", Text),
)
"""The database makes this one in its own way; ``rowid`` is the number of the entry or topic."""

quarantine = _table("quarantine", _number("position"), _text("type", "error"), key=("position",))
