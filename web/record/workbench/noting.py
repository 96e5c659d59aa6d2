"""Notes of colleagues about a text; they stay on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.desk.notes import Note
from web.i18n import dates
from web.record.forms.answers import go_on
from web.record.forms.signing import form_id, own_handle
from web.record.source_text.article import find_source_text
from web.shell.request import read_connection, services, this_request

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

blueprint = Blueprint("notes", __name__, url_prefix="/text/<uuid:document>/notes")

NOTES = "#notes"


class NoteRow(msgspec.Struct, frozen=True):
    """A note as the workbench shows it; ``is_own`` tells whether the reader wrote it."""

    id: str
    words: str
    by: str
    when: str
    is_own: bool


@blueprint.post("")
def write(document: UUID) -> Response:
    """Keep a note and go back to the text; raises `Refused` for an empty one."""
    source = find_source_text(read_connection(), str(document))
    form = this_request().form
    note = Note(
        form_id(form.get("note_id", "")),
        source.document,
        own_handle(),
        this_request().instant,
        form.get("note", ""),
    )
    services().desk.notes.write(note)
    return go_on(source.address + NOTES)


@blueprint.post("/<uuid:note>/remove")
def remove(document: UUID, note: UUID) -> Response:
    """Remove the reader's own note and go back to the text."""
    source = find_source_text(read_connection(), str(document))
    services().desk.notes.remove(own_handle(), str(note))
    return go_on(source.address + NOTES)


def notes_on(document: str) -> list[NoteRow]:
    """Return the notes on a text, oldest first."""
    return [
        NoteRow(
            note.id,
            note.words,
            note.written_by,
            dates.moment_us(note.written_at),
            note.written_by == own_handle(),
        )
        for note in services().desk.notes.on(document)
    ]
