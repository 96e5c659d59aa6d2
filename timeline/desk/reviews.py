"""The review queue: entries that wait for a second person and are not on record yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, select, update

from timeline.desk.drafts import Gist, form_holds
from timeline.desk.part import DeskPart
from timeline.desk.tables import handed, make_room, put
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from timeline.desk.erased_words import ErasedWords

HANDED_GONE = Message(
    "handed_gone",
    "this entry does not wait any more",
    fix="somebody agreed to it, or it went back to its author; the list has the others",
)
HANDED_BY_ANOTHER = Message(
    "handed_by_another",
    "somebody else's entry waits under this id",
    fix="begin a form of your own; this one stays as its author handed it over",
)
TOO_MANY_HANDED = Message(
    "too_many_handed",
    "%(count)s entries wait for a second person, and no more are kept",
    fix="agree to some first",
)

MOST = 500

CHANGE = "change"
"""The kind of a queued change: events that change the record, instead of a new entry."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as its author filled it in; ``id`` is its id on record.

    ``document`` is the id of the source if it is coded from a text, else empty; ``command`` has
    its commands as JSON. For a `CHANGE`, ``command`` has the events, and ``fields`` their words.
    """

    id: str
    kind: str
    author: str
    handed_at: int
    document: str
    gist: Gist
    fields: dict[str, list[str]]
    command: str


_gist = msgspec.json.Decoder(Gist).decode
_fields = msgspec.json.Decoder(dict[str, list[str]]).decode


class Reviews(DeskPart):
    """Keeps the queue, for everybody who codes."""

    def hand_over(self, entry: Review) -> None:
        """Keep an entry until a second person agrees, in place of an earlier version.

        Raises `Refused` for one too many, and if somebody else's entry has its id.
        """
        row = msgspec.structs.asdict(entry) | {
            "gist": msgspec.json.encode(entry.gist).decode(),
            "fields": msgspec.json.encode(entry.fields).decode(),
        }
        with self._writing() as conn:
            make_room(conn, handed.c.id != entry.id, MOST, TOO_MANY_HANDED)
            if not put(conn, handed, row, where=handed.c.author == entry.author):
                raise Refused(HANDED_BY_ANOTHER)

    def waiting(self, document: str | None = None) -> list[Review]:
        """Return the queue, the oldest first; of one source if ``document`` is given."""
        query = select(handed).order_by(handed.c.handed_at, handed.c.id)
        if document is not None:
            query = query.where(handed.c.document == document)
        return [*map(_entry, self._rows(query))]

    def count(self, *, but_of: str) -> int:
        """Count the queue, without one author's own entries and those that were refused."""
        conditions = handed.c.author != but_of, handed.c.gist.not_like('%"sent_back":%')
        query = select(func.count()).select_from(handed).where(*conditions)
        return int(self._value(query))

    def find(self, entry: str) -> Review:
        """Return an entry; raises `NotFound`."""
        row = self._row(select(handed).where(handed.c.id == entry))
        if row is None:
            raise NotFound(HANDED_GONE)
        return _entry(row)

    def forget(self, erased: ErasedWords) -> int:
        """Remove entries with erased words; return how many there were."""
        with self._writing() as conn:
            ids = [
                entry.id
                for entry in _entries(conn, select(handed).with_for_update())
                if form_holds(entry.gist, entry.fields, erased)
            ]
            conn.execute(delete(handed).where(handed.c.id.in_(ids)))
        return len(ids)

    def send_back(self, entry: Review, gist: Gist) -> None:
        """Keep with an entry who refuses it, and why.

        Raises `NotFound` if it changed since it was read: it was agreed to, or handed over again.
        """
        key = handed.c.id == entry.id
        values = {"gist": msgspec.json.encode(gist).decode()}
        with self._writing() as conn:
            if entry not in _entries(conn, select(handed).where(key).with_for_update()):
                raise NotFound(HANDED_GONE)
            conn.execute(update(handed).where(key).values(values))

    def take_away(self, entry: Review) -> None:
        """Remove an entry from the queue; a missing one is ignored.

        If its author handed over a new version meanwhile, that stays: nobody has looked at it.
        """
        key = handed.c.id == entry.id
        with self._writing() as conn:
            if entry in _entries(conn, select(handed).where(key).with_for_update()):
                conn.execute(delete(handed).where(key))


def _entries(conn: Connection, query: Select[Any]) -> list[Review]:
    return [_entry(row) for row in conn.execute(query).all()]


def _entry(row: Any) -> Review:  # noqa: ANN401 - a row
    decoded = {"gist": _gist(row.gist), "fields": _fields(row.fields)}
    return Review(**dict(row._mapping) | decoded)
