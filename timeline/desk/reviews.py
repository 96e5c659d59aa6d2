"""What waits for a second person: entries that are handed over and not on record yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, select, update

from timeline.desk.drafts import Gist, holds
from timeline.desk.part import DeskPart
from timeline.desk.tables import handed, put
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from timeline.desk.sought import Sought

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
"""The kind of what waits that is no entry: events that change what is on record."""


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as its author filled it in; ``id`` is that under which it will be recorded.

    ``document`` is the id of the source whose text it is coded from, empty for a form alone;
    ``command`` is what would be recorded, as JSON, empty where an older version kept it. Of a
    `CHANGE` the command holds its events, and ``fields`` their words.
    """

    id: str
    kind: str
    author: str
    handed_at: int
    document: str
    gist: Gist
    fields: dict[str, list[str]]
    command: str = ""


_gist = msgspec.json.Decoder(Gist).decode
_fields = msgspec.json.Decoder(dict[str, list[str]]).decode


class Reviews(DeskPart):
    """Keeps what waits for everybody who codes."""

    def hand_over(self, entry: Handed) -> None:
        """Keep an entry until a second person agrees; one handed over twice waits once.

        Raises `Refused` for one too many, and where somebody else's waits under its id.
        """
        row = msgspec.structs.asdict(entry) | {
            "gist": msgspec.json.encode(entry.gist).decode(),
            "fields": msgspec.json.encode(entry.fields).decode(),
        }
        with self._writing() as conn:
            others = select(func.count()).select_from(handed).where(handed.c.id != entry.id)
            if (count := conn.execute(others).scalar_one()) >= MOST:
                raise Refused(TOO_MANY_HANDED, count=count)
            if not put(conn, handed, row, where=handed.c.author == entry.author):
                raise Refused(HANDED_BY_ANOTHER)

    def waiting(self, document: str | None = None) -> list[Handed]:
        """Return what waits, the oldest first; of one source where its ``document`` is given."""
        asked = select(handed).order_by(handed.c.handed_at, handed.c.id)
        if document is not None:
            asked = asked.where(handed.c.document == document)
        return [*map(_entry, self._rows(asked))]

    def count(self, *, but_of: str) -> int:
        """Count what waits, but for what somebody handed over themselves, or another refused."""
        others = handed.c.author != but_of, handed.c.gist.not_like('%"sent_back":%')
        asked = select(func.count()).select_from(handed).where(*others)
        return int(self._value(asked))

    def find(self, entry: str) -> Handed:
        """Return what waits under an id; raises `NotFound`."""
        row = self._row(select(handed).where(handed.c.id == entry))
        if row is None:
            raise NotFound(HANDED_GONE)
        return _entry(row)

    def forget(self, sought: Sought) -> int:
        """Remove what waits and holds these words, whoever handed it over; return how much."""
        with self._writing() as conn:
            found = [
                entry.id
                for entry in _entries(conn, select(handed).with_for_update())
                if holds(entry.gist, entry.fields, sought)
            ]
            conn.execute(delete(handed).where(handed.c.id.in_(found)))
        return len(found)

    def send_back(self, entry: Handed, gist: Gist) -> None:
        """Keep with what waits who does not agree to it, and why.

        Raises `NotFound` where it is not as it was looked at: agreed to, or handed over anew.
        """
        here = handed.c.id == entry.id
        told = {"gist": msgspec.json.encode(gist).decode()}
        with self._writing() as conn:
            if entry not in _entries(conn, select(handed).where(here).with_for_update()):
                raise NotFound(HANDED_GONE)
            conn.execute(update(handed).where(here).values(told))

    def take_away(self, entry: Handed) -> None:
        """Remove what waits no more; what is not there is fine.

        What its author handed over anew meanwhile goes on waiting: nobody has looked at that.
        """
        here = handed.c.id == entry.id
        with self._writing() as conn:
            if entry in _entries(conn, select(handed).where(here).with_for_update()):
                conn.execute(delete(handed).where(here))


def _entries(conn: Connection, asked: Select[Any]) -> list[Handed]:
    return [_entry(row) for row in conn.execute(asked).all()]


def _entry(row: Any) -> Handed:  # noqa: ANN401 - a row
    found = dict(row._mapping)
    told = {"gist": _gist(row.gist), "fields": _fields(row.fields), "command": row.command or ""}
    return Handed(**found | told)
