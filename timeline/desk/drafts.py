"""Drafts: forms that somebody began and has not recorded, kept for their author alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, delete, func, select

from timeline.desk.part import DeskPart
from timeline.desk.tables import drafts, put
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection

    from timeline.desk.sought import Sought

DRAFT_GONE = Message(
    "draft_gone",
    "this draft is not there any more",
    fix="it was recorded or discarded; your other drafts are kept",
)
DRAFT_TOO_LARGE = Message(
    "draft_too_large",
    "the draft has %(size)s bytes, %(limit)s are allowed",
    fix="shorten the text of the source",
)
TOO_MANY_DRAFTS = Message(
    "too_many_drafts",
    "you have %(count)s drafts, and no more are kept",
    fix="record or discard one first",
)

MOST = 50
"""Drafts that one author may keep."""

MOST_BYTES = 2_000_000
"""Bytes of one draft: more than a form may send."""


class Gist(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What tells one draft from another: whom it is about, on which topic, and words of it.

    ``document`` is the id of the source whose text it is coded from, empty for a form alone;
    ``further`` says how many more stances the words have, ``sent_back`` who did not agree and sent
    the form back.
    """

    actor: str = ""
    topic: str = ""
    words: str = ""
    document: str = ""
    further: int = 0
    sent_back: str = ""


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as a list shows it; ``id`` is what its form was minted with, a UUIDv7."""

    id: str
    kind: str
    saved_at: int
    gist: Gist


class Draft(Unfinished, frozen=True, kw_only=True):
    """A draft with all that its form holds."""

    fields: dict[str, list[str]]


_gist = msgspec.json.Decoder(Gist).decode
_fields = msgspec.json.Decoder(dict[str, list[str]]).decode


class Drafts(DeskPart):
    """Keeps drafts; whoever else asks for one is told that there is none."""

    def save(self, author: str, draft: Draft) -> None:
        """Keep a draft in place of what was kept of it; raises `Refused` for one too many."""
        row = _row(author, draft)
        with self._writing() as conn:
            _make_room(conn, author, draft.id)
            put(conn, drafts, row)

    def of(self, author: str) -> list[Unfinished]:
        """Return the drafts of an author, the one saved last first."""
        table = drafts.c
        asked = select(table.id, table.kind, table.saved_at, table.gist)
        order = (table.saved_at.desc(), table.id.desc())
        rows = self._rows(asked.where(table.author == author).order_by(*order))
        return [
            Unfinished(id=row.id, kind=row.kind, saved_at=row.saved_at, gist=_gist(row.gist))
            for row in rows
        ]

    def from_text(self, author: str, document: str) -> list[Draft]:
        """Return the drafts of an author that are coded from the text of a source, by id."""
        asked = select(drafts).where(drafts.c.author == author).order_by(drafts.c.id)
        rows = self._rows(asked)
        return [draft for draft in map(_draft, rows) if draft.gist.document == document]

    def find(self, author: str, draft_id: str) -> Draft:
        """Return a draft; raises `NotFound` where its author has none of that id."""
        row = self._row(select(drafts).where(_is(author, draft_id)))
        if row is None:
            raise NotFound(DRAFT_GONE)
        return _draft(row)

    def discard(self, author: str, draft_ids: Iterable[str]) -> None:
        """Remove drafts; those that are not there are fine."""
        wanted = and_(drafts.c.author == author, drafts.c.id.in_(list(draft_ids)))
        self._do(delete(drafts).where(wanted))

    def forget(self, sought: Sought) -> int:
        """Discard everybody's drafts that hold these words; return how many there were."""
        table = drafts.c
        with self._writing() as conn:
            holding = [
                and_(table.author == row.author, table.id == row.id)
                for row in conn.execute(select(table.author, table.id, table.gist, table.fields))
                if holds(_gist(row.gist), _fields(row.fields), sought)
            ]
            for each in holding:
                conn.execute(delete(drafts).where(each))
        return len(holding)

    def count(self) -> int:
        """Return how many there are of all authors."""
        return int(self._value(select(func.count()).select_from(drafts)))


def holds(gist: Gist, fields: Mapping[str, list[str]], sought: Sought) -> bool:
    """Tell whether a form holds words that are to go, or is coded from a source that is."""
    if sought.thing and gist.document == sought.thing:
        return True
    values = (value for values in fields.values() for value in values)
    return sought.is_in(gist.actor, gist.words, *values)


def _draft(row: Any) -> Draft:  # noqa: ANN401 - a row
    return Draft(
        id=row.id,
        kind=row.kind,
        saved_at=row.saved_at,
        gist=_gist(row.gist),
        fields=_fields(row.fields),
    )


def _row(author: str, draft: Draft) -> dict[str, Any]:
    fields = msgspec.json.encode(draft.fields)
    if len(fields) > MOST_BYTES:
        raise Refused(DRAFT_TOO_LARGE, size=len(fields), limit=MOST_BYTES)
    return {
        "author": author,
        "id": draft.id,
        "kind": draft.kind,
        "saved_at": draft.saved_at,
        "gist": msgspec.json.encode(draft.gist).decode(),
        "fields": fields.decode(),
    }


def _make_room(conn: Connection, author: str, draft_id: str) -> None:
    # Where writers do not exclude each other, the locked rows make the second one count again.
    own = select(drafts.c.id).where(drafts.c.author == author)
    conn.execute(own.with_for_update()).all()
    kept = conn.execute(own).scalars().all()
    if len(kept) >= MOST and draft_id not in kept:
        raise Refused(TOO_MANY_DRAFTS, count=len(kept))


def _is(author: str, draft_id: str) -> ColumnElement[bool]:
    return and_(drafts.c.author == author, drafts.c.id == draft_id)
