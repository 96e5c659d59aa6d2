"""Embargoes: entries that wait on the desk until the moment when they are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, delete, func, select, update

from timeline.desk.drafts import Gist, form_holds
from timeline.desk.part import DeskPart
from timeline.desk.tables import embargoed, make_room, put
from timeline.domain.errors import Conflict, NotFound, Refused, StandlineError
from timeline.domain.messages import EdtfDate, InQuotes, Message, Value, Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Select

    from timeline.desk.erased_words import ErasedWords


EMBARGO_GONE = Message(
    "embargo_gone",
    "this entry waits for no moment any more",
    fix="it was recorded or taken back; the list has the others",
)
EMBARGO_OF_ANOTHER = Message(
    "embargo_of_another",
    "somebody else's entry waits under this id",
    fix="begin a form of your own; this one stays as its author left it",
)
EMBARGO_PASSED = Message(
    "embargo_passed",
    "that moment has passed",
    fix="give a later one, or none to record it at once",
)
TOO_MANY_EMBARGOED = Message(
    "too_many_embargoed",
    "%(count)s entries wait for their moment, and no more are kept",
    fix="record some or take them back first",
)

MOST = 500


class Embargo(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that will be recorded at ``due_at`` under the name of its ``author``.

    ``id`` is its id on record, ``via`` the way it came, ``command`` its commands as JSON; ``text``
    is that of its source if it is kept nowhere else. ``document`` is the id of the source if it is
    coded from a text, else empty; ``fields`` is the form, empty if it came as a command.
    ``looked_up_to`` is the log position up to which it was compared with the record. ``trouble``
    says why it was not recorded when it was due. Instants are in microseconds UTC.
    """

    id: str
    kind: str
    author: str
    via: str
    due_at: int
    set_by: str
    set_at: int
    document: str = ""
    gist: Gist = Gist()
    fields: dict[str, list[str]] = {}
    command: str
    text: str = ""
    looked_up_to: int = 0
    trouble: Refused | None = None


_gist = msgspec.json.Decoder(Gist).decode
_fields = msgspec.json.Decoder(dict[str, list[str]]).decode


class Embargoes(DeskPart):
    """Keeps embargoed entries, for everybody who codes."""

    def keep(self, entry: Embargo) -> None:
        """Keep an entry until its moment, in place of an earlier version.

        Raises `Refused` for one too many, for a moment in the past, and if somebody else's entry
        has its id.
        """
        if entry.due_at <= entry.set_at:
            raise Refused(EMBARGO_PASSED, field="embargo_until")
        with self._writing() as conn:
            make_room(conn, embargoed.c.id != entry.id, MOST, TOO_MANY_EMBARGOED)
            if not put(conn, embargoed, _row(entry), where=embargoed.c.author == entry.author):
                raise Refused(EMBARGO_OF_ANOTHER)

    def waiting(self, document: str | None = None) -> list[Embargo]:
        """Return the entries, the next one due first; of one source if ``document`` is given."""
        query = select(embargoed).order_by(embargoed.c.due_at, embargoed.c.set_at, embargoed.c.id)
        if document is not None:
            query = query.where(embargoed.c.document == document)
        return [*map(_entry, self._rows(query))]

    def find(self, entry: str) -> Embargo:
        """Return an entry; raises `NotFound`."""
        row = self._row(select(embargoed).where(embargoed.c.id == entry))
        if row is None:
            raise NotFound(EMBARGO_GONE)
        return _entry(row)

    def next_due(self) -> int | None:
        """Return when the next entry without trouble is due."""
        query = select(func.min(embargoed.c.due_at)).where(embargoed.c.trouble == "")
        due: int | None = self._value(query)
        return due

    def due(self, now: int) -> list[str]:
        """Return the ids of entries that are due, in the order of their moments."""
        condition = and_(embargoed.c.due_at <= now, embargoed.c.trouble == "")
        order = (embargoed.c.due_at, embargoed.c.set_at, embargoed.c.id)
        query = select(embargoed.c.id).where(condition).order_by(*order)
        return [row.id for row in self._rows(query)]

    def move(self, entry: str, due_at: int, by: str, now: int, looked_up_to: int) -> None:
        """Move an entry to another moment, and clear its trouble.

        Raises `NotFound` if it waits no more, `Refused` for a moment in the past.
        """
        if due_at <= now:
            raise Refused(EMBARGO_PASSED, field="embargo_until")
        new = {"due_at": due_at, "set_by": by, "set_at": now}
        again = {"trouble": "", "looked_up_to": looked_up_to}
        if not self._run(update(embargoed).where(embargoed.c.id == entry).values(**new, **again)):
            raise NotFound(EMBARGO_GONE)

    def take_back(self, entry: str) -> Embargo:
        """Remove an entry and return it; raises `NotFound` if it waits no more."""
        with self._writing() as conn:
            entries = _entries(conn, select(embargoed).where(embargoed.c.id == entry))
            deleted = conn.execute(delete(embargoed).where(embargoed.c.id == entry))
        if not deleted.rowcount:
            raise NotFound(EMBARGO_GONE)
        return entries[0]

    def release(self, entry: str, record: Callable[[Embargo], None]) -> Embargo | None:
        """Record an entry under a lock and remove it; if it is refused, keep the reason.

        Returns the entry with its ``trouble``, if any; nothing if it waits no more. If ``record``
        raises anything but a refusal, nothing changes.
        """
        query = select(embargoed).where(embargoed.c.id == entry)
        with self._writing() as conn:
            _take_turns(conn)
            waiting = next(iter(_entries(conn, query)), None)
            if waiting is None:
                return None
            key = embargoed.c.id == entry
            try:
                record(waiting)
            except (Refused, NotFound, Conflict) as error:
                stored = error_as_json(error)
                conn.execute(update(embargoed).where(key).values(trouble=stored))
                return msgspec.structs.replace(waiting, trouble=error_from_json(stored))
            conn.execute(delete(embargoed).where(key))
            return msgspec.structs.replace(waiting, trouble=None)

    def forget(self, erased: ErasedWords) -> int:
        """Remove entries with erased words; return how many there were."""
        with self._writing() as conn:
            ids = [
                entry.id
                for entry in _entries(conn, select(embargoed).with_for_update())
                if form_holds(entry.gist, entry.fields, erased) or erased.is_in(*_texts(entry))
            ]
            conn.execute(delete(embargoed).where(embargoed.c.id.in_(ids)))
        return len(ids)


def _take_turns(conn: Connection) -> None:
    """Let one process at a time record entries, which may share the stream of a source.

    On SQLite the transaction ensures that; PostgreSQL needs a lock, which also delays changes.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("LOCK TABLE embargoed IN SHARE ROW EXCLUSIVE MODE")


def _texts(entry: Embargo) -> list[str]:
    """Return all texts of an entry's commands, and that of its source."""
    texts, stack = [entry.text], [msgspec.json.decode(entry.command)]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return texts


def _row(entry: Embargo) -> dict[str, Any]:
    return msgspec.structs.asdict(entry) | {
        "gist": msgspec.json.encode(entry.gist).decode(),
        "fields": msgspec.json.encode(entry.fields).decode(),
        "trouble": error_as_json(entry.trouble) if entry.trouble else "",
    }


def _entries(conn: Connection, query: Select[Any]) -> list[Embargo]:
    return [_entry(row) for row in conn.execute(query).all()]


def _entry(row: Any) -> Embargo:  # noqa: ANN401 - a row
    decoded = {
        "gist": _gist(row.gist),
        "fields": _fields(row.fields),
        "trouble": error_from_json(row.trouble) if row.trouble else None,
    }
    return Embargo(**dict(row._mapping) | decoded)


class _StoredValue(msgspec.Struct, frozen=True):
    """A value of a message: its kind, and its text."""

    kind: str
    text: str


class _StoredError(msgspec.Struct, frozen=True):
    code: str
    field: str
    what: str
    fix: str
    values: dict[str, _StoredValue]


_decode_error = msgspec.json.Decoder(_StoredError).decode

_KINDS = {"quoted": InQuotes, "word": Word, "date": EdtfDate}


def error_as_json(error: StandlineError) -> str:
    """Return a refusal as JSON: its templates with their values."""
    values = {name: _stored_value(value) for name, value in error.values.items()}
    stored = _StoredError(
        error.code, error.field, error.what.template, error.remedy.template, values
    )
    return msgspec.json.encode(stored).decode()


def error_from_json(text: str) -> Refused:
    """Return the refusal from the JSON of `error_as_json`."""
    stored = _decode_error(text)
    values: dict[str, Any] = {
        name: _KINDS.get(value.kind, str)(value.text) for name, value in stored.values.items()
    }
    return Refused(Message(stored.code, stored.what, stored.fix), field=stored.field, **values)


def _stored_value(value: Value) -> _StoredValue:
    if isinstance(value, InQuotes):
        return _StoredValue("quoted", str(value.value))
    kind = "word" if isinstance(value, Word) else "date" if isinstance(value, EdtfDate) else "text"
    return _StoredValue(kind, str(value))
