"""One batch of events on its way into the read models: rows to write, lanes to derive anew."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, Table, select, update

from timeline.domain.dates import SaidDate, parse_date
from timeline.projections import schema
from timeline.projections.bulk import write_rows

PUBLISHED_CACHE = 50_000

BEGINNING = -(1 << 62)
"""Before every day: the whole lane is derived."""


class Batch:
    """Collects rows so that they are written many at a time, in one transaction.

    ``touched`` holds ``(topic, actor)`` pairs whose lanes must be derived anew, each with the
    first day on which something changed; with ``derives_later`` (a rebuild, which derives every
    lane once at the end) it stays empty.
    """

    def __init__(
        self,
        conn: Connection,
        published: dict[str, SaidDate | None],
        *,
        derives_later: bool = False,
    ) -> None:
        self.conn = conn
        self.derives_later = derives_later
        self.touched: dict[tuple[str, str], int] = {}
        self._rows: dict[Table, list[tuple[Any, ...]]] = {}
        self._published = published
        self._statements: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}

    def add(self, table: Table, row: tuple[Any, ...]) -> None:
        """Write a row with the next flush."""
        self._rows.setdefault(table, []).append(row)

    def opened(self, stream: str, number: int) -> None:
        """Remember the number of an entry that this batch records."""
        self._numbers[stream] = number

    def touch(self, topic: str, actor: str, day: int = BEGINNING) -> None:
        """Derive the lane of this actor on this topic anew from a day on, after the batch."""
        if not self.derives_later:
            lane = topic, actor
            self.touched[lane] = min(day, self.touched.get(lane, day))

    def count(self, topic: str, change: int) -> None:
        """Add to the number of statements of a topic."""
        self._statements[topic] += change

    def flush(self) -> None:
        """Write what was collected, so that a query sees it."""
        for table, rows in self._rows.items():
            write_rows(self.conn, table, rows)
        self._rows.clear()
        self._numbers.clear()
        for topic, change in self._statements.items():
            counted = schema.topics.c.statements
            self.conn.execute(
                update(schema.topics)
                .where(schema.topics.c.id == topic)
                .values(statements=counted + change)
            )
        self._statements.clear()

    def number_of(self, stream: str) -> int:
        """Return the number of an entry: the log position of its first event."""
        if stream in self._numbers:
            return self._numbers[stream]
        for table in (schema.statements, schema.developments):
            query = select(table.c.number).where(table.c.stream == stream).limit(1)
            number = self.conn.execute(query).scalar()
            if number is not None:
                return int(number)
        msg = f"no entry with id {stream}"
        raise LookupError(msg)

    def published(self, document: str) -> SaidDate | None:
        """Return when a document was published, ``None`` if it does not say."""
        if document not in self._published:
            if len(self._published) > PUBLISHED_CACHE:
                self._published.clear()
            self.flush()
            table = schema.documents
            query = select(table.c.published_at).where(table.c.id == document)
            text = self.conn.execute(query).scalar()
            self._published[document] = parse_date(text) if text else None
        return self._published[document]

    def publish(self, document: str, published_at: str | None) -> None:
        """Remember when a document was published."""
        self._published[document] = parse_date(published_at) if published_at else None
