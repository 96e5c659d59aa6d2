"""The inbox: texts that wait to be coded, and who put which of them where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, insert, or_, select, tuple_, update

from timeline.desk.inbox_search import having_words
from timeline.desk.likeness import (
    digest_of,
    drop_runs,
    first_like,
    give_words,
    keep_runs,
    runs_of,
    shares,
    unfold,
)
from timeline.desk.part import DeskPart
from timeline.desk.tables import inbox, inbox_moves, inbox_suggested, put
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, Select

    from timeline.desk.sought import Sought

INBOX_GONE = Message(
    "inbox_gone", "this text is not in the inbox any more", fix="the inbox has the others"
)
INBOX_FULL = Message(
    "inbox_full",
    "%(count)s texts wait in the inbox, and no more are taken in",
    fix="set some aside first",
)
INBOX_MOVED = Message(
    "inbox_moved", "%(name)s was faster: look where the text lies now", fix="then choose once more"
)
INBOX_WORKED_ON = Message(
    "inbox_worked_on", "%(name)s works on this text", fix="ask them, or an editor"
)
ASIDE_REASON_MISSING = Message(
    "aside_reason_missing",
    "it is not said why the text is set aside",
    fix="give the reason, so that nobody has to look again",
)
ASIDE_REASON_TOO_LONG = Message(
    "aside_reason_too_long",
    "the reason has %(length)s characters, %(limit)s are allowed",
    fix="shorten it",
)

NEW, TAKEN, LATER, DONE, ASIDE = "new", "taken", "later", "done", "aside"
TRAYS = (NEW, TAKEN, LATER, DONE, ASIDE)
"""Where a text lies: with nobody, with who works on it, for later, coded, or set aside."""

NOBODY = ""
"""Who moves what waited too long; the handle of no person."""

SETTLED = (DONE, ASIDE)
WAITING = (NEW, TAKEN, LATER)

MOST = 20_000
"""Texts that may wait."""

_DAY = 86_400 * 1_000_000
TEXT_KEPT, SETTLED_KEPT = 30 * _DAY, 365 * _DAY
"""Microseconds for which what is settled keeps its words, and is kept itself."""

LONGEST_REASON = 300
AT_ONCE = 500


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A text that came from a ``source``, which is a feed or a folder.

    ``document`` is the id under which it would be filed, empty where too little is known of it.
    ``imprint`` has what is known by the names of forms. ``lead`` are a few words of it, ``text``
    all of them where the source gives them. It is listed by ``listed_at``, microseconds UTC.
    ``suggested`` counts passages that may be statements, where rules read its language.
    """

    id: str
    document: str
    source: str
    listed_at: int
    imprint: dict[str, str]
    lead: str = ""
    text: str = ""
    suggested: int | None = None


class TakenIn(msgspec.Struct, frozen=True):
    """What came of arrivals: how many are new, and how many of those have much another's words."""

    new: int
    repeated: int


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody puts a text into a tray, with a reason where it is set aside."""

    tray: str
    moved_by: str
    moved_at: int
    reason: str = ""


class Item(Move, frozen=True, kw_only=True):
    """A text of the inbox as a list shows it, with its last move; ``moves`` counts those."""

    id: str
    document: str
    source: str
    came_at: int
    listed_at: int
    imprint: dict[str, str]
    lead: str
    has_text: bool
    same_as: str
    moves: int


_imprint = msgspec.json.Decoder(dict[str, str]).decode
_columns = inbox.c
_SHOWN = (
    *(_columns[name] for name in Item.__struct_fields__ if name != "has_text"),
    (_columns.text != "").label("has_text"),
)
_FIRST = (_columns.same_as == "",)
_PLACE = tuple_(_columns.listed_at, _columns.id)


class Inbox(DeskPart):
    """Keeps what waits to be coded, for all who code."""

    def take_in(self, arrivals: Iterable[Arrival], now: int) -> TakenIn:
        """Keep those that are not there yet; the words of an earlier one are folded under it.

        One that waits without its words gets those with which its source comes by another way.
        Raises `Refused` where too many wait.
        """
        come = {arrival.id: arrival for arrival in arrivals}
        with self._writing() as conn:
            known = _known(conn, list(come))
            fresh = [arrival for name, arrival in come.items() if name not in known]
            if fresh and (count := _waiting(conn)) + len(fresh) > MOST:
                raise Refused(INBOX_FULL, count=count)
            return TakenIn(len(fresh), sum(_insert(conn, arrival, now) for arrival in fresh))

    def knows(self, items: Collection[str]) -> set[str]:
        """Return which of these ids are in the inbox, wherever they lie."""
        with self._reading() as conn:
            return _known(conn, list(items))

    def counts(self) -> dict[str, int]:
        """Return how many lie in each tray, repeated ones not counted."""
        many = func.count().label("many")
        asked = select(_columns.tray, many).where(*_FIRST).group_by(_columns.tray)
        found = {row.tray: row.many for row in self._rows(asked)}
        return {tray: found.get(tray, 0) for tray in TRAYS}

    def listed(self, tray: str, most: int, before: tuple[int, str] | None = None) -> list[Item]:
        """Return what lies in a tray, the newest first, behind a place ``(listed_at, id)``."""
        asked = select(*_SHOWN).where(*_FIRST, _columns.tray == tray)
        if before:
            asked = asked.where(tuple_(*before) > _PLACE)
        asked = asked.order_by(_columns.listed_at.desc(), _columns.id.desc()).limit(most)
        return [_item(row) for row in self._rows(asked)]

    def repeated(self, items: Collection[str]) -> dict[str, list[Item]]:
        """Return the items with the same words as each of these, oldest first."""
        asked = select(*_SHOWN).where(_columns.same_as.in_(list(items)))
        found: dict[str, list[Item]] = {item: [] for item in items}
        for row in self._rows(asked.order_by(_columns.came_at, _columns.id)):
            found[row.same_as].append(_item(row))
        return found

    def find(self, item: str) -> Item:
        """Return an item; raises `NotFound`."""
        row = self._row(select(*_SHOWN).where(_columns.id == item))
        if row is None:
            raise NotFound(INBOX_GONE)
        return _item(row)

    def of_source(self, document: str) -> Item | None:
        """Return the item of a source, if it came through the inbox."""
        asked = select(*_SHOWN).where(*_FIRST, _columns.document == document).limit(1)
        row = self._row(asked)
        return _item(row) if row else None

    def searched(self, typed: str, most: int) -> list[Item]:
        """Return the texts that have all words typed, wherever they lie, the newest first.

        A text that is folded under another stands for that one.
        """
        order = (_columns.listed_at.desc(), _columns.id.desc())
        with self._reading() as conn:
            found = having_words(conn, typed, most)
            those = select(*_SHOWN).where(_columns.id.in_(found)).order_by(*order)
            return [_item(row) for row in conn.execute(those)]

    def suggested(self, items: Collection[str]) -> dict[str, int]:
        """Return how many passages of these may be statements, of those of which that is known."""
        table = inbox_suggested.c
        asked = select(table.item, table.passages).where(table.item.in_(list(items)))
        return {row.item: row.passages for row in self._rows(asked)}

    def shares(self, items: Collection[str]) -> dict[str, float]:
        """Return how much of the words of folded items is that of the first, from 0 to 1."""
        with self._reading() as conn:
            return shares(conn, items)

    def set_apart(self, item: str) -> None:
        """Let a text that was folded under another stand by itself; raises `NotFound`."""
        if not self._do(update(inbox).where(_columns.id == item).values(same_as="", digest="")):
            raise NotFound(INBOX_GONE)

    def text_of(self, item: str) -> str:
        """Return the words that came with an item; empty where none did."""
        return self._value(select(_columns.text).where(_columns.id == item)) or ""

    def move(self, item: str, to: Move, seen: int, *, over: bool = False) -> None:
        """Put an item into a tray; who does the same twice does it once.

        ``seen`` is how many moves the mover knows of. ``over`` lets somebody move what another
        works on. Raises `NotFound`, and `Refused` where somebody was faster, where another works
        on it, and where the reason is missing or too long.
        """
        _check_reason(to)
        with self._writing() as conn:
            now = conn.execute(select(*_SHOWN).where(_columns.id == item).with_for_update())
            row = now.one_or_none()
            if row is None:
                raise NotFound(INBOX_GONE)
            if (row.tray, row.moved_by, row.reason) == (to.tray, to.moved_by, to.reason):
                return
            if row.moves != seen:
                raise Refused(INBOX_MOVED, name=row.moved_by or "Standline")
            if row.tray == TAKEN and row.moved_by != to.moved_by and not over:
                raise Refused(INBOX_WORKED_ON, name=row.moved_by)
            _put(conn, item, to)

    def moves_of(self, item: str) -> list[Move]:
        """Return who put an item where, the first move first."""
        table = inbox_moves.c
        asked = select(table.tray, table.moved_by, table.moved_at, table.reason)
        asked = asked.where(table.item == item).order_by(table.number)
        return [Move(**row._mapping) for row in self._rows(asked)]

    def tidy(self, late: Move, listed_before: int) -> int:
        """Put away what nobody took in time, and let go of what was settled long ago.

        Texts settled for `TEXT_KEPT` go, with those that repeat them, and the items a year after.
        Returns how many were put away by the move ``late``: new ones listed before an instant in
        microseconds.
        """
        new = (*_FIRST, _columns.tray == NEW, _columns.listed_at < listed_before)
        with self._writing() as conn:
            found = conn.execute(select(_columns.id).where(*new).limit(AT_ONCE)).scalars().all()
            for item in found:
                _put(conn, item, late)
            known = _settled_before(late.moved_at - TEXT_KEPT)
            either = or_(_columns.id.in_(known), _columns.same_as.in_(known))
            conn.execute(update(inbox).where(either, _columns.text != "").values(text=""))
            drop_runs(conn, select(_columns.id).where(_columns.text == ""))
            gone = _settled_before(late.moved_at - SETTLED_KEPT)
            _remove(conn, list(conn.execute(gone.limit(AT_ONCE)).scalars()))
        return len(found)

    def forget(self, sought: Sought) -> int:
        """Remove the items that hold these words, wherever they lie; return how many."""
        names = ("id", "document", "imprint", "lead", "text", "reason")
        with self._writing() as conn:
            held = select(*(_columns[name] for name in names))
            found = [
                row.id
                for row in conn.execute(held, execution_options={"yield_per": AT_ONCE})
                if (row.document and row.document == sought.thing)
                or sought.is_in(*_imprint(row.imprint).values(), row.lead, row.text, row.reason)
            ]
            unfold(conn, found)
            _remove(conn, found)
        return len(found)


def _known(conn: Connection, items: list[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(items), AT_ONCE):
        some = _columns.id.in_(items[at : at + AT_ONCE])
        found.update(conn.execute(select(_columns.id).where(some)).scalars())
    return found


def _waiting(conn: Connection) -> int:
    asked = select(func.count()).select_from(inbox)
    asked = asked.where(*_FIRST, _columns.tray.in_(WAITING))
    return conn.execute(asked).scalar_one()


def _insert(conn: Connection, arrival: Arrival, now: int) -> bool:
    """Keep an arrival; tell whether it repeats the words of an earlier one."""
    digest = digest_of(arrival.text)
    runs = runs_of(arrival.text)
    same = first_like(conn, digest, arrival.document, runs, WAITING)
    told = {
        name: getattr(arrival, name) for name in Arrival.__struct_fields__ if name != "suggested"
    }
    row = told | {
        "imprint": msgspec.json.encode(arrival.imprint).decode(),
        "came_at": now,
        "digest": digest,
        "same_as": same or "",
        "tray": NEW,
        "moves": 0,
        "moved_by": "",
        "moved_at": 0,
        "reason": "",
    }
    conn.execute(insert(inbox).values(row))
    for item in (arrival.id, *give_words(conn, same, arrival.text, digest, WAITING)):
        keep_runs(conn, item, runs)
        if arrival.suggested is not None:
            put(conn, inbox_suggested, {"item": item, "passages": arrival.suggested})
    return same is not None


def _settled_before(instant: int) -> Select[Any]:
    """Select the ids of what was settled before an instant in microseconds."""
    return select(_columns.id).where(_columns.tray.in_(SETTLED), _columns.moved_at < instant)


def _put(conn: Connection, item: str, to: Move) -> None:
    here, moved = _columns.id == item, msgspec.structs.asdict(to)
    conn.execute(update(inbox).where(here).values(moved | {"moves": _columns.moves + 1}))
    number = conn.execute(select(_columns.moves).where(here)).scalar_one()
    conn.execute(insert(inbox_moves).values(moved | {"item": item, "number": number}))


def _remove(conn: Connection, items: list[str]) -> None:
    """Remove items with all that repeat their words."""
    repeated = select(_columns.id).where(_columns.same_as.in_(items))
    everything = [*items, *conn.execute(repeated).scalars()]
    conn.execute(delete(inbox_moves).where(inbox_moves.c.item.in_(everything)))
    conn.execute(delete(inbox_suggested).where(inbox_suggested.c.item.in_(everything)))
    drop_runs(conn, everything)
    conn.execute(delete(inbox).where(_columns.id.in_(everything)))


def _check_reason(to: Move) -> None:
    if to.tray == ASIDE and not to.reason:
        raise Refused(ASIDE_REASON_MISSING, field="reason")
    if len(to.reason) > LONGEST_REASON:
        length = len(to.reason)
        raise Refused(ASIDE_REASON_TOO_LONG, field="reason", length=length, limit=LONGEST_REASON)


def _item(row: Any) -> Item:  # noqa: ANN401 - a row
    found = dict(row._mapping)
    return Item(**found | {"imprint": _imprint(row.imprint), "has_text": bool(row.has_text)})
