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
from timeline.projections.queries.quote_readings import quotes_not_carrying
from timeline.projections.queries.translations import NO_TEXTS, Texts, translations
from timeline.projections.queries.withheld import hidden_numbers, withheld_entries
from timeline.projections.tables import schema
from timeline.projections.tables.lanes import known
from timeline.projections.tables.prepared import Param, Query, QueryWithValues, prepared
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
"""The column ``words`` of a statement without any."""

_decode = msgspec.json.Decoder(Words).decode
_decode_topics = msgspec.json.Decoder(tuple[str, ...]).decode

LARGEST = 2**63 - 1
"""The largest number that both databases can look for."""


class EntryWithheld(NotFound):
    """An entry is withheld: the reader learns its number, the reason and the dates."""


class StatementEntry(NamedTuple):
    """One version of a statement: a row that the projector writes and pages read.

    ``topic``, ``speaker``, ``on_behalf_of``, ``condition_topic`` and ``document`` are ids;
    ``known_from`` and ``known_until`` bound the version in log positions; instants are in
    seconds, ``recorded_at`` (of the first record) in microseconds UTC. Statements of one source
    with the same ``utterance`` were made in one utterance.

    Two fields are no columns. ``translated`` names the fields that are in the connection's
    language; the others are in the record's. ``quote_carries`` is false where the quote is too
    short to answer the question alone, or where two blind readers did not both find that it does.
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
        """The ids of the actors whose lanes it moves."""
        return tuple(filter(None, (self.speaker, self.on_behalf_of)))


class DevelopmentEntry(NamedTuple):
    """One version of a development: a row that the projector writes and pages read.

    ``topics``, ``according_to`` and ``document`` are ids. ``translated``, which is no column, names
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
T = TypeVar("T")
AnyEntry = TypeVar("AnyEntry", StatementEntry, DevelopmentEntry)

WITHHELD: dict[type[Entry], dict[str, Any]] = {
    StatementEntry: {"encoded_words": NO_WORDS},
    DevelopmentEntry: {"title": "", "summary": ""},
}
"""What a reader gets in place of the words of a withheld entry."""


def statement(conn: Connection, number: int, known_at: int | None = None) -> StatementEntry:
    """Return a statement by number; raises `NotFound` where it was not known."""
    return _only(conn, number, statements(conn, [number], known_at))


def development(conn: Connection, number: int, known_at: int | None = None) -> DevelopmentEntry:
    """Return a development by number; raises `NotFound` where it was not known."""
    return _only(conn, number, developments(conn, [number], known_at))


def entry(conn: Connection, number: int, known_at: int | None = None) -> Entry:
    """Return a statement or a development by number; raises `NotFound` and `EntryWithheld`."""
    if number > LARGEST:
        raise _unknown(conn, number)
    if number in hidden_numbers(conn):
        raise _withheld(conn, number)
    entries: Mapping[int, Entry] = statements(conn, [number], known_at) or developments(
        conn, [number], known_at
    )
    if not entries and known_at is not None and known_at < number and _is_on_record(conn, number):
        raise NotFound(NOT_KNOWN_YET, number=number, known=known_at)
    return _only(conn, number, entries)


def _only(conn: Connection, number: int, entries: Mapping[int, T]) -> T:
    if number not in entries:
        raise _unknown(conn, number)
    return entries[number]


def _is_on_record(conn: Connection, number: int) -> bool:
    return bool(statements(conn, [number]) or developments(conn, [number]))


def order_is_open(
    before: Iterable[int], after: Iterable[int], said: Mapping[int, StatementEntry]
) -> bool:
    """Tell whether the later of two statements may in fact be no later, as both are dated.

    Words count from the last moment that their date allows: "Nov 2026" counts after 17 November,
    and may have been said before it.
    """
    days = [day_of(said[number].counts_from) for number in before if number in said]
    earliest = [said[number].said_earliest for number in after if number in said]
    return bool(days) and any(start is None or day_of(start) <= max(days) for start in earliest)


def statements(
    conn: Connection,
    numbers: Iterable[int],
    known_at: int | None = None,
    *,
    topic: str | None = None,
    read: Mapping[int, StatementEntry] | None = None,
) -> dict[int, StatementEntry]:
    """Return the statements that were known, by number and in its order.

    Those that the reader may not see are left out at every moment. Name the ``topic`` where all
    are of one and make up much of it: its index finds them sooner. If ``read`` has them all, as
    known at the same position, they are not read again.
    """
    wanted = set(numbers)
    if read and wanted <= read.keys():
        return {number: read[number] for number in sorted(wanted)}
    if wanted:
        wanted.difference_update(hidden_numbers(conn))
    if not wanted:
        return {}
    to_select = None if topic else [*wanted]
    query = _statements(topic=topic, numbers=to_select, known_at=known_at)
    rows = _shown(conn, StatementEntry, query, known_at)
    entries = [row for row in rows if row.number in wanted]
    shown = _with_quote_readings(conn, _translated(conn, entries), known_at)
    return {entry.number: entry for entry in shown}


@prepared
def _statements(*, topic: Param | None, numbers: Param | None, known_at: Param | None) -> Query:
    table = schema.statements
    here = table.c.topic == topic if numbers is None else table.c.number.in_(numbers)
    return select(table).where(here, *known(table.c, known_at))


def developments(
    conn: Connection, numbers: Iterable[int], known_at: int | None = None
) -> dict[int, DevelopmentEntry]:
    """Return developments by number, as `statements` does."""
    wanted = [*set(numbers)]
    if wanted and (hidden := hidden_numbers(conn)):
        wanted = [number for number in wanted if number not in hidden]
    if not wanted:
        return {}
    query = _developments(numbers=wanted, known_at=known_at)
    entries = _shown(conn, DevelopmentEntry, query, known_at)
    return {entry.number: entry for entry in _translated_developments(conn, entries)}


@prepared
def _developments(*, numbers: Param, known_at: Param | None) -> Query:
    table = schema.developments
    return select(table).where(table.c.number.in_(numbers), *known(table.c, known_at))


def numbers_of(conn: Connection, streams: Iterable[str]) -> dict[str, int]:
    """Return the numbers of statements by their ids."""
    rows = conn.execute(*_numbers_of(streams=wanted)) if (wanted := [*streams]) else ()
    return {row.stream: row.number for row in rows}


@prepared
def _numbers_of(*, streams: Param) -> Query:
    table = schema.statements.c
    return select(table.stream, table.number).where(table.stream.in_(streams)).distinct()


def behalf(conn: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return by number on whose behalf statements were made; others are missing."""
    rows = conn.execute(*_behalf(numbers=[*numbers]))
    return {row.number: row.on_behalf_of for row in rows}


@prepared
def _behalf(*, numbers: Param) -> Query:
    table = schema.statements
    return select(table.c.number, table.c.on_behalf_of).where(
        table.c.number.in_(numbers), table.c.on_behalf_of.is_not(None), *known(table.c, None)
    )


def utterance(
    conn: Connection, entry: StatementEntry, known_at: int | None = None
) -> list[StatementEntry]:
    """Return the statements made in the same utterance as this one, itself included.

    The name of an utterance is unique within its source only.
    """
    query = _uttered(utterance=entry.utterance, document=entry.document, known_at=known_at)
    return _translated(conn, _shown(conn, StatementEntry, query, known_at))


@prepared
def _uttered(*, utterance: Param, document: Param, known_at: Param | None) -> Query:
    table = schema.statements
    here = table.c.utterance == utterance, table.c.document == document
    return select(table).where(*here, *known(table.c, known_at))


def _shown(
    conn: Connection, kind: type[AnyEntry], query: QueryWithValues, known_at: int | None
) -> list[AnyEntry]:
    """Return entries by number; what is withheld now is withheld at every moment."""
    # Python sorts such wide rows faster than a database does.
    entries = sorted((kind(*row) for row in conn.execute(*query).all()), key=itemgetter(0))
    if known_at is not None:
        hidden = withheld_entries(conn)
        entries = [entry._replace(withholding=int(entry.number in hidden)) for entry in entries]
    return [entry._replace(**WITHHELD[kind]) if entry.withheld else entry for entry in entries]


def _translated(conn: Connection, entries: list[StatementEntry]) -> list[StatementEntry]:
    """Return statements with the newsroom's words translated, where they are in that language."""
    texts = translations(conn, [entry.stream for entry in entries])
    return [
        _worded(entry, texts[entry.stream]) if entry.stream in texts else entry for entry in entries
    ]


def _with_quote_readings(
    conn: Connection, entries: list[StatementEntry], known_at: int | None
) -> list[StatementEntry]:
    """Return statements with ``quote_carries`` filled in."""
    quoted = {entry.number: entry for entry in entries if '"quote":' in entry.encoded_words}
    not_alone = quotes_not_carrying(conn, quoted, known_at)
    not_alone |= {
        number
        for number, entry in quoted.items()
        if (quote := entry.words.quote) and not may_carry(quote.exact)
    }
    return [
        entry._replace(quote_carries=False) if entry.number in not_alone else entry
        for entry in entries
    ]


def _worded(entry: StatementEntry, texts: Texts) -> StatementEntry:
    new = _in_words(entry.words, Statement.OWN_WORDS, texts)
    words = msgspec.json.encode(msgspec.structs.replace(entry.words, **new)).decode()
    return entry._replace(encoded_words=words, translated=tuple(new))


def _translated_developments(
    conn: Connection, entries: list[DevelopmentEntry]
) -> list[DevelopmentEntry]:
    texts = translations(conn, [entry.stream for entry in entries])
    shown = []
    for entry in entries:
        new = _in_words(entry, Development.OWN_WORDS, texts.get(entry.stream, NO_TEXTS))
        shown.append(entry._replace(**new, translated=tuple(new)) if new else entry)
    return shown


def _in_words(source: object, fields: tuple[str, ...], texts: Texts) -> dict[str, Any]:
    """Return the translated fields with their translations."""
    return {name: texts[word] for name in fields if (word := getattr(source, name)) in texts}


def _withheld(conn: Connection, number: int) -> EntryWithheld:
    """Return the error that tells readers of a withheld entry."""
    table = schema.amendments
    query = select(table).where(table.c.number == number, table.c.kind == "retracted")
    last = conn.execute(query.order_by(table.c.position.desc()).limit(1)).one()
    log = schema.log_index.c
    first = select(log.recorded_at).where(log.position == number)
    recorded = conn.execute(first).scalar() or last.recorded_at
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
