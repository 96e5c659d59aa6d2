"""What waits for its moment: entries under embargo, on the desk until they may be recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, delete, func, select, update

from timeline.desk.drafts import Gist, holds
from timeline.desk.part import DeskPart
from timeline.desk.tables import embargoed, put
from timeline.domain.errors import Conflict, NotFound, Refused, StandlineError
from timeline.domain.messages import EdtfDate, InQuotes, Message, Value, Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Select

    from timeline.desk.sought import Sought


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


class Embargoed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that is recorded at ``due_at``, under the name of its ``author``.

    ``id`` is that under which it will be recorded, ``via`` the way, ``command`` what, as JSON;
    ``text`` is that of its source where it lies nowhere else. ``document`` is the id of the source
    whose text it is coded from, empty for a form alone; ``fields`` is the form, empty for a
    command. Who looked whether it is on record did so up to ``looked_up_to``, a log position.
    ``trouble`` says why it was not recorded when it was due. Instants are in microseconds UTC.
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
    """Keeps what waits for its moment, for everybody who codes."""

    def keep(self, entry: Embargoed) -> None:
        """Keep an entry until its moment; one kept twice waits once, as it was kept last.

        Raises `Refused` for one too many, for a moment that has passed when it is set, and where
        somebody else's waits under its id.
        """
        if entry.due_at <= entry.set_at:
            raise Refused(EMBARGO_PASSED, field="embargo_until")
        with self._writing() as conn:
            others = select(func.count()).select_from(embargoed).where(embargoed.c.id != entry.id)
            if (count := conn.execute(others).scalar_one()) >= MOST:
                raise Refused(TOO_MANY_EMBARGOED, count=count)
            if not put(conn, embargoed, _row(entry), where=embargoed.c.author == entry.author):
                raise Refused(EMBARGO_OF_ANOTHER)

    def waiting(self, document: str | None = None) -> list[Embargoed]:
        """Return what waits, the next first; of one source where its ``document`` is given."""
        asked = select(embargoed).order_by(embargoed.c.due_at, embargoed.c.set_at, embargoed.c.id)
        if document is not None:
            asked = asked.where(embargoed.c.document == document)
        return [*map(_entry, self._rows(asked))]

    def find(self, entry: str) -> Embargoed:
        """Return what waits under an id; raises `NotFound`."""
        row = self._row(select(embargoed).where(embargoed.c.id == entry))
        if row is None:
            raise NotFound(EMBARGO_GONE)
        return _entry(row)

    def next_due(self) -> int | None:
        """Return when the next one is due that nothing stands in the way of."""
        asked = select(func.min(embargoed.c.due_at)).where(embargoed.c.trouble == "")
        due: int | None = self._value(asked)
        return due

    def due(self, now: int) -> list[str]:
        """Return the ids of those whose moment has come, in the order of their moments."""
        is_due = and_(embargoed.c.due_at <= now, embargoed.c.trouble == "")
        order = (embargoed.c.due_at, embargoed.c.set_at, embargoed.c.id)
        asked = select(embargoed.c.id).where(is_due).order_by(*order)
        return [row.id for row in self._rows(asked)]

    def move(self, entry: str, due_at: int, by: str, now: int, looked_up_to: int) -> None:
        """Let an entry wait for another moment, and try it again then if it was refused.

        Raises `NotFound` for one that waits no more, `Refused` for a moment that has passed.
        """
        if due_at <= now:
            raise Refused(EMBARGO_PASSED, field="embargo_until")
        new = {"due_at": due_at, "set_by": by, "set_at": now}
        again = {"trouble": "", "looked_up_to": looked_up_to}
        if not self._do(update(embargoed).where(embargoed.c.id == entry).values(**new, **again)):
            raise NotFound(EMBARGO_GONE)

    def take_back(self, entry: str) -> Embargoed:
        """Remove what waits and return it; raises `NotFound` where it waits no more."""
        with self._writing() as conn:
            entries = _entries(conn, select(embargoed).where(embargoed.c.id == entry))
            gone = conn.execute(delete(embargoed).where(embargoed.c.id == entry))
        if not gone.rowcount:
            raise NotFound(EMBARGO_GONE)
        return entries[0]

    def release(self, entry: str, record: Callable[[Embargoed], None]) -> Embargoed | None:
        """Record an entry while nobody else can, and let go of it; keep why, if it is refused.

        Returns the entry with its ``trouble``, if any; nothing where it waits no more. What
        ``record`` raises besides refusals leaves all as it was.
        """
        asked = select(embargoed).where(embargoed.c.id == entry)
        with self._writing() as conn:
            _take_turns(conn)
            found = next(iter(_entries(conn, asked)), None)
            if found is None:
                return None
            this = embargoed.c.id == entry
            try:
                record(found)
            except (Refused, NotFound, Conflict) as error:
                kept = error_as_json(error)
                conn.execute(update(embargoed).where(this).values(trouble=kept))
                return msgspec.structs.replace(found, trouble=error_from_json(kept))
            conn.execute(delete(embargoed).where(this))
            return msgspec.structs.replace(found, trouble=None)

    def forget(self, sought: Sought) -> int:
        """Remove what waits and holds these words, whoever wrote it; return how much."""
        with self._writing() as conn:
            found = [
                entry.id
                for entry in _entries(conn, select(embargoed).with_for_update())
                if holds(entry.gist, entry.fields, sought) or sought.is_in(*_texts(entry))
            ]
            conn.execute(delete(embargoed).where(embargoed.c.id.in_(found)))
        return len(found)


def _take_turns(conn: Connection) -> None:
    """Let one process at a time record what waits: entries of one source would meet in its stream.

    On SQLite the transaction sees to that; here even what others change has to wait.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("LOCK TABLE embargoed IN SHARE ROW EXCLUSIVE MODE")


def _texts(entry: Embargoed) -> list[str]:
    """Return the words of what would be recorded, and of its source."""
    found, stack = [entry.text], [msgspec.json.decode(entry.command)]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)
    return found


def _row(entry: Embargoed) -> dict[str, Any]:
    return msgspec.structs.asdict(entry) | {
        "gist": msgspec.json.encode(entry.gist).decode(),
        "fields": msgspec.json.encode(entry.fields).decode(),
        "trouble": error_as_json(entry.trouble) if entry.trouble else "",
    }


def _entries(conn: Connection, asked: Select[Any]) -> list[Embargoed]:
    return [_entry(row) for row in conn.execute(asked).all()]


def _entry(row: Any) -> Embargoed:  # noqa: ANN401 - a row
    told = {
        "gist": _gist(row.gist),
        "fields": _fields(row.fields),
        "trouble": error_from_json(row.trouble) if row.trouble else None,
    }
    return Embargoed(**dict(row._mapping) | told)


class _Given(msgspec.Struct, frozen=True):
    """A value of a message: how it is told, and as a text."""

    kind: str
    text: str


class _Kept(msgspec.Struct, frozen=True):
    code: str
    field: str
    what: str
    fix: str
    values: dict[str, _Given]


_kept = msgspec.json.Decoder(_Kept).decode

_KINDS = {"quoted": InQuotes, "word": Word, "date": EdtfDate}


def error_as_json(error: StandlineError) -> str:
    """Return what a refusal says as JSON: its templates with their values."""
    values = {name: _given(value) for name, value in error.values.items()}
    kept = _Kept(error.code, error.field, error.what.template, error.remedy.template, values)
    return msgspec.json.encode(kept).decode()


def error_from_json(kept: str) -> Refused:
    """Return the refusal that `error_as_json` kept."""
    told = _kept(kept)
    values: dict[str, Any] = {
        name: _KINDS.get(given.kind, str)(given.text) for name, given in told.values.items()
    }
    return Refused(Message(told.code, told.what, told.fix), field=told.field, **values)


def _given(value: Value) -> _Given:
    if isinstance(value, InQuotes):
        return _Given("quoted", str(value.value))
    kind = "word" if isinstance(value, Word) else "date" if isinstance(value, EdtfDate) else "text"
    return _Given(kind, str(value))
