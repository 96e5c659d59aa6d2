"""One batch of events on its way into the read models: rows to write, lanes to derive anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Table, select, text

from timeline.domain.dates import SaidDate, parse_date
from timeline.projections.tables import schema
from timeline.projections.tables.interned import keys_of
from timeline.projections.tables.repeated import EVERYBODY
from timeline.projections.writing.bulk import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

PUBLISHED_CACHE = 50_000
KEYS_CACHE = 100_000
"""Texts whose numbers a rebuild remembers."""

AT_ONCE = 500
"""Entries that are found anew by one question to the database."""

_BEGIN_COUNT = (
    "INSERT INTO topic_sources (topic, document, statements) VALUES (:topic, :document, 0)"
    " ON CONFLICT (topic, document) DO NOTHING"
)
_COUNT = (
    "UPDATE topic_sources SET statements = statements + :change"
    " WHERE topic = :topic AND document = :document"
)
_UNCOUNT = (
    "DELETE FROM topic_sources WHERE topic = :topic AND document = :document AND statements = 0"
)
_COUNT_ALL = (
    "UPDATE topics SET statements = statements + :standing, retracted = retracted + :retracted"
    " WHERE id = :topic"
)
_UNTRANSLATE = (
    "DELETE FROM translations WHERE stream = :stream AND lang = :lang AND original = :original"
)

BEGINNING = -(1 << 62)
"""Before every day: the whole lane is derived."""


class Touched(NamedTuple):
    """What changed in a lane: between which days, and in which rank at the highest.

    ``known`` and ``on_record`` say by how many statements it grew, and by how many unretracted
    ones. From `BEGINNING` on the whole lane is derived.
    """

    first: int = BEGINNING
    last: int = BEGINNING
    rank: int = 0
    known: int = 0
    on_record: int = 0

    def together(self, other: Touched) -> Touched:
        """Return what changed by both."""
        return Touched(
            min(self.first, other.first),
            max(self.last, other.last),
            min(self.rank, other.rank),
            self.known + other.known,
            self.on_record + other.on_record,
        )


WHOLE = Touched()


Find = Callable[["Batch", Sequence[str]], None]
"""Finds entries anew, given by their streams."""


class Batch:
    """Collects rows so that they are written many at a time, in one transaction.

    What follows from the rows is done at the end of the batch, and these say where:

    - ``touched``: what changed in the lane of ``(topic, actor)``, which is derived anew;
    - ``whole_topics``: topics of which anything changed that the rule reads and no lane shows;
    - ``changed_actors``: whose kind or mandates changed; where they spoke is derived anew;
    - ``uttered``: how many statements more there are of ``(actor, document, utterance)``, with
      `EVERYBODY` in place of the actor for the whole record;
    - ``utterers``: the actors whose utterances are counted from the beginning;
    - ``ranked``: the actors of whom the list of actors may tell something else;
    - ``spoken``: how many statements more there are of ``(topic, day)``;
    - ``taken``: how many readings more take ``(topic, actor, day, stance)``;
    - ``said``: readings that came, each ``(topic, actor, day, position)`` in the order of the log;
    - ``ended``: by topic the last position from which on a reading is known no longer.

    With ``derives_later`` (a rebuild, which does all of it once, for everything) they stay empty.
    ``keys`` has the numbers of texts that recur, where nobody else writes.
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
        self.touched: dict[tuple[str, str], Touched] = {}
        self.whole_topics: set[str] = set()
        self.changed_actors: set[str] = set()
        self.uttered: Counter[tuple[str, str, int]] = Counter()
        self.utterers: set[str] = set()
        self.ranked: set[str] = set()
        self.spoken: Counter[tuple[str, int]] = Counter()
        self.taken: Counter[tuple[str, str, int, int]] = Counter()
        self.said: list[tuple[str, str, int, int]] = []
        self.ended: dict[str, int] = {}
        self._rows: defaultdict[Table, list[tuple[Any, ...]]] = defaultdict(list)
        self._published = published
        self._standing: Counter[tuple[str, str]] = Counter()
        self._retracted: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}
        self._translated: dict[tuple[str, str, str], tuple[Any, ...]] = {}
        self._reworded: defaultdict[Find, dict[str, None]] = defaultdict(dict)

    def add(self, table: Table, row: tuple[Any, ...]) -> None:
        """Write a row with the next flush."""
        self._rows[table].append(row)

    def translate(self, row: tuple[Any, ...]) -> None:
        """Write a translation with the next flush, in place of an earlier one of the same text."""
        stream, lang, original, *_ = row
        self._translated[stream, lang, original] = row

    def reworded(self, stream: str, find: Find) -> None:
        """Let an entry be found anew at the end of the batch, once however often it changes."""
        self._reworded[find][stream] = None

    def find_reworded(self) -> None:
        """Find anew what was translated in this batch."""
        self.flush()
        for find, streams in self._reworded.items():
            every = [*streams]
            for start in range(0, len(every), AT_ONCE):
                find(self, every[start : start + AT_ONCE])
        self._reworded.clear()

    def opened(self, stream: str, number: int) -> None:
        """Remember the number of an entry that this batch records."""
        self._numbers[stream] = number

    def touch(self, topic: str, actor: str, what: Touched = WHOLE) -> None:
        """Derive the lane of this actor on this topic anew, after the batch."""
        lane = topic, actor
        known = self.touched.get(lane)
        self.touched[lane] = what.together(known) if known else what

    def touch_topic(self, topic: str) -> None:
        """Derive a topic anew as a whole, after the batch."""
        if not self.derives_later:
            self.whole_topics.add(topic)

    def touch_actor(self, actor: str) -> None:
        """Derive anew all topics on which an actor spoke, after the batch."""
        if not self.derives_later:
            self.changed_actors.add(actor)

    def utter(self, document: str, utterance: int, actors: Iterable[str], more: int) -> None:
        """Count statements to an utterance, or no longer."""
        for actor in (EVERYBODY, *actors):
            self.uttered[actor, document, utterance] += more

    def speak(self, topic: str, day: int, more: int) -> None:
        """Count statements to the day on which a topic was spoken on, or no longer."""
        self.spoken[topic, day] += more

    def take(self, topic: str, actor: str, day: int, stance: int, more: int) -> None:
        """Count readings to the stance that an actor took on a day, or no longer."""
        self.taken[topic, actor, day, stance] += more

    def count(self, topic: str, document: str, *, retracted: int, change: int) -> None:
        """Count a statement among those of its topic, or no longer."""
        if retracted:
            self._retracted[topic] += change
        else:
            self._standing[topic, document] += change

    def flush(self) -> None:
        """Write what was collected, so that a query sees it."""
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
        said = {one for pair in self._standing for one in pair} | self._retracted.keys()
        key = keys_of(self.conn, said, self._keys)
        sources: list[dict[str, Any]] = []
        for (topic, document), change in self._standing.items():
            standing[topic] += change
            sources.append({"topic": key[topic], "document": key[document], "change": change})
        if sources:
            self.conn.execute(text(_BEGIN_COUNT), sources)
            self.conn.execute(text(_COUNT), sources)
        if gone := [source for source in sources if source["change"] <= 0]:
            self.conn.execute(text(_UNCOUNT), gone)
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

    def publish(self, document: str, published_at: str | None) -> None:
        """Remember when a document was published."""
        self._bound_memory()
        self._published[document] = parse_date(published_at) if published_at else None

    def _bound_memory(self) -> None:
        if len(self._published) > PUBLISHED_CACHE:
            self._published.clear()
