"""Statements and developments as known at a log position, with their sources and links."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, select

from timeline.domain.development import Development
from timeline.domain.errors import NotFound
from timeline.domain.instants import day_of, iso_us
from timeline.domain.messages import Message
from timeline.domain.quote import may_carry
from timeline.domain.statement import Statement, Words
from timeline.projections.queries.quote_readings import carry_nothing
from timeline.projections.queries.translations import NONE, Texts, translations
from timeline.projections.queries.withheld import unseen, withheld_entries
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Asked, Given, Query, prepared
from timeline.projections.tables.rows import Terms, read_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EVENT_SET_ASIDE = Message(
    "event_set_aside",
    "event %(number)s could not be read and is set aside",
    fix="the event log says why",
)
NO_SUCH_ENTRY = Message(
    "no_such_entry", "there is no entry number %(number)s", fix="numbers have gaps; try the search"
)
ENTRY_WITHHELD = Message(
    "entry_withheld",
    "number %(number)s of %(recorded)s is withheld since %(withheld)s: %(reason)s",
    fix="what it said is not shown; that it was withheld stands among the corrections",
)
NOT_KNOWN_YET = Message(
    "not_known_yet",
    "number %(number)s was recorded later than at @%(known)s",
    fix="look at it as it is known now",
)

NO_WORDS = "{}"
"""The words of a statement, as a row has them where there are none."""

_decode = msgspec.json.Decoder(Words).decode
_decode_topics = msgspec.json.Decoder(tuple[str, ...]).decode

LARGEST = 2**63 - 1
"""The last number that either database can look for."""


class EntryWithheld(NotFound):
    """An entry is withheld: who reads learns its number, why, and the days."""


class StatementEntry(NamedTuple):
    """One version of a statement: a row that the projector writes and pages read.

    ``topic``, ``speaker``, ``on_behalf_of``, ``condition_topic`` and ``document`` are ids;
    ``known_from`` and ``known_until`` bound the version in log positions; instants are in
    seconds, ``recorded_at`` (of the first record) in microseconds UTC. Statements of one source
    with the same ``utterance`` were made in one. ``translated``, which no row has, names the
    fields that are in the connection's language; the others are in that of the record. Nor has one
    ``quote_carries``: false where the quote is too short to answer the question alone, or where two
    people read it and not both found that it does.
    """

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
    has_time: int
    counts_from: int
    rank: int
    attribution: str
    document: str
    utterance: int | None
    retraction: int
    withholding: int
    corrected: int
    encoded_words: str
    recorded_at: int
    recorded_by: str
    scale_version: int
    dissents: int
    encoded_terms: str
    translated: tuple[str, ...] = ()
    quote_carries: bool = True

    @property
    def retracted(self) -> bool:
        return self.retraction > 0

    @property
    def withheld(self) -> bool:
        return self.withholding > 0

    @property
    def timed(self) -> bool:
        return self.has_time > 0

    @property
    def dissent(self) -> bool:
        return self.dissents > 0

    @property
    def words(self) -> Words:
        return _decode(self.encoded_words)

    @property
    def terms(self) -> Terms:
        return read_terms(self.encoded_terms)

    @property
    def actors(self) -> tuple[str, ...]:
        """The ids of those whose lanes it moves."""
        return tuple(filter(None, (self.speaker, self.on_behalf_of)))


class DevelopmentEntry(NamedTuple):
    """One version of a development: a row that the projector writes and pages read.

    ``topics``, ``according_to`` and ``document`` are ids. ``translated``, which no row has, names
    the fields that are in the connection's language.
    """

    number: int
    known_from: int
    known_until: int | None
    stream: str
    encoded_topics: str
    happened_at: str
    earliest: int | None
    latest: int | None
    counts_from: int
    status: str
    according_to: str | None
    document: str
    title: str
    summary: str
    retraction: int
    withholding: int
    corrected: int
    recorded_at: int
    recorded_by: str
    translated: tuple[str, ...] = ()

    @property
    def retracted(self) -> bool:
        return self.retraction > 0

    @property
    def withheld(self) -> bool:
        return self.withholding > 0

    @property
    def topics(self) -> tuple[str, ...]:
        return _decode_topics(self.encoded_topics)


Entry = StatementEntry | DevelopmentEntry
One = TypeVar("One", StatementEntry, DevelopmentEntry)

WITHHELD: dict[type[Entry], dict[str, Any]] = {
    StatementEntry: {"encoded_words": NO_WORDS},
    DevelopmentEntry: {"title": "", "summary": ""},
}
"""What a reader gets of the words of an entry that is withheld."""


def statement(conn: Connection, number: int, known_at: int | None = None) -> StatementEntry:
    """Return a statement by number; raises `NotFound` where it was not known."""
    entries = statements(conn, [number], known_at)
    if not entries:
        raise _unknown(conn, number)
    return entries[number]


def development(conn: Connection, number: int, known_at: int | None = None) -> DevelopmentEntry:
    """Return a development by number; raises `NotFound` where it was not known."""
    entries = developments(conn, [number], known_at)
    if not entries:
        raise _unknown(conn, number)
    return entries[number]


def entry(conn: Connection, number: int, known_at: int | None = None) -> Entry:
    """Return a statement or a development by number; raises `NotFound` and `EntryWithheld`."""
    if number > LARGEST:
        raise _unknown(conn, number)
    if number in unseen(conn):
        raise _withheld(conn, number)
    found: dict[int, Any] = statements(conn, [number], known_at)
    found = found or developments(conn, [number], known_at)
    if not found and known_at is not None and known_at < number and _is_on_record(conn, number):
        raise NotFound(NOT_KNOWN_YET, number=number, known=known_at)
    if not found:
        raise _unknown(conn, number)
    return found[number]


def _is_on_record(conn: Connection, number: int) -> bool:
    return bool(statements(conn, [number]) or developments(conn, [number]))


def order_is_open(
    before: Iterable[int], after: Iterable[int], said: Mapping[int, StatementEntry]
) -> bool:
    """Tell whether words that count later may have been said no later, as both are dated.

    Words count from the last moment that their date allows: "Nov 2026" counts after 17 November,
    and may have been said before it.
    """
    days = [day_of(said[one].counts_from) for one in before if one in said]
    begin = [said[one].said_earliest for one in after if one in said]
    return bool(days) and any(one is None or day_of(one) <= max(days) for one in begin)


def statements(
    conn: Connection,
    numbers: Iterable[int],
    known_at: int | None = None,
    *,
    topic: str | None = None,
) -> dict[int, StatementEntry]:
    """Return statements by number and in its order, those that were known.

    Those that are withheld from who reads are left out, at whatever moment. Where all are of one
    ``topic`` and make up much of it, its index leads to them sooner.
    """
    wanted = set(numbers)
    if wanted:
        wanted.difference_update(unseen(conn))
    if not wanted:
        return {}
    asked = None if topic else [*wanted]
    query = _statements(topic=topic, numbers=asked, known_at=known_at)
    rows = _shown(conn, StatementEntry, query, known_at)
    entries = [row for row in rows if row.number in wanted]
    read = _read_blindly(conn, _translated(conn, entries), known_at)
    return {one.number: one for one in read}


@prepared
def _statements(*, topic: Given | None, numbers: Given | None, known_at: Given | None) -> Query:
    table = schema.statements
    here = table.c.topic == topic if numbers is None else table.c.number.in_(numbers)
    return select(table).where(here, *known(table.c, known_at))


def developments(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> dict[int, DevelopmentEntry]:
    """Return developments by number, as `statements` does."""
    wanted = [*set(numbers)]
    if wanted and (hidden := unseen(conn)):
        wanted = [one for one in wanted if one not in hidden]
    if not wanted:
        return {}
    query = _developments(numbers=wanted, known_at=known_at)
    entries = _shown(conn, DevelopmentEntry, query, known_at)
    return {one.number: one for one in _translated_developments(conn, entries)}


@prepared
def _developments(*, numbers: Given, known_at: Given | None) -> Query:
    table = schema.developments
    return select(table).where(table.c.number.in_(numbers), *known(table.c, known_at))


def numbers_of(conn: Connection, streams: Iterable[str]) -> dict[str, int]:
    """Return the numbers of statements that are given by their ids, by id."""
    return {row.stream: row.number for row in conn.execute(*_numbers_of(streams=[*streams]))}


@prepared
def _numbers_of(*, streams: Given) -> Query:
    table = schema.statements.c
    return select(table.stream, table.number).where(table.stream.in_(streams)).distinct()


def behalf(conn: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return for whom statements were said, of those that were said for somebody."""
    rows = conn.execute(*_behalf(numbers=[*numbers]))
    return {row.number: row.on_behalf_of for row in rows}


@prepared
def _behalf(*, numbers: Given) -> Query:
    table = schema.statements
    return select(table.c.number, table.c.on_behalf_of).where(
        table.c.number.in_(numbers), table.c.on_behalf_of.is_not(None), *known(table.c, None)
    )


def utterance(
    conn: Connection, entry: StatementEntry, known_at: int | None = None
) -> list[StatementEntry]:
    """Return the statements that were made in the same utterance as this one, itself included.

    What an utterance is called means something within its source only: of another source, the
    same name is another utterance.
    """
    query = _uttered(utterance=entry.utterance, document=entry.document, known_at=known_at)
    return _translated(conn, _shown(conn, StatementEntry, query, known_at))


@prepared
def _uttered(*, utterance: Given, document: Given, known_at: Given | None) -> Query:
    table = schema.statements
    here = table.c.utterance == utterance, table.c.document == document
    return select(table).where(*here, *known(table.c, known_at))


def _shown(conn: Connection, kind: type[One], query: Asked, known_at: int | None) -> list[One]:
    """Return entries by number; words that are withheld by now were withheld at every moment."""
    # A database takes longer to put such wide rows in order.
    found = sorted((kind(*row) for row in conn.execute(*query)), key=itemgetter(0))
    if known_at is not None:
        hidden = withheld_entries(conn)
        found = [one._replace(withholding=int(one.number in hidden)) for one in found]
    return [one._replace(**WITHHELD[kind]) if one.withheld else one for one in found]


def _translated(conn: Connection, entries: list[StatementEntry]) -> list[StatementEntry]:
    """Return statements with our words in the connection's language, where they are in it."""
    told = translations(conn, [one.stream for one in entries])
    return [_worded(one, told[one.stream]) if one.stream in told else one for one in entries]


def _read_blindly(
    conn: Connection, entries: list[StatementEntry], known_at: int | None
) -> list[StatementEntry]:
    """Return statements with whether their quotes answer the question alone."""
    quoted = {one.number: one for one in entries if '"quote":' in one.encoded_words}
    not_alone = carry_nothing(conn, quoted, known_at)
    not_alone |= {
        number
        for number, one in quoted.items()
        if (quote := one.words.quote) and not may_carry(quote.exact)
    }
    return [
        one._replace(quote_carries=False) if one.number in not_alone else one for one in entries
    ]


def _worded(entry: StatementEntry, told: Texts) -> StatementEntry:
    new = _in_words(entry.words, Statement.OWN_WORDS, told)
    words = msgspec.json.encode(msgspec.structs.replace(entry.words, **new)).decode()
    return entry._replace(encoded_words=words, translated=tuple(new))


def _translated_developments(
    conn: Connection, entries: list[DevelopmentEntry]
) -> list[DevelopmentEntry]:
    told = translations(conn, [one.stream for one in entries])
    shown = []
    for one in entries:
        new = _in_words(one, Development.OWN_WORDS, told.get(one.stream, NONE))
        shown.append(one._replace(**new, translated=tuple(new)) if new else one)
    return shown


def _in_words(said: object, fields: tuple[str, ...], told: Texts) -> dict[str, Any]:
    """Return the fields whose words are translated, with the translation."""
    return {name: told[word] for name in fields if (word := getattr(said, name)) in told}


def _withheld(conn: Connection, number: int) -> EntryWithheld:
    """Return what readers are told of a withheld entry."""
    table = schema.amendments
    asked = select(table).where(table.c.number == number, table.c.kind == "retracted")
    last = conn.execute(asked.order_by(table.c.position.desc()).limit(1)).one()
    made = select(schema.log_index.c.recorded_at).where(schema.log_index.c.position == number)
    recorded = conn.execute(made).scalar() or last.recorded_at
    return EntryWithheld(
        ENTRY_WITHHELD,
        number=number,
        recorded=iso_us(recorded)[:10],
        withheld=iso_us(last.recorded_at)[:10],
        reason=last.reason or "",
    )


def _unknown(conn: Connection, number: int) -> NotFound:
    aside = schema.quarantine.c.position
    if number <= LARGEST and conn.execute(select(aside).where(aside == number)).first():
        return NotFound(EVENT_SET_ASIDE, number=number)
    return NotFound(NO_SUCH_ENTRY, number=number)
