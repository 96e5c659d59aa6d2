"""Writes what statements and developments share: sources, amendments, links, erasures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Table, delete, select, update

from timeline.domain.entry import FURTHER_SOURCES, sources_taken_back
from timeline.domain.variables import VARIABLES
from timeline.projections.queries.entries import AnyEntry
from timeline.projections.tables import schema
from timeline.projections.tables.rows import SourceRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from timeline.domain import entry as e
    from timeline.projections.queries.entries import Entry
    from timeline.projections.writing.batch import Batch

SOURCE_FIELDS = ("document", "attribution", "reported_via")


def current(batch: Batch, table: Table, row: type[AnyEntry], stream: str) -> AnyEntry:
    """Return the version of an entry that is known now."""
    batch.flush()
    columns = table.c
    query = select(table).where(columns.stream == stream, columns.known_until.is_(None))
    return row(*batch.conn.execute(query).one())


def current_of(
    batch: Batch, table: Table, row: type[AnyEntry], streams: Sequence[str]
) -> list[AnyEntry]:
    """Return the versions of these entries that are known now."""
    batch.flush()
    columns = table.c
    query = select(table).where(columns.stream.in_(streams), columns.known_until.is_(None))
    return [row(*values) for values in batch.conn.execute(query.order_by(columns.number))]


def add_version(batch: Batch, table: Table, row: Entry) -> None:
    """Write a version of an entry, without its last fields, which have no columns."""
    batch.add(table, row[: len(table.c)])


def close(batch: Batch, position: int, table: Table, number: int) -> None:
    """End the current versions of an entry in a table, before new ones are added."""
    columns = table.c
    batch.conn.execute(
        update(table)
        .where(columns.number == number, columns.known_until.is_(None))
        .values(known_until=position)
    )


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


def _touch_withdrawn(batch: Batch, kind: str, target: int) -> None:
    if kind != "withdraws" or batch.derives_later:
        return
    batch.flush()
    table = schema.readings
    lanes = select(table.c.topic, table.c.actor).where(table.c.number == target).distinct()
    for topic, actor in batch.conn.execute(lanes):
        batch.touch(topic, actor)


def hide(batch: Batch, number: int, *tables: Table) -> None:
    """Hide a withheld entry at all earlier moments, too."""
    batch.flush()
    for table in tables:
        _mark(batch, table, schema.HIDDEN_SINCE, number, table.c.retracted < schema.HIDDEN)


def show_again(batch: Batch, number: int, *tables: Table) -> None:
    """Show an entry that is withheld no longer at all earlier moments again."""
    batch.flush()
    for table in tables:
        _mark(batch, table, -schema.HIDDEN_SINCE, number, table.c.retracted > schema.HIDDEN)


def _mark(batch: Batch, table: Table, more: int, number: int, which: ColumnElement[bool]) -> None:
    mark = update(table).where(table.c.number == number, which)
    batch.conn.execute(mark.values(retracted=table.c.retracted + more))


def add_source(batch: Batch, position: int, number: int, event: e.Seconded) -> None:
    """Add a further source to an entry."""
    via = event.content.reported_via if event.content else ""
    source = SourceRow(number, event.document, event.attribution, via, position, position, None)
    batch.add(schema.sources, source)


def correct_source(batch: Batch, position: int, number: int, event: e.Corrected) -> None:
    """Write a new version of an entry's first source, or end further sources."""
    if event.field == FURTHER_SOURCES:
        _end_sources(batch, position, number, sources_taken_back(event))
    if event.field not in SOURCE_FIELDS:
        return
    batch.flush()
    table = schema.sources
    here = table.c.number == number, table.c.added == number, table.c.known_until.is_(None)
    old = SourceRow(*batch.conn.execute(select(table).where(*here)).one())
    batch.conn.execute(update(table).where(*here).values(known_until=position))
    words = (event.content.new if event.content else None) or ""
    new: dict[str, Any] = {event.field: words if event.field == "reported_via" else event.new}
    batch.add(table, old._replace(**new, known_from=position))


def _end_sources(batch: Batch, position: int, number: int, documents: set[str]) -> None:
    batch.flush()
    table = schema.sources
    batch.conn.execute(
        update(table)
        .where(table.c.number == number, table.c.added != number)
        .where(table.c.document.in_(documents), table.c.known_until.is_(None))
        .values(known_until=position)
    )


def amend(
    batch: Batch, position: int, number: int, event: e.Retracted | e.Reinstated, kind: str
) -> None:
    """Record that an entry was retracted or reinstated."""
    reason = event.content.reason if event.content else ""
    stamp = (event.recorded_at, event.recorded_by)
    batch.add(schema.amendments, (position, number, kind, None, None, None, reason, 1, *stamp))


def amend_field(
    batch: Batch, position: int, number: int, event: e.Corrected, kind: type[e.Entry]
) -> None:
    """Record a correction; the event has the words of a ``kind`` of entry in its erasable part."""
    content = event.content
    part: Any = event
    if kind.is_words(event.field):
        part = content
    old, new = (part.old, part.new) if part else (None, None)
    values = tuple(msgspec.json.encode(value).decode() for value in (old, new))
    reason = content.reason if content else ""
    stamp = (int(event.material), event.recorded_at, event.recorded_by)
    row = (position, number, "corrected", event.field, *values, reason, *stamp)
    batch.add(schema.amendments, row)


def erase_words(batch: Batch, number: int, words: tuple[str, ...]) -> None:
    """Erase the free text around an entry: of its sources, links and amendments."""
    table = schema.amendments
    erase(batch, number, schema.sources, reported_via="")
    erase(batch, number, schema.links, note="")
    erase(batch, number, table, reason="")
    batch.conn.execute(
        update(table)
        .where(
            table.c.number == number,
            table.c.field.in_(words) | table.c.field.startswith(VARIABLES, autoescape=True),
        )
        .values(old="null", new="null")
    )


def erase_translations(batch: Batch, stream: str) -> None:
    """Delete the translations of a stream whose words were erased."""
    batch.flush()
    table = schema.translations
    batch.conn.execute(delete(table).where(table.c.stream == stream))


def erase(batch: Batch, number: int, table: Table, **empty: str | int | None) -> None:
    """Overwrite columns of an entry's rows, in all its versions."""
    batch.conn.execute(update(table).where(table.c.number == number).values(**empty))
