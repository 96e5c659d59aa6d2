"""The inbox: texts that wait to be coded, their trays and their moves."""

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

    from timeline.desk.erased_words import ErasedWords

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
"""The trays: new, being worked on, for later, coded, or set aside."""

NOBODY = ""
"""The handle for automatic moves of texts that waited too long."""

SETTLED = (DONE, ASIDE)
WAITING = (NEW, TAKEN, LATER)

MOST = 20_000
"""The most texts that may wait."""

_DAY = 86_400 * 1_000_000
TEXT_KEPT, SETTLED_KEPT = 30 * _DAY, 365 * _DAY
"""How long a settled item keeps its text, and how long it is kept at all, in microseconds."""

LONGEST_REASON = 300
AT_ONCE = 500


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A text from a ``source``, which is a feed or a folder.

    ``document`` is the id under which it would be filed, empty if too little is known of it.
    ``imprint`` has its source's fields by their names in forms. ``lead`` are its first words,
    ``text`` the whole text if the source gives it. Lists are ordered by ``listed_at``,
    microseconds UTC. ``suggested`` counts passages that may be statements, if rules read its
    language.
    """

    id: str
    document: str
    source: str
    listed_at: int
    imprint: dict[str, str]
    lead: str = ""
    text: str = ""
    suggested: int | None = None


class IntakeCounts(msgspec.Struct, frozen=True):
    """How many arrivals are new, and how many of those repeat another text."""

    new: int
    repeated: int


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A move of a text into a tray, with a reason if it is set aside."""

    tray: str
    moved_by: str
    moved_at: int
    reason: str = ""


class Item(Move, frozen=True, kw_only=True):
    """A text of the inbox as a list shows it, with its last move; ``moves`` counts its moves."""

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
_ITEM_COLUMNS = (
    *(_columns[name] for name in Item.__struct_fields__ if name != "has_text"),
    (_columns.text != "").label("has_text"),
)
_UNFOLDED = (_columns.same_as == "",)
_PLACE = tuple_(_columns.listed_at, _columns.id)


class Inbox(DeskPart):
    """Keeps the texts to be coded, for all who code."""

    def take_in(self, arrivals: Iterable[Arrival], now: int) -> IntakeCounts:
        """Keep new arrivals; fold those that repeat an earlier text under it.

        An item that waits without its text gets the text of an arrival from the same source.
        Raises `Refused` if too many wait.
        """
        by_id = {arrival.id: arrival for arrival in arrivals}
        with self._writing() as conn:
            known = _known(conn, list(by_id))
            fresh = [arrival for name, arrival in by_id.items() if name not in known]
            if fresh and (count := _count_waiting(conn)) + len(fresh) > MOST:
                raise Refused(INBOX_FULL, count=count)
            return IntakeCounts(len(fresh), sum(_insert(conn, arrival, now) for arrival in fresh))

    def knows(self, items: Collection[str]) -> set[str]:
        """Return which of these ids are in the inbox, in any tray."""
        with self._reading() as conn:
            return _known(conn, list(items))

    def counts(self) -> dict[str, int]:
        """Return how many items each tray has, without folded ones."""
        number = func.count().label("many")
        query = select(_columns.tray, number).where(*_UNFOLDED).group_by(_columns.tray)
        by_tray = {row.tray: row.many for row in self._rows(query)}
        return {tray: by_tray.get(tray, 0) for tray in TRAYS}

    def listed(self, tray: str, most: int, before: tuple[int, str] | None = None) -> list[Item]:
        """Return the items of a tray, the newest first, after a place ``(listed_at, id)``."""
        query = select(*_ITEM_COLUMNS).where(*_UNFOLDED, _columns.tray == tray)
        if before:
            query = query.where(tuple_(*before) > _PLACE)
        query = query.order_by(_columns.listed_at.desc(), _columns.id.desc()).limit(most)
        return [_item(row) for row in self._rows(query)]

    def repeated(self, items: Collection[str]) -> dict[str, list[Item]]:
        """Return the items that are folded under each of these, oldest first."""
        query = select(*_ITEM_COLUMNS).where(_columns.same_as.in_(list(items)))
        by_first: dict[str, list[Item]] = {item: [] for item in items}
        for row in self._rows(query.order_by(_columns.came_at, _columns.id)):
            by_first[row.same_as].append(_item(row))
        return by_first

    def find(self, item: str) -> Item:
        """Return an item; raises `NotFound`."""
        row = self._row(select(*_ITEM_COLUMNS).where(_columns.id == item))
        if row is None:
            raise NotFound(INBOX_GONE)
        return _item(row)

    def of_source(self, document: str) -> Item | None:
        """Return the item of a source, if it came through the inbox."""
        query = select(*_ITEM_COLUMNS).where(*_UNFOLDED, _columns.document == document).limit(1)
        row = self._row(query)
        return _item(row) if row else None

    def searched(self, typed: str, most: int) -> list[Item]:
        """Return the texts that have all words typed, in any tray, the newest first.

        For a folded text, return the one that it is folded under.
        """
        order = (_columns.listed_at.desc(), _columns.id.desc())
        with self._reading() as conn:
            ids = having_words(conn, typed, most)
            query = select(*_ITEM_COLUMNS).where(_columns.id.in_(ids)).order_by(*order)
            return [_item(row) for row in conn.execute(query)]

    def suggested(self, items: Collection[str]) -> dict[str, int]:
        """Return how many passages of each item may be statements, if known."""
        table = inbox_suggested.c
        query = select(table.item, table.passages).where(table.item.in_(list(items)))
        return {row.item: row.passages for row in self._rows(query)}

    def shares(self, items: Collection[str]) -> dict[str, float]:
        """Return the share of words that folded items have in common with the first, 0 to 1."""
        with self._reading() as conn:
            return shares(conn, items)

    def set_apart(self, item: str) -> None:
        """Unfold a text from the one that it was folded under; raises `NotFound`."""
        if not self._run(update(inbox).where(_columns.id == item).values(same_as="", digest="")):
            raise NotFound(INBOX_GONE)

    def text_of(self, item: str) -> str:
        """Return the text of an item; empty if it came without one."""
        return self._value(select(_columns.text).where(_columns.id == item)) or ""

    def move(self, item: str, to: Move, seen: int, *, over: bool = False) -> None:
        """Move an item into a tray; the same move twice counts once.

        ``seen`` is the number of moves that the mover saw. ``over`` allows moving an item that
        somebody else works on. Raises `NotFound`, and `Refused` if somebody was faster, if
        somebody else works on it, or if the reason is missing or too long.
        """
        _check_reason(to)
        with self._writing() as conn:
            now = conn.execute(select(*_ITEM_COLUMNS).where(_columns.id == item).with_for_update())
            row = now.one_or_none()
            if row is None:
                raise NotFound(INBOX_GONE)
            if (row.tray, row.moved_by, row.reason) == (to.tray, to.moved_by, to.reason):
                return
            if row.moves != seen:
                raise Refused(INBOX_MOVED, name=row.moved_by or "Standline")
            if row.tray == TAKEN and row.moved_by != to.moved_by and not over:
                raise Refused(INBOX_WORKED_ON, name=row.moved_by)
            _move_item(conn, item, to)

    def moves_of(self, item: str) -> list[Move]:
        """Return the moves of an item, the first one first."""
        table = inbox_moves.c
        query = select(table.tray, table.moved_by, table.moved_at, table.reason)
        query = query.where(table.item == item).order_by(table.number)
        return [Move(**row._mapping) for row in self._rows(query)]

    def tidy(self, late: Move, listed_before: int) -> int:
        """Move new items that nobody took in time, and clean up old settled ones.

        The texts of items settled for `TEXT_KEPT` are removed, with those folded under them; after
        `SETTLED_KEPT` the items too. Returns how many items the move ``late`` was applied to: new
        ones listed before an instant in microseconds.
        """
        new = (*_UNFOLDED, _columns.tray == NEW, _columns.listed_at < listed_before)
        with self._writing() as conn:
            late_ids = conn.execute(select(_columns.id).where(*new).limit(AT_ONCE)).scalars().all()
            for item in late_ids:
                _move_item(conn, item, late)
            settled = _settled_before(late.moved_at - TEXT_KEPT)
            either = or_(_columns.id.in_(settled), _columns.same_as.in_(settled))
            conn.execute(update(inbox).where(either, _columns.text != "").values(text=""))
            drop_runs(conn, select(_columns.id).where(_columns.text == ""))
            expired = _settled_before(late.moved_at - SETTLED_KEPT)
            _remove(conn, list(conn.execute(expired.limit(AT_ONCE)).scalars()))
        return len(late_ids)

    def forget(self, erased: ErasedWords) -> int:
        """Remove the items with erased words, in any tray; return how many there were."""
        names = ("id", "document", "imprint", "lead", "text", "reason")
        with self._writing() as conn:
            query = select(*(_columns[name] for name in names))
            ids = [
                row.id
                for row in conn.execute(query, execution_options={"yield_per": AT_ONCE})
                if (row.document and row.document == erased.thing)
                or erased.is_in(*_imprint(row.imprint).values(), row.lead, row.text, row.reason)
            ]
            unfold(conn, ids)
            _remove(conn, ids)
        return len(ids)


def _known(conn: Connection, items: list[str]) -> set[str]:
    known: set[str] = set()
    for at in range(0, len(items), AT_ONCE):
        some = _columns.id.in_(items[at : at + AT_ONCE])
        known.update(conn.execute(select(_columns.id).where(some)).scalars())
    return known


def _count_waiting(conn: Connection) -> int:
    query = select(func.count()).select_from(inbox)
    query = query.where(*_UNFOLDED, _columns.tray.in_(WAITING))
    return conn.execute(query).scalar_one()


def _insert(conn: Connection, arrival: Arrival, now: int) -> bool:
    """Keep an arrival; tell whether it repeats an earlier text."""
    digest = digest_of(arrival.text)
    runs = runs_of(arrival.text)
    same = first_like(conn, digest, arrival.document, runs, WAITING)
    fields = {
        name: getattr(arrival, name) for name in Arrival.__struct_fields__ if name != "suggested"
    }
    row = fields | {
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
    """Select the ids of items settled before an instant in microseconds."""
    return select(_columns.id).where(_columns.tray.in_(SETTLED), _columns.moved_at < instant)


def _move_item(conn: Connection, item: str, to: Move) -> None:
    here, moved = _columns.id == item, msgspec.structs.asdict(to)
    conn.execute(update(inbox).where(here).values(moved | {"moves": _columns.moves + 1}))
    number = conn.execute(select(_columns.moves).where(here)).scalar_one()
    conn.execute(insert(inbox_moves).values(moved | {"item": item, "number": number}))


def _remove(conn: Connection, items: list[str]) -> None:
    """Remove items with all that are folded under them."""
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
    fields = dict(row._mapping)
    return Item(**fields | {"imprint": _imprint(row.imprint), "has_text": bool(row.has_text)})
