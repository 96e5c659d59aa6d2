"""Second coding: samples of statements that colleagues code again, and how they read them.

Nothing here says how they were coded first: who codes again is not to know.
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

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from timeline.desk.sought import Sought

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
"""What a sample shows of whose statements speaker, day and passage are read, too."""


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody marked in a paragraph: who speaks, on which day (EDTF), by which words.

    ``speaker`` is the id of an actor, or a name that nobody on record has. The paragraph has
    ``size`` words: ``passage`` says where the passage on record begins in it and ends, ``words``
    what was marked; two zeros are nothing.
    """

    size: int
    passage: tuple[int, int]
    words: tuple[int, int] = (0, 0)
    speaker: str = ""
    said_at: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether none of the marked words are on record: another statement was read."""
        (first, last), (begin, end) = self.passage, self.words
        return self.words != (0, 0) and not (begin < last and first < end)


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Statements that ``coder`` is to code again; ``position`` is that of the log at its draw.

    ``topic`` is an id, ``asked_at`` in microseconds UTC; ``size`` counts its statements, ``read``
    those that were read. ``shows`` may be `PARAGRAPH`, nothing for the words, who speaks and when.
    """

    id: str
    topic: str
    coder: str
    asked_by: str
    asked_at: int
    position: int
    shows: str | None = None
    size: int = 0
    read: int = 0

    @property
    def is_done(self) -> bool:
        """Tell whether all of it was read."""
        return self.read == self.size


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of a sample, ``place`` counted from 1; ``read_at`` is 0 while it is open.

    ``stance`` is −2 … +2, or ``None`` for no position, with its reason; ``note`` stays where a
    reading was taken back; ``codebook`` is the version of the rules that lay beside it; ``decided``
    the log position of what an editor decided, 0 for nothing yet; ``scale_version`` that of the
    scale which first had its word, the first where none is kept. ``variables`` holds as JSON what
    else the codebook asked, by id, ``marked`` what was marked in a paragraph.
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
    scale_version: int | None = None
    variables: str | None = None
    marked: str | None = None

    @property
    def mark(self) -> Marked | None:
        """What was marked in a paragraph, if one was shown."""
        return msgspec.json.decode(self.marked, type=Marked) if self.marked else None

    @property
    def values(self) -> dict[str, str]:
        """What else the codebook asked, by the ids of variables."""
        return msgspec.json.decode(self.variables or "{}", type=dict[str, str])

    def says(self, other: Reading) -> bool:
        """Tell whether another reading says the same."""
        told = attrgetter("stance", "scale_version", "no_position_reason", "note", "values", "mark")
        return bool(told(self) == told(other))


class SecondReadings(DeskPart):
    """Keeps samples and what was read of them."""

    def ask(self, sample: Sample, statements: Sequence[tuple[str, int]]) -> None:
        """Keep a sample, its statements by id and number in their order.

        One asked for twice is kept once. Raises `Refused` for one too many.
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
        """Return samples, oldest first: of a coder, on a topic given by its id, or all."""
        asked = []
        if coder is not None:
            asked.append(samples.c.coder == coder)
        if topic is not None:
            asked.append(samples.c.topic == topic)
        with self._reading() as conn:
            return _samples(conn, *asked)

    def sample(self, sample: str) -> Sample:
        """Return a sample; raises `NotFound`."""
        with self._reading() as conn:
            found = _samples(conn, samples.c.id == sample)
        if not found:
            raise NotFound(NO_SUCH_SAMPLE)
        return found[0]

    def readings(self, sample: str) -> list[Reading]:
        """Return what there is to read of a sample, and was read, in its order."""
        return self._readings(second_readings.c.sample == sample)

    def reading(self, sample: str, place: int) -> Reading:
        """Return one statement of a sample; raises `NotFound`."""
        readings = self._readings(
            second_readings.c.sample == sample, second_readings.c.place == place
        )
        if not readings:
            raise NotFound(NO_SUCH_SAMPLE)
        return readings[0]

    def given_to(self, coder: str, topic: str) -> set[str]:
        """Return the ids of the statements on a topic that somebody was given before."""
        table = second_readings.c
        mine = select(samples.c.id).where(samples.c.coder == coder, samples.c.topic == topic)
        asked = select(table.statement).where(table.sample.in_(mine))
        return {row.statement for row in self._rows(asked)}

    def read(self, reading: Reading) -> None:
        """Keep how a statement was read; the same again changes nothing.

        Raises `NotFound` for what is in no sample, and `Refused` for what was read otherwise.
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
        """Open the statement again that was read last, and return its place; its note stays.

        Raises `Refused` where nothing was read, where all is, since the first readings are shown
        then, and for what was decided on.
        """
        table = second_readings
        with self._writing() as conn:
            asked = select(table).where(table.c.sample == sample).with_for_update()
            last = last_read([_reading(row) for row in conn.execute(asked)])
            if last is None:
                raise Refused(NOTHING_TO_TAKE_BACK)
            opened = msgspec.structs.replace(
                last,
                stance=None,
                no_position_reason="",
                codebook=0,
                read_at=0,
                scale_version=None,
                variables=None,
                marked=None,
            )
            conn.execute(update(table).where(*_place_of(last)).values(_read_values(opened)))
        return last.place

    def leave_out(self, sample: str, place: int) -> None:
        """Remove a statement that may not be shown any more, if it was not read yet."""
        table = second_readings
        here = table.c.sample == sample, table.c.place == place, table.c.read_at == 0
        self._do(delete(table).where(*here))

    def decide(self, sample: str, place: int, position: int) -> None:
        """Keep where in the log it stands what an editor decided on a reading."""
        table = second_readings
        here = table.c.sample == sample, table.c.place == place
        self._do(update(table).where(*here).values(decided=position))

    def take_back(self, sample: str) -> None:
        """Remove what of a sample was not read yet; one of which nothing was read goes whole."""
        table = second_readings
        with self._writing() as conn:
            conn.execute(delete(table).where(table.c.sample == sample, table.c.read_at == 0))
            left = select(table.c.place).where(table.c.sample == sample)
            if conn.execute(left).first() is None:
                conn.execute(delete(samples).where(samples.c.id == sample))

    def forget(self, sought: Sought) -> int:
        """Empty the notes and names that hold these words, and remove what is erased.

        Return how many.
        """
        table = second_readings
        with self._writing() as conn:
            rows = [_reading(row) for row in conn.execute(select(table).with_for_update())]
            gone = [reading for reading in rows if reading.statement == sought.thing]
            noted = [
                reading for reading in rows if reading not in gone and sought.is_in(reading.note)
            ]
            for one in gone:
                conn.execute(delete(table).where(*_place_of(one)))
            for one in noted:
                conn.execute(update(table).where(*_place_of(one)).values(note=""))
            named = [
                (reading, mark)
                for reading in rows
                if reading not in gone and (mark := reading.mark) and sought.is_in(mark.speaker)
            ]
            for one, mark in named:
                nobody = msgspec.structs.replace(mark, speaker="")
                told = msgspec.json.encode(nobody).decode()
                conn.execute(update(table).where(*_place_of(one)).values(marked=told))
        return len(gone) + len(
            {(reading.sample, reading.place) for reading in (*noted, *(one for one, _ in named))}
        )

    def _readings(self, *here: Any) -> list[Reading]:  # noqa: ANN401 - SQL
        asked = select(second_readings).where(*here).order_by(second_readings.c.place)
        return [_reading(row) for row in self._rows(asked)]


def last_read(readings: Sequence[Reading]) -> Reading | None:
    """Return the reading of a sample that its coder may still take back, if there is one."""
    read = [reading for reading in readings if reading.read_at]
    if not read or len(read) == len(readings):
        return None
    last = max(read, key=lambda reading: (reading.read_at, reading.place))
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
    counted = select(table.sample, func.count().label("size"), read.label("read"))
    sizes = {
        row.sample: (row.size, row.read) for row in conn.execute(counted.group_by(table.sample))
    }
    asked = select(samples).where(*here).order_by(samples.c.asked_at, samples.c.id)
    found = [dict(row._mapping) for row in conn.execute(asked)]
    return [
        Sample(**row, size=size, read=done)
        for row in found
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
        rows = [{"seen_by": handle, "statement": one} for one in sorted(new)]
        with self._writing() as conn:
            new_rows: Any = INSERT[conn.dialect.name](shown_ends)
            conn.execute(new_rows.on_conflict_do_nothing(), rows)

    def seen_by(self, handle: str) -> set[str]:
        """Return the statements that an editor was shown."""
        query = select(shown_ends.c.statement).where(shown_ends.c.seen_by == handle)
        return {row.statement for row in self._rows(query)}
