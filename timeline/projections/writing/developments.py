"""Writes developments in all their versions, and the topics of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.dates import parse_date
from timeline.domain.development import Development, Headline
from timeline.domain.entry import FURTHER_SOURCES
from timeline.projections.queries.entries import DevelopmentEntry
from timeline.projections.tables import schema
from timeline.projections.tables.rows import BearingRow, SourceRow
from timeline.projections.writing import search
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

    from timeline.domain import development as d
    from timeline.domain import entry as e
    from timeline.projections.writing.batch import Batch


def development_recorded(batch: Batch, position: int, event: d.DevelopmentRecorded) -> None:
    when = parse_date(event.happened_at)
    words = event.content or Headline(title="")
    row = DevelopmentEntry(
        number=position,
        known_from=position,
        known_until=None,
        stream=event.originator_id,
        encoded_topics=msgspec.json.encode(event.topics).decode(),
        happened_at=event.happened_at,
        earliest=when.earliest,
        latest=when.latest,
        counts_from=when.latest,
        status=event.status,
        according_to=event.according_to,
        document=event.document,
        title=words.title,
        summary=words.summary,
        retraction=0,
        withholding=0,
        corrected=0,
        recorded_at=event.recorded_at,
        recorded_by=event.recorded_by,
    )
    batch.remember_number(event.originator_id, position)
    source = SourceRow(position, event.document, "reported", "", position, position, None)
    batch.add(schema.sources, source)
    _add(batch, row)


def development_corrected(batch: Batch, position: int, event: e.Corrected) -> None:
    row = _current(batch, event.originator_id)
    new: dict[str, Any] = {event.field: event.new}
    if event.field in Development.WORDS:
        new = {event.field: (event.content.new if event.content else None) or ""}
    elif event.field == "topics":
        new = {"encoded_topics": msgspec.json.encode(event.new).decode()}
    elif event.field == FURTHER_SOURCES:
        new = {}
    row = row._replace(**new, corrected=row.corrected + 1)
    when = parse_date(row.happened_at)
    row = row._replace(earliest=when.earliest, latest=when.latest, counts_from=when.latest)
    correct_source(batch, position, row.number, event)
    amend_field(batch, position, row.number, event, Development)
    _supersede(batch, position, row)


def development_retracted(batch: Batch, position: int, event: e.Retracted) -> None:
    row = _current(batch, event.originator_id)
    retraction = schema.HIDDEN if event.withhold else 1
    row = row._replace(retraction=retraction, withholding=int(event.withhold))
    amend(batch, position, row.number, event, "retracted")
    _supersede(batch, position, row)
    if event.withhold:
        hide(batch, row.number, schema.developments, schema.bearings)


def development_reinstated(batch: Batch, position: int, event: e.Reinstated) -> None:
    row = _current(batch, event.originator_id)
    amend(batch, position, row.number, event, "reinstated")
    _supersede(batch, position, row._replace(retraction=0, withholding=0))
    show_again(batch, row.number, schema.developments, schema.bearings)


def development_seconded(batch: Batch, position: int, event: e.Seconded) -> None:
    add_source(batch, position, batch.number_of(event.originator_id), event)


def development_redacted(batch: Batch, position: int, event: d.DevelopmentRedacted) -> None:
    row = _current(batch, event.originator_id)
    erase(batch, row.number, schema.developments, title="", summary="")
    erase_words(batch, row.number, Development.WORDS)
    erase_translations(batch, row.stream)
    _supersede(batch, position, row._replace(title="", summary="", withholding=1))


def reindex(batch: Batch, streams: Sequence[str]) -> None:
    """Write the search rows of developments anew, with their translations."""
    _find(batch, current_of(batch, schema.developments, DevelopmentEntry, streams))


def _find(batch: Batch, rows: Sequence[DevelopmentEntry]) -> None:
    search.forget(batch, [row.number for row in rows])
    translations = search.translations_of(batch, [row.stream for row in rows])
    for row in rows:
        search.find_development(batch, row, _translated(row, translations))


def _translated(row: DevelopmentEntry, translations: search.Translations) -> list[str]:
    own = (row.title, row.summary)
    return [text for original, text in translations.get(row.stream, ()) if original in own]


def _current(batch: Batch, stream: str) -> DevelopmentEntry:
    return current(batch, schema.developments, DevelopmentEntry, stream)


def _supersede(batch: Batch, position: int, row: DevelopmentEntry) -> None:
    close(batch, position, schema.developments, row.number)
    close(batch, position, schema.bearings, row.number)
    search.forget(batch, [row.number])
    new = row._replace(known_from=position)
    _add(batch, new, _translated(new, search.translations_of(batch, [row.stream])))


def _add(batch: Batch, row: DevelopmentEntry, translated: Iterable[str] = ()) -> None:
    add_version(batch, schema.developments, row)
    search.find_development(batch, row, translated)
    for topic in row.topics:
        batch.add(
            schema.bearings,
            BearingRow(
                topic, row.number, row.known_from, row.known_until, row.counts_from, row.retraction
            ),
        )
