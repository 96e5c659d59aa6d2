"""Statements and developments in all their versions: what was known of each, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Table, select, update

from timeline.domain.dates import SaidDate, counting_instant, parse_date
from timeline.domain.development import Development, Headline
from timeline.domain.entry import RANKS
from timeline.domain.instants import day_of
from timeline.domain.quote import Quote
from timeline.domain.statement import Statement, Words
from timeline.projections import schema, search
from timeline.projections.schema import (
    BearingRow,
    DevelopmentRow,
    ReadingRow,
    SourceRow,
    StatementRow,
)

if TYPE_CHECKING:
    from timeline.domain import development as d
    from timeline.domain import entry as e
    from timeline.domain import statement as s
    from timeline.projections.batch import Batch

SOURCE_FIELDS = ("document", "attribution", "reported_via")
QUOTE_FIELDS = {"quote": "exact", "quote_lang": "lang", "quote_wording": "wording"}


def statement_recorded(batch: Batch, position: int, event: s.StatementRecorded) -> None:
    said = parse_date(event.said_at)
    words = event.content or Words()
    row = StatementRow(
        number=position,
        known_from=position,
        known_until=None,
        stream=event.originator_id,
        topic=event.topic,
        wording=event.wording,
        speaker=event.speaker,
        on_behalf_of=event.on_behalf_of,
        stance=event.stance,
        no_position_reason=event.no_position_reason,
        condition_topic=event.condition_topic,
        said_at=event.said_at,
        said_earliest=said.earliest,
        said_latest=said.latest,
        timed=int(said.timed),
        counts_from=counting_instant(said, batch.published(event.document), event.recorded_at),
        rank=RANKS[event.attribution],
        attribution=event.attribution,
        document=event.document,
        utterance=event.utterance,
        retracted=0,
        withheld=0,
        corrected=0,
        words=msgspec.json.encode(words).decode(),
        recorded_at=event.recorded_at,
        recorded_by=event.recorded_by,
    )
    source = SourceRow(position, event.document, event.attribution, words.reported_via, position)
    batch.opened(event.originator_id, position)
    batch.add(schema.sources, source)
    batch.count(event.topic, 1)
    _add_statement(batch, row)


def statement_corrected(batch: Batch, position: int, event: e.Corrected) -> None:
    row = current_statement(batch, event.originator_id)
    if event.field in Statement.WORDS:
        new = event.content.new if event.content else None
        row = row._replace(words=_with_words(row.words, event.field, new or ""))
    else:
        row = row._replace(**{event.field: event.new})
    if event.field in SOURCE_FIELDS:
        words = event.content.new if event.content else ""
        value = words or "" if event.field == "reported_via" else event.new
        _correct_source(batch, row.number, event.field, value)
    row = row._replace(corrected=row.corrected + 1)
    _amend_field(batch, position, row.number, event, Statement.WORDS)
    _supersede_statement(batch, position, redated(batch, row))


def statement_retracted(batch: Batch, position: int, event: e.Retracted) -> None:
    row = current_statement(batch, event.originator_id)
    row = row._replace(retracted=1, withheld=int(event.withhold))
    _amend(batch, position, row.number, event, "retracted")
    _supersede_statement(batch, position, row)


def statement_reinstated(batch: Batch, position: int, event: e.Reinstated) -> None:
    row = current_statement(batch, event.originator_id)
    _amend(batch, position, row.number, event, "reinstated")
    _supersede_statement(batch, position, row._replace(retracted=0, withheld=0))


def statement_seconded(batch: Batch, position: int, event: e.Seconded) -> None:
    row = current_statement(batch, event.originator_id)
    _add_source(batch, position, row.number, event)
    _supersede_statement(batch, position, redated(batch, row))


def statement_coded(batch: Batch, position: int, event: s.StatementCoded) -> None:
    note = event.content.note if event.content else ""
    number = batch.number_of(event.originator_id)
    row = (number, position, event.stance, event.no_position_reason, note, event.recorded_by)
    batch.add(schema.codings, row)


def reply_received(batch: Batch, position: int, event: s.StatementReplyReceived) -> None:
    words = event.content
    number = batch.number_of(event.originator_id)
    text, lang = (words.text, words.lang) if words else ("", "")
    batch.add(schema.replies, (number, position, event.replied_at, text, lang))


def statement_redacted(batch: Batch, position: int, event: e.Redacted) -> None:
    row = current_statement(batch, event.originator_id)
    empty = msgspec.json.encode(Words()).decode()
    _erase(batch, row.number, schema.statements, words=empty)
    _erase(batch, row.number, schema.sources, reported_via="")
    _erase(batch, row.number, schema.links, note="")
    _erase_amendments(batch, row.number, Statement.WORDS)
    _erase(batch, row.number, schema.codings, note="")
    _erase(batch, row.number, schema.replies, text="", lang="")
    _supersede_statement(batch, position, row._replace(words=empty, withheld=1))


def linked(batch: Batch, position: int, event: e.Linked) -> None:
    number, target = batch.number_of(event.originator_id), batch.number_of(event.target)
    note = event.content.note if event.content else ""
    batch.add(schema.links, (number, event.kind, target, note, position, None))
    _touch_withdrawn(batch, event.kind, target)


def unlinked(batch: Batch, position: int, event: e.Unlinked) -> None:
    batch.flush()
    number, target = batch.number_of(event.originator_id), batch.number_of(event.target)
    table = schema.links
    batch.conn.execute(
        update(table)
        .where(table.c.number == number, table.c.kind == event.kind, table.c.target == target)
        .where(table.c.known_until.is_(None))
        .values(known_until=position)
    )
    _touch_withdrawn(batch, event.kind, target)


def development_recorded(batch: Batch, position: int, event: d.DevelopmentRecorded) -> None:
    when = parse_date(event.happened_at)
    words = event.content or Headline(title="")
    row = DevelopmentRow(
        number=position,
        known_from=position,
        known_until=None,
        stream=event.originator_id,
        topics=msgspec.json.encode(event.topics).decode(),
        happened_at=event.happened_at,
        earliest=when.earliest,
        latest=when.latest,
        counts_from=_development_instant(when, batch.published(event.document), event.recorded_at),
        status=event.status,
        according_to=event.according_to,
        document=event.document,
        title=words.title,
        summary=words.summary,
        retracted=0,
        withheld=0,
        corrected=0,
        recorded_at=event.recorded_at,
        recorded_by=event.recorded_by,
    )
    batch.opened(event.originator_id, position)
    batch.add(schema.sources, SourceRow(position, event.document, "reported", "", position))
    _add_development(batch, row)


def development_corrected(batch: Batch, position: int, event: e.Corrected) -> None:
    row = current_development(batch, event.originator_id)
    new = event.new
    if event.field in ("title", "summary"):
        new = (event.content.new if event.content else None) or ""
    if event.field == "topics":
        new = msgspec.json.encode(event.new).decode()
    row = row._replace(**{event.field: new}, corrected=row.corrected + 1)
    when = parse_date(row.happened_at)
    counts_from = _development_instant(when, batch.published(row.document), row.recorded_at)
    row = row._replace(earliest=when.earliest, latest=when.latest, counts_from=counts_from)
    _amend_field(batch, position, row.number, event, Development.WORDS)
    _supersede_development(batch, position, row)


def development_retracted(batch: Batch, position: int, event: e.Retracted) -> None:
    row = current_development(batch, event.originator_id)
    row = row._replace(retracted=1, withheld=int(event.withhold))
    _amend(batch, position, row.number, event, "retracted")
    _supersede_development(batch, position, row)


def development_reinstated(batch: Batch, position: int, event: e.Reinstated) -> None:
    row = current_development(batch, event.originator_id)
    _amend(batch, position, row.number, event, "reinstated")
    _supersede_development(batch, position, row._replace(retracted=0, withheld=0))


def development_seconded(batch: Batch, position: int, event: e.Seconded) -> None:
    _add_source(batch, position, batch.number_of(event.originator_id), event)


def development_redacted(batch: Batch, position: int, event: e.Redacted) -> None:
    row = current_development(batch, event.originator_id)
    _erase(batch, row.number, schema.developments, title="", summary="")
    _erase_amendments(batch, row.number, Development.WORDS)
    _erase(batch, row.number, schema.sources, reported_via="")
    _erase(batch, row.number, schema.links, note="")
    _supersede_development(batch, position, row._replace(title="", summary="", withheld=1))


def redate_statements(batch: Batch, position: int, document: str) -> None:
    """Give new versions to the statements that count from another instant now."""
    batch.flush()
    table = schema.sources
    numbers = select(table.c.number).where(table.c.document == document).distinct()
    current = select(schema.statements).where(
        schema.statements.c.number.in_(numbers), schema.statements.c.known_until.is_(None)
    )
    for found in batch.conn.execute(current.order_by(schema.statements.c.number)).all():
        old = StatementRow(*found)
        new = redated(batch, old)
        if new != old:
            _supersede_statement(batch, position, new)


def current_statement(batch: Batch, stream: str) -> StatementRow:
    """Return the version of a statement that is known now."""
    batch.flush()
    table = schema.statements
    query = select(table).where(table.c.stream == stream, table.c.known_until.is_(None))
    return StatementRow(*batch.conn.execute(query).one())


def current_development(batch: Batch, stream: str) -> DevelopmentRow:
    """Return the version of a development that is known now."""
    batch.flush()
    table = schema.developments
    query = select(table).where(table.c.stream == stream, table.c.known_until.is_(None))
    return DevelopmentRow(*batch.conn.execute(query).one())


def redated(batch: Batch, row: StatementRow) -> StatementRow:
    """Return the version with its rank, attribution and counting instant worked out anew."""
    batch.flush()
    said = parse_date(row.said_at)
    table = schema.sources
    query = select(table).where(table.c.number == row.number).order_by(table.c.known_from)
    sources = [SourceRow(*found) for found in batch.conn.execute(query)]
    strongest = min((source.attribution for source in sources), key=RANKS.__getitem__)
    return row._replace(
        said_earliest=said.earliest,
        said_latest=said.latest,
        timed=int(said.timed),
        attribution=strongest,
        rank=RANKS[strongest],
        counts_from=counting_instant(said, _earliest(batch, sources), row.recorded_at),
    )


def _earliest(batch: Batch, sources: list[SourceRow]) -> SaidDate | None:
    dates = [batch.published(source.document) for source in sources]
    dated = [date for date in dates if date is not None and date.latest is not None]
    return min(dated, key=lambda date: date.latest or 0, default=None)


def _development_instant(when: SaidDate, published: SaidDate | None, recorded_at: int) -> int:
    if when.latest is not None:
        return when.latest
    return counting_instant(when, published, recorded_at)


def _with_words(encoded: str, field: str, new: str) -> str:
    words = msgspec.json.decode(encoded, type=Words)
    if field in QUOTE_FIELDS:
        quote = words.quote or Quote(exact="")
        quote = msgspec.structs.replace(quote, **{QUOTE_FIELDS[field]: new})
        words = msgspec.structs.replace(words, quote=quote if quote.exact else None)
    else:
        words = msgspec.structs.replace(words, **{field: new})
    return msgspec.json.encode(words).decode()


def _supersede_statement(batch: Batch, position: int, row: StatementRow) -> None:
    batch.flush()
    table, readings = schema.statements, schema.readings
    current = table.c.number == row.number, table.c.known_until.is_(None)
    old = StatementRow(*batch.conn.execute(select(table).where(*current)).one())
    batch.touch(old.topic, _actors(old))
    batch.conn.execute(update(table).where(*current).values(known_until=position))
    batch.conn.execute(
        update(readings)
        .where(readings.c.number == row.number, readings.c.known_until.is_(None))
        .values(known_until=position)
    )
    search.forget(batch, row.number)
    if not old.retracted:
        batch.count(old.topic, -1)
    if not row.retracted:
        batch.count(row.topic, 1)
    _add_statement(batch, row._replace(known_from=position))


def _add_statement(batch: Batch, row: StatementRow) -> None:
    batch.add(schema.statements, row)
    search.find_statement(batch, row)
    actors = _actors(row)
    for actor in actors:
        batch.add(
            schema.readings,
            ReadingRow(
                row.topic,
                actor,
                row.number,
                row.known_from,
                row.known_until,
                row.rank,
                day_of(row.counts_from),
                row.counts_from,
                row.stance,
                row.timed,
                int(row.attribution == "joint"),
                row.retracted,
                row.speaker,
            ),
        )
    batch.touch(row.topic, actors)


def _actors(row: StatementRow) -> tuple[str, ...]:
    return (row.speaker,) if row.on_behalf_of is None else (row.speaker, row.on_behalf_of)


def _correct_source(batch: Batch, number: int, field: str, value: Any) -> None:  # noqa: ANN401
    table = schema.sources
    batch.conn.execute(
        update(table)
        .where(table.c.number == number, table.c.known_from == number)
        .values({field: value})
    )


def _add_source(batch: Batch, position: int, number: int, event: e.Seconded) -> None:
    via = event.content.reported_via if event.content else ""
    source = SourceRow(number, event.document, event.attribution, via, position)
    batch.add(schema.sources, source)


def _amend(
    batch: Batch, position: int, number: int, event: e.Retracted | e.Reinstated, kind: str
) -> None:
    reason = event.content.reason if event.content else ""
    stamp = (event.recorded_at, event.recorded_by)
    batch.add(schema.amendments, (position, number, kind, None, None, None, reason, 1, *stamp))


def _amend_field(
    batch: Batch, position: int, number: int, event: e.Corrected, words: tuple[str, ...]
) -> None:
    content = event.content
    told: Any = event
    if event.field in words:
        told = content
    old, new = (told.old, told.new) if told else (None, None)
    values = tuple(msgspec.json.encode(value).decode() for value in (old, new))
    reason = content.reason if content else ""
    stamp = (int(event.material), event.recorded_at, event.recorded_by)
    row = (position, number, "corrected", event.field, *values, reason, *stamp)
    batch.add(schema.amendments, row)


def _erase_amendments(batch: Batch, number: int, words: tuple[str, ...]) -> None:
    table = schema.amendments
    _erase(batch, number, table, reason="")
    batch.conn.execute(
        update(table)
        .where(table.c.number == number, table.c.field.in_(words))
        .values(old="null", new="null")
    )


def _erase(batch: Batch, number: int, table: Table, **empty: str) -> None:
    batch.conn.execute(update(table).where(table.c.number == number).values(**empty))


def _touch_withdrawn(batch: Batch, kind: str, target: int) -> None:
    if kind != "withdraws":
        return
    batch.flush()
    table = schema.readings
    lanes = select(table.c.topic, table.c.actor).where(table.c.number == target).distinct()
    for topic, actor in batch.conn.execute(lanes):
        batch.touch(topic, [actor])


def _supersede_development(batch: Batch, position: int, row: DevelopmentRow) -> None:
    batch.flush()
    for table in (schema.developments, schema.bearings):
        columns: Any = table.c
        batch.conn.execute(
            update(table)
            .where(columns.number == row.number, columns.known_until.is_(None))
            .values(known_until=position)
        )
    search.forget(batch, row.number)
    _add_development(batch, row._replace(known_from=position))


def _add_development(batch: Batch, row: DevelopmentRow) -> None:
    batch.add(schema.developments, row)
    search.find_development(batch, row)
    for topic in msgspec.json.decode(row.topics, type=tuple[str, ...]):
        batch.add(
            schema.bearings,
            BearingRow(
                topic, row.number, row.known_from, row.known_until, row.counts_from, row.retracted
            ),
        )
