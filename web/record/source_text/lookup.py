"""The text of a source: the one on the desk, else the one that the record keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import NotFound
from timeline.domain.messages import Message
from timeline.domain.naming import document_id
from timeline.projections.queries.documents import documents_by_id
from web.record.fields.initial_values import source_fields
from web.record.source_text.article import snapshot
from web.shell.request import services

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.documents import Document
    from web.record.forms.form_state import FormState


TEXT_GONE = Message(
    "text_gone",
    "no text of this source lies on the desk or in the record",
    fix="paste it, or give its file",
)


class SourceText(msgspec.Struct, frozen=True):
    """A text with its source: ``imprint`` has the source's fields by their names in forms.

    ``document`` is the id of the source; ``filed`` the source itself, if it is on file; ``text``
    is empty if no text is kept.
    """

    document: str
    imprint: dict[str, str]
    text: str
    filed: Document | None = None

    @property
    def name(self) -> str:
        """The source's title, else its outlet or its address."""
        names = ("source.title", "source.outlet", "source.url")
        return next(filter(None, (self.imprint.get(name, "") for name in names)), "")

    @property
    def address(self) -> str:
        """Its address on the workbench."""
        return f"/record/text/{self.document}"

    def lay(self, sheet: FormState) -> None:
        """Fill the source and its text into a form."""
        for name, value in self.imprint.items():
            sheet.put(name, value)
        sheet.put("text", self.text)
        sheet.put("document", self.document)


def find_source_text(conn: Connection, document: str) -> SourceText:
    """Return the text with a source's id; raises `NotFound` if the source is unknown."""
    filed = documents_by_id(conn, {document}).get(document)
    on_desk = services().desk.texts.find(document)
    if filed is None and on_desk is None:
        raise NotFound(TEXT_GONE)
    imprint = source_fields(filed) if filed else on_desk.imprint if on_desk else {}
    text = on_desk.text if on_desk else snapshot(services().log, document)
    fields = {name: value or "" for name, value in imprint.items()}
    return SourceText(document, fields, text, filed)


def source_text_of_page(conn: Connection, page: str) -> SourceText | None:
    """Return the text of the page at an address, if the desk or the record has it."""
    try:
        source = find_source_text(conn, document_id(page, "", "", "")) if page else None
    except NotFound:
        return None
    return source if source and source.text.strip() else None
