"""One batch of events for the read models: rows to write, and lanes to derive anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select, text

from timeline.domain.dates import SaidDate, parse_date
from timeline.projections.tables import schema
from timeline.projections.tables.interned import keys_of
from timeline.projections.writing.bulk import add_to_counts, write_rows

PUBLISHED_CACHE = 50_000
KEYS_CACHE = 100_000
"""Most texts whose numbers a rebuild keeps in memory."""

AT_ONCE = 500
"""Entries in one query."""

_COUNT_ALL = (
    "UPDATE topics SET statements = statements + :standing, retracted = retracted + :retracted"
    " WHERE id = :topic"
)
_UNTRANSLATE = (
    "DELETE FROM translations WHERE stream = :stream AND lang = :lang AND original = :original"
)

BEGINNING = -(1 << 62)
"""Before every day: derive the whole lane."""


class LaneUpdate(NamedTuple):
    """What changed in a lane: the first and the last day, and the highest rank.

    ``known`` and ``on_record`` are the numbers of statements, and of unretracted ones, that came.
    If ``first`` is `BEGINNING`, the whole lane is derived.
    """

    first: int = BEGINNING
    last: int = BEGINNING
    rank: int = 0
    known: int = 0
    on_record: int = 0

    def merge(self, other: LaneUpdate) -> LaneUpdate:
        """Combine two updates of one lane."""
        return LaneUpdate(
            min(self.first, other.first),
            max(self.last, other.last),
            min(self.rank, other.rank),
            self.known + other.known,
            self.on_record + other.on_record,
        )


WHOLE_LANE = LaneUpdate()


Reindex = Callable[["Batch", Sequence[str]], None]
"""Writes the search rows of entries (given by their streams) anew."""


class Batch:
    """Collects rows, to write many at a time in one transaction.

    What depends on the rows is derived at the end of the batch. These attributes say where:

    - ``touched``: updates of lanes, by ``(topic, actor)``: these lanes are derived anew;
    - ``reread``: ``(topic, actor)`` whose words changed in what no reading has: only topics that
      ask for no votes are derived anew there;
    - ``whole_topics``: topics to derive as a whole: something changed that is in no lane;
    - ``changed_actors``: their kind or mandates changed: derive all topics they spoke on;
    - ``utterance_counts``: statements that came, by ``(actor, document, utterance)``, with
      `EVERYBODY` in place of the actor for the whole record;
    - ``recounted``: actors whose utterances are counted from the beginning;
    - ``renamed``: topics and actors whose place in the alphabet may change;
    - ``ranked_actors``: actors whose row in the list of actors may change;
    - ``day_counts``: statements that came, by ``(topic, day)``;
    - ``stance_counts``: readings that came, by ``(topic, actor, day, stance)``;
    - ``new_readings``: ``(topic, actor, day, position)``, in the order of the log;
    - ``ended_at``: by topic the last position at which a reading ended.

    With ``derives_later`` all but ``renamed`` stay empty: a rebuild derives everything once.
    ``keys`` caches the numbers of texts; pass it only where nobody else writes.
    """

    def __init__(
        self,
        conn: Connection,
        published: dict[str, SaidDate | None],
        *,
        derives_later: bool = False,
        keys: dict[str, int] | None = None,
    ) -> None:
        self.conn = conn
        self._keys = keys
        self.derives_later = derives_later
        self.touched: dict[tuple[str, str], LaneUpdate] = {}
        self.reread: set[tuple[str, str]] = set()
        self.whole_topics: set[str] = set()
        self.changed_actors: set[str] = set()
        self.utterance_counts: Counter[tuple[str, str, int]] = Counter()
        self.recounted: set[str] = set()
        self.ranked_actors: set[str] = set()
        self.renamed: set[str] = set()
        self.day_counts: Counter[tuple[str, int]] = Counter()
        self.stance_counts: Counter[tuple[str, str, int, int]] = Counter()
        self.new_readings: list[tuple[str, str, int, int]] = []
        self.ended_at: dict[str, int] = {}
        self._rows: defaultdict[Table, list[tuple[Any, ...]]] = defaultdict(list)
        self._published = published
        self._standing: Counter[tuple[str, str]] = Counter()
        self._retracted: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}
        self._translated: dict[tuple[str, str, str], tuple[Any, ...]] = {}
        self._to_reindex: defaultdict[Reindex, dict[str, None]] = defaultdict(dict)

    def add(self, table: Table, row: tuple[Any, ...]) -> None:
        """Write a row with the next flush."""
        self._rows[table].append(row)

    def translate(self, row: tuple[Any, ...]) -> None:
        """Write a translation with the next flush, replacing an earlier one of the same text."""
        stream, lang, original, *_ = row
        self._translated[stream, lang, original] = row

    def reindex_later(self, stream: str, find: Reindex) -> None:
        """Write the search row of an entry anew at the end of the batch, once."""
        self._to_reindex[find][stream] = None

    def reindex_all(self) -> None:
        """Write the search rows anew that `reindex_later` noted."""
        self.flush()
        for find, streams in self._to_reindex.items():
            all_streams = [*streams]
            for start in range(0, len(all_streams), AT_ONCE):
                find(self, all_streams[start : start + AT_ONCE])
        self._to_reindex.clear()

    def remember_number(self, stream: str, number: int) -> None:
        """Remember the number of an entry that this batch records."""
        self._numbers[stream] = number

    def touch(self, topic: str, actor: str, update: LaneUpdate = WHOLE_LANE) -> None:
        """Derive the lane of an actor on a topic anew, after the batch."""
        lane = topic, actor
        earlier = self.touched.get(lane)
        self.touched[lane] = update.merge(earlier) if earlier else update

    def read_again(self, topic: str, actors: Iterable[str]) -> None:
        """Derive anew, after the batch, the lanes that words of some actors can move."""
        if not self.derives_later:
            self.reread |= {(topic, actor) for actor in actors}

    def touch_topic(self, topic: str) -> None:
        """Derive a topic anew as a whole, after the batch."""
        if not self.derives_later:
            self.whole_topics.add(topic)

    def touch_actor(self, actor: str) -> None:
        """Derive anew all topics on which an actor spoke, after the batch."""
        if not self.derives_later:
            self.changed_actors.add(actor)

    def count(self, topic: str, document: str, *, retracted: int, change: int) -> None:
        """Add a statement to the counts of its topic; negative to subtract."""
        if retracted:
            self._retracted[topic] += change
        else:
            self._standing[topic, document] += change

    def flush(self) -> None:
        """Write the collected rows, so that queries see them."""
        for table, rows in self._rows.items():
            write_rows(self.conn, table, rows, self._keys)
        self._rows.clear()
        self._numbers.clear()
        if self._translated:
            self._flush_translations()
        if self._standing or self._retracted:
            self._flush_counts()

    def _flush_translations(self) -> None:
        table = schema.translations
        keys = [
            {"stream": stream, "lang": lang, "original": original}
            for stream, lang, original in self._translated
        ]
        self.conn.execute(text(_UNTRANSLATE), keys)
        write_rows(self.conn, table, [*self._translated.values()])
        self._translated.clear()

    def _flush_counts(self) -> None:
        standing: Counter[str] = Counter()
        texts = {*chain.from_iterable(self._standing)} | self._retracted.keys()
        key = keys_of(self.conn, texts, self._keys)
        for (topic, _), change in self._standing.items():
            standing[topic] += change
        sources = (
            (key[topic], key[document], change)
            for (topic, document), change in self._standing.items()
        )
        add_to_counts(self.conn, schema.topic_sources, sources)
        counts = [
            {"topic": key[topic], "standing": standing[topic], "retracted": self._retracted[topic]}
            for topic in standing.keys() | self._retracted.keys()
        ]
        self.conn.execute(text(_COUNT_ALL), counts)
        self._standing.clear()
        self._retracted.clear()

    def number_of(self, stream: str) -> int:
        """Return the number of an entry: the log position of its first event.

        Raises `LookupError` for a stream that is no entry.
        """
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
            self._bound_memory()
            self.flush()
            table = schema.documents
            query = select(table.c.published_at).where(table.c.id == document)
            day = self.conn.execute(query).scalar()
            self._published[document] = parse_date(day) if day else None
        return self._published[document]

    def remember_published(self, document: str, published_at: str | None) -> None:
        """Remember when a document was published."""
        self._bound_memory()
        self._published[document] = parse_date(published_at) if published_at else None

    def _bound_memory(self) -> None:
        if len(self._published) > PUBLISHED_CACHE:
            self._published.clear()
