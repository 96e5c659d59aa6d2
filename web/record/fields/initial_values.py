"""The first values of the statement form, from its address or from an earlier statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.fields import DOCUMENT
from timeline.domain.naming import document_id
from timeline.domain.statement import Statement
from timeline.domain.text import whole_number
from timeline.projections.queries import directory, entries
from timeline.projections.queries.documents import documents_by_id
from web.record.fields.dates import precision_of
from web.record.forms.aggregates import load
from web.record.forms.form_state import FormState
from web.record.forms.signing import form_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import StatementEntry

UNTIL = "../"


def new_sheet(conn: Connection, args: Mapping[str, str]) -> FormState:
    """Return the form, filled in from its address.

    ``topic`` and ``actor`` are slugs; ``u`` is the address or the id of a source; ``again`` is the
    number of a statement from the same utterance.
    """
    sheet = FormState({})
    again = whole_number(args.get("again", ""))
    if again is not None:
        statement = entries.statement(conn, again)
        sheet.fill(_same_words(conn, statement) | _same_utterance(statement))
    sheet.fill({"topic": args.get("topic"), "actor": args.get("actor")})
    if source := args.get("u", "").strip():
        sheet.put("source.url", source)
        load_source(conn, sheet)
    entry = form_id()
    sheet.fill({"entry": entry, "utterance": entry, "quote.wording": "unknown"})
    sheet.fill({"attribution": "reported", "precision": "day"})
    return sheet


def load_source(conn: Connection, sheet: FormState) -> None:
    """Fill in the fields of the source that a form names, if the source is on file."""
    document = source_on_file(conn, sheet.value("source.url"))
    for name, value in (source_fields(document) if document else {}).items():
        sheet.put(name, value or "")


def source_on_file(conn: Connection, address_or_id: str) -> Document | None:
    """Return the source with an address or an id, if it is on file."""
    source = address_or_id.strip()
    ids = {source, document_id(source, "", "", "")} if source else set()
    return next(iter(documents_by_id(conn, ids).values()), None)


def source_fields(document: Document) -> dict[str, str | None]:
    """Return the fields of a source that is on file."""
    # The address comes first, as in the form: corrections are recorded in this order.
    address = {"source.url": document.url}
    return address | {field.name: getattr(document, field.on_record) for field in DOCUMENT}


def _same_utterance(statement: StatementEntry) -> dict[str, str]:
    """Return the name of a statement's utterance; only the log has it."""
    if statement.utterance is None:
        return {}
    return {"utterance": load(Statement, statement.stream).fields["utterance"]}


def _same_words(conn: Connection, statement: StatementEntry) -> dict[str, str | None]:
    actors = directory.actors_by_id(conn, set(statement.actors))
    document = documents_by_id(conn, {statement.document})[statement.document]
    quote, passage = statement.words.quote, statement.words.passage
    return {
        "actor": actors[statement.speaker].slug,
        "on_behalf_of": actors[statement.on_behalf_of].slug if statement.on_behalf_of else "self",
        "attribution": statement.attribution,
        "reported_via": statement.words.reported_via,
        "passage.text": passage.exact if passage else "",
        "quote.text": quote.exact if quote else "",
        "quote.lang": quote.lang if quote else "",
        "quote.wording": quote.wording if quote else "",
        "translation": statement.words.translation,
        "said_at": statement.said_at.removeprefix(UNTIL),
        "precision": precision_of(statement.said_at),
        **source_fields(document),
    }
