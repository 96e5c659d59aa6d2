"""The read models' tables: what pages read, rebuilt from the log alone."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Float, Integer, MetaData, Table, Text

CODE_VERSION = 8
"""Raise it whenever a table or a rule that fills one changes: the next start rebuilds."""

MIXED = 9
"""How a stance column says `mixed`."""

metadata = MetaData()

WIDE = BigInteger().with_variant(Integer, "sqlite")
"""64 bits; SQLite has them in every INTEGER, and makes such a key the row's own number."""


def _table(name: str, *columns: Column[object], key: tuple[str, ...] = ()) -> Table:
    for column in columns:
        if column.name in key:
            column.primary_key, column.nullable = True, False
    return Table(name, metadata, *columns)


def _number(name: str) -> Column[object]:
    return Column(name, WIDE, autoincrement=False)


def _small(name: str) -> Column[object]:
    return Column(name, Integer, autoincrement=False)


def _text(name: str) -> Column[object]:
    return Column(name, Text)


progress = _table(
    "progress",
    _small("id"),
    _number("position"),
    _small("code_version"),
    Column("retired_at", Float),
    key=("id",),
)

stories = _table(
    "stories",
    _text("id"),
    _text("slug"),
    _text("title"),
    _text("sides"),
    _number("opened"),
    key=("id",),
)

topics = _table(
    "topics",
    _text("id"),
    _text("slug"),
    _text("scale"),
    _text("story"),
    _text("succeeds"),
    _small("wording"),
    _text("question"),
    _text("name"),
    _small("closed"),
    _number("opened"),
    _number("opened_at"),
    _number("statements"),
    _number("retracted"),
    key=("id",),
)

topic_sources = _table(
    "topic_sources",
    _text("topic"),
    _text("document"),
    _number("statements"),
    key=("topic", "document"),
)

wordings = _table(
    "wordings",
    _text("topic"),
    _small("wording"),
    _text("question"),
    _text("reason"),
    _number("known_from"),
    key=("topic", "wording"),
)

actors = _table(
    "actors",
    _text("id"),
    _text("slug"),
    _text("kind"),
    _text("name"),
    _number("introduced"),
    key=("id",),
)

actor_names = _table(
    "actor_names", _text("actor"), _text("name"), _text("key"), key=("actor", "name")
)

mandates = _table(
    "mandates",
    _text("id"),
    _text("actor"),
    _text("on_behalf_of"),
    _text("role"),
    _text("since"),
    _text("until"),
    _number("known_from"),
    key=("id",),
)

merges = _table("merges", _text("actor"), _text("into"), _number("known_from"), key=("actor",))

lane_members = _table(
    "lane_members",
    _text("member"),
    _text("lane"),
    _number("known_from"),
    _number("known_until"),
    key=("member", "known_from"),
)

documents = _table(
    "documents",
    _text("id"),
    _text("outlet"),
    _text("title"),
    _text("author"),
    _text("url"),
    _text("published_at"),
    _text("lang"),
    _text("sha256"),
    _number("filed"),
    key=("id",),
)

statements = _table(
    "statements",
    _number("number"),
    _number("known_from"),
    _number("known_until"),
    _text("stream"),
    _text("topic"),
    _small("wording"),
    _text("speaker"),
    _text("on_behalf_of"),
    _small("stance"),
    _text("no_position_reason"),
    _text("condition_topic"),
    _text("said_at"),
    _number("said_earliest"),
    _number("said_latest"),
    _small("timed"),
    _number("counts_from"),
    _small("rank"),
    _text("attribution"),
    _text("document"),
    _text("utterance"),
    _small("retracted"),
    _small("withheld"),
    _small("corrected"),
    _text("words"),
    _number("recorded_at"),
    _text("recorded_by"),
    key=("number", "known_from"),
)

readings = _table(
    "readings",
    _text("topic"),
    _text("actor"),
    _number("number"),
    _number("known_from"),
    _number("known_until"),
    _small("rank"),
    _number("day"),
    _number("counts_from"),
    _small("stance"),
    _small("timed"),
    _small("joint"),
    _small("retracted"),
    _text("speaker"),
)

developments = _table(
    "developments",
    _number("number"),
    _number("known_from"),
    _number("known_until"),
    _text("stream"),
    _text("topics"),
    _text("happened_at"),
    _number("earliest"),
    _number("latest"),
    _number("counts_from"),
    _text("status"),
    _text("according_to"),
    _text("document"),
    _text("title"),
    _text("summary"),
    _small("retracted"),
    _small("withheld"),
    _small("corrected"),
    _number("recorded_at"),
    _text("recorded_by"),
    key=("number", "known_from"),
)

bearings = _table(
    "bearings",
    _text("topic"),
    _number("number"),
    _number("known_from"),
    _number("known_until"),
    _number("counts_from"),
    _small("retracted"),
)

sources = _table(
    "sources",
    _number("number"),
    _text("document"),
    _text("attribution"),
    _text("reported_via"),
    _number("added"),
    _number("known_from"),
    _number("known_until"),
)

links = _table(
    "links",
    _number("number"),
    _text("kind"),
    _number("target"),
    _text("note"),
    _number("known_from"),
    _number("known_until"),
    key=("number", "kind", "target", "known_from"),
)

amendments = _table(
    "amendments",
    _number("position"),
    _number("number"),
    _text("kind"),
    _text("field"),
    _text("old"),
    _text("new"),
    _text("reason"),
    _small("material"),
    _number("recorded_at"),
    _text("recorded_by"),
    key=("position",),
)

codings = _table(
    "codings",
    _number("number"),
    _number("position"),
    _small("stance"),
    _text("no_position_reason"),
    _text("note"),
    _text("coder"),
    key=("position",),
)

replies = _table(
    "replies",
    _number("number"),
    _number("position"),
    _text("replied_at"),
    _text("text"),
    _text("lang"),
    key=("position",),
)

positions = _table(
    "positions",
    _text("topic"),
    _text("lane"),
    _small("stance"),
    _small("lowest"),
    _small("highest"),
    _small("rank"),
    _text("counted"),
    _text("reported"),
    _number("first"),
    _number("last"),
    _number("statements"),
    _number("changed_from"),
    _number("on_record"),
    key=("topic", "lane"),
)

repeats = _table("repeats", _text("lane"), _number("statements"), key=("lane",))

changes = _table(
    "changes",
    _text("topic"),
    _text("lane"),
    _number("ordinal"),
    _text("kind"),
    _small("from_stance"),
    _small("to_stance"),
    _small("lowest"),
    _small("highest"),
    _number("counts_from"),
    _text("before"),
    _text("after"),
    _text("withdrawn_by"),
    _small("other_speaker"),
    _number("known_at"),
    key=("topic", "lane", "ordinal"),
)

log_index = _table(
    "log_index",
    _number("position"),
    _text("type"),
    _text("stream"),
    _number("number"),
    _number("recorded_at"),
    _number("running_max"),
    _text("recorded_by"),
    _text("via"),
    key=("position",),
)

search = _table("search", _number("number"), _text("kind"), _text("stems"), key=("number",))

quarantine = _table(
    "quarantine", _number("position"), _text("type"), _text("error"), key=("position",)
)

LIVE_INDEXES = {
    "statements_stream": "statements (stream)",
    "developments_stream": "developments (stream)",
    "readings_number": "readings (number)",
    "bearings_number": "bearings (number)",
    "sources_number": "sources (number)",
}
"""Indexes that the projector itself needs; they grow at their end, so they cost little."""

DEFERRED_INDEXES = {
    "readings_lane": "readings (topic, actor, rank, day, known_from, known_until, counts_from,"
    " stance, retracted, timed, joint, speaker, number)",
    "readings_actor": "readings (actor, topic)",
    "statements_now": "statements (topic, counts_from, number, retracted, stance, document)"
    " WHERE known_until IS NULL",
    "statements_known": "statements (topic, known_from, known_until, counts_from, number,"
    " retracted, document)",
    "statements_speaker": "statements (speaker, counts_from, number)",
    "statements_utterance": "statements (utterance)",
    "sources_document": "sources (document, number)",
    "bearings_topic": "bearings (topic, counts_from)",
    "links_target": "links (target)",
    "amendments_number": "amendments (number)",
    "changes_recent": "changes (counts_from)",
    "changes_known": "changes (known_at)",
    "positions_lane": "positions (lane, topic)",
    "topics_slug": "topics (slug)",
    "actors_slug": "actors (slug)",
    "stories_slug": "stories (slug)",
    "actor_names_key": "actor_names (key)",
    "log_index_time": "log_index (running_max, position)",
    "log_index_stream": "log_index (stream)",
    "log_index_type": "log_index (type, position)",
    "log_index_by": "log_index (recorded_by)",
}
"""Indexes that pages need; a rebuild makes them after the rows, in one pass each."""


class StatementRow(NamedTuple):
    """One version of a statement, known in ``[known_from, known_until)`` of the log."""

    number: int
    known_from: int
    known_until: int | None
    stream: str
    topic: str
    wording: int
    speaker: str
    on_behalf_of: str | None
    stance: int | None
    no_position_reason: str | None
    condition_topic: str | None
    said_at: str
    said_earliest: int | None
    said_latest: int | None
    timed: int
    counts_from: int
    rank: int
    attribution: str
    document: str
    utterance: str | None
    retracted: int
    withheld: int
    corrected: int
    words: str
    recorded_at: int
    recorded_by: str


class ReadingRow(NamedTuple):
    """What one version of a statement says of one actor: the index that positions read.

    ``speaker`` is set where somebody else spoke for the actor.
    """

    topic: str
    actor: str
    number: int
    known_from: int
    known_until: int | None
    rank: int
    day: int
    counts_from: int
    stance: int | None
    timed: int
    joint: int
    retracted: int
    speaker: str | None


class DevelopmentRow(NamedTuple):
    """One version of a development."""

    number: int
    known_from: int
    known_until: int | None
    stream: str
    topics: str
    happened_at: str
    earliest: int | None
    latest: int | None
    counts_from: int
    status: str
    according_to: str | None
    document: str
    title: str
    summary: str
    retracted: int
    withheld: int
    corrected: int
    recorded_at: int
    recorded_by: str


class BearingRow(NamedTuple):
    """One version of a development on one of its topics."""

    topic: str
    number: int
    known_from: int
    known_until: int | None
    counts_from: int
    retracted: int


class SourceRow(NamedTuple):
    """One version of a source of an entry, which came with the event at ``added``."""

    number: int
    document: str
    attribution: str
    reported_via: str
    added: int
    known_from: int
    known_until: int | None


class PositionRow(NamedTuple):
    """Where a lane stands."""

    topic: str
    lane: str
    stance: int | None
    lowest: int | None
    highest: int | None
    rank: int | None
    counted: str
    reported: str
    first: int | None
    last: int | None
    statements: int
    changed_from: int | None
    on_record: int


class ChangeRow(NamedTuple):
    """One change of a lane."""

    topic: str
    lane: str
    ordinal: int
    kind: str
    from_stance: int | None
    to_stance: int | None
    lowest: int | None
    highest: int | None
    counts_from: int
    before: str
    after: str
    withdrawn_by: str
    other_speaker: int
    known_at: int


class LogRow(NamedTuple):
    """One line of the log page."""

    position: int
    type: str
    stream: str
    number: int | None
    recorded_at: int
    running_max: int
    recorded_by: str
    via: str


class SearchRow(NamedTuple):
    """What the search finds a topic or an entry by; ``number`` is its first log position."""

    number: int
    kind: str
    stems: str
