"""Second coding: samples of statements for colleagues to code again, and their readings.

Nothing here says how the statements were coded first, which the second coder must not know.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from timeline.desk.part import DeskPart
from timeline.desk.tables import INSERT, samples, second_readings, shown_ends
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.domain.scales import FIRST_VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from timeline.desk.erased_words import ErasedWords

NO_SUCH_SAMPLE = Message(
    "no_such_sample",
    "nothing of the kind waits to be coded again",
    fix="the list has what waits for you",
)
READ_ALREADY = Message(
    "read_already",
    "you have read this statement already, and otherwise",
    fix="a second reading counts as it was given first; go on to the next",
)
NOTHING_TO_TAKE_BACK = Message(
    "nothing_to_take_back",
    "there is no reading that could be taken back",
    fix="the last one can be, until all are read or somebody has decided on it",
)
SAMPLES_MANY = Message(
    "samples_many",
    "%(count)s samples wait to be coded again, and no more are kept",
    fix="let some be finished, or take them back",
)

MOST = 500

PARAGRAPH = "paragraph"
"""The sample shows paragraphs: speaker, day and passage have to be found, too."""


class ParagraphMark(msgspec.Struct, frozen=True, kw_only=True):
    """What a coder marked in a paragraph: the speaker, the day (EDTF) and the words.

    ``speaker`` is the id of an actor, or a name that no actor has. The paragraph has ``size``
    words: ``passage`` is the range of the recorded passage, ``words`` the marked range; (0, 0)
    means none.
    """

    size: int
    passage: tuple[int, int]
    words: tuple[int, int] = (0, 0)
    speaker: str = ""
    said_at: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether no marked word is in the recorded passage: another statement was read."""
        (first, last), (begin, end) = self.passage, self.words
        return self.words != (0, 0) and not (begin < last and first < end)


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Statements for ``coder`` to code again; ``position`` is the log position of the draw.

    ``topic`` is an id, ``asked_at`` in microseconds UTC; ``size`` counts its statements, ``read``
    those that were read. ``shows`` is `PARAGRAPH`, or nothing if words, speaker and day are shown.
    """

    id: str
    topic: str
    coder: str
    asked_by: str
    asked_at: int
    position: int
    shows: str = ""
    size: int = 0
    read: int = 0

    @property
    def is_done(self) -> bool:
        """Tell whether all statements were read."""
        return self.read == self.size


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of a sample, ``place`` counted from 1; ``read_at`` is 0 while it is open.

    ``stance`` is −2 … +2, or ``None`` for no position, with its reason; ``note`` stays if a reading
    is taken back; ``codebook`` is the version that was shown; ``decided`` the log position of an
    editor's decision, 0 for none; ``scale_version`` the first version of the scale with its word.
    ``variables`` has the values of the codebook's variables by id, and ``marked`` the
    `ParagraphMark`, both as JSON or empty.
    """

    sample: str
    place: int
    statement: str
    number: int
    stance: int | None = None
    no_position_reason: str = ""
    note: str = ""
    codebook: int = 0
    read_at: int = 0
    decided: int = 0
    scale_version: int = FIRST_VERSION
    variables: str = ""
    marked: str = ""

    @property
    def mark(self) -> ParagraphMark | None:
        """The mark in the paragraph, if one was shown."""
        return msgspec.json.decode(self.marked, type=ParagraphMark) if self.marked else None

    @property
    def values(self) -> dict[str, str]:
        """The values of the codebook's variables, by their ids."""
        return msgspec.json.decode(self.variables or "{}", type=dict[str, str])

    def says(self, other: Reading) -> bool:
        """Tell whether another reading says the same."""
        key = attrgetter("stance", "scale_version", "no_position_reason", "note", "values", "mark")
        return bool(key(self) == key(other))


class SecondReadings(DeskPart):
    """Keeps samples and their readings."""

    def ask(self, sample: Sample, statements: Sequence[tuple[str, int]]) -> None:
        """Keep a sample with its statements (id and number) in their order.

        If sent twice, it is kept once. Raises `Refused` for one too many.
        """
        row = {name: getattr(sample, name) for name in samples.c.keys()}  # noqa: SIM118 - columns
        with self._writing() as conn:
            if _samples(conn, samples.c.id == sample.id):
                return
            if (count := len(_samples(conn))) >= MOST:
                raise Refused(SAMPLES_MANY, count=count)
            conn.execute(insert(samples).values(row))
            conn.execute(insert(second_readings), [*_open_rows(sample.id, statements)])

    def samples(self, *, coder: str | None = None, topic: str | None = None) -> list[Sample]:
        """Return samples, oldest first: of a coder, on a topic (an id), or all."""
        conditions = []
        if coder is not None:
            conditions.append(samples.c.coder == coder)
        if topic is not None:
            conditions.append(samples.c.topic == topic)
        with self._reading() as conn:
            return _samples(conn, *conditions)

    def sample(self, sample: str) -> Sample:
        """Return a sample; raises `NotFound`."""
        with self._reading() as conn:
            rows = _samples(conn, samples.c.id == sample)
        if not rows:
            raise NotFound(NO_SUCH_SAMPLE)
        return rows[0]

    def readings(self, sample: str) -> list[Reading]:
        """Return all readings of a sample, open ones too, in order."""
        return self._readings(second_readings.c.sample == sample)

    def reading(self, sample: str, place: int) -> Reading:
        """Return one reading of a sample; raises `NotFound`."""
        readings = self._readings(
            second_readings.c.sample == sample, second_readings.c.place == place
        )
        if not readings:
            raise NotFound(NO_SUCH_SAMPLE)
        return readings[0]

    def given_to(self, coder: str, topic: str) -> set[str]:
        """Return the ids of the statements on a topic in earlier samples of a coder."""
        table = second_readings.c
        own_samples = select(samples.c.id).where(samples.c.coder == coder, samples.c.topic == topic)
        query = select(table.statement).where(table.sample.in_(own_samples))
        return {row.statement for row in self._rows(query)}

    def read(self, reading: Reading) -> None:
        """Keep a reading; the same again changes nothing.

        Raises `NotFound` if it is in no sample, and `Refused` if there is a different reading.
        """
        table = second_readings
        with self._writing() as conn:
            here = table.c.sample == reading.sample, table.c.place == reading.place
            row = conn.execute(select(table).where(*here)).first()
            if row is None:
                raise NotFound(NO_SUCH_SAMPLE)
            before = _reading(row)
            if before.read_at:
                if not before.says(reading):
                    raise Refused(READ_ALREADY)
                return
            conn.execute(update(table).where(*here).values(_read_values(reading)))

    def take_back_last(self, sample: str) -> int:
        """Reopen the statement that was read last, and return its place; its note stays.

        Raises `Refused` if nothing was read; if all is read, because the first readings are shown
        then; and if somebody decided on it.
        """
        table = second_readings
        with self._writing() as conn:
            query = select(table).where(table.c.sample == sample).with_for_update()
            last = last_read([_reading(row) for row in conn.execute(query)])
            if last is None:
                raise Refused(NOTHING_TO_TAKE_BACK)
            emptied = msgspec.structs.replace(
                last,
                stance=None,
                no_position_reason="",
                codebook=0,
                read_at=0,
                scale_version=FIRST_VERSION,
                variables="",
                marked="",
            )
            conn.execute(update(table).where(*_place_of(last)).values(_read_values(emptied)))
        return last.place

    def leave_out(self, sample: str, place: int) -> None:
        """Remove a statement that may not be shown any more, if it is not read yet."""
        table = second_readings
        here = table.c.sample == sample, table.c.place == place, table.c.read_at == 0
        self._run(delete(table).where(*here))

    def decide(self, sample: str, place: int, position: int) -> None:
        """Keep the log position of an editor's decision on a reading."""
        table = second_readings
        here = table.c.sample == sample, table.c.place == place
        self._run(update(table).where(*here).values(decided=position))

    def take_back(self, sample: str) -> None:
        """Remove the unread statements of a sample, and the sample if nothing was read."""
        table = second_readings
        with self._writing() as conn:
            conn.execute(delete(table).where(table.c.sample == sample, table.c.read_at == 0))
            remaining = select(table.c.place).where(table.c.sample == sample)
            if conn.execute(remaining).first() is None:
                conn.execute(delete(samples).where(samples.c.id == sample))

    def forget(self, erased: ErasedWords) -> int:
        """Empty notes and names with erased words, and remove erased statements.

        Returns how many readings that changes.
        """
        table = second_readings
        with self._writing() as conn:
            rows = [_reading(row) for row in conn.execute(select(table).with_for_update())]
            removed = [reading for reading in rows if reading.statement == erased.thing]
            with_note = [
                reading for reading in rows if reading not in removed and erased.is_in(reading.note)
            ]
            for changed in removed:
                conn.execute(delete(table).where(*_place_of(changed)))
            for changed in with_note:
                conn.execute(update(table).where(*_place_of(changed)).values(note=""))
            with_speaker = [
                (reading, mark)
                for reading in rows
                if reading not in removed and (mark := reading.mark) and erased.is_in(mark.speaker)
            ]
            for changed, mark in with_speaker:
                nobody = msgspec.structs.replace(mark, speaker="")
                stored = msgspec.json.encode(nobody).decode()
                conn.execute(update(table).where(*_place_of(changed)).values(marked=stored))
        return len(removed) + len(
            {
                (reading.sample, reading.place)
                for reading in (*with_note, *(changed for changed, _ in with_speaker))
            }
        )

    def _readings(self, *here: Any) -> list[Reading]:  # noqa: ANN401 - SQL
        query = select(second_readings).where(*here).order_by(second_readings.c.place)
        return [_reading(row) for row in self._rows(query)]


def last_read(readings: Sequence[Reading]) -> Reading | None:
    """Return the reading that the coder of a sample may still take back, if there is one."""
    done = [reading for reading in readings if reading.read_at]
    if not done or len(done) == len(readings):
        return None
    last = max(done, key=lambda reading: (reading.read_at, reading.place))
    return None if last.decided else last


def _open_rows(sample: str, statements: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    return [
        msgspec.structs.asdict(Reading(sample=sample, place=place, statement=stream, number=number))
        for place, (stream, number) in enumerate(statements, 1)
    ]


def _read_values(reading: Reading) -> dict[str, Any]:
    names = (
        *("stance", "no_position_reason", "note", "codebook", "read_at"),
        *("scale_version", "variables", "marked"),
    )
    return {name: getattr(reading, name) for name in names}


def _place_of(reading: Reading) -> tuple[Any, ...]:
    table = second_readings.c
    return table.sample == reading.sample, table.place == reading.place


def _samples(conn: Connection, *here: Any) -> list[Sample]:  # noqa: ANN401 - SQL
    table = second_readings.c
    read = func.count().filter(table.read_at > 0)
    query = select(table.sample, func.count().label("size"), read.label("read"))
    sizes = {row.sample: (row.size, row.read) for row in conn.execute(query.group_by(table.sample))}
    in_order = select(samples).where(*here).order_by(samples.c.asked_at, samples.c.id)
    rows = [dict(row._mapping) for row in conn.execute(in_order)]
    return [
        Sample(**row, size=size, read=done)
        for row in rows
        for size, done in [sizes.get(row["id"], (0, 0))]
    ]


def _reading(row: Any) -> Reading:  # noqa: ANN401 - a row
    return Reading(**dict(row._mapping))


class ShownEnds(DeskPart):
    """Keeps for each editor (handle) the statements (ids) whose coding this editor saw."""

    def note(self, handle: str, statements: Collection[str]) -> None:
        """Note that an editor was shown these statements."""
        if not (new := {*statements} - self.seen_by(handle)):
            return
        rows = [{"seen_by": handle, "statement": statement} for statement in sorted(new)]
        with self._writing() as conn:
            new_rows: Any = INSERT[conn.dialect.name](shown_ends)
            conn.execute(new_rows.on_conflict_do_nothing(), rows)

    def seen_by(self, handle: str) -> set[str]:
        """Return the statements that an editor was shown."""
        query = select(shown_ends.c.statement).where(shown_ends.c.seen_by == handle)
        return {row.statement for row in self._rows(query)}
