"""What the form for a statement starts with: what its address, or an earlier statement, says."""

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
    """Return the form as its address fills it in.

    ``topic`` and ``actor`` are slugs; ``u`` is the address or the id of a source; ``again`` is the
    number of a statement that was made in the same breath.
    """
    sheet = FormState({})
    again = whole_number(args.get("again", ""))
    if again is not None:
        said = entries.statement(conn, again)
        sheet.fill(_same_words(conn, said) | _same_utterance(said))
    sheet.fill({"topic": args.get("topic"), "actor": args.get("actor")})
    if source := args.get("u", "").strip():
        sheet.put("source.url", source)
        load_source(conn, sheet)
    entry = form_id()
    sheet.fill({"entry": entry, "utterance": entry, "quote.wording": "unknown"})
    sheet.fill({"attribution": "reported", "precision": "day"})
    return sheet


def load_source(conn: Connection, sheet: FormState) -> None:
    """Fill in what is on file of the source whose address or id a form names, if it is."""
    document = source_on_file(conn, sheet.value("source.url"))
    for name, value in (source_fields(document) if document else {}).items():
        sheet.put(name, value or "")


def source_on_file(conn: Connection, named: str) -> Document | None:
    """Return the source of an address or an id, if it is on file."""
    source = named.strip()
    ids = {source, document_id(source, "", "", "")} if source else set()
    return next(iter(documents_by_id(conn, ids).values()), None)


def source_fields(document: Document) -> dict[str, str | None]:
    """Return the fields of a source that is on file."""
    # The address comes first, as in the form: so corrections of several fields are recorded.
    address = {"source.url": document.url}
    return address | {field.name: getattr(document, field.on_record) for field in DOCUMENT}


def _same_utterance(said: StatementEntry) -> dict[str, str]:
    """Return what the utterance of a statement is called, which the log alone knows."""
    if said.utterance is None:
        return {}
    return {"utterance": load(Statement, said.stream).fields["utterance"]}


def _same_words(conn: Connection, said: StatementEntry) -> dict[str, str | None]:
    actors = directory.actors_by_id(conn, set(said.actors))
    document = documents_by_id(conn, {said.document})[said.document]
    quote, passage = said.words.quote, said.words.passage
    return {
        "actor": actors[said.speaker].slug,
        "on_behalf_of": actors[said.on_behalf_of].slug if said.on_behalf_of else "self",
        "attribution": said.attribution,
        "reported_via": said.words.reported_via,
        "passage.text": passage.exact if passage else "",
        "quote.text": quote.exact if quote else "",
        "quote.lang": quote.lang if quote else "",
        "quote.wording": quote.wording if quote else "",
        "translation": said.words.translation,
        "said_at": said.said_at.removeprefix(UNTIL),
        "precision": precision_of(said.said_at),
        **source_fields(document),
    }
