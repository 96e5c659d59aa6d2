"""Sources: where and when they were published, and of which the text is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select

from timeline.projections.queries.withheld import withheld_documents
from timeline.projections.tables import schema
from timeline.projections.tables.interned import texts
from timeline.projections.tables.prepared import Given, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Row

AT_ONCE = 5_000
"""Ids that are looked for by one question to the database."""


class Document(msgspec.Struct, frozen=True):
    """The source that a statement was taken from; ``sha256`` of our snapshot, if there is one."""

    id: str
    outlet: str
    title: str
    author: str
    url: str
    published_at: str | None
    lang: str
    sha256: str | None
    filed: int
    outlet_kind: str = ""


def unknown_document(stream: str) -> Document:
    """Return a document of which nothing is known but its id."""
    return Document(stream, "", "", "", "", None, "", None, 0)


def documents_by_id(conn: Connection, ids: set[str]) -> dict[str, Document]:
    """Return documents by id; those that only withheld entries rest on keep their dates only."""
    return {
        document.id: document for document in _shown(conn, conn.execute(*_documents(ids=[*ids])))
    }


@prepared
def _documents(*, ids: Given) -> Query:
    return select(schema.documents).where(schema.documents.c.id.in_(ids))


def documents_with_text(conn: Connection, limit: int | None = None) -> list[Document]:
    """Return so many documents whose text is kept (all without ``limit``), the last filed first."""
    table = schema.documents.c
    asked = select(schema.documents).where(table.sha256.is_not(None))
    return _shown(conn, conn.execute(asked.order_by(table.filed.desc()).limit(limit)))


def documents_like(conn: Connection, beginning: str) -> set[str]:
    """Return the ids of documents that begin so."""
    begun = texts.c.text.startswith(beginning, autoescape=True)
    query = select(texts.c.text).join(schema.documents, schema.documents.c.id == texts.c.key)
    query = query.where(begun)
    return {found for found in conn.execute(query).scalars() if found.startswith(beginning)}


def filed_documents(conn: Connection, ids: Collection[str]) -> set[str]:
    """Return which of these documents, however many, are on file."""
    table, asked, found = schema.documents.c, [*ids], set[str]()
    for at in range(0, len(asked), AT_ONCE):
        query = select(table.id).where(table.id.in_(asked[at : at + AT_ONCE]))
        found.update(conn.execute(query).scalars())
    return found


def _shown(conn: Connection, rows: Iterable[Row[Any]]) -> list[Document]:
    """Return documents as readers may see them."""
    documents = [Document(*one) for one in map(tuple[Any, ...], rows)]
    hidden = withheld_documents(conn, [document.id for document in documents])
    return [_withheld(document) if document.id in hidden else document for document in documents]


def _withheld(document: Document) -> Document:
    return msgspec.structs.replace(document, outlet="", title="", author="", url="")
