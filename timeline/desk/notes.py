"""Notes: what colleagues tell each other about a text, on the desk and never in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, delete, func, select

from timeline.desk.part import DeskPart
from timeline.desk.tables import notes, put
from timeline.domain.errors import Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from timeline.desk.sought import Sought

NOTE_EMPTY = Message("note_empty", "the note is empty", fix="write what the others should know")
NOTE_TOO_LONG = Message(
    "note_too_long",
    "the note has %(length)s characters, %(limit)s are allowed",
    fix="shorten it, or write two",
)
TOO_MANY_NOTES = Message(
    "too_many_notes",
    "this text has %(count)s notes, and no more are kept",
    fix="remove one of yours first",
)

MOST = 100
"""Notes on one text."""

LONGEST = 2_000


class Note(msgspec.Struct, frozen=True):
    """A note; ``id`` is a UUIDv7, ``written_at`` in microseconds UTC."""

    id: str
    document: str
    written_by: str
    written_at: int
    words: str


class Notes(DeskPart):
    """Keeps notes for all who code; each is its author's to remove."""

    def write(self, note: Note) -> None:
        """Keep a note; one sent twice is kept once. Raises `Refused`."""
        words = " ".join(note.words.split())
        if not words:
            raise Refused(NOTE_EMPTY, field="note")
        if len(words) > LONGEST:
            raise Refused(NOTE_TOO_LONG, field="note", length=len(words), limit=LONGEST)
        row = msgspec.structs.asdict(note) | {"words": words}
        with self._writing() as conn:
            others = and_(notes.c.document == note.document, notes.c.id != note.id)
            if (count := conn.execute(select(func.count()).where(others)).scalar_one()) >= MOST:
                raise Refused(TOO_MANY_NOTES, field="note", count=count)
            put(conn, notes, row)

    def on(self, document: str) -> list[Note]:
        """Return the notes on a text, oldest first."""
        asked = select(notes).where(notes.c.document == document)
        rows = self._rows(asked.order_by(notes.c.written_at, notes.c.id))
        return [Note(**row._mapping) for row in rows]

    def forget(self, sought: Sought) -> int:
        """Remove the notes that hold these words; return how many."""
        with self._writing() as conn:
            rows = conn.execute(select(notes.c.id, notes.c.document, notes.c.words)).all()
            found = [
                row.id for row in rows if row.document == sought.thing or sought.is_in(row.words)
            ]
            conn.execute(delete(notes).where(notes.c.id.in_(found)))
        return len(found)

    def remove(self, author: str, note: str) -> None:
        """Remove a note of its author; another's is left as it is."""
        own = and_(notes.c.written_by == author, notes.c.id == note)
        self._do(delete(notes).where(own))
