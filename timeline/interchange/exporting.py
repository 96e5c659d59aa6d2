"""Exporting: the record as native rows or as its full log, as of and as known at."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Protocol

import msgspec

from timeline.application.directory import Directory
from timeline.domain.dates import parse_asof
from timeline.domain.errors import Refused
from timeline.interchange.fields import ENTRIES, FIELDS
from timeline.interchange.formats import exporter_named
from timeline.interchange.full_log import line_of
from timeline.interchange.nouns_out import noun_rows
from timeline.interchange.rows_out import entry_row
from timeline.interchange.standing import Record, Selection

if TYPE_CHECKING:
    from typing import BinaryIO

    from timeline.interchange.importing import Store
    from timeline.interchange.rows_out import Row

CSV_COLUMNS = tuple(name for name, field in FIELDS.items() if set(field.kinds) & set(ENTRIES))


class ExportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to export: slugs of a topic and an actor, an EDTF date, a position of the log."""

    topic: str | None = None
    actor: str | None = None
    as_of: str | None = None
    known_at: int | None = None


class Exporter(Protocol):
    """A format to export to. Another package adds one as a `standline.exporters`."""

    name: str

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write the export; raises `StandlineError` before the first byte, or never."""
        ...


def export(store: Store, out: BinaryIO, format: str, options: ExportOptions) -> None:  # noqa: A002 - the option's name
    """Write the record in a format; raises `NotFound` for an unknown topic or actor."""
    exporter_named(format).write(store, options, out)


class LogExporter:
    """The full log, up to what was known at a position."""

    name = "log"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write every event, one a line."""
        if options.topic or options.actor or options.as_of:
            msg = "a full log is whole"
            fix = "choose --format jsonl for a part of the record"
            raise Refused(msg, field="format", fix=fix)
        out.writelines(line_of(row) + b"\n" for row in store.log.stored(upto=options.known_at))


class JsonlExporter:
    """The native format: entries, and lines for what they cannot say of the nouns."""

    name = "jsonl"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write stories and actors first, since entries build on them."""
        record, selection = _selected(store, options)
        out.writelines(_encode(nested(row)) + b"\n" for row in noun_rows(record, selection))
        out.writelines(
            _encode(nested(entry_row(record, standing))) + b"\n"
            for standing in record.entries(selection)
        )


class CsvExporter:
    """Entries as a table: all columns, dotted names, lists with semicolons."""

    name = "csv"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write the headers and one row an entry."""
        record, selection = _selected(store, options)
        text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
        table = csv.DictWriter(text, CSV_COLUMNS, restval="", lineterminator="\n")
        table.writeheader()
        for standing in record.entries(selection):
            row = entry_row(record, standing)
            if "topics" in row:
                row["topics"] = ";".join(row["topics"])
            table.writerow(row)
        text.detach()


_encode = msgspec.json.Encoder().encode


def _selected(store: Store, options: ExportOptions) -> tuple[Record, Selection]:
    directory = Directory(store.log, store.register)
    topic = directory.topic(options.topic).id if options.topic else None
    actor = directory.actor(options.actor).id if options.actor else None
    as_of = parse_asof(options.as_of) if options.as_of else None
    upto = store.log.head() if options.known_at is None else options.known_at
    record = Record(store.log, upto)
    lane = record.lane(actor) if actor else frozenset()
    return record, Selection(topic, lane, as_of)


def nested(row: Row) -> Row:
    """Return a flat row with its dotted names as objects."""
    made: Row = {}
    for name, value in row.items():
        outer, dot, inner = name.partition(".")
        if dot:
            made.setdefault(outer, {})[inner] = value
        else:
            made[name] = value
    return made
