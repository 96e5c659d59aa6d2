"""The tables of the read models: what pages read, all of it rebuilt from the log."""

from __future__ import annotations

from itertools import chain

from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, MetaData, Table, Text

from timeline.projections.tables import interned
from timeline.rooms import nouns_version

CODE_VERSION = 54 + nouns_version()
"""Raise it whenever a table, or a rule that fills one, changes: the next start rebuilds."""

MIXED = 9
"""The value of a stance column for `mixed`."""

HIDDEN = 2
"""In a column ``retracted``: the entry was withheld in this version, which is in no lane."""

HIDDEN_SINCE = 3
"""Added to ``retracted`` in the earlier versions, as long as the entry is withheld."""

metadata = interned.metadata

WIDE = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit column; on SQLite an INTEGER, so that a single key is the rowid."""


def _table(
    name: str,
    *columns: Column[object] | list[Column[object]],
    key: tuple[str, ...] = (),
    by_key: bool = False,
) -> Table:
    """Make a table; ``by_key`` makes SQLite store it in the order of its key, without a rowid.

    That is for narrow rows that are looked up by their key.
    """
    groups = (group if isinstance(group, list) else [group] for group in columns)
    flat = [*chain.from_iterable(groups)]
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
"""``chain`` is the log's hash at ``position``, which identifies the log that was read. ``rows`` is
a JSON object with the number of rows of each other table after the last batch."""

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
"""``moved`` is the instant of the last change of a position, ``usual_gap`` the median number of
days between days with statements; ``firsts`` counts the words that are the first of some lane.
``tangled`` is the last log position at which a reading came out of the order of days, or ended."""

topic_days = _table(
    "topic_days",
    _recurring("topic"),
    _number("day", "statements"),
    key=("topic", "day"),
    by_key=True,
)
"""Counts of a topic's statements by UTC day, as known now, retracted ones included."""

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
"""``words`` is the codebook as JSON; empty if its words were erased."""

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
"""Which outlets were watched for statements of ``actor`` (null for everybody); ``outlets`` is a
JSON array, empty if their names were erased."""

natures = _table(
    "natures",
    _recurring("topic"),
    _number("known_from"),
    _text("asks"),
    _small("recurring", "limit_months"),
    _text("prints", "reason"),
    key=("topic", "known_from"),
)
"""What a topic was stated to ask for, each under its log position; the last one counts."""

ledes = _table(
    "ledes",
    _recurring("topic"),
    _number("known_from", "recorded_at"),
    _text("recorded_by", "sentence", "pinned"),
    key=("topic", "known_from"),
)
"""The ledes of a topic, each under its log position; the last one counts. ``pinned`` is a JSON
array of statements' ids."""

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

alphabet = _table(
    "alphabet",
    _recurring("id"),
    _text("lang", "kind", "words", "slug"),
    key=("id", "lang"),
)
"""By which ``words`` lists sort topics and actors (``kind`` is the name of their table): as they
were recorded (``lang`` is empty), and in each language that they are translated into."""

earlier_values = _table(
    "earlier_values",
    _text("stream", "field"),
    _number("known_until"),
    _text("value"),
    key=("stream", "field", "known_until"),
)
"""Earlier kinds of actors and authors of documents, up to a log position: the rule reads these
two."""

mandates = _table(
    "mandates",
    _text("id"),
    _recurring("actor", "on_behalf_of"),
    _text("role", "since", "until", "standing"),
    _number("opened", "known_from", "known_until"),
    key=("id", "known_from"),
)
"""All versions of each mandate, which was ``opened`` at a log position."""

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
"""Stated standings of mandates, each under its log position."""

actor_attributes = _table(
    "actor_attributes",
    _recurring("actor"),
    _text("attribute"),
    _number("known_from"),
    _text("value"),
    key=("actor", "attribute", "known_from"),
)
"""Values of actors' attributes; the last one counts, an empty one means none."""

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
"""``terms`` is a `timeline.projections.tables.rows.Terms` as JSON; empty for no conditions."""

own_values = _table(
    "own_values",
    _number("number", "known_from"),
    _text("variable", "value"),
    key=("number", "known_from", "variable"),
    by_key=True,
)
"""Values of own variables of a version of a statement, by the id of the variable."""

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
"""Blind readings of quotes, each under its log position, until the quote or the topic was
corrected, or the reader took it back."""

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
"""``marks`` is a JSON object with what else edition 2 says, empty for nothing. ``turned`` tells
whether the lane ever left a position; ``known`` counts its statements, ``on_record`` those that are
not retracted."""

actor_totals = _table(
    "actor_totals",
    _recurring("lane"),
    _number("topics", "turned", "held", "known", "on_record"),
    key=("lane",),
)
"""Totals of an actor's rows of `positions`: ``turned`` counts the lanes that ever left a position,
``held`` those that hold one and never left any."""

repeats = _table("repeats", _text("lane"), _number("statements"), key=("lane",))

actor_ranks = _table(
    "actor_ranks",
    _recurring("actor"),
    _text("slug"),
    _number("topics", "statements", "turned"),
    key=("actor",),
)
"""What the list of actors is sorted by, for every unmerged actor; without statements all zeros. An
utterance on several topics counts as one of the ``statements``."""

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
"""Changes of lanes, and steps of their lines that are no changes; ``place`` is the number within a
day. ``kind`` is what readers see: *step* for what is not printed as a change. ``found`` is the kind
by the rule, with ``status``. ``marks`` is the rest as JSON, empty for nothing."""

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
"""Editors' verdicts on changes, each under its log position. ``before`` and ``after`` are JSON
arrays of numbers, ``words`` is the signed sentence, or the note of an editor who declined; ``also``
is the sentence and its caveat in other languages, as a JSON array of `SignedIn`."""

topic_months = _table(
    "topic_months",
    _recurring("topic"),
    _number("month", "moved", "told"),
    key=("topic", "month"),
    by_key=True,
)
"""Counts of a topic's changes in a month (twelve times the year, 0 for January): first words are
left out, and the same words count once. ``moved`` counts changes between positions, ``told`` also
differing answers."""

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
"""Counts of a lane's changes by kind, one of `kinds.KINDS`, first words left out."""

log_index = _table(
    "log_index",
    _number("position"),
    _recurring("type", "stream"),
    _number("number", "recorded_at"),
    _recurring("recorded_by", "via"),
    key=("position",),
)
"""``number`` is that of the event's entry; for an event of a noun, ``stream`` is set in its
place."""

clock = _table("clock", _number("position", "running_max"), key=("position",))
"""The running maximum of ``recorded_at``, at each position at which it grows."""

search = Table(
    "search",
    MetaData(),
    Column("rowid", WIDE, primary_key=True, autoincrement=False),
    Column("stems", Text),
)
"""The database makes this one in its own way; ``rowid`` is the number of the entry or topic."""

quarantine = _table("quarantine", _number("position"), _text("type", "error"), key=("position",))
