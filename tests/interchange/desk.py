"""A newsroom that files are imported into and exported from, and the rows that tests write."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypedDict

from tests.application.newsdesk import Newsdesk
from timeline.domain.naming import stable_id
from timeline.domain.topic import Topic
from timeline.interchange import ExportOptions, ImportOptions, export, import_files
from timeline.interchange.maps.map_file import checked_map
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Unpack

    from timeline.domain.event import Event
    from timeline.interchange import Summary

Row = dict[str, Any]


class Given(TypedDict, total=False):
    """Options of an import."""

    format: str
    topic: str
    rejects: Path
    creates: bool
    strict: bool
    dry_run: bool
    batch: int
    update: str


class Chosen(TypedDict, total=False):
    """Options of an export."""

    topic: str
    actor: str
    as_of: str
    known_at: int
    network: str
    duplicates: str
    own_words: bool
    variables: tuple[str, ...]


ROW: Row = {
    "topic": "eu-accession",
    "topic_question": "Should Ukraine join the EU?",
    "actor": "Dmitry Peskov",
    "stance": "accepts",
    "said_at": "2025-12-14",
    "source.outlet": "Der Standard",
    "source.title": "Gespräche in Berlin",
    "source.published_at": "2025-12-15",
}


class Desk(Newsdesk):
    """Imports rows and files, and tells what is on record."""

    def __init__(self, log: EventLog, folder: Path) -> None:
        super().__init__(log)
        self.folder = folder

    @classmethod
    @contextmanager
    def opened(cls, url: str, folder: Path) -> Iterator[Desk]:
        """Open a store for the length of a test."""
        log = EventLog.open(StoreUrl.parse(url))
        try:
            yield cls(log, folder)
        finally:
            log.close()

    def file(self, content: str | bytes, name: str = "rows.csv") -> Path:
        """Write a file and return its path."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def take(self, *files: Path, mapping: Row | None = None, **options: Unpack[Given]) -> Summary:
        """Import files, by a map given as a table."""
        given = checked_map(mapping) if mapping is not None else None
        return import_files(self, files, ImportOptions(mapping=given, by="carl", **options))

    def take_rows(self, *rows: Row, **options: Unpack[Given]) -> Summary:
        """Import rows of the native format as JSON Lines."""
        return self.take(self.file(jsonl(rows), "rows.jsonl"), **options)

    def refusal(self, *rows: Row, **options: Unpack[Given]) -> str:
        """Return the one line that says why the only refused row of these is refused."""
        summary = self.take_rows(*rows, **options)
        (rejection,) = summary.rejections
        assert not summary.clean
        return str(rejection)

    def export(self, name: str = "jsonl", **options: Unpack[Chosen]) -> str:
        """Return an export as text."""
        out = io.BytesIO()
        export(self, out, name, ExportOptions(**options))
        return out.getvalue().decode()

    def events(self, topic: str) -> list[Any]:
        """Return the events of a type, in the order of the log."""
        return [event for _, event in self.log.stream() if topic == event.TOPIC]

    def event(self, topic: str) -> Any:  # noqa: ANN401 - each type has its own fields
        """Return the only event of a type."""
        (event,) = self.events(topic)
        return event

    def all_events(self) -> list[Event]:
        """Return every event."""
        return [event for _, event in self.log.stream()]


def row(**changes: object) -> Row:
    """Return a statement's row with these changes; a dot is written as two underscores."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return {name: value for name, value in (ROW | named).items() if value is not None}


def jsonl(rows: Iterable[Row]) -> str:
    """Return rows as JSON Lines."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows)


def table(*rows: Row, delimiter: str = ",") -> str:
    """Return rows as CSV with the headers of all of them."""
    headers = list(dict.fromkeys(name for each in rows for name in each))
    out = io.StringIO()
    writer = csv.DictWriter(out, headers, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def without_clock(exported: str) -> list[Row]:
    """Return the rows of an export without the time at which they were recorded here."""
    rows = [json.loads(line) for line in exported.splitlines()]
    return [{name: each[name] for name in each if name != "first_recorded_at"} for each in rows]


def topic(desk: Desk) -> Topic:
    found = desk.log.load(Topic, stable_id("topic", "eu-accession"))
    assert found is not None
    return found


def topic_line(desk: Desk, form: str = "jsonl") -> dict[str, Any]:
    lines = [json.loads(line) for line in desk.export(form).splitlines()]
    return next(line for line in lines if line["kind"] == "topic")
