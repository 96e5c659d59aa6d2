"""Export the record as native rows or as its full log, as of and as known at."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.directory import Directory
from timeline.application.prepare import YES
from timeline.domain.dates import parse_as_of
from timeline.domain.errors import Refused
from timeline.domain.fields import COLUMNS
from timeline.domain.messages import Message
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.interchange.exporting.nouns_out import noun_rows
from timeline.interchange.exporting.rows_out import entry_row, link_row
from timeline.interchange.exporting.standing import Record, Selection
from timeline.interchange.formats.full_log import lines
from timeline.interchange.formats.guarded import guard_cell
from timeline.interchange.formats.registry import exporter_named
from timeline.interchange.native.fields import TRANSLATIONS, translation_columns
from timeline.interchange.native.rows_in import key_of
from timeline.interchange.native.verdicts import VERDICTS, state_verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import BinaryIO

    from timeline.interchange.exporting.rows_out import Row
    from timeline.interchange.exporting.standing import CurrentEntry, JudgedChange
    from timeline.interchange.formats.contracts import ExportOptions, Store

FULL_LOG_IS_WHOLE = Message(
    "full_log_is_whole", "a full log is whole", fix="choose --format jsonl for a part of the record"
)


def export(store: Store, out: BinaryIO, format: str, options: ExportOptions) -> None:  # noqa: A002 - the option's name
    """Write the record in a format; raises `NotFound` for an unknown topic or actor."""
    exporter_named(format).write(store, options, out)


class LogExporter:
    """The full log, up to what was known at a position."""

    name = "log"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write every event, one a line; raises `Refused` if only a part is requested."""
        if options.topic or options.actor or options.as_of:
            raise Refused(FULL_LOG_IS_WHOLE, field="format")
        out.writelines(lines(store.log, options.known_at))


class JsonlExporter:
    """The native format: entries, and lines for what else is known of the nouns."""

    name = "jsonl"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write stories and actors first, since entries build on them."""
        out.writelines(_encode(nest(row)) + b"\n" for row in native_rows(store, options))


class CsvExporter:
    """The same rows as a table: one column for each field, dotted names, lists in a cell."""

    name = "csv"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write the headers, then the rows."""
        record, rows = selected_rows(store, options)
        lines = csv_lines(rows, columns_with(record.languages, record.own_columns))
        out.writelines(line.encode() for line in lines)


def csv_lines(rows: Iterable[Row], columns: Collection[str] = COLUMNS) -> Iterator[str]:
    """Yield rows as lines of a table, headers first; spreadsheets see no cell as a formula."""
    text = io.StringIO(newline="")
    # Only with \r\n as its line end does the writer quote cells that contain \r or \n.
    # A variable has no column if the codebook that declared it was erased by law.
    table = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    table.writeheader()
    for row in rows:
        yield _drain(text)
        lists = {
            name: _cell(row[name]) for name in _LISTS if isinstance(row.get(name), list | tuple)
        }
        cells = with_objects(row | lists)
        table.writerow({name: guard_cell(cell) for name, cell in cells.items()})
    yield _drain(text)


def columns_with(languages: Iterable[str], own: Iterable[str]) -> list[str]:
    """Return the columns of a table with translations into these languages, and variables."""
    return [*COLUMNS, *sorted(own), *translation_columns(sorted(languages))]


def with_objects(row: Row) -> Row:
    """Return a row in which several translated texts of one kind share a cell, as JSON."""
    objects: Row = {}
    for name in row:
        if name.startswith(TRANSLATIONS) and name.count(".") > _ONE_TEXT:
            column, original = _in_objects(name)
            objects.setdefault(column, {})[original] = row[name]
    if not objects:
        return row
    plain = {name: row[name] for name in row if _in_objects(name)[0] not in objects}
    return plain | {name: _encode(texts).decode() for name, texts in objects.items()}


def _in_objects(name: str) -> tuple[str, str]:
    """Return the column of one of several texts, and its original."""
    parts = name.split(".", _ONE_TEXT + 1)
    return ".".join(parts[: _ONE_TEXT + 1]), "".join(parts[_ONE_TEXT + 1 :])


def _drain(text: io.StringIO) -> str:
    line = text.getvalue().removesuffix("\r\n") + "\n"
    text.seek(0)
    text.truncate()
    return line


_encode = msgspec.json.Encoder().encode
_ONE_TEXT = 2
"""Dots in the name of a translated field; more if it has several texts, each by its original."""


_LISTS = tuple(name for name, field in COLUMNS.items() if field.many)


def _cell(values: list[Any]) -> str:
    """Return a list as a cell: with semicolons, or as JSON if that could not be read back."""
    plain = all(isinstance(value, str) and ";" not in value for value in values)
    return ";".join(values) if plain and values[0][:1] != "[" else _encode(values).decode()


def native_rows(store: Store, options: ExportOptions) -> Iterator[Row]:
    """Yield the record as flat native rows, lines of nouns first.

    Raises `NotFound` for an unknown topic or actor.
    """
    yield from selected_rows(store, options)[1]


def selected_rows(store: Store, options: ExportOptions) -> tuple[Record, Iterator[Row]]:
    """Return the record of an export and its rows; raises `NotFound` as `select_entries` does."""
    record, selection = select_entries(store, options)
    return record, _rows(record, selection)


def _rows(record: Record, selection: Selection) -> Iterator[Row]:
    yield from noun_rows(record, selection)
    links = list(record.links())
    judged = list(record.verdicts())
    ends = {end for stream, link in links for end in (stream, link.target)}
    ends |= {end for change in judged for end in (*change.before, *change.after)}
    keys: dict[str, str | None] = {}
    erased: set[str] = set()
    for standing in record.entries(selection):
        if standing.first.originator_id in ends:
            keys[standing.first.originator_id] = key_of(standing.first)
            if standing.entry.redacted:
                erased.add(standing.first.originator_id)
        yield entry_row(record, standing)
        yield from reading_rows(record, standing)
    for stream, link in links:
        key, target = keys.get(stream), keys.get(link.target)
        if key and target:
            yield link_row(key, target, link, with_note=link.target not in erased)
    for change in judged:
        if all(keys.get(end) for end in (*change.before, *change.after)):
            yield verdict_row(record, change, keys)


def select_entries(store: Store, options: ExportOptions) -> tuple[Record, Selection]:
    """Return the record of an export and the selection.

    Raises `NotFound` for an unknown topic or actor.
    """
    directory = Directory(store.log, store.register)
    topic = None if options.topic is None else directory.topic(options.topic).id
    actor = None if options.actor is None else directory.lane(options.actor).id
    as_of = None if options.as_of is None else parse_as_of(options.as_of)
    upto = store.log.head() if options.known_at is None else options.known_at
    record = Record(store.log, upto)
    lane = record.lane(actor) if actor else frozenset()
    return record, Selection(topic, lane, as_of)


def nest(row: Row) -> Row:
    """Return a flat row with its dotted names as objects."""
    made: Row = {}
    for name, value in row.items():
        *outer, inner = name.split(".", 3 if name.startswith(TRANSLATIONS) else 1)
        place = made
        for part in outer:
            place = place.setdefault(part, {})
        place[inner] = value
    return made


def reading_rows(record: Record, standing: CurrentEntry) -> Iterator[Row]:
    """Yield a row for each blind reading of an entry's current quote."""
    key = key_of(standing.first)
    for reading in record.quote_readings(standing):
        topic = record.topics[standing.entry.fields["topic"]]
        read = reading.content
        if not (key and read):
            continue
        silent = read.direction is None
        row = {
            "kind": "reading",
            "topic": topic.slug,
            "key": key,
            "quote.text": standing.entry.fields["quote"],
            "reader": reading.reader,
            "direction": NO_POSITION if silent else SCALES[topic.scale].word(read.direction or 0),
        }
        yield row | ({"carries": YES} if read.carries else {})


def verdict_row(record: Record, judged: JudgedChange, keys: Mapping[str, str | None]) -> Row:
    """Return the verdicts on a change as a row; ``keys`` names the entries at its ends."""
    ends = judged.ends
    return {
        "kind": "verdict",
        "topic": record.topics[ends.topic].slug,
        "actor": record.actors[ends.lane].slug,
        "before": [keys[stream] for stream in judged.before],
        "after": [keys[stream] for stream in judged.after],
        VERDICTS: msgspec.to_builtins([state_verdict(event) for event in judged.said]),
    }
