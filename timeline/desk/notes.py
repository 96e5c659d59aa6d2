"""Notes of colleagues about a text, on the desk and never in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, delete, select

from timeline.desk.part import DeskPart
from timeline.desk.tables import make_room, notes, put
from timeline.domain.errors import Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from timeline.desk.erased_words import ErasedWords

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
"""The most notes on one text."""

LONGEST = 2_000


class Note(msgspec.Struct, frozen=True):
    """A note; ``id`` is a UUIDv7, ``written_at`` in microseconds UTC."""

    id: str
    document: str
    written_by: str
    written_at: int
    words: str


class Notes(DeskPart):
    """Keeps notes for all who code; only the author may remove one."""

    def write(self, note: Note) -> None:
        """Keep a note; if sent twice, it is kept once. Raises `Refused`."""
        words = " ".join(note.words.split())
        if not words:
            raise Refused(NOTE_EMPTY, field="note")
        if len(words) > LONGEST:
            raise Refused(NOTE_TOO_LONG, field="note", length=len(words), limit=LONGEST)
        row = msgspec.structs.asdict(note) | {"words": words}
        with self._writing() as conn:
            others = and_(notes.c.document == note.document, notes.c.id != note.id)
            make_room(conn, others, MOST, TOO_MANY_NOTES, "note")
            put(conn, notes, row)

    def on(self, document: str) -> list[Note]:
        """Return the notes on a text, oldest first."""
        query = select(notes).where(notes.c.document == document)
        rows = self._rows(query.order_by(notes.c.written_at, notes.c.id))
        return [Note(**row._mapping) for row in rows]

    def forget(self, erased: ErasedWords) -> int:
        """Remove the notes with erased words; return how many there were."""
        with self._writing() as conn:
            rows = conn.execute(select(notes.c.id, notes.c.document, notes.c.words)).all()
            ids = [
                row.id for row in rows if row.document == erased.thing or erased.is_in(row.words)
            ]
            conn.execute(delete(notes).where(notes.c.id.in_(ids)))
        return len(ids)

    def remove(self, author: str, note: str) -> None:
        """Remove a note of its author; those of others stay."""
        own = and_(notes.c.written_by == author, notes.c.id == note)
        self._run(delete(notes).where(own))
