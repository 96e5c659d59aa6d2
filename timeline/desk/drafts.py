"""Drafts: forms that are not recorded yet, kept for their author alone."""

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

    from sqlalchemy import Connection

    from timeline.desk.erased_words import ErasedWords

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
"""The most drafts of one author."""

MOST_BYTES = 2_000_000
"""The most bytes of one draft: more than a form may send."""


class Gist(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a list shows of a draft: its actor, its topic and its words.

    ``document`` is the id of the source if it is coded from a text, else empty; ``further`` counts
    further stances of the same words; ``sent_back`` is who sent the form back.
    """

    actor: str = ""
    topic: str = ""
    words: str = ""
    document: str = ""
    further: int = 0
    sent_back: str = ""


class DraftHeader(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as a list shows it; ``id`` is that of its form, a UUIDv7."""

    id: str
    kind: str
    saved_at: int
    gist: Gist


class Draft(DraftHeader, frozen=True, kw_only=True):
    """A draft with all fields of its form."""

    fields: dict[str, list[str]]


_gist = msgspec.json.Decoder(Gist).decode
_fields = msgspec.json.Decoder(dict[str, list[str]]).decode


class Drafts(DeskPart):
    """Keeps drafts; for anybody but the author they do not exist."""

    def save(self, author: str, draft: Draft) -> None:
        """Keep a draft in place of its earlier version; raises `Refused` for one too many."""
        row = _row(author, draft)
        with self._writing() as conn:
            _make_room(conn, author, draft.id)
            put(conn, drafts, row)

    def of(self, author: str) -> list[DraftHeader]:
        """Return the drafts of an author, the latest first."""
        table = drafts.c
        query = select(table.id, table.kind, table.saved_at, table.gist)
        order = (table.saved_at.desc(), table.id.desc())
        rows = self._rows(query.where(table.author == author).order_by(*order))
        return [
            DraftHeader(id=row.id, kind=row.kind, saved_at=row.saved_at, gist=_gist(row.gist))
            for row in rows
        ]

    def from_text(self, author: str, document: str) -> list[Draft]:
        """Return the drafts of an author that are coded from the text of a source, by id."""
        query = select(drafts).where(drafts.c.author == author).order_by(drafts.c.id)
        rows = self._rows(query)
        return [draft for draft in map(_draft, rows) if draft.gist.document == document]

    def find(self, author: str, draft_id: str) -> Draft:
        """Return a draft; raises `NotFound` if its author has none with that id."""
        own = and_(drafts.c.author == author, drafts.c.id == draft_id)
        row = self._row(select(drafts).where(own))
        if row is None:
            raise NotFound(DRAFT_GONE)
        return _draft(row)

    def discard(self, author: str, draft_ids: Iterable[str]) -> None:
        """Remove drafts; missing ones are ignored."""
        condition = and_(drafts.c.author == author, drafts.c.id.in_(list(draft_ids)))
        self._run(delete(drafts).where(condition))

    def forget(self, erased: ErasedWords) -> int:
        """Remove everybody's drafts with erased words; return how many there were."""
        table = drafts.c
        with self._writing() as conn:
            matching = [
                and_(table.author == row.author, table.id == row.id)
                for row in conn.execute(select(table.author, table.id, table.gist, table.fields))
                if form_holds(_gist(row.gist), _fields(row.fields), erased)
            ]
            for condition in matching:
                conn.execute(delete(drafts).where(condition))
        return len(matching)

    def count(self) -> int:
        """Count the drafts of all authors."""
        return int(self._value(select(func.count()).select_from(drafts)))


def form_holds(gist: Gist, fields: Mapping[str, list[str]], erased: ErasedWords) -> bool:
    """Tell whether a form has erased words, or is coded from an erased source."""
    if erased.thing and gist.document == erased.thing:
        return True
    values = (value for values in fields.values() for value in values)
    return erased.is_in(gist.actor, gist.words, *values)


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
    # If writers do not exclude each other, the row locks make the second one count again.
    own = select(drafts.c.id).where(drafts.c.author == author)
    conn.execute(own.with_for_update()).all()
    ids = conn.execute(own).scalars().all()
    if len(ids) >= MOST and draft_id not in ids:
        raise Refused(TOO_MANY_DRAFTS, count=len(ids))
