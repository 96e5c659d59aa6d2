"""Documents: the sources of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select

from timeline.projections.queries.withheld import withheld_documents
from timeline.projections.tables import schema
from timeline.projections.tables.interned import texts
from timeline.projections.tables.prepared import Param, Query, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Row

AT_ONCE = 5_000
"""Ids in one query."""


class Document(msgspec.Struct, frozen=True):
    """The source that a statement was taken from; ``sha256`` is that of its stored text, if any."""

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
    """Return a document with nothing but its id."""
    return Document(stream, "", "", "", "", None, "", None, 0)


def documents_by_id(conn: Connection, ids: set[str]) -> dict[str, Document]:
    """Return documents by id; sources of withheld entries only have just their dates."""
    return {
        document.id: document for document in _shown(conn, conn.execute(*_documents(ids=[*ids])))
    }


def authors_of(conn: Connection, ids: set[str]) -> dict[str, str]:
    """Return the authors of documents by id, of those that name one and are not withheld."""
    rows = conn.execute(*_authors(ids=[*ids])).all()
    hidden = withheld_documents(conn, [row.id for row in rows])
    return {row.id: row.author for row in rows if row.id not in hidden}


@prepared
def _authors(*, ids: Param) -> Query:
    table = schema.documents.c
    return select(table.id, table.author).where(table.id.in_(ids), table.author != "")


@prepared
def _documents(*, ids: Param) -> Query:
    return select(schema.documents).where(schema.documents.c.id.in_(ids))


def documents_with_text(conn: Connection, limit: int | None = None) -> list[Document]:
    """Return documents with a stored text, at most ``limit``, the last filed first."""
    table = schema.documents.c
    query = select(schema.documents).where(table.sha256.is_not(None))
    return _shown(conn, conn.execute(query.order_by(table.filed.desc()).limit(limit)))


def documents_like(conn: Connection, beginning: str) -> set[str]:
    """Return the ids of documents with a given beginning."""
    begins_so = texts.c.text.startswith(beginning, autoescape=True)
    query = select(texts.c.text).join(schema.documents, schema.documents.c.id == texts.c.key)
    query = query.where(begins_so)
    return {key for key in conn.execute(query).scalars() if key.startswith(beginning)}


def filed_documents(conn: Connection, ids: Collection[str]) -> set[str]:
    """Return those of these documents (any number) that are on file."""
    table, wanted, filed = schema.documents.c, [*ids], set[str]()
    for at in range(0, len(wanted), AT_ONCE):
        query = select(table.id).where(table.id.in_(wanted[at : at + AT_ONCE]))
        filed.update(conn.execute(query).scalars())
    return filed


def _shown(conn: Connection, rows: Iterable[Row[Any]]) -> list[Document]:
    """Return documents as readers may see them."""
    documents = [Document(*row) for row in map(tuple[Any, ...], rows)]
    hidden = withheld_documents(conn, [document.id for document in documents])
    return [_withheld(document) if document.id in hidden else document for document in documents]


def _withheld(document: Document) -> Document:
    return msgspec.structs.replace(document, outlet="", title="", author="", url="")
