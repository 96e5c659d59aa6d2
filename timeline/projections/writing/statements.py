"""Writes statements in all their versions, and their readings in lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec
from sqlalchemy import delete, literal_column, select, update

from timeline.domain.dates import SaidDate, counting_instant, parse_date
from timeline.domain.entry import FURTHER_SOURCES, RANKS, strongest
from timeline.domain.instants import day_of
from timeline.domain.quote import Passage, Quote
from timeline.domain.statement import WORDS_AT, Statement, Words, condition_of
from timeline.domain.variables import VARIABLES
from timeline.projections.queries.entries import NO_WORDS, StatementEntry
from timeline.projections.queries.utterances import EVERYBODY
from timeline.projections.tables import schema
from timeline.projections.tables.kinds import REPLY_RETRACTED
from timeline.projections.tables.rows import (
    SourceRow,
    Terms,
    read_terms,
    utterance_key,
    write_terms,
)
from timeline.projections.writing import search
from timeline.projections.writing.batch import LaneUpdate
from timeline.projections.writing.entries import (
    add_source,
    add_version,
    amend,
    amend_field,
    close,
    correct_source,
    current,
    current_of,
    erase,
    erase_translations,
    erase_words,
    hide,
    show_again,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain import entry as e
    from timeline.domain import statement as s
    from timeline.projections.writing.batch import Batch

NOTHING_SAID = Words()
TERMS = {"condition_id": "condition", "condition_actor": "actor", "drops": "drops"}
"""The fields of conditions in events, and their names in the read model."""

_encode = msgspec.json.encode


def statement_recorded(batch: Batch, position: int, event: s.StatementRecorded) -> None:
    date = parse_date(event.said_at)
    words = event.content or NOTHING_SAID
    attribution, document = event.attribution, event.document
    row = StatementEntry(  # in the order of its columns: by name, it takes three times as long
        position,
        position,
        None,
        event.originator_id,
        event.topic,
        event.wording,
        event.speaker,
        event.on_behalf_of,
        event.stance,
        event.no_position_reason,
        event.condition_topic,
        event.said_at,
        date.earliest,
        date.latest,
        int(date.timed),
        counting_instant(date, batch.published(document), event.recorded_at),
        RANKS[attribution],
        attribution,
        document,
        utterance_key(event.utterance),
        0,
        0,
        0,
        _encode(words).decode(),
        event.recorded_at,
        event.recorded_by,
        event.scale_version,
        int(event.dissent),
        write_terms(Terms(condition_of(event), event.condition_actor, event.drops)),
    )
    source = SourceRow(
        position, document, attribution, words.reported_via, position, position, None
    )
    batch.remember_number(event.originator_id, position)
    batch.add(schema.sources, source)
    add_version(batch, schema.statements, row)
    _add_values(batch, row, words)
    search.find_statement(batch, row, words)
    batch.count(event.topic, document, retracted=0, change=1)
    _utter(batch, row, 1)
    _add_readings(batch, row, _actors(row))


def statement_corrected(batch: Batch, position: int, event: e.Corrected) -> None:
    row = _current(batch, event.originator_id)
    new: dict[str, Any] = {event.field: event.new}
    if Statement.is_words(event.field):
        words = (event.content.new if event.content else None) or ""
        new = {"encoded_words": _with_words(row.words, event.field, words)}
    elif event.field == "utterance":
        new = {"utterance": utterance_key(cast("str | None", event.new))}
    elif event.field == "dissent":
        new = {"dissents": event.new}
    elif event.field in TERMS:
        terms = msgspec.structs.replace(row.terms, **{TERMS[event.field]: event.new})
        new = {"encoded_terms": write_terms(terms)}
    elif event.field == FURTHER_SOURCES:
        new = {}
    if event.field in ("quote", "topic"):  # what a blind reader sees
        _forget_quote_readings(batch, position, row.number)
    if event.field in ("condition", "condition_id") and not batch.derives_later:
        touch_topics_naming(batch, row.stream)
    row = row._replace(**new, corrected=row.corrected + 1)
    correct_source(batch, position, row.number, event)
    amend_field(batch, position, row.number, event, Statement)
    _supersede(batch, position, _redated(batch, row))


def statement_retracted(batch: Batch, position: int, event: e.Retracted) -> None:
    row = _current(batch, event.originator_id)
    retraction = schema.HIDDEN if event.withhold else 1
    row = row._replace(retraction=retraction, withholding=int(event.withhold))
    amend(batch, position, row.number, event, "retracted")
    _supersede(batch, position, row)
    if event.withhold:
        hide(batch, row.number, schema.statements, schema.readings)


def statement_reinstated(batch: Batch, position: int, event: e.Reinstated) -> None:
    row = _current(batch, event.originator_id)
    amend(batch, position, row.number, event, "reinstated")
    _supersede(batch, position, row._replace(retraction=0, withholding=0))
    show_again(batch, row.number, schema.statements, schema.readings)


def statement_seconded(batch: Batch, position: int, event: e.Seconded) -> None:
    row = _current(batch, event.originator_id)
    add_source(batch, position, row.number, event)
    _supersede(batch, position, _redated(batch, row))


def statement_passage_added(batch: Batch, position: int, event: s.StatementPassageAdded) -> None:
    row = _current(batch, event.originator_id)
    passage = event.content.passage if event.content else None
    words = msgspec.structs.replace(row.words, passage=passage)
    _supersede(batch, position, row._replace(encoded_words=_encode(words).decode()))


def statement_coded(batch: Batch, position: int, event: s.StatementCoded) -> None:
    note = event.content.note if event.content else ""
    row, by = _current(batch, event.originator_id), event.recorded_by
    coded = event.stance, event.no_position_reason, note, event.coder or by
    condition = None if event.has_condition is None else int(event.has_condition)
    under = event.scale_version, event.topic or row.topic, condition
    batch.add(schema.codings, (row.number, position, *coded, event.decision, by, *under))


def reply_received(batch: Batch, position: int, event: s.StatementReplyReceived) -> None:
    words = event.content
    number = batch.number_of(event.originator_id)
    text, lang = (words.text, words.lang) if words else ("", "")
    batch.add(schema.replies, (number, position, event.replied_at, text, lang))


def quote_read(batch: Batch, position: int, event: s.StatementQuoteRead) -> None:
    number = batch.number_of(event.originator_id)
    carries, direction = (
        (event.content.carries, event.content.direction) if event.content else (False, None)
    )
    row = number, position, None, event.reader, int(carries), direction
    batch.add(schema.quote_readings, row)
    said = _current(batch, event.originator_id)
    batch.read_again(said.topic, said.actors)


def quote_unread(batch: Batch, position: int, event: s.StatementQuoteUnread) -> None:
    row = _current(batch, event.originator_id)
    _forget_quote_readings(batch, position, row.number, event.reader)
    batch.read_again(row.topic, row.actors)


def _forget_quote_readings(
    batch: Batch, position: int, number: int, reader: str | None = None
) -> None:
    """End the readings of a quote; only those of one ``reader`` where that is given."""
    batch.flush()
    table = schema.quote_readings
    query = update(table).where(table.c.number == number, table.c.known_until.is_(None))
    if reader is not None:
        query = query.where(table.c.reader == reader)
    batch.conn.execute(query.values(known_until=position))


def reply_retracted(batch: Batch, position: int, event: s.StatementReplyRetracted) -> None:
    number = batch.number_of(event.originator_id)
    batch.flush()
    place = schema.replies.c.position
    query = select(place).where(schema.replies.c.number == number).order_by(place)
    taken_back = batch.conn.execute(query).scalars().all()[event.reply - 1]
    reason = event.content.reason if event.content else ""
    stamp = (event.recorded_at, event.recorded_by)
    row = (position, number, REPLY_RETRACTED, None, str(taken_back), None, reason, 0, *stamp)
    batch.add(schema.amendments, row)


def statement_redacted(batch: Batch, position: int, event: s.StatementRedacted) -> None:
    if event.condition_id:
        _name_condition(batch, event.originator_id, event.condition_id)
    row = _current(batch, event.originator_id)
    erase(batch, row.number, schema.statements, words=NO_WORDS)
    values = schema.own_values
    batch.conn.execute(delete(values).where(values.c.number == row.number))
    erase(batch, row.number, schema.codings, note="")
    erase(batch, row.number, schema.quote_readings, carries=0, direction=None)
    erase(batch, row.number, schema.replies, text="", lang="")
    erase_words(batch, row.number, Statement.WORDS)
    erase_translations(batch, row.stream)
    _supersede(batch, position, row._replace(encoded_words=NO_WORDS, withholding=1))


def _name_condition(batch: Batch, stream: str, condition: str) -> None:
    """Store in all versions of a statement the condition that only its erased words named."""
    batch.flush()
    table = schema.statements
    versions = select(table.c.number, table.c.known_from, table.c.terms)
    for row in batch.conn.execute(versions.where(table.c.stream == stream)).all():
        terms = msgspec.structs.replace(read_terms(row.terms), condition=condition)
        here = table.c.number == row.number, table.c.known_from == row.known_from
        batch.conn.execute(update(table).where(*here).values(terms=write_terms(terms)))


def redate_statements(batch: Batch, position: int, document: str) -> None:
    """Write new versions of the statements of a document that count from another instant now."""
    batch.flush()
    sources, table = schema.sources, schema.statements
    numbers = select(sources.c.number).where(
        sources.c.document == document, sources.c.known_until.is_(None)
    )
    query = select(table).where(table.c.number.in_(numbers), table.c.known_until.is_(None))
    for row in batch.conn.execute(query.order_by(table.c.number)).all():
        old = StatementEntry(*row)
        new = _redated(batch, old)
        if new != old:
            _supersede(batch, position, new)


def reindex(batch: Batch, streams: Sequence[str]) -> None:
    """Write the search rows of statements anew, with their translations."""
    _find(batch, current_of(batch, schema.statements, StatementEntry, streams))


def _find(batch: Batch, rows: Sequence[StatementEntry]) -> None:
    search.forget(batch, [row.number for row in rows])
    translations = search.translations_of(batch, [row.stream for row in rows])
    for row in rows:
        words = row.words
        own = {getattr(words, name) for name in Statement.OWN_WORDS}
        translated = [
            text for original, text in translations.get(row.stream, ()) if original in own
        ]
        search.find_statement(batch, row, words, translated)


def _current(batch: Batch, stream: str) -> StatementEntry:
    return current(batch, schema.statements, StatementEntry, stream)


def _redated(batch: Batch, row: StatementEntry) -> StatementEntry:
    """Return a version with its rank, attribution and counting instant computed anew."""
    batch.flush()
    date = parse_date(row.said_at)
    table = schema.sources
    query = select(table).where(table.c.number == row.number, table.c.known_until.is_(None))
    rows = batch.conn.execute(query.order_by(table.c.added)).all()
    sources = [SourceRow(*values) for values in rows]
    attribution = strongest([source.attribution for source in sources])
    return row._replace(
        said_earliest=date.earliest,
        said_latest=date.latest,
        has_time=int(date.timed),
        attribution=attribution,
        rank=RANKS[attribution],
        counts_from=counting_instant(date, _earliest(batch, sources), row.recorded_at),
    )


def _earliest(batch: Batch, sources: list[SourceRow]) -> SaidDate | None:
    dates = [batch.published(source.document) for source in sources]
    dated = [date for date in dates if date is not None]
    return min(dated, key=lambda date: date.latest, default=None)


def _add_values(batch: Batch, row: StatementEntry, words: Words) -> None:
    for variable, value in words.variables.items():
        batch.add(schema.own_values, (row.number, row.known_from, variable, value))


def _with_words(words: Words, field: str, new: str) -> str:
    outer, _, inner = WORDS_AT.get(field, field).partition(".")
    if field.startswith(VARIABLES):
        values = {**words.variables, inner: new}
        values = {name: value for name, value in sorted(values.items()) if value}
        words = msgspec.structs.replace(words, variables=values)
    elif outer == "passage":
        words = msgspec.structs.replace(words, passage=Passage(new) if new else None)
    elif inner:
        quote = words.quote or Quote(exact="")
        if field == "quote":
            # The old place belongs to the old words.
            quote = Quote(new, quote.lang, quote.wording, quote.translated_by)
        else:
            quote = msgspec.structs.replace(quote, **{inner: new})
        words = msgspec.structs.replace(words, quote=quote if quote.exact else None)
    else:
        words = msgspec.structs.replace(words, **{outer: new})
    return _encode(words).decode()


def _supersede(batch: Batch, position: int, row: StatementEntry) -> None:
    """Replace the current version with this one; touch lanes only if their readings differ."""
    batch.flush()
    table = schema.statements
    query = select(table).where(table.c.number == row.number, table.c.known_until.is_(None))
    old = StatementEntry(*batch.conn.execute(query).one())
    new = row._replace(known_from=position)
    close(batch, position, table, row.number)
    add_version(batch, table, new)
    _add_values(batch, new, new.words)
    _find(batch, [new])
    batch.read_again(old.topic, old.actors)
    batch.read_again(new.topic, new.actors)
    batch.count(old.topic, old.document, retracted=old.retraction, change=-1)
    batch.count(new.topic, new.document, retracted=new.retraction, change=1)
    _utter(batch, old, -1)
    _utter(batch, new, 1)
    _replace_readings(batch, position, old._replace(known_from=position), new)


def touch_topics_naming(batch: Batch, stream: str) -> None:
    """Derive anew the topics of all statements that name or drop a statement's condition.

    They may refer to it through one another. Current versions count, on any topic.
    """
    batch.flush()
    table = schema.statements.c
    left, seen = [stream], {stream}
    while left:
        named = table.terms.contains(left.pop(), autoescape=True)
        # SQLite uses the partial index only if the value is in the query itself.
        some = table.known_until.is_(None), table.terms != literal_column("''")
        query = select(table.stream, table.topic).where(*some, named)
        for other, topic in batch.conn.execute(query):
            batch.touch_topic(topic)
            if other not in seen:
                seen.add(other)
                left.append(other)


def _utter(batch: Batch, row: StatementEntry, more: int) -> None:
    if row.utterance is None or batch.derives_later:
        return
    for actor in (EVERYBODY, *row.actors):
        batch.utterance_counts[actor, row.document, row.utterance] += 0 if row.retracted else more


def _replace_readings(
    batch: Batch, position: int, old: StatementEntry, new: StatementEntry
) -> None:
    """Replace the readings that differ: new wording alone changes no lane."""
    table = schema.readings
    before = {actor: reading_of(old, actor) for actor in _actors(old)}
    after = {actor: reading_of(new, actor) for actor in _actors(new)}
    for actor, reading in before.items():
        if after.get(actor) != reading:
            _touch(batch, old, actor, -1)
            if not batch.derives_later:
                batch.ended_at[old.topic] = position
            batch.conn.execute(
                update(table)
                .where(table.c.number == old.number, table.c.actor == actor)
                .where(table.c.known_until.is_(None))
                .values(known_until=position)
            )
    added = [actor for actor, reading in after.items() if before.get(actor) != reading]
    _add_readings(batch, new, added)


def reading_of(version: StatementEntry, actor: str) -> tuple[Any, ...]:
    """Return the reading of a version of a statement for one actor: a row of `schema.readings`.

    It names the speaker where somebody else spoke for the actor.
    """
    return (
        version.topic,
        actor,
        version.number,
        version.known_from,
        version.known_until,
        version.rank,
        day_of(version.counts_from),
        version.counts_from,
        version.stance,
        version.has_time,
        int(version.attribution == "joint"),
        version.retraction,
        None if actor == version.speaker else version.speaker,
        version.wording,
    )


def _actors(version: StatementEntry) -> Sequence[str]:
    """Return the actors whose lanes a version is in; none if it is withheld."""
    return () if version.retraction == schema.HIDDEN else version.actors


def _add_readings(batch: Batch, version: StatementEntry, actors: Iterable[str]) -> None:
    for actor in actors:
        batch.add(schema.readings, reading_of(version, actor))
        _touch(batch, version, actor, 1)
        if not batch.derives_later:
            batch.new_readings.append(
                (version.topic, actor, day_of(version.counts_from), version.known_from)
            )


def _touch(batch: Batch, version: StatementEntry, actor: str, more: int) -> None:
    """Note that a reading was added (1) or removed (-1)."""
    if batch.derives_later:
        return
    topic, day = version.topic, day_of(version.counts_from)
    on_record = 0 if version.retracted else more
    batch.touch(topic, actor, LaneUpdate(day, day, version.rank, more, on_record))
    # A statement on behalf of somebody has a second reading, in their lane.
    if actor == version.speaker:
        batch.day_counts[topic, day] += more
    if version.stance is not None and not version.retracted:
        batch.stance_counts[topic, actor, day, version.stance] += more
